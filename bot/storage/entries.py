"""What the journal of quiz rounds is given to keep, and how it gets into the tables."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import bindparam, delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.quiz_tables import QuizEvent, QuizListening, QuizPoints, QuizRound

_ONLY = 1
_OLD_EVENTS = delete(QuizEvent).where(QuizEvent.round_id == bindparam("of"), QuizEvent.number <= bindparam("to"))


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round as it was after its event `up_to`. In place of what was kept of it before."""

    round_id: str
    server_id: int
    place_id: int
    started_at: float
    ended_at: float | None
    asked: str
    state: str
    up_to: int
    table_message: int | None = None


@dataclass(frozen=True, slots=True)
class EventRow:
    """What happened next."""

    round_id: str
    number: int
    at: float
    event: str


@dataclass(frozen=True, slots=True)
class PointsRow:
    """What a member earned with one question."""

    round_id: str
    turn: int
    member_id: int
    server_id: int
    name: str
    topic: str
    question: str
    points: float
    ranked: bool
    at: float


@dataclass(frozen=True, slots=True)
class PointsOf:
    """All points of a round, in place of those kept before."""

    round_id: str
    rows: tuple[PointsRow, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """The bot hears Discord at this time."""

    at: float


Entry = RoundRow | EventRow | PointsOf | Heard


async def written(connection: AsyncConnection, entries: Sequence[Entry]) -> None:
    """A statement for all entries of a kind: each one costs several trips to the driver's thread and back."""
    if events := [asdict(one) for one in entries if isinstance(one, EventRow)]:
        await connection.execute(insert(QuizEvent), events)
    if rounds := {one.round_id: one for one in entries if isinstance(one, RoundRow)}:  # the last one of each counts
        await connection.execute(delete(QuizRound).where(QuizRound.round_id.in_(rounds)))
        await connection.execute(insert(QuizRound), [asdict(row) for row in rounds.values()])
        await connection.execute(_OLD_EVENTS, [{"of": row.round_id, "to": row.up_to} for row in rounds.values()])
    if points := {one.round_id: one for one in entries if isinstance(one, PointsOf)}:
        await connection.execute(delete(QuizPoints).where(QuizPoints.round_id.in_(points)))
        if rows := [asdict(row) for of in points.values() for row in of.rows]:
            await connection.execute(insert(QuizPoints), rows)
    if heard := [one.at for one in entries if isinstance(one, Heard)]:
        await connection.execute(delete(QuizListening))
        await connection.execute(insert(QuizListening), [{"listener": _ONLY, "heard_at": max(heard)}])
