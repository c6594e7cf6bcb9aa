"""What the moderators of a server add."""
