"""What servers have set to begin by itself; questions of the day, and who has seen what answers them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables, and the column of open questions."""
    op.create_table(
        "schedules",
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("role_id", sa.BigInteger()),
        sa.Column("weekdays", sa.String(16), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("member", sa.String(100), nullable=False),
        sa.Column("set_at", sa.Float(), nullable=False),
        sa.Column("next_at", sa.Float(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("trouble", sa.Text()),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("schedule_id", name="pk_schedules"),
        sqlite_autoincrement=True,  # a button names a row by its number: one that is gone must never come again
    )
    op.create_index("ix_schedules_server_id", "schedules", ["server_id"])
    op.create_index("ix_schedules_member_id", "schedules", ["member_id"])
    op.create_table(
        "seen_answers",
        sa.Column("member_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("topic", sa.String(32), nullable=False),
        sa.Column("seen_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "server_id", "topic", name="pk_seen_answers"),
    )
    op.create_index("ix_seen_answers_seen_at", "seen_answers", ["seen_at"])
    op.add_column("open_questions", sa.Column("of_the_day", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Drops them."""
    op.drop_column("open_questions", "of_the_day")
    op.drop_index("ix_seen_answers_seen_at", "seen_answers")
    op.drop_table("seen_answers")
    op.drop_index("ix_schedules_member_id", "schedules")
    op.drop_index("ix_schedules_server_id", "schedules")
    op.drop_table("schedules")
