"""The small stores, each made of `Rows`: who was greeted, which commands are registered, what servers have set and what
moderators have added in them, topics too, the points of rounds."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Executable,
    RowMapping,
    Table,
    Update,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.clock import Clock
from bot.storage.access import Access, claim, upsert
from bot.storage.rows import Addition, PointsRow, Reload, ReviewRow, TaughtBy, TopicRow, Total
from bot.storage.tables import (
    GREETED_SERVERS,
    HIDDEN_MEMBERS,
    KNOWLEDGE_RELOADS,
    KNOWLEDGE_TAUGHT,
    LONGEST_NAME,
    PRACTICE_REMEMBERED,
    QUIZ_POINTS,
    REVIEW_ANSWERS,
    SERVER_ADDITIONS,
    SERVER_SETTINGS,
    SERVER_TOPICS,
    SYNCED_COMMANDS,
    kept,
)

# Answers to one question, so that whoever practises it daily does not fill the table. What comes before counts for
# little: FSRS goes mostly by the last few.
MOST_OF_QUESTION = 30
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
        """Insert a row, and return the number that the database gives it."""

        def added(connection: Connection) -> int:
            key = connection.execute(insert(self._table).values(values)).inserted_primary_key
            return int(key[0]) if key else 0

        return await self._access.commit(added)

    async def put(self, **values: Any) -> None:
        """Insert a row, in place of the one with its primary key."""
        await self._access.commit(lambda connection: upsert(connection, self._table, [values]))

    async def claim(self, **values: Any) -> bool:
        """Insert a row unless there is one with its primary key; True to the first who does."""
        return await self._access.commit(lambda connection: claim(connection, self._table, values))

    async def change(self, where: dict[str, Any], **values: Any) -> None:
        """Set these values in the rows with the values of `where`."""
        await self._done(update(self._table).where(self._that(where)).values(values))

    async def remove(self, **where: Any) -> bool:
        """Delete the rows with these values; False where there are none."""
        return bool(await self._done(delete(self._table).where(self._that(where))))

    async def remove_where(self, which: ColumnElement[bool]) -> None:
        """Delete the rows for which that holds."""
        await self._done(delete(self._table).where(which))

    def forgotten(self) -> None:
        """What was removed or changed here is to be found nowhere in the storage any more."""
        self._access.forgotten()

    async def _done(self, statement: Update | Delete) -> int:
        """Execute a statement, and return how many rows it was about."""
        return await self._access.commit(lambda connection: connection.execute(statement).rowcount)

    def _that(self, where: dict[str, Any]) -> ColumnElement[bool]:
        return and_(*(self._table.c[name] == value for name, value in where.items()))


class Greetings:
    """Lets a server be greeted once, also when two joins arrive at the same time."""

    def __init__(self, access: Access, clock: Clock) -> None:
        self._rows = Rows(access, GREETED_SERVERS)
        self._clock = clock

    async def claim(self, server_id: int) -> bool:
        """Return True to the first who asks: that one greets."""
        return await self._rows.claim(server_id=server_id, greeted_at=self._clock.now())

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
        await self._rows.put(application_id=application_id, fingerprint=fingerprint)


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
        await self._rows.put(server_id=server_id, settings=settings)


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
            await self._hidden.put(server_id=server_id, member_id=member_id)
        else:
            await self._hidden.remove(server_id=server_id, member_id=member_id)

    async def is_hidden(self, server_id: int, member_id: int) -> bool:
        """Whether they are out of it."""
        return await self._hidden.one(server_id=server_id, member_id=member_id) is not None

    async def hidden_in(self, member_id: int) -> tuple[int, ...]:
        """The servers where they are out of it."""
        return tuple(row["server_id"] for row in await self._hidden.all(member_id=member_id))

    async def forget(self, member_id: int) -> None:
        """Remove all points of a member, everywhere."""
        await self._points.remove(member_id=member_id)
        await self._hidden.remove(member_id=member_id)
        self._points.forgotten()

    async def forget_in(self, server_id: int, member_id: int) -> None:
        """Remove all points of a member in one server."""
        await self._points.remove(server_id=server_id, member_id=member_id)
        self._points.forgotten()


class ReviewStore:
    """What members' answers outside of rounds were worth, and whose practice counts. Any process may write it: what two
    write at once are rows of their own, or the same one, which is kept once."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._answers, self._remembered = Rows(access, REVIEW_ANSWERS), Rows(access, PRACTICE_REMEMBERED)

    async def of(self, member_id: int) -> tuple[ReviewRow, ...]:
        """All of a member, oldest first."""
        found = [ReviewRow(**row) for row in await self._answers.all(member_id=member_id)]
        return tuple(sorted(found, key=lambda row: (row.at, row.server_id, row.question)))

    async def add(self, row: ReviewRow, *, practised: bool = False, known_at: float | None = None) -> bool:
        """Keep what an answer was worth, unless there is one of that day to that question: False. Of what was answered
        very often the latest stay.

        Who deletes all of theirs meanwhile, in whichever process, has nothing back: what was `practised` is kept of
        whom practice counts for as it is written; and the answer to a card, which was there at `known_at`, only where
        an earlier answer by which it was there is kept still.
        """
        table = REVIEW_ANSWERS.c
        question = and_(
            table.member_id == row.member_id, table.server_id == row.server_id, table.question == row.question
        )
        surplus = select(table.day).where(question).order_by(table.day.desc()).offset(MOST_OF_QUESTION).limit(1)

        wanted = select(PRACTICE_REMEMBERED).where(PRACTICE_REMEMBERED.c.member_id == row.member_id).with_for_update()
        earned, of, by = select(QUIZ_POINTS.c.turn), QUIZ_POINTS.c, known_at or 0.0
        answers = (
            earned.where(of.member_id == row.member_id, of.question == row.question, of.at <= by),
            select(table.day).where(question, table.at <= by),
        )

        def there(connection: Connection) -> bool:
            """Whether one of the earlier answers is kept. It stays until this is committed: whoever deletes it waits,
            and finds what was added by it. Points may just be written anew, so they are looked for once more."""
            found = (connection.execute(one.limit(1).with_for_update(read=True)) for one in (*answers, answers[0]))
            return any(one.first() is not None for one in found)

        def added(connection: Connection) -> bool:
            if practised and connection.execute(wanted).first() is None:
                return False
            if known_at is not None and not there(connection):
                return False
            new = claim(connection, REVIEW_ANSWERS, asdict(row))
            if new and (last := connection.scalar(surplus)) is not None:
                connection.execute(delete(REVIEW_ANSWERS).where(question, table.day <= last))
            return new

        return await self._access.commit(added)

    async def remembers(self, member_id: int) -> bool:
        """Whether their practice counts."""
        return await self._remembered.one(member_id=member_id) is not None

    async def remember(self, member_id: int, wanted: bool) -> None:
        """Have their practice count from now on, or not any more."""
        if wanted:
            await self._remembered.put(member_id=member_id)
        else:
            await self._remembered.remove(member_id=member_id)

    async def forget(self, member_id: int) -> None:
        """Remove all of a member."""

        mine = select(REVIEW_ANSWERS.c.day).where(REVIEW_ANSWERS.c.member_id == member_id).with_for_update()

        def removed(connection: Connection) -> None:  # in the order in which `add` locks them
            connection.execute(mine)  # what is being added by one of them is waited for, and removed too
            for table in (PRACTICE_REMEMBERED, REVIEW_ANSWERS):
                connection.execute(delete(table).where(table.c.member_id == member_id))

        await self._access.commit(removed)
        self._answers.forgotten()


