"""What is taught: the schema of the knowledge files, their loader and the model the rest of the bot reads. Pure."""
