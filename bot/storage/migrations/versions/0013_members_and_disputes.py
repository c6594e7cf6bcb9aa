"""Who is named in which round, and which rounds that are over have disputes, no longer looked for in their texts."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_FIRST_ID = 2**16  # what is smaller is a number of something, and no id of Discord's

_ROUNDS = sa.table("quiz_rounds", *map(sa.column, ("round_id", "server_id", "ended_at", "state")))
_EVENTS = sa.table("quiz_events", *map(sa.column, ("round_id", "event")))
_MEMBERS = sa.table("quiz_members", sa.column("round_id"), sa.column("member_id"), sa.column("pressed", sa.Boolean()))
_DISPUTES = sa.table(
    "quiz_disputes",
    *map(sa.column, ("round_id", "server_id")),
    *(sa.column(name, sa.Boolean()) for name in ("unreached", "with_reviewers")),
)


def upgrade() -> None:
    """Makes the table of disputes, fills it and that of members, and indexes points by what a leaderboard asks."""
    op.create_table(
        "quiz_disputes",
        sa.Column("round_id", sa.String(16), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("unreached", sa.Boolean(), nullable=False),
        sa.Column("with_reviewers", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("round_id", name="pk_quiz_disputes"),
    )
    op.create_index("ix_quiz_points_server_id_at", "quiz_points", ["server_id", "at"])
    op.drop_index("ix_quiz_points_server_id", "quiz_points")
    op.create_index("ix_quiz_rounds_server_id_ended_at", "quiz_rounds", ["server_id", "ended_at"])
    connection = op.get_bind()
    for round_id in connection.scalars(sa.select(_ROUNDS.c.round_id)).all():
        _fill(connection, round_id)


def _fill(connection: sa.Connection, round_id: str) -> None:
    """Note who may be named in a round: one id too many is none that anybody looks for."""
    (row,) = connection.execute(sa.select(_ROUNDS).where(_ROUNDS.c.round_id == round_id)).all()
    events = connection.scalars(sa.select(_EVENTS.c.event).where(_EVENTS.c.round_id == round_id)).all()
    state, *later = [_read(text) for text in (row.state, *events)]
    there = sa.select(_MEMBERS.c.member_id).where(_MEMBERS.c.round_id == round_id)
    named = {one for plain in (state, *later) for one in _ids(plain)} - set(connection.scalars(there))
    if named:
        rows = [{"round_id": round_id, "member_id": one, "pressed": False} for one in sorted(named)]
        connection.execute(sa.insert(_MEMBERS), rows)
    held = {name: isinstance(state, dict) and bool(state.get(name)) for name in ("unreached", "with_reviewers")}
    if row.ended_at is not None and any(held.values()):
        connection.execute(sa.insert(_DISPUTES).values(round_id=round_id, server_id=row.server_id, **held))


def _read(text: str) -> Any:
    """What the text says; nothing where it cannot be read."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def _ids(plain: Any) -> Iterator[int]:
    """All numbers in it that may be ids, as values or as keys."""
    match plain:
        case dict():
            for key, value in plain.items():
                yield from _ids(int(key) if key.isdecimal() else None)
                yield from _ids(value)
        case list():
            for value in plain:
                yield from _ids(value)
        case int() if _FIRST_ID <= plain < 2**63:
            yield plain


def downgrade() -> None:
    """Drops the table, and indexes the points as before."""
    op.drop_index("ix_quiz_rounds_server_id_ended_at", "quiz_rounds")
    op.create_index("ix_quiz_points_server_id", "quiz_points", ["server_id"])
    op.drop_index("ix_quiz_points_server_id_at", "quiz_points")
    op.drop_table("quiz_disputes")
