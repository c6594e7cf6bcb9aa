"""Quiz rounds in Discord."""
