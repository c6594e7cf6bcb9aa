"""Whether a question was about a topic of the server's own."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_TABLES = ("quiz_points", "open_questions")


def upgrade() -> None:
    """Adds the columns: until now there were no such topics."""
    for table in _TABLES:
        op.add_column(table, sa.Column("own", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Drops them."""
    for table in _TABLES:
        op.drop_column(table, "own")
