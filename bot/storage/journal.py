"""The journal of quiz rounds: what is written here has outlived the process once `write` returns.

Whatever waits while a commit is under way goes into the next one together: many presses, one commit.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.entries import Entry, EventRow, RoundRow, written
from bot.storage.quiz_tables import QuizEvent, QuizListening, QuizRound
from bot.storage.reading import reading

_log = logging.getLogger(__name__)
LINGER = 0.005  # seconds in which more may join a commit; with 250 presses a second it saves a fifth of all work
_THE_STORAGE_ITSELF = (OperationalError, InterfaceError, OSError)  # locked, full, gone: no entry is to blame


class JournalFault(Exception):  # noqa: N818
    """The storage does not work."""


class NotWritten(JournalFault):
    """It is not in the journal, or if it is, by an accident of the storage: nobody may rely on either."""


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

    async def going_on(self) -> tuple[RoundRow, ...]:
        """The rounds that have not ended."""
        return await self._rounds(QuizRound.ended_at.is_(None))

    async def ended_with(self, member_id: int) -> tuple[str, ...]:
        """The ids of the rounds that have ended and are still kept, and in which that member may be named."""
        query = select(QuizRound.round_id).where(QuizRound.ended_at.is_not(None))
        async with self._reading() as connection:
            return tuple((await connection.execute(query.where(QuizRound.state.contains(str(member_id))))).scalars())

    async def round(self, round_id: str) -> RoundRow | None:
        """One round, over or not."""
        return next(iter(await self._rounds(QuizRound.round_id == round_id)), None)

    async def latest(self, place_id: int) -> RoundRow | None:
        """The round that was started last in a place, over or not."""
        query = select(QuizRound.__table__).where(QuizRound.place_id == place_id)
        async with self._reading() as connection:
            found = (await connection.execute(query.order_by(QuizRound.started_at.desc()).limit(1))).mappings().first()
        return RoundRow(**found) if found else None

    async def events(self, row: RoundRow) -> tuple[EventRow, ...]:
        """What happened after the state of that row."""
        query = select(QuizEvent.__table__).where(QuizEvent.round_id == row.round_id, QuizEvent.number > row.up_to)
        async with self._reading() as connection:
            found = (await connection.execute(query.order_by(QuizEvent.number))).all()
        return tuple(EventRow(one.round_id, one.number, one.at, one.event) for one in found)

    async def asked(self, place_id: int, rounds: int) -> tuple[str, ...]:
        """The `asked` of the latest rounds of a place, oldest first."""
        query = select(QuizRound.asked).where(QuizRound.place_id == place_id)
        async with self._reading() as connection:
            found = (await connection.execute(query.order_by(QuizRound.started_at.desc()).limit(rounds))).scalars()
            return tuple(found)[::-1]

    async def heard(self) -> float | None:
        """When the bot could last hear Discord."""
        async with self._reading() as connection:
            return (await connection.execute(select(QuizListening.heard_at))).scalar_one_or_none()

    async def servers(self) -> tuple[int, ...]:
        """Those with rounds that have ended and are still kept."""
        query = select(QuizRound.server_id).where(QuizRound.ended_at.is_not(None)).distinct()
        async with self._reading() as connection:
            return tuple((await connection.execute(query)).scalars())

    async def forget(self, round_id: str) -> None:
        """Removes a round with all answers in it. Its points stay."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(QuizEvent).where(QuizEvent.round_id == round_id))
            await connection.execute(delete(QuizRound).where(QuizRound.round_id == round_id))

    async def forget_ended(self, server_id: int, before: float) -> None:
        """Removes rounds of a server that ended before then, with all answers in them. Their points stay."""
        old = (QuizRound.server_id == server_id, QuizRound.ended_at < before)
        async with self._engine.begin() as connection:
            gone = select(QuizRound.round_id).where(*old)
            await connection.execute(delete(QuizEvent).where(QuizEvent.round_id.in_(gone)))
            await connection.execute(delete(QuizRound).where(*old))

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._reads.connect() as connection:
                yield connection
        except _THE_STORAGE_ITSELF as fault:
            raise JournalFault(_reason(fault)) from fault

    async def _rounds(self, which: Any) -> tuple[RoundRow, ...]:
        async with self._reading() as connection:
            found = (await connection.execute(select(QuizRound.__table__).where(which))).mappings().all()
        return tuple(RoundRow(**one) for one in found)

    async def _write_all(self) -> None:
        while self._waiting:
            await asyncio.sleep(LINGER)
            group, self._waiting = self._waiting, []
            fault = await self._try(group)
            if isinstance(fault, _THE_STORAGE_ITSELF):
                group, self._waiting = [*group, *self._waiting], []  # these have waited long enough
                _tell(group, fault)
            elif fault and len(parts := _by_round(group)) > 1:
                for part in parts:
                    _tell(part, await self._try(part))
            else:
                _tell(group, fault)

    async def _try(self, group: _Group) -> Exception | None:
        fault: Exception | None = None
        try:
            async with self._engine.begin() as connection:
                await written(connection, [entry for entries, _ in group for entry in entries])
        except Exception as error:
            fault = error
        self._note(fault)
        return fault

    def _note(self, fault: Exception | None) -> None:
        """Logs when it begins to fail and when it works again, not every press in between."""
        if fault and not self._fault:
            _log.error("The journal of the quiz cannot be written: %s", _reason(fault))
        if self._fault and not fault:
            _log.warning("The journal of the quiz is written again")
        self._fault = fault


def _reason(fault: Exception) -> str:
    """Without what was to be written: that is nobody's business."""
    return str(fault.orig) if isinstance(fault, DBAPIError) else type(fault).__name__


def _by_round(group: _Group) -> list[_Group]:
    parts: dict[str, _Group] = {}
    for entries, done in group:
        parts.setdefault(next((getattr(entry, "round_id", "") for entry in entries), ""), []).append((entries, done))
    return list(parts.values())


def _tell(group: _Group, fault: Exception | None) -> None:
    for _, done in group:
        if not done.done():
            done.set_exception(NotWritten(_reason(fault))) if fault else done.set_result(None)
