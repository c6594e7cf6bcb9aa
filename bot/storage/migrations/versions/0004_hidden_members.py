"""Members who do not want to stand in a server's leaderboard."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "hidden_members",
        sa.Column("server_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("server_id", "member_id", name="pk_hidden_members"),
    )


def downgrade() -> None:
    """Drops it again."""
    op.drop_table("hidden_members")
