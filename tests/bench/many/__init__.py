"""Several processes of a bot on one PostgreSQL: what they lose when one of them, or what is below them, fails; what
they cost."""
