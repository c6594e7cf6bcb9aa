"""What processes on one database know of each other's rounds. Each has those of the servers of its own shard."""

import asyncio
from collections.abc import Sequence

from sqlalchemy import or_, select

from bot.errors import StorageRefuses
from bot.shard import Shard
from bot.storage.access import Access
from bot.storage.rows import OpenQuestionRow
from bot.storage.tables import OPEN_QUESTIONS, QUIZ_MEMBERS

LONGEST_LOOK = 1.5  # seconds; whoever asks something waits for it, and Discord waits for 3 s


class OpenQuestions:
    """What rounds of other processes are asking right now."""

    def __init__(self, access: Access, shard: Shard) -> None:
        self._access = access
        self._shard = shard

    async def elsewhere(self, member: int, channels: Sequence[int], now: float) -> tuple[OpenQuestionRow, ...]:
        """The open questions of rounds of other shards that `member` has pressed in, or that are in a channel where
        they ask: `channels` is that, then the one around it. Raises StorageRefuses."""
        of, theirs = OPEN_QUESTIONS.c, select(QUIZ_MEMBERS.c.round_id)
        pressed = of.round_id.in_(theirs.where(QUIZ_MEMBERS.c.member_id == member, QUIZ_MEMBERS.c.pressed))
        here = or_(of.channel_id.in_(channels), of.parent_id.in_(channels[:1]))
        query = select(OPEN_QUESTIONS).where(of.until > now, or_(pressed, here))
        try:
            async with asyncio.timeout(LONGEST_LOOK):
                found = await self._access.found(query)
        except TimeoutError:
            raise StorageRefuses("the database does not answer in time", reading=True) from None
        return tuple(OpenQuestionRow(**row) for row in found if not self._shard.owns(row["server_id"]))
