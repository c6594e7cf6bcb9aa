"""A row a shard, with the number that grows whenever a process takes it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "shard_owners",
        sa.Column("shard", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shard_count", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("host", sa.String(100), nullable=False),
        sa.Column("pid", sa.BigInteger(), nullable=False),
        sa.Column("machine", sa.String(100), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("shard", name="pk_shard_owners"),
    )


def downgrade() -> None:
    """Removes it. An earlier version knows nothing of owners."""
    op.drop_table("shard_owners")
