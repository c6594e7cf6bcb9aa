"""What answers outside of rounds were worth, for review, and whose practice counts."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "review_answers",
        sa.Column("member_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("question", sa.String(65), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("points", sa.Float(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "server_id", "question", "day", name="pk_review_answers"),
    )
    op.create_table(
        "practice_remembered",
        sa.Column("member_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("member_id", name="pk_practice_remembered"),
    )


def downgrade() -> None:
    """Drops them."""
    op.drop_table("practice_remembered")
    op.drop_table("review_answers")
