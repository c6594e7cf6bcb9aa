"""The terminal: the same use cases as in Discord, through another door."""
