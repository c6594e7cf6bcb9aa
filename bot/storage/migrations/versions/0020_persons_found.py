"""What is counted of a member by the week is found by what they are known by there."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the index."""
    op.create_index("ix_weekly_people_person", "weekly_people", ["person"])


def downgrade() -> None:
    """Drops it."""
    op.drop_index("ix_weekly_people_person", "weekly_people")
