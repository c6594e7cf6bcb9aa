"""Phrasings that moderators taught, each in one server."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "taught_phrasings",
        sa.Column("phrasing_id", sa.Integer(), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("phrasing", sa.Text(), nullable=False),
        sa.Column("taught_by", sa.String(length=100), nullable=False),
        sa.Column("taught_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("phrasing_id", name="pk_taught_phrasings"),
        sqlite_autoincrement=True,  # a button names a phrasing by its number: one that is gone must never come again
    )
    op.create_index("ix_taught_phrasings_server_id", "taught_phrasings", ["server_id"])


def downgrade() -> None:
    """Drops it again."""
    op.drop_index("ix_taught_phrasings_server_id", "taught_phrasings")
    op.drop_table("taught_phrasings")
