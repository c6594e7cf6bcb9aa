"""Experiments and claims in Discord: what is typed, what is shown, and what is pressed below it."""
