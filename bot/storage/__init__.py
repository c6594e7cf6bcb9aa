"""What outlives a restart, in SQLAlchemy: an SQLite file by default. Takes and gives plain values, knows no rule.

Of what members type only phrasings are kept that a moderator taught, answers to rounds while their receipts last, and
wordings of answers that a moderator accepted.
"""
