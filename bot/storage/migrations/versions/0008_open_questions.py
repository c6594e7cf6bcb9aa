"""What rounds are asking right now, and who is named in which round, for processes that do not have these rounds."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables. A round that is on is written into them when its process starts."""
    op.create_table(
        "open_questions",
        sa.Column("round_id", sa.String(16), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(32), nullable=False),
        sa.Column("experiments", sa.Text(), nullable=False),
        sa.Column("ask", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("closes", sa.Float(), nullable=True),
        sa.Column("until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("round_id", name="pk_open_questions"),
    )
    op.create_table(
        "quiz_members",
        sa.Column("round_id", sa.String(16), nullable=False),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pressed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("round_id", "member_id", name="pk_quiz_members"),
    )
    op.create_index("ix_quiz_members_member_id", "quiz_members", ["member_id"])


def downgrade() -> None:
    """Drops them again."""
    op.drop_table("quiz_members")
    op.drop_table("open_questions")