class AdditionStore:
    """The additions of all servers. Their numbers are never given twice, as buttons name additions by them."""

    def __init__(self, access: Access, clock: Clock) -> None:
        self._rows = Rows(access, SERVER_ADDITIONS)
        self._clock = clock

    async def of(self, server_id: int, kind: str) -> tuple[Addition, ...]:
        """All of one kind in one server, in the order in which they were added."""
        return tuple(map(_addition, await self._rows.all(server_id=server_id, kind=kind)))

    async def by(self, moderator_id: int) -> tuple[tuple[int, Addition], ...]:
        """All that a moderator added, with the servers, in the order in which it was added."""
        rows = await self._rows.all(moderator_id=moderator_id)
        return tuple((row["server_id"], _addition(row)) for row in rows)

    async def add(self, server_id: int, moderator_id: int, addition: Addition) -> Addition:
        """Keep an addition of that moderator, and return it as it is kept, with its number and its time."""
        found = replace(addition, text=kept(addition.text), by=kept(addition.by, LONGEST_NAME), at=self._clock.now())
        number = await self._rows.add(
            server_id=server_id,
            kind=found.kind,
            topic=found.topic,
            about=found.about,
            text=found.text,
            moderator_id=moderator_id,
            moderator=found.by,
            added_at=found.at,
        )
        return replace(found, id=number)

    async def remove(self, server_id: int, kind: str, number: int) -> bool:
        """Remove the addition of that server, kind and number; False where there is none."""
        return await self._rows.remove(server_id=server_id, kind=kind, addition_id=number)

    async def forget(self, moderator_id: int) -> None:
        """Keep what that moderator added in any server, without their id and name."""
        await self._rows.change({"moderator_id": moderator_id}, moderator_id=0, moderator="")
        self._rows.forgotten()


