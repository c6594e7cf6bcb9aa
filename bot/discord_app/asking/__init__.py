"""Questions asked of the tutor, in whatever way, and its answers."""
