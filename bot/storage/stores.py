"""The small stores: who was greeted, which commands are registered, what servers have set, and the points of rounds."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.clock import Clock
from bot.storage.journal import PointsRow
from bot.storage.rows import Rows
from bot.storage.tables import GREETED_SERVERS, HIDDEN_MEMBERS, QUIZ_POINTS, SERVER_SETTINGS, SYNCED_COMMANDS


class Greetings:
    """Lets a server be greeted once, also when two joins arrive at the same time."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._rows = Rows(engine, GREETED_SERVERS)
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

    def __init__(self, engine: AsyncEngine) -> None:
        self._rows = Rows(engine, SYNCED_COMMANDS)

    async def fingerprint(self, application_id: int) -> str | None:
        """What was last registered, or None when nothing was."""
        row = await self._rows.one(application_id=application_id)
        return row["fingerprint"] if row else None

    async def remember(self, application_id: int, fingerprint: str) -> None:
        """Note what has been registered now."""
        await self._rows.put({"application_id": application_id}, fingerprint=fingerprint)


class StoredSettings:
    """What each server has set, one JSON text a server; what may be set is for others to say."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._rows = Rows(engine, SERVER_SETTINGS)

    async def of(self, server_id: int) -> str | None:
        """What the server has set, or None where it has set nothing."""
        row = await self._rows.one(server_id=server_id)
        return row["settings"] if row else None

    async def keep(self, server_id: int, settings: str) -> None:
        """Keep this in place of what was set before."""
        await self._rows.put({"server_id": server_id}, settings=settings)


@dataclass(frozen=True, slots=True)
class Total:
    """What a member has in a server."""

    member_id: int
    name: str  # as it was when they last earned points there
    points: float  # rounded to hundredths
    rounds: int
    answers: int


class Scores:
    """Reads the points that rounds have recorded, and forgets them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._points, self._hidden = Rows(engine, QUIZ_POINTS), Rows(engine, HIDDEN_MEMBERS)

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
