"""What the first version keeps: greeted servers and registered commands."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "greeted_servers",
        sa.Column("server_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("greeted_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("server_id", name="pk_greeted_servers"),
    )
    op.create_table(
        "synced_commands",
        sa.Column("application_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("application_id", name="pk_synced_commands"),
    )


def downgrade() -> None:
    """Drops them again."""
    op.drop_table("synced_commands")
    op.drop_table("greeted_servers")
