"""Experiments, and what they say to the claims of the answers."""
