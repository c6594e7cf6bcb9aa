"""Phrasings and accepted wordings in one table, for all that a server adds."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_COLUMNS = "server_id, kind, topic, about, text, moderator_id, moderator, added_at"


def upgrade() -> None:
    """Makes the table, and moves the rows of both kinds into it; who taught a phrasing is known by name only."""
    op.create_table(
        "server_additions",
        sa.Column("addition_id", sa.Integer(), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=65), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("moderator_id", sa.BigInteger(), nullable=False),
        sa.Column("moderator", sa.String(length=100), nullable=False),
        sa.Column("added_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("addition_id", name="pk_server_additions"),
        sqlite_autoincrement=True,  # a button names an addition by its number: one that is gone must never come again
    )
    op.create_index("ix_server_additions_server_id", "server_additions", ["server_id"])
    op.create_index("ix_server_additions_moderator_id", "server_additions", ["moderator_id"])
    op.execute(
        f"INSERT INTO server_additions ({_COLUMNS}) SELECT server_id, 'phrasing', topic, part, phrasing, 0, "  # noqa: S608
        "substr(taught_by, 1, 100), taught_at FROM taught_phrasings ORDER BY phrasing_id"
    )
    op.execute(
        f"INSERT INTO server_additions ({_COLUMNS}) SELECT server_id, 'accepted_wording', topic, question, wording, "  # noqa: S608
        "moderator_id, by_name, accepted_at FROM accepted_wordings ORDER BY wording_id"
    )
    op.drop_index("ix_taught_phrasings_server_id", "taught_phrasings")
    op.drop_table("taught_phrasings")
    op.drop_index("ix_accepted_wordings_moderator_id", "accepted_wordings")
    op.drop_index("ix_accepted_wordings_server_id", "accepted_wordings")
    op.drop_table("accepted_wordings")


def downgrade() -> None:
    """Makes the two tables again, with the rows of their kinds."""
    op.create_table(
        "taught_phrasings",
        sa.Column("phrasing_id", sa.Integer(), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("phrasing", sa.Text(), nullable=False),
        sa.Column("taught_by", sa.String(length=100), nullable=False),
        sa.Column("taught_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("phrasing_id", name="pk_taught_phrasings"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_taught_phrasings_server_id", "taught_phrasings", ["server_id"])
    op.create_table(
        "accepted_wordings",
        sa.Column("wording_id", sa.Integer(), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("question", sa.String(length=65), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("moderator_id", sa.BigInteger(), nullable=False),
        sa.Column("by_name", sa.String(length=100), nullable=False),
        sa.Column("accepted_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("wording_id", name="pk_accepted_wordings"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_accepted_wordings_server_id", "accepted_wordings", ["server_id"])
    op.create_index("ix_accepted_wordings_moderator_id", "accepted_wordings", ["moderator_id"])
    op.execute(
        "INSERT INTO taught_phrasings (server_id, topic, part, phrasing, taught_by, taught_at) SELECT server_id, "
        "topic, about, text, moderator, added_at FROM server_additions WHERE kind = 'phrasing' ORDER BY addition_id"
    )
    op.execute(
        "INSERT INTO accepted_wordings (server_id, topic, question, wording, moderator_id, by_name, accepted_at) "
        "SELECT server_id, topic, about, text, moderator_id, moderator, added_at FROM server_additions "
        "WHERE kind = 'accepted_wording' ORDER BY addition_id"
    )
    op.drop_index("ix_server_additions_moderator_id", "server_additions")
    op.drop_index("ix_server_additions_server_id", "server_additions")
    op.drop_table("server_additions")
