"""Neural Tutor: a Discord bot that tutors a deep-learning study group."""
