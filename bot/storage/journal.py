"""The journal of quiz rounds: what is written here has outlived the process once `write` returns.

Whatever waits while a commit is under way goes into the next one together: many presses, one commit.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, delete, insert, select
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.rows import Entry, EventRow, Heard, JournalFault, NotWritten, PointsOf, RoundRow
from bot.storage.tables import QUIZ_EVENTS, QUIZ_LISTENING, QUIZ_POINTS, QUIZ_ROUNDS

_log = logging.getLogger(__name__)
LINGER = 0.005  # seconds in which more may join a commit; with 250 presses a second it saves a fifth of all work
_THE_STORAGE_ITSELF = (OperationalError, InterfaceError, OSError)  # locked, full, gone: no entry is to blame
_ONLY = 1
_OLD_EVENTS = delete(QUIZ_EVENTS).where(
    QUIZ_EVENTS.c.round_id == bindparam("of"), QUIZ_EVENTS.c.number <= bindparam("to")
)
_READS = "reads"  # the option of connections that only read


def reading(engine: AsyncEngine) -> AsyncEngine:
    """The same database and connections, for transactions that only read: they wait for no writer."""
    return engine.execution_options(**{_READS: True})


def begin_sqlite(connection: Any) -> None:
    """Open a transaction in SQLite, where the driver is told not to. Only what writes takes SQLite's one lock."""
    # A write that begins without the lock could lose it to another half-way, and waiting would not help it then.
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get(_READS) else "BEGIN IMMEDIATE")


_Group = list[tuple[tuple[Entry, ...], asyncio.Future[None]]]


class Journal:
    """Writes in groups, in the order given. What one round cannot get written does not keep others from it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine, self._reads = engine, reading(engine)
        self._waiting: _Group = []
        self._writer: asyncio.Task[None] | None = None
        self._fault: Exception | None = None

    async def write(self, *entries: Entry) -> None:
        """Returns when the entries are committed. Raises NotWritten."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((entries, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all(), name="journal")
        await asyncio.shield(done)

    async def close(self) -> None:
        """Waits for what is being written."""
        if self._writer:
            await asyncio.gather(self._writer, return_exceptions=True)

    async def unfinished(self) -> tuple[RoundRow, ...]:
        """The rounds that have not ended."""
        return await self._rounds(select(QUIZ_ROUNDS).where(QUIZ_ROUNDS.c.ended_at.is_(None)))

    async def ended_with(self, member_id: int) -> tuple[str, ...]:
        """The ids of the rounds that have ended and are still kept, and in which that member may be named."""
        ended = select(QUIZ_ROUNDS.c.round_id).where(QUIZ_ROUNDS.c.ended_at.is_not(None))
        found = await self._found(ended.where(QUIZ_ROUNDS.c.state.contains(str(member_id))))
        return tuple(row["round_id"] for row in found)

    async def round(self, round_id: str) -> RoundRow | None:
        """One round, over or not."""
        return next(iter(await self._rounds(select(QUIZ_ROUNDS).where(QUIZ_ROUNDS.c.round_id == round_id))), None)

    async def latest(self, channel_id: int) -> RoundRow | None:
        """The round that was started last in a channel, over or not."""
        here = select(QUIZ_ROUNDS).where(QUIZ_ROUNDS.c.channel_id == channel_id)
        return next(iter(await self._rounds(here.order_by(QUIZ_ROUNDS.c.started_at.desc()).limit(1))), None)

    async def events(self, row: RoundRow) -> tuple[EventRow, ...]:
        """What happened after the state of that row, in order."""
        of = QUIZ_EVENTS.c
        later = select(QUIZ_EVENTS).where(of.round_id == row.round_id, of.number > row.up_to).order_by(of.number)
        return tuple(EventRow(**one) for one in await self._found(later))

    async def asked(self, channel_id: int, rounds: int) -> tuple[str, ...]:
        """The `asked` of the latest rounds of a channel, oldest first."""
        here = select(QUIZ_ROUNDS.c.asked).where(QUIZ_ROUNDS.c.channel_id == channel_id)
        found = await self._found(here.order_by(QUIZ_ROUNDS.c.started_at.desc()).limit(rounds))
        return tuple(row["asked"] for row in reversed(found))

    async def heard(self) -> float | None:
        """When the bot could last hear Discord."""
        return next((row["heard_at"] for row in await self._found(select(QUIZ_LISTENING))), None)

    async def servers(self) -> tuple[int, ...]:
        """Those with rounds that have ended and are still kept."""
        ended = select(QUIZ_ROUNDS.c.server_id).where(QUIZ_ROUNDS.c.ended_at.is_not(None)).distinct()
        return tuple(row["server_id"] for row in await self._found(ended))

    async def forget(self, round_id: str) -> None:
        """Removes a round with all answers in it. Its points stay."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(QUIZ_EVENTS).where(QUIZ_EVENTS.c.round_id == round_id))
            await connection.execute(delete(QUIZ_ROUNDS).where(QUIZ_ROUNDS.c.round_id == round_id))

    async def forget_ended(self, server_id: int, before: float) -> None:
        """Removes rounds of a server that ended before then, with all answers in them. Their points stay."""
        old = (QUIZ_ROUNDS.c.server_id == server_id, QUIZ_ROUNDS.c.ended_at < before)
        async with self._engine.begin() as connection:
            gone = select(QUIZ_ROUNDS.c.round_id).where(*old)
            await connection.execute(delete(QUIZ_EVENTS).where(QUIZ_EVENTS.c.round_id.in_(gone)))
            await connection.execute(delete(QUIZ_ROUNDS).where(*old))

    async def _rounds(self, query: Select[Any]) -> tuple[RoundRow, ...]:
        return tuple(RoundRow(**row) for row in await self._found(query))

    async def _found(self, query: Select[Any]) -> Sequence[RowMapping]:
        try:
            async with self._reads.connect() as connection:
                found: Sequence[RowMapping] = (await connection.execute(query)).mappings().all()
                return found
        except _THE_STORAGE_ITSELF as fault:
            raise JournalFault(_reason(fault)) from fault

    async def _write_all(self) -> None:
        while self._waiting:
            await asyncio.sleep(LINGER)
            group, self._waiting = self._waiting, []
            fault = await self._commit(group)
            if isinstance(fault, _THE_STORAGE_ITSELF):
                group, self._waiting = [*group, *self._waiting], []  # these have waited long enough
                _fail(group, fault)
            elif fault and len(parts := _by_round(group)) > 1:
                for part in parts:
                    if fault := await self._commit(part):
                        _fail(part, fault)
            elif fault:
                _fail(group, fault)

    async def _commit(self, group: _Group) -> Exception | None:
        """Write a group and tell whoever waits for it, or return why it cannot be written.

        Logs when writing begins to fail and when it works again, not every press in between.
        """
        try:
            async with self._engine.begin() as connection:
                await _written(connection, group)
        except Exception as fault:
            if not self._fault:
                _log.error("The journal of the quiz cannot be written: %s", _reason(fault))
            self._fault = fault
            return fault
        for _, done in group:
            if not done.done():
                done.set_result(None)
        if self._fault:
            _log.warning("The journal of the quiz is written again")
        self._fault = None
        return None


def _reason(fault: Exception) -> str:
    """Without what was to be written: that is nobody's business."""
    return str(fault.orig) if isinstance(fault, DBAPIError) else type(fault).__name__


