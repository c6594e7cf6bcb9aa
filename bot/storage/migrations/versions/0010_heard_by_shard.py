"""When Discord was last heard is kept for each shard; what there is was heard by one process alone."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Moves the one row there may be to a table that has the shard as well."""
    op.create_table(
        "quiz_heard",
        sa.Column("shard", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("shard_count", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("heard_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("shard", "shard_count", name="pk_quiz_heard"),
    )
    op.execute("INSERT INTO quiz_heard (shard, shard_count, heard_at) SELECT 0, 1, heard_at FROM quiz_listening")
    op.drop_table("quiz_listening")


def downgrade() -> None:
    """The other way round: of all shards the latest."""
    op.create_table(
        "quiz_listening",
        sa.Column("listener", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("heard_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("listener", name="pk_quiz_listening"),
    )
    op.execute(
        "INSERT INTO quiz_listening (listener, heard_at) SELECT 1, max(heard_at) FROM quiz_heard HAVING count(*) > 0"
    )
    op.drop_table("quiz_heard")
