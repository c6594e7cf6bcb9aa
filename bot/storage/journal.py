"""The journal of quiz rounds: what is written here has outlived the process once `write` returns.

Whatever waits while a commit is under way goes into the next one together: many presses, one commit.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, bindparam, delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from bot import metrics
from bot.errors import StorageRefuses
from bot.shard import Shard
from bot.storage.access import Access, upsert
from bot.storage.rows import (
    DisputesRow,
    Entry,
    EventRow,
    Heard,
    Joined,
    NoticedIn,
    NotWritten,
    OpenQuestionRow,
    PointsOf,
    RoundRow,
    ScheduleBegun,
    TakingPart,
)
from bot.storage.tables import (
    OPEN_QUESTIONS,
    QUIZ_DISPUTES,
    QUIZ_EVENTS,
    QUIZ_HEARD,
    QUIZ_MEMBERS,
    QUIZ_POINTS,
    QUIZ_ROUNDS,
    SCHEDULES,
    owned,
)
from bot.storage.weekly import notice

_log = logging.getLogger(__name__)
LINGER = 0.005  # seconds in which more may join a commit; with 250 presses a second it saves a fifth of all work
_OLD_EVENTS = delete(QUIZ_EVENTS).where(
    QUIZ_EVENTS.c.round_id == bindparam("of"), QUIZ_EVENTS.c.number <= bindparam("to")
)
_MOVED = (
    update(SCHEDULES)
    .where(
        SCHEDULES.c.schedule_id == bindparam("of"),
        SCHEDULES.c.next_at == bindparam("due"),
        SCHEDULES.c.member_id == bindparam("by"),
    )
    .values({name: bindparam(name) for name in ("next_at", "paused", "trouble", "told")})
)
# Rows of a round, by its id; the last table says which rounds there are.
_OF_A_ROUND = (QUIZ_EVENTS, QUIZ_MEMBERS, QUIZ_DISPUTES, OPEN_QUESTIONS, QUIZ_ROUNDS)


_Group = list[tuple[tuple[Entry, ...], asyncio.Future[None]]]


class Journal:
    """Writes in groups, in the order given. What one round cannot get written does not keep others from it.

    Lists of rounds have those of the servers of its shard. Whatever reads raises StorageRefuses.
    """

    def __init__(self, access: Access, shard: Shard) -> None:
        self.access = access
        self._shard = shard
        self._waiting: _Group = []
        self._writer: asyncio.Task[None] | None = None
        self._unwritten: set[str] = set()  # rounds of which something could not be written

    async def write(self, *entries: Entry) -> None:
        """Returns when the entries are committed. Raises StorageRefuses, and NotWritten where only these cannot be."""
        if not entries:
            return
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
        return await self._rounds(select(QUIZ_ROUNDS).where(QUIZ_ROUNDS.c.ended_at.is_(None), self._owned()))

    async def ended_with(self, member_id: int) -> tuple[str, ...]:
        """The ids of the rounds that have ended and are still kept, and in which that member may be named."""
        of = select(QUIZ_ROUNDS).join(QUIZ_MEMBERS, QUIZ_MEMBERS.c.round_id == QUIZ_ROUNDS.c.round_id)
        named = of.where(QUIZ_MEMBERS.c.member_id == member_id, QUIZ_ROUNDS.c.ended_at.is_not(None), self._owned())
        found = await self.access.found(named.with_only_columns(QUIZ_ROUNDS.c.round_id))
        return tuple(row["round_id"] for row in found)

    async def naming(self, member_id: int, server_id: int | None = None) -> tuple[str, ...]:
        """The ids of the rounds in which that member may be named, on or over, in a server or in all: those of other
        processes too. The oldest first."""
        of = select(QUIZ_ROUNDS.c.round_id).join(QUIZ_MEMBERS, QUIZ_MEMBERS.c.round_id == QUIZ_ROUNDS.c.round_id)
        named = of.where(QUIZ_MEMBERS.c.member_id == member_id)
        here = named if server_id is None else named.where(QUIZ_ROUNDS.c.server_id == server_id)
        found = await self.access.found(here.order_by(QUIZ_ROUNDS.c.started_at, QUIZ_ROUNDS.c.round_id))
        return tuple(row["round_id"] for row in found)

    async def with_disputes(self, held: str) -> dict[str, int]:
        """The rounds that have ended with disputes that nobody has got who may decide them ("unreached"), or that
        reviewers have ("with_reviewers"), and their servers."""
        of = QUIZ_DISPUTES.c
        found = await self.access.found(select(QUIZ_DISPUTES).where(of[held], self._owned(of.server_id)))
        return {row["round_id"]: row["server_id"] for row in found}

    async def round(self, round_id: str) -> RoundRow | None:
        """One round, over or not."""
        return next(iter(await self._rounds(select(QUIZ_ROUNDS).where(QUIZ_ROUNDS.c.round_id == round_id))), None)

    async def latest(self, channel_id: int, *besides: str) -> RoundRow | None:
        """The round that was started last in a channel, over or not; `besides` are the ids of those not meant."""
        of = QUIZ_ROUNDS.c
        here = select(QUIZ_ROUNDS).where(of.channel_id == channel_id, of.round_id.not_in(besides))
        return next(iter(await self._rounds(here.order_by(QUIZ_ROUNDS.c.started_at.desc()).limit(1))), None)

    async def events(self, row: RoundRow) -> tuple[EventRow, ...]:
        """What happened after the state of that row, in order."""
        of = QUIZ_EVENTS.c
        later = select(QUIZ_EVENTS).where(of.round_id == row.round_id, of.number > row.up_to).order_by(of.number)
        return tuple(EventRow(**one) for one in await self.access.found(later))

    async def asked(self, channel_id: int, rounds: int) -> tuple[str, ...]:
        """The `asked` of the latest rounds of a channel, oldest first."""
        here = select(QUIZ_ROUNDS.c.asked).where(QUIZ_ROUNDS.c.channel_id == channel_id)
        found = await self.access.found(here.order_by(QUIZ_ROUNDS.c.started_at.desc()).limit(rounds))
        return tuple(row["asked"] for row in reversed(found))

    async def heard(self) -> dict[Shard, float]:
        """When the bot could last hear Discord in each shard, those of other numbers of shards among them."""
        found = await self.access.found(select(QUIZ_HEARD))
        return {Shard(row["shard"], row["shard_count"]): row["heard_at"] for row in found}

    async def servers(self) -> tuple[int, ...]:
        """Those with rounds that have ended and are still kept."""
        ended = select(QUIZ_ROUNDS.c.server_id).where(QUIZ_ROUNDS.c.ended_at.is_not(None), self._owned()).distinct()
        return tuple(row["server_id"] for row in await self.access.found(ended))

    async def forget(self, round_id: str) -> None:
        """Removes a round with all answers in it. Its points stay."""
        await self._forget(lambda of: of == round_id)

    async def forget_ended(self, server_id: int, before: float) -> None:
        """Removes rounds of a server that ended before then, with all answers in them. Their points stay."""
        old = (QUIZ_ROUNDS.c.server_id == server_id, QUIZ_ROUNDS.c.ended_at < before)
        gone = select(QUIZ_ROUNDS.c.round_id).where(*old)
        await self._forget(lambda of: of.in_(gone))

    async def _forget(self, which: Callable[[Column[Any]], ColumnElement[bool]]) -> None:
        statements = [delete(table).where(which(table.c.round_id)) for table in _OF_A_ROUND]
        await self.access.commit(lambda connection: [connection.execute(one) for one in statements])
        self.access.forgotten()

    def _owned(self, server: Column[Any] = QUIZ_ROUNDS.c.server_id) -> ColumnElement[bool]:
        """Whether a round's server is the shard's; of the rounds of others no state is read."""
        return owned(self._shard, server)

    async def _rounds(self, query: Select[Any]) -> tuple[RoundRow, ...]:
        return tuple(RoundRow(**row) for row in await self.access.found(query))

    async def _write_all(self) -> None:
        while self._waiting:
            await asyncio.sleep(LINGER)
            group, self._waiting = self._waiting, []
            fault = await self._commit(group)
            if isinstance(fault, StorageRefuses):
                group, self._waiting = [*group, *self._waiting], []  # these have waited long enough
                _fail(group, fault)
            elif fault and len(parts := _by_round(group)) > 1:
                for of, part in parts.items():
                    self._failed(of, part, await self._commit(part))
            elif fault:
                self._failed(next(iter(parts)), group, fault)

    async def _commit(self, group: _Group) -> Exception | None:
        """Write a group and tell whoever waits for it, or return why it cannot be written."""
        size, since = _size(group), time.perf_counter()
        try:
            await self.access.commit(partial(_write, self._shard, group), size, len(group))
        except Exception as fault:
            metrics.COMMIT_TOOK.note(time.perf_counter() - since, "failed")
            return fault
        metrics.COMMIT_TOOK.note(time.perf_counter() - since, "kept")
        metrics.COMMIT_WRITES.note(len(group))
        metrics.COMMIT_CHARACTERS.note(size)
        for _, done in group:
            if not done.done():
                done.set_result(None)
        if self._unwritten and (again := self._unwritten & set(_by_round(group))):
            self._unwritten -= again
            _log.warning("What happens to round %s is written again", ", ".join(sorted(again)))
        return None

    def _failed(self, of: str, part: _Group, fault: Exception | None) -> None:
        """Tell whoever waits for what cannot be written of one round; the log hears of it once."""
        if fault is None:
            return
        if isinstance(fault, StorageRefuses | NotWritten):
            _fail(part, fault)
            return
        why = str(fault.orig) if isinstance(fault, DBAPIError) else type(fault).__name__  # not what was to be written
        if of not in self._unwritten:
            self._unwritten.add(of)
            _log.error("What happens to round %s cannot be written: %s", of, why)
        _fail(part, NotWritten(why))


def _size(group: _Group) -> int:
    """About how many characters that is."""
    texts = (getattr(entry, "event", "") + getattr(entry, "state", "") for entries, _ in group for entry in entries)
    return sum(map(len, texts))


def _by_round(group: _Group) -> dict[str, _Group]:
    parts: dict[str, _Group] = {}
    for entries, done in group:
        parts.setdefault(next((getattr(entry, "round_id", "") for entry in entries), ""), []).append((entries, done))
    return parts


def _fail(group: _Group, fault: Exception) -> None:
    for _, done in group:
        if not done.done():
            done.set_exception(fault)


def _write(shard: Shard, group: _Group, connection: Connection) -> None:
    """Write entries, with one statement for all of a kind.

    Of each round the last row and the last points are written, and the latest time when the shard heard
    Discord. A round waits for one write before it asks for the next, so none has two in a group.
    """
    found: defaultdict[type, list[Any]] = defaultdict(list)
    for entries, _ in group:
        for entry in entries:
            found[type(entry)].append(entry)
    rounds = {one.round_id: one for one in found[RoundRow]}
    points = {one.round_id: one for one in found[PointsOf]}
    if events := found[EventRow]:
        connection.execute(insert(QUIZ_EVENTS), [asdict(one) for one in events])
    if rounds or points:
        _put_in_place(connection, rounds, points)
    for table, kind in ((OPEN_QUESTIONS, OpenQuestionRow), (QUIZ_DISPUTES, DisputesRow)):
        if rounds:
            connection.execute(delete(table).where(table.c.round_id.in_([*rounds])))
        upsert(connection, table, [asdict(one) for one in found[kind]])
    if found[TakingPart] or found[Joined]:
        _put_members(connection, found[TakingPart], found[Joined])
    _move_schedules(connection, found[ScheduleBegun])
    notice(connection, found[NoticedIn])
    if heard := found[Heard]:
        own = {"shard": shard.id, "shard_count": shard.count}
        connection.execute(delete(QUIZ_HEARD).filter_by(**own))
        connection.execute(insert(QUIZ_HEARD), [own | {"heard_at": max(one.at for one in heard)}])


def _move_schedules(connection: Connection, every: Iterable[ScheduleBegun]) -> None:
    for begun in every:
        of = {"of": begun.moved.schedule_id, "due": begun.due, "by": begun.member_id}
        if not connection.execute(_MOVED, asdict(begun.moved) | of).rowcount:
            raise NotWritten("what begins was begun, changed or taken back meanwhile")


def _put_members(connection: Connection, parts: Iterable[TakingPart], joined: Iterable[Joined]) -> None:
    members = {one.round_id: one for one in parts}
    if members:
        connection.execute(delete(QUIZ_MEMBERS).where(QUIZ_MEMBERS.c.round_id.in_([*members])))
    rows = [
        {"round_id": one.round_id, "member_id": member, "pressed": member in one.pressed}
        for one in members.values()
        for member in one.named
    ]
    # Whoever started is named before they press.
    rows += [{"round_id": one.round_id, "member_id": one.member_id, "pressed": True} for one in joined]
    upsert(connection, QUIZ_MEMBERS, rows)


def _put_in_place(connection: Connection, rounds: Mapping[str, RoundRow], points: Mapping[str, PointsOf]) -> None:
    if rounds:
        upsert(connection, QUIZ_ROUNDS, [asdict(row) for row in rounds.values()])
        connection.execute(_OLD_EVENTS, [{"of": row.round_id, "to": row.up_to} for row in rounds.values()])
    if points:
        connection.execute(delete(QUIZ_POINTS).where(QUIZ_POINTS.c.round_id.in_([*points])))
        if rows := [asdict(row) for of in points.values() for row in of.rows]:
            connection.execute(insert(QUIZ_POINTS), rows)
