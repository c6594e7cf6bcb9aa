"""What outlives a restart, in SQLAlchemy: an SQLite file by default. Takes and gives plain values, knows no rule.

Of what members type only answers to rounds are kept, while their receipts last, and what moderators added in their
servers: phrasings, and wordings of answers that they accepted.
"""
