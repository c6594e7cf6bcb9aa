"""Quiz questions for one member alone."""
