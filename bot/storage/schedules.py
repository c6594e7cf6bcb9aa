"""What servers have set to begin by itself, and who has seen what answers a question of the day."""

from dataclasses import asdict, replace

from sqlalchemy import select

from bot.shard import Shard
from bot.storage.access import Access
from bot.storage.rows import ScheduleMoved, ScheduleRow, SeenAnswer
from bot.storage.stores import Rows
from bot.storage.tables import LONGEST_NAME, SCHEDULES, SEEN_ANSWERS, kept, owned


class ScheduleStore:
    """What servers have set to begin by itself. When it begins next is written with the rounds, by their journal."""

    def __init__(self, access: Access, shard: Shard) -> None:
        self._access = access
        self._rows = Rows(access, SCHEDULES)
        self._shard = shard

    async def all(self) -> tuple[ScheduleRow, ...]:
        """All of the servers of this shard, in the order in which they were set."""
        own = select(SCHEDULES).where(owned(self._shard, SCHEDULES.c.server_id)).order_by(SCHEDULES.c.schedule_id)
        return tuple(ScheduleRow(**row) for row in await self._access.found(own))

    async def by(self, member_id: int) -> tuple[ScheduleRow, ...]:
        """All that a member has set, in all servers."""
        return tuple(ScheduleRow(**row) for row in await self._rows.all(member_id=member_id))

    async def add(self, row: ScheduleRow) -> ScheduleRow:
        """Keep a new one; return it as it is kept, with its number."""
        row = replace(row, member=kept(row.member, LONGEST_NAME))
        values = {name: value for name, value in asdict(row).items() if name != "schedule_id"}
        return replace(row, schedule_id=await self._rows.add(**values))

    async def move(self, moved: ScheduleMoved) -> None:
        """Set when it begins next."""
        await self._rows.change({"schedule_id": moved.schedule_id}, **asdict(moved))

    async def remove(self, server_id: int, number: int) -> bool:
        """Remove one of a server; False where there is none of that number."""
        return await self._rows.remove(server_id=server_id, schedule_id=number)

    async def forget(self, member_id: int) -> None:
        """Keep what that member has set, without their id and name."""
        await self._rows.change({"member_id": member_id}, member_id=0, member="")
        self._rows.forgotten()


class SeenAnswers:
    """Who was told what answers a question of the day while it stood, by its topic."""

    def __init__(self, access: Access) -> None:
        self._rows = Rows(access, SEEN_ANSWERS)

    async def note(self, member_id: int, server_id: int, topic: str, at: float) -> None:
        """Keep that a member was told at that time what answers a topic: one of that server's own, or (0) of the
        host's."""
        await self._rows.put(member_id=member_id, server_id=server_id, topic=topic, seen_at=at)

    async def since(self, member_id: int, server_id: int, topic: str, at: float) -> bool:
        """Whether a member was told what answers that topic at that time or later."""
        row = await self._rows.one(member_id=member_id, server_id=server_id, topic=topic)
        return row is not None and row["seen_at"] >= at

    async def of(self, member_id: int) -> tuple[SeenAnswer, ...]:
        """All that is kept of a member."""
        return tuple(SeenAnswer(**row) for row in await self._rows.all(member_id=member_id))

    async def forget(self, member_id: int) -> None:
        """Remove what is kept of a member."""
        await self._rows.remove(member_id=member_id)
        self._rows.forgotten()

    async def forget_before(self, at: float) -> None:
        """Remove what was noted before that time: no question from then is open."""
        await self._rows.remove_where(SEEN_ANSWERS.c.seen_at < at)
        self._rows.forgotten()
