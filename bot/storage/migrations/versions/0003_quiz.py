"""Quiz rounds as they go on, their scores, and what servers have set."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "quiz_rounds",
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.Float(), nullable=False),
        sa.Column("ended_at", sa.Float(), nullable=True),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("up_to", sa.Integer(), nullable=False),
        sa.Column("table_message", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("round_id", name="pk_quiz_rounds"),
    )
    op.create_index("ix_quiz_rounds_place_id", "quiz_rounds", ["place_id"])
    op.create_index("ix_quiz_rounds_ended_at", "quiz_rounds", ["ended_at"])
    op.create_table(
        "quiz_events",
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("round_id", "number", name="pk_quiz_events"),
    )
    op.create_table(
        "quiz_points",
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("turn", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("question", sa.String(length=65), nullable=False),
        sa.Column("points", sa.Float(), nullable=False),
        sa.Column("ranked", sa.Boolean(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("round_id", "turn", "member_id", name="pk_quiz_points"),
    )
    op.create_index("ix_quiz_points_server_id", "quiz_points", ["server_id"])
    op.create_index("ix_quiz_points_member_id", "quiz_points", ["member_id"])
    op.create_table(
        "quiz_listening",
        sa.Column("listener", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("heard_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("listener", name="pk_quiz_listening"),
    )
    op.create_table(
        "server_settings",
        sa.Column("server_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("server_id", name="pk_server_settings"),
    )


def downgrade() -> None:
    """Drops them again."""
    for table in ("server_settings", "quiz_listening", "quiz_points", "quiz_events", "quiz_rounds"):
        op.drop_table(table)