def _addition(row: RowMapping) -> Addition:
    return Addition(
        row["kind"], row["topic"], row["about"], row["text"], row["moderator"], row["addition_id"], row["added_at"]
    )


class TopicStore:
    """The topics that servers have of their own."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._rows = Rows(access, SERVER_TOPICS)

    async def servers(self) -> frozenset[int]:
        """The servers that have any."""
        return frozenset(
            row["server_id"] for row in await self._rows.select(select(SERVER_TOPICS.c.server_id).distinct())
        )

    async def leaving(self) -> frozenset[int]:
        """The servers that have some which are to go."""
        query = select(SERVER_TOPICS.c.server_id).where(SERVER_TOPICS.c.removed_at.is_not(None)).distinct()
        return frozenset(row["server_id"] for row in await self._rows.select(query))

    async def of(self, server_id: int) -> tuple[TopicRow, ...]:
        """Those of one server, in the order in which they were added."""
        found = map(_topic, await self._rows.all(server_id=server_id))
        return tuple(sorted(found, key=lambda row: (row.added_at, row.topic_id)))

    async def by(self, moderator_id: int) -> tuple[tuple[int, TopicRow], ...]:
        """Those that a moderator added or changed last, with their servers."""
        of = SERVER_TOPICS.c
        theirs = (of.added_by_id == moderator_id) | (of.edited_by_id == moderator_id)
        query = select(SERVER_TOPICS).where(theirs).order_by(*SERVER_TOPICS.primary_key)
        return tuple((row["server_id"], _topic(row)) for row in await self._rows.select(query))

    async def change(
        self, server_id: int, seen: Mapping[str, int], put: Iterable[TopicRow] = (), remove: Iterable[str] = ()
    ) -> bool:
        """Put topics in place of those with their ids, and remove those with these ids: all or, where the server has
        by now other versions than those `seen` (by id; 0: none is there), nothing, which is False."""
        rows = [{"server_id": server_id, **asdict(row)} for row in put]
        of, gone = SERVER_TOPICS.c, tuple(remove)

        def changed(connection: Connection) -> bool:
            here = select(of.topic_id, of.version).where(of.server_id == server_id, of.topic_id.in_(seen))
            there = {row.topic_id: row.version for row in connection.execute(here)}
            if any(there.get(topic, 0) != version for topic, version in seen.items()):
                return False
            if gone:
                connection.execute(delete(SERVER_TOPICS).where(of.server_id == server_id, of.topic_id.in_(gone)))
            if rows:
                upsert(connection, SERVER_TOPICS, rows)
            return True

        return await self._access.commit(changed, sum(len(row["source"]) for row in rows))

    async def forget(self, moderator_id: int) -> None:
        """Keep what that moderator added or changed in any server, without their id and name."""
        await self._rows.change({"added_by_id": moderator_id}, added_by_id=0, added_by="")
        await self._rows.change({"edited_by_id": moderator_id}, edited_by_id=0, edited_by="")
        self._rows.forgotten()


def _topic(row: RowMapping) -> TopicRow:
    return TopicRow(**{name: value for name, value in row.items() if name != "server_id"})


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
        number = KNOWLEDGE_RELOADS.c.number

        def ordered(connection: Connection) -> int:
            claim(
                connection, KNOWLEDGE_RELOADS, {"knowledge": _ONLY, "number": 0, "fingerprint": "", "reloaded_at": at}
            )
            values = {"number": number + 1, "fingerprint": fingerprint, "reloaded_at": at}
            connection.execute(update(KNOWLEDGE_RELOADS).values(values))
            return int(connection.scalar(select(number)) or 0)

        return await self._access.commit(ordered)

    async def note(self, taught: TaughtBy) -> None:
        """Keep what a process teaches, in place of what its shard taught before."""
        await self._taught.put(**asdict(taught))

    async def taught(self) -> tuple[TaughtBy, ...]:
        """What each shard was last noted to teach, in the order of their numbers."""
        every = select(KNOWLEDGE_TAUGHT).order_by(*KNOWLEDGE_TAUGHT.primary_key)
        return tuple(TaughtBy(**row) for row in await self._access.found(every))
