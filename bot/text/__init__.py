"""Normalising text and comparing words: what matching and grading share. Pure."""
