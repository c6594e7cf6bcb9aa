"""Quiz rounds and practice in Discord: what is shown, what is pressed, and what comes of it."""
