"""What the moderators of a server add: the lists of it, and for each kind how it is added."""
