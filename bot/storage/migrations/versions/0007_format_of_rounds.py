"""The channel of a round is called so, and each round says in which format it is kept; those there are in the first."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Renames one column and adds the other."""
    op.drop_index("ix_quiz_rounds_place_id", "quiz_rounds")
    with op.batch_alter_table("quiz_rounds") as table:
        table.alter_column("place_id", new_column_name="channel_id")
        table.add_column(sa.Column("format", sa.Integer(), nullable=False, server_default="1"))
    op.create_index("ix_quiz_rounds_channel_id", "quiz_rounds", ["channel_id"])


def downgrade() -> None:
    """The other way round. A round that the earlier version cannot read is left out by it."""
    op.drop_index("ix_quiz_rounds_channel_id", "quiz_rounds")
    with op.batch_alter_table("quiz_rounds") as table:
        table.drop_column("format")
        table.alter_column("channel_id", new_column_name="place_id")
    op.create_index("ix_quiz_rounds_place_id", "quiz_rounds", ["place_id"])
