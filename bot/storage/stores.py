"""The small stores, each made of `Rows`: who was greeted, which commands are registered, what servers have set and what
moderators have added in them, the points of rounds."""

from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import ColumnElement, Executable, RowMapping, Table, and_, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.storage.access import Access
from bot.storage.rows import Addition, PointsRow, Reload, TaughtBy, Total
from bot.storage.tables import (
    GREETED_SERVERS,
    HIDDEN_MEMBERS,
    KNOWLEDGE_RELOADS,
    KNOWLEDGE_TAUGHT,
    QUIZ_POINTS,
    SERVER_ADDITIONS,
    SERVER_SETTINGS,
    SYNCED_COMMANDS,
)

_ONLY = 1  # the key of the row of a table that has one


class Rows:
    """The rows of `table`. Keyword arguments are columns and the values that they must have.

    Everything raises StorageRefuses.
    """

    def __init__(self, access: Access, table: Table) -> None:
        self._access = access
        self._table = table

    async def all(self, **where: Any) -> list[RowMapping]:
        """All rows with these values, in the order of the primary key."""
        return await self.select(select(self._table).where(self._that(where)).order_by(*self._table.primary_key))

    async def one(self, **where: Any) -> RowMapping | None:
        """The first row with these values, or None."""
        return next(iter(await self.all(**where)), None)

    async def select(self, query: Executable) -> list[RowMapping]:
        """What a query finds."""
        return await self._access.found(query)

    async def add(self, **values: Any) -> int:
        """Insert a row, and return its number, if the database gives one. Raises IntegrityError where it is there."""
        async with self._access.writing() as connection:
            key = (await connection.execute(insert(self._table).values(values))).inserted_primary_key
        return int(key[0]) if key else 0

    async def put(self, where: dict[str, Any], **values: Any) -> None:
        """Insert a row with the values of `where` and these, in place of the one with the values of `where`."""
        async with self._access.writing() as connection:
            await connection.execute(delete(self._table).where(self._that(where)))
            await connection.execute(insert(self._table).values({**where, **values}))

    async def change(self, where: dict[str, Any], **values: Any) -> None:
        """Set these values in the rows with the values of `where`."""
        async with self._access.writing() as connection:
            await connection.execute(update(self._table).where(self._that(where)).values(values))

    async def remove(self, **where: Any) -> bool:
        """Delete the rows with these values; False where there are none."""
        async with self._access.writing() as connection:
            return bool((await connection.execute(delete(self._table).where(self._that(where)))).rowcount)

    def _that(self, where: dict[str, Any]) -> ColumnElement[bool]:
        return and_(*(self._table.c[name] == value for name, value in where.items()))


class Greetings:
    """Lets a server be greeted once, also when two joins arrive at the same time."""

    def __init__(self, access: Access, clock: Clock) -> None:
        self._rows = Rows(access, GREETED_SERVERS)
        self._clock = clock

    async def claim(self, server_id: int) -> bool:
        """Return True to the first who asks: that one greets."""
        try:
            await self._rows.add(server_id=server_id, greeted_at=self._clock.now())
        except IntegrityError:
            return False
        return True

    async def release(self, server_id: int) -> None:
        """Give a claim back: the greeting could not be said."""
        await self._rows.remove(server_id=server_id)


class Registrations:
    """The fingerprint of the commands that each application last registered."""

    def __init__(self, access: Access) -> None:
        self._rows = Rows(access, SYNCED_COMMANDS)

    async def fingerprint(self, application_id: int) -> str | None:
        """What was last registered, or None when nothing was."""
        row = await self._rows.one(application_id=application_id)
        return row["fingerprint"] if row else None

    async def remember(self, application_id: int, fingerprint: str) -> None:
        """Note what has been registered now."""
        await self._rows.put({"application_id": application_id}, fingerprint=fingerprint)


class StoredSettings:
    """What each server has set, one JSON text a server; what may be set is for others to say."""

    def __init__(self, access: Access) -> None:
        self._rows = Rows(access, SERVER_SETTINGS)

    async def of(self, server_id: int) -> str | None:
        """What the server has set, or None where it has set nothing."""
        row = await self._rows.one(server_id=server_id)
        return row["settings"] if row else None

    async def keep(self, server_id: int, settings: str) -> None:
        """Keep this in place of what was set before."""
        await self._rows.put({"server_id": server_id}, settings=settings)


