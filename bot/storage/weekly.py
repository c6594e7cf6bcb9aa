"""People counted by the week, with nobody's id kept: how many members of a server have shown something.

A member is known by the HMAC-SHA256 of their id with a random key, one a server and week, so that whoever shows a thing
fifty times is counted once, and nobody can be followed from one week, or server, to the next. When the week is over the
key and all hashes are deleted, in one transaction with writing how many people there were, and that only where they
were `FEWEST` or more: weeks with fewer are dropped, and nothing is summed over weeks.

Weeks are numbers (`bot.clock.week_of`).
"""

import asyncio
import hmac
import logging
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import fields
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, RowMapping, and_, bindparam, case, delete, func, select

from bot.errors import StorageRefuses
from bot.shard import Shard
from bot.storage.access import Access, add_missing, upsert
from bot.storage.rows import FEWEST, NoticedIn, Standing, WeeklyCount
from bot.storage.tables import WEEKLY_COUNTS, WEEKLY_KEYS, WEEKLY_PEOPLE, owned

KEPT_WEEKS = 53  # for which numbers are kept: a year
_HASHED = 32  # hexadecimal digits that are kept of a hash
_MANY = 500  # values in one query, and rows in one transaction

_log = logging.getLogger(__name__)


def hashed(key: str, member: int) -> str:
    """What a member is known by under a key."""
    return hmac.new(bytes.fromhex(key), str(member).encode(), sha256).hexdigest()[:_HASHED]


def notice(connection: Connection, entries: Iterable[NoticedIn]) -> None:
    """Count these people in, in the transaction of `connection`."""
    shown: list[dict[str, Any]] = []
    asked: list[dict[str, Any]] = []
    for entry in sorted(entries, key=lambda one: (one.server_id, one.week)):
        if entry.round_id:
            here = _of_week(WEEKLY_PEOPLE.c, entry.server_id, entry.week)
            connection.execute(delete(WEEKLY_PEOPLE).where(here, WEEKLY_PEOPLE.c.round_id == entry.round_id))
        key = _key(connection, entry.server_id, entry.week) if entry.rows else ""
        of = {"server_id": entry.server_id, "week": entry.week, "round_id": entry.round_id}
        for one in entry.rows:
            known = of | {"kind": one.kind, "person": hashed(key, one.member_id)}
            asked += [known | {"about": about, "shown": False} for about in sorted(one.asked - one.shown)]
            shown += [known | {"about": about, "shown": True} for about in sorted(one.shown)]
    add_missing(connection, WEEKLY_PEOPLE, asked)
    upsert(connection, WEEKLY_PEOPLE, shown)


def _key(connection: Connection, server: int, week: int) -> str:
    """The key of a server and week, made now if there is none."""
    of = WEEKLY_KEYS.c
    found = select(of.secret).where(of.server_id == server, of.week == week)
    if key := connection.scalar(found):
        return str(key)
    add_missing(connection, WEEKLY_KEYS, [{"server_id": server, "week": week, "secret": secrets.token_hex(32)}])
    return str(connection.scalar(found))


