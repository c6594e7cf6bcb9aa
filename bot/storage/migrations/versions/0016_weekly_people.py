"""People counted by the week: the keys of weeks, the hashes of people, the numbers that remain."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the three tables."""
    op.create_table(
        "weekly_keys",
        *_of_week(),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("server_id", "week", name="pk_weekly_keys"),
    )
    op.create_table(
        "weekly_people",
        *_of_week(),
        *_about(),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("round_id", sa.String(16), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("server_id", "week", "kind", "about", "person", "round_id", name="pk_weekly_people"),
    )
    op.create_table(
        "weekly_counts",
        *_of_week(),
        *_about(),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("server_id", "week", "kind", "about", name="pk_weekly_counts"),
    )


def _of_week() -> list[sa.Column[int]]:
    return [
        sa.Column("server_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("week", sa.Integer(), autoincrement=False, nullable=False),
    ]


def _about() -> list[sa.Column[str]]:
    return [
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("about", sa.String(80), nullable=False),
    ]


def downgrade() -> None:
    """Drops them. An earlier version counts nobody."""
    for table in ("weekly_counts", "weekly_people", "weekly_keys"):
        op.drop_table(table)
