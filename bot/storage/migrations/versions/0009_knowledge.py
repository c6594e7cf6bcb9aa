"""Knowledge is read anew by all processes, which say what each of them teaches."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds two tables."""
    op.create_table(
        "knowledge_reloads",
        sa.Column("knowledge", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("reloaded_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("knowledge", name="pk_knowledge_reloads"),
    )
    op.create_table(
        "knowledge_taught",
        sa.Column("shard_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("shard_count", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("process", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("shard_id", "shard_count", name="pk_knowledge_taught"),
    )


def downgrade() -> None:
    """Drops them: they hold nothing that the processes do not know."""
    op.drop_table("knowledge_taught")
    op.drop_table("knowledge_reloads")