class WeeklyPeople:
    """The store of what is counted. Everything raises StorageRefuses."""

    def __init__(self, access: Access, shard: Shard) -> None:
        self._access = access
        self._shard = shard

    async def notice(self, entry: NoticedIn) -> None:
        """Count these people in."""
        await self._access.commit(lambda connection: notice(connection, [entry]))

    async def close(self, before: int, server: int | None = None) -> int:
        """End the weeks before that one, of a server or of all that are this shard's; return how many were ended.

        Each server and week is a transaction: after it there are only numbers, before it only hashes. One that cannot
        be ended keeps no other one open: the log says why, and it is tried again with the next.
        """
        of = WEEKLY_KEYS.c
        mine = owned(self._shard, of.server_id) if server is None else of.server_id == server
        over = await self._access.found(select(of.server_id, of.week).where(of.week < before, mine))
        ended = 0
        for row in over:
            here = row["server_id"], row["week"]
            try:
                await self._access.commit(lambda connection, here=here: _close(connection, *here))  # type: ignore[misc]
                ended += 1
            except StorageRefuses:
                raise
            except Exception:
                _log.exception("Week %d of server %d cannot be ended: its people stay as they are", here[1], here[0])
        if ended:
            self._access.forgotten()
        return ended

    async def counts(self, server: int, first: int, kinds: Sequence[str]) -> tuple[WeeklyCount, ...]:
        """The numbers of a server, from the week `first` on, of these kinds; the oldest first."""
        of = WEEKLY_COUNTS.c
        columns = (of.week, of.kind, of.about, of.people, of.asked)
        here = select(*columns).where(of.server_id == server, of.week >= first, of.kind.in_(kinds))
        found = await self._access.found(here.order_by(*WEEKLY_COUNTS.primary_key))
        return tuple(WeeklyCount(**row) for row in found)

    async def standing(self, member: int) -> tuple[Standing, ...]:
        """What is counted of a member, wherever it is, in weeks that are not ended."""
        rows = await self._of(member)
        return tuple(dict.fromkeys(Standing(**{one.name: row[one.name] for one in fields(Standing)}) for row in rows))

    async def forget(self, member: int) -> None:
        """Remove the hashes of a member that still stand, everywhere. What is a number by then names nobody.

        They are looked up first: what others write waits for the removal of a few rows, however many servers there are.
        """
        rows = [{column.name: row[column.name] for column in _IN_ORDER} for row in await self._of(member)]
        that = delete(WEEKLY_PEOPLE).where(*(column == bindparam(f"{column.name}") for column in _IN_ORDER))
        for at in range(0, len(rows), _MANY):
            some = rows[at : at + _MANY]
            await self._access.commit(lambda connection, some=some: connection.execute(that, some) and None)  # type: ignore[misc]
        self._access.forgotten()

    async def _of(self, member: int) -> list[RowMapping]:
        """The rows of a member, wherever they are, in weeks that are not ended."""
        keys = await self._access.found(select(WEEKLY_KEYS).order_by(*WEEKLY_KEYS.primary_key))
        known = await asyncio.to_thread(_hashes, keys, member)
        persons, found = [*known], []
        for at in range(0, len(persons), _MANY):
            some = WEEKLY_PEOPLE.c.person.in_(persons[at : at + _MANY])
            rows = await self._access.found(select(WEEKLY_PEOPLE).where(some).order_by(*_IN_ORDER))
            found += [row for row in rows if known[row["person"]] == (row["server_id"], row["week"])]
        return found


_IN_ORDER: tuple[Column[Any], ...] = tuple(WEEKLY_PEOPLE.primary_key)


def _hashes(keys: Iterable[RowMapping], member: int) -> dict[str, tuple[int, int]]:
    """What a member is known by under these keys, with the server and week of each."""
    return {hashed(key["secret"], member): (key["server_id"], key["week"]) for key in keys}


def _close(connection: Connection, server: int, week: int) -> None:
    """Put numbers in the place of the hashes of a server and week. What somebody counted before stays: a week that was
    ended is not counted again from those who came too late."""
    of = WEEKLY_PEOPLE.c
    here, people = _of_week(of, server, week), func.count(case((of.shown, of.person)).distinct())
    asked = func.count(of.person.distinct())
    columns = (of.server_id, of.week, of.kind, of.about, people.label("people"), asked.label("asked"))
    counted = select(*columns).where(here).group_by(*columns[:4]).having(people >= FEWEST)
    add_missing(connection, WEEKLY_COUNTS, map(dict, connection.execute(counted).mappings()))
    connection.execute(delete(WEEKLY_PEOPLE).where(here))
    connection.execute(delete(WEEKLY_KEYS).where(_of_week(WEEKLY_KEYS.c, server, week)))
    old = WEEKLY_COUNTS.c.week <= week - KEPT_WEEKS
    connection.execute(delete(WEEKLY_COUNTS).where(WEEKLY_COUNTS.c.server_id == server, old))


def _of_week(of: Any, server: int, week: int) -> ColumnElement[bool]:
    return and_(of.server_id == server, of.week == week)