class Scores:
    """Reads the points that rounds have recorded, and forgets them."""

    def __init__(self, access: Access) -> None:
        self._points, self._hidden = Rows(access, QUIZ_POINTS), Rows(access, HIDDEN_MEMBERS)

    async def totals(self, server_id: int, since: float) -> tuple[Total, ...]:
        """Of ranked rounds since then, most points first, then by id; without those who are hidden."""
        of, hidden = QUIZ_POINTS.c, HIDDEN_MEMBERS.c
        latest = [of.at.desc(), of.round_id.desc(), of.turn.desc()]
        counted = (
            select(of.member_id, of.name, of.points, of.round_id)
            .add_columns(func.row_number().over(partition_by=of.member_id, order_by=latest).label("newest"))
            .where(of.server_id == server_id, of.ranked, of.at >= since)
            .where(of.member_id.not_in(select(hidden.member_id).where(hidden.server_id == server_id)))
            .subquery()
        )
        name = func.max(counted.c.name).filter(counted.c.newest == 1)  # one row a member
        query = select(
            counted.c.member_id,
            name.label("name"),
            func.sum(counted.c.points).label("points"),
            func.count(counted.c.round_id.distinct()).label("rounds"),
            func.count().label("answers"),
        ).group_by(counted.c.member_id)
        totals = [Total(**{**row, "points": round(row["points"], 2)}) for row in await self._points.select(query)]
        return tuple(sorted(totals, key=lambda total: (-total.points, total.member_id)))

    async def of(self, member_id: int, server_id: int | None = None) -> tuple[PointsRow, ...]:
        """All points of a member, in one server or in all, oldest first."""
        where = {"member_id": member_id} if server_id is None else {"member_id": member_id, "server_id": server_id}
        found = [PointsRow(**row) for row in await self._points.all(**where)]
        return tuple(sorted(found, key=lambda row: (row.at, row.round_id, row.turn)))

    async def hide(self, server_id: int, member_id: int, hidden: bool) -> None:
        """Take a member out of the leaderboard, or let them back in."""
        if hidden:
            await self._hidden.put({"server_id": server_id, "member_id": member_id})
        else:
            await self._hidden.remove(server_id=server_id, member_id=member_id)

    async def is_hidden(self, server_id: int, member_id: int) -> bool:
        """Whether they are out of it."""
        return await self._hidden.one(server_id=server_id, member_id=member_id) is not None

    async def forget(self, member_id: int) -> None:
        """Remove all points of a member, everywhere."""
        await self._points.remove(member_id=member_id)
        await self._hidden.remove(member_id=member_id)

    async def forget_in(self, server_id: int, member_id: int) -> None:
        """Remove all points of a member in one server."""
        await self._points.remove(server_id=server_id, member_id=member_id)


class AdditionStore:
    """The additions of all servers. Their numbers are never given twice, as buttons name additions by them."""

    def __init__(self, access: Access, clock: Clock) -> None:
        self._rows = Rows(access, SERVER_ADDITIONS)
        self._clock = clock

    async def of(self, server_id: int, kind: str) -> tuple[Addition, ...]:
        """All of one kind in one server, in the order in which they were added."""
        rows = await self._rows.all(server_id=server_id, kind=kind)
        return tuple(
            Addition(r["kind"], r["topic"], r["about"], r["text"], r["moderator"], r["addition_id"], r["added_at"])
            for r in rows
        )

    async def add(self, server_id: int, moderator_id: int, addition: Addition) -> Addition:
        """Keep an addition of that moderator, and return it with its number and its time."""
        kept = replace(addition, at=self._clock.now())
        number = await self._rows.add(
            server_id=server_id,
            kind=kept.kind,
            topic=kept.topic,
            about=kept.about,
            text=kept.text,
            moderator_id=moderator_id,
            moderator=kept.by,
            added_at=kept.at,
        )
        return replace(kept, id=number)

    async def remove(self, server_id: int, kind: str, number: int) -> bool:
        """Remove the addition of that server, kind and number; False where there is none."""
        return await self._rows.remove(server_id=server_id, kind=kind, addition_id=number)

    async def forget(self, moderator_id: int) -> None:
        """Keep what that moderator added in any server, without their id and name."""
        await self._rows.change({"moderator_id": moderator_id}, moderator_id=0, moderator="")


class KnowledgeNotes:
    """What tells all processes that the knowledge is to be read anew, and what each of them teaches."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._taught = Rows(access, KNOWLEDGE_TAUGHT)

    async def last(self) -> Reload:
        """The last time that it was read anew by order."""
        found = await self._access.found(select(KNOWLEDGE_RELOADS))
        return next((Reload(row["number"], row["fingerprint"], row["reloaded_at"]) for row in found), Reload())

    async def order(self, fingerprint: str, at: float) -> int:
        """Have all processes read it anew, which one has read from files of that hash; return the number of that."""
        of = KNOWLEDGE_RELOADS.c
        values = {"fingerprint": fingerprint, "reloaded_at": at}
        try:
            return await self._ordered(update(KNOWLEDGE_RELOADS).values(number=of.number + 1, **values)) or (
                await self._ordered(insert(KNOWLEDGE_RELOADS).values(knowledge=_ONLY, number=1, **values))
            )
        except IntegrityError:  # another was first just now
            return await self.order(fingerprint, at)

    async def _ordered(self, write: Executable) -> int:
        async with self._access.writing() as connection:
            if not (await connection.execute(write)).rowcount:
                return 0
            return int(await connection.scalar(select(KNOWLEDGE_RELOADS.c.number)) or 0)

    async def note(self, taught: TaughtBy) -> None:
        """Keep what a process teaches, in place of what its shard taught before."""
        row = asdict(taught)
        await self._taught.put({name: row.pop(name) for name in ("shard_id", "shard_count")}, **row)

    async def taught(self) -> tuple[TaughtBy, ...]:
        """What each shard was last noted to teach, in the order of their numbers."""
        every = select(KNOWLEDGE_TAUGHT).order_by(*KNOWLEDGE_TAUGHT.primary_key)
        return tuple(TaughtBy(**row) for row in await self._access.found(every))
