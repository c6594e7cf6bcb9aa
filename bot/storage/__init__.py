"""What outlives a restart, in SQLAlchemy: an SQLite file by default. Takes and gives plain values, knows no rule.

Nothing that a member typed is kept.
"""