def _by_round(group: _Group) -> list[_Group]:
    parts: dict[str, _Group] = {}
    for entries, done in group:
        parts.setdefault(next((getattr(entry, "round_id", "") for entry in entries), ""), []).append((entries, done))
    return list(parts.values())


def _fail(group: _Group, fault: Exception) -> None:
    for _, done in group:
        if not done.done():
            done.set_exception(NotWritten(_reason(fault)))


async def _written(connection: AsyncConnection, group: _Group) -> None:
    """Write entries, with one statement for all of a kind: each costs several trips to the driver's thread and back.

    Of each round the last row and the last points are written, and the latest time when Discord was heard.
    """
    events: list[dict[str, Any]] = []
    rounds: dict[str, RoundRow] = {}
    points: dict[str, PointsOf] = {}
    heard: list[float] = []
    for entries, _ in group:
        for entry in entries:
            match entry:
                case EventRow():
                    events.append(asdict(entry))
                case RoundRow():
                    rounds[entry.round_id] = entry
                case PointsOf():
                    points[entry.round_id] = entry
                case Heard(at):
                    heard.append(at)
    if events:
        await connection.execute(insert(QUIZ_EVENTS), events)
    if rounds or points:
        await _put_in_place(connection, rounds, points)
    if heard:
        await connection.execute(delete(QUIZ_LISTENING))
        await connection.execute(insert(QUIZ_LISTENING), [{"listener": _ONLY, "heard_at": max(heard)}])


async def _put_in_place(
    connection: AsyncConnection, rounds: Mapping[str, RoundRow], points: Mapping[str, PointsOf]
) -> None:
    if rounds:
        await connection.execute(delete(QUIZ_ROUNDS).where(QUIZ_ROUNDS.c.round_id.in_([*rounds])))
        await connection.execute(insert(QUIZ_ROUNDS), [asdict(row) for row in rounds.values()])
        await connection.execute(_OLD_EVENTS, [{"of": row.round_id, "to": row.up_to} for row in rounds.values()])
    if points:
        await connection.execute(delete(QUIZ_POINTS).where(QUIZ_POINTS.c.round_id.in_([*points])))
        if rows := [asdict(row) for of in points.values() for row in of.rows]:
            await connection.execute(insert(QUIZ_POINTS), rows)
