"""Wordings of answers that moderators accepted, each in one server."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "accepted_wordings",
        sa.Column("wording_id", sa.Integer(), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("question", sa.String(length=65), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("moderator_id", sa.BigInteger(), nullable=False),
        sa.Column("by_name", sa.String(length=100), nullable=False),
        sa.Column("accepted_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("wording_id", name="pk_accepted_wordings"),
        sqlite_autoincrement=True,  # a button names a wording by its number: one that is gone must never come again
    )
    op.create_index("ix_accepted_wordings_server_id", "accepted_wordings", ["server_id"])
    op.create_index("ix_accepted_wordings_moderator_id", "accepted_wordings", ["moderator_id"])


def downgrade() -> None:
    """Drops it again."""
    op.drop_index("ix_accepted_wordings_moderator_id", "accepted_wordings")
    op.drop_index("ix_accepted_wordings_server_id", "accepted_wordings")
    op.drop_table("accepted_wordings")
