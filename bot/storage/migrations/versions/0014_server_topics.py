"""Topics that servers have of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "server_topics",
        sa.Column("server_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("topic_id", sa.String(32), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("added_by_id", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.String(100), nullable=False),
        sa.Column("added_at", sa.Float(), nullable=False),
        sa.Column("edited_by_id", sa.BigInteger(), nullable=False),
        sa.Column("edited_by", sa.String(100), nullable=False),
        sa.Column("edited_at", sa.Float(), nullable=False),
        sa.Column("removed_at", sa.Float()),
        sa.PrimaryKeyConstraint("server_id", "topic_id", name="pk_server_topics"),
    )
    op.create_index("ix_server_topics_added_by_id", "server_topics", ["added_by_id"])
    op.create_index("ix_server_topics_edited_by_id", "server_topics", ["edited_by_id"])


def downgrade() -> None:
    """Drops the table."""
    op.drop_index("ix_server_topics_edited_by_id", "server_topics")
    op.drop_index("ix_server_topics_added_by_id", "server_topics")
    op.drop_table("server_topics")
