"""When members want to be reminded of their reviews, what was sent to them, and what was posted for those to whom
nothing can be sent.

That something is sent is written before it is, with the nonce that it is sent with; when it has been, the nonce goes.
A row with a nonce was being sent when its process ended. Everything raises StorageRefuses.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Update, case, select, update

from bot.shard import Shard
from bot.storage.access import Access, claim, upsert
from bot.storage.rows import RemindedServerRow, ReminderRow
from bot.storage.stores import Rows
from bot.storage.tables import REMINDED_SERVERS, REMINDERS, owned

_OF, _SERVER = REMINDERS.c, REMINDED_SERVERS.c


class ReminderStore:
    """Reminders of members, who belong to this shard by their ids, and those in channels of its servers."""

    def __init__(self, access: Access, shard: Shard) -> None:
        self._access = access
        self._shard = shard
        self._rows, self._servers = Rows(access, REMINDERS), Rows(access, REMINDED_SERVERS)

    async def of(self, member: int) -> ReminderRow | None:
        """What is kept of a member."""
        row = await self._rows.one(member_id=member)
        return ReminderRow(**row) if row else None

    async def change(self, member: int, **values: Any) -> None:
        """Set these columns, of a new row where there is none; what is being sent meanwhile goes on."""
        new = asdict(ReminderRow(member, **values))

        def changed(connection: Connection) -> None:
            if not claim(connection, REMINDERS, new):
                connection.execute(update(REMINDERS).where(_OF.member_id == member).values(values))

        await self._access.commit(changed)

    async def answered(self, member: int, **values: Any) -> bool:
        """Set these columns where the member wants reminders; False where they do not, or where nothing is kept of them
        (any more)."""
        return await self._changed(update(REMINDERS).where(_OF.member_id == member, _OF.wanted).values(values))

    async def forget(self, member: int) -> None:
        """Remove what is kept of a member."""
        await self._rows.remove(member_id=member)
        self._rows.forgotten()

    async def due(self, now: float, most_unanswered: int, most: int) -> tuple[ReminderRow, ...]:
        """Up to `most` members of this shard at whom it is time to look, those who wait for longest first; without
        those who have left so many reminders unanswered."""
        wanted = _OF.wanted & (_OF.unanswered < most_unanswered) & (_OF.due_at <= now) & _OF.nonce.is_(None)
        query = select(REMINDERS).where(wanted, owned(self._shard, _OF.member_id))
        return await self._found(query.order_by(_OF.due_at, _OF.member_id).limit(most))

    async def under_way(self, most: int) -> tuple[ReminderRow, ...]:
        """Up to `most` members of this shard to whom a reminder was being sent."""
        query = select(REMINDERS).where(_OF.nonce.is_not(None), owned(self._shard, _OF.member_id))
        return await self._found(query.order_by(_OF.last_day, _OF.member_id).limit(most))

    async def _found(self, query: Any) -> tuple[ReminderRow, ...]:
        return tuple(ReminderRow(**row) for row in await self._access.found(query))

    async def later(self, waits: Sequence[tuple[ReminderRow, float]]) -> None:
        """Look at these members again at these times, unless they have changed something since they were read."""

        def moved(connection: Connection) -> None:
            for row, until in waits:
                connection.execute(self._unchanged(row).values(due_at=until))

        if waits:
            await self._access.commit(moved)

    async def claim(self, row: ReminderRow, day: int, again: float, nonce: str) -> bool:
        """Write that the reminder of that day is sent now, and when to look again; False where the member has changed
        something since they were read, or was reminded of that day."""
        sent = self._unchanged(row).where(_OF.wanted, _OF.last_day < day, _OF.nonce.is_(None))
        values = {"last_day": day, "unanswered": _OF.unanswered + 1, "due_at": again, "nonce": nonce}
        return await self._changed(sent.values(values))

    async def done(self, row: ReminderRow, nonce: str, *, counts: bool = True, closed: bool = False) -> None:
        """Write that nothing is being sent any more: it was sent; or it was not, and does not count as unanswered; or
        the member's direct messages are closed."""
        fewer = case((_OF.unanswered > 0, _OF.unanswered - 1), else_=0)
        values = {"nonce": None, "closed": closed, "in_channel": closed, **({} if counts else {"unanswered": fewer})}
        done = update(REMINDERS).where(_OF.member_id == row.member_id, _OF.nonce == nonce)
        await self._changed(done.values(values))

    def _unchanged(self, row: ReminderRow) -> Update:
        return update(REMINDERS).where(_OF.member_id == row.member_id, _OF.due_at == row.due_at)

    async def waiting_servers(self) -> tuple[int, ...]:
        """The servers of this shard for whose channel there is something, or in which something was being posted."""
        members = select(_OF.server_id).where(_OF.in_channel, owned(self._shard, _OF.server_id)).distinct()
        begun = select(_SERVER.server_id).where(_SERVER.nonce.is_not(None), owned(self._shard, _SERVER.server_id))
        found = [*await self._access.found(members), *await self._access.found(begun)]
        return tuple(sorted({row["server_id"] for row in found}))

    async def waiting_in(self, server: int) -> tuple[ReminderRow, ...]:
        """The members for whom something is to be posted in a server."""
        return await self._found(select(REMINDERS).where(_OF.in_channel, _OF.wanted, _OF.server_id == server))

    async def posted_in(self, server: int) -> RemindedServerRow | None:
        """What was posted last in a server."""
        row = await self._servers.one(server_id=server)
        return RemindedServerRow(**row) if row else None

    async def put(self, row: RemindedServerRow, members: Collection[int] = ()) -> None:
        """Write what is being posted in a server, or was; nothing more is to be posted for these members."""

        def written(connection: Connection) -> None:
            upsert(connection, REMINDED_SERVERS, [asdict(row)])
            _not_in_channel(connection, members)

        await self._access.commit(written)

    async def not_in_channel(self, members: Collection[int]) -> None:
        """Nothing is to be posted for these members."""
        if members:
            await self._access.commit(lambda connection: _not_in_channel(connection, members))

    async def _changed(self, statement: Update) -> bool:
        return await self._access.commit(lambda connection: connection.execute(statement).rowcount == 1)


def _not_in_channel(connection: Connection, members: Collection[int]) -> None:
    for member in members:
        connection.execute(update(REMINDERS).where(_OF.member_id == member).values(in_channel=False))
