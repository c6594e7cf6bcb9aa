"""What processes on one database know of each other's rounds. Each has those of the servers of its own shard."""

import asyncio
import secrets
from collections.abc import Collection, Sequence
from dataclasses import asdict

from sqlalchemy import Executable, RowMapping, and_, delete, insert, or_, select, union, update

from bot.errors import StorageRefuses
from bot.shard import Shard
from bot.storage.access import Access
from bot.storage.rows import OpenQuestionRow, RequestRow
from bot.storage.tables import OPEN_QUESTIONS, QUIZ_MEMBERS, QUIZ_ROUNDS, SEEN_ANSWERS, SHARD_REQUESTS, owned

LONGEST_LOOK = 1.5  # seconds; whoever asks something waits for it, and Discord waits for 3 s
TAKEN = '"taken"'  # in place of an answer: the process that is asked has begun with it


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
        here = and_(or_(of.channel_id.in_(channels), of.parent_id.in_(channels[:1])), ~of.of_the_day)
        elsewhere = ~owned(self._shard, of.server_id)
        query = select(OPEN_QUESTIONS).where(of.until > now, elsewhere, or_(pressed, here))
        return tuple(OpenQuestionRow(**row) for row in await self._looked(query))

    async def of_the_day(self, now: float) -> tuple[tuple[str, str], ...]:
        """The topics of the host, and the experiments that would tell (a JSON array), of which questions of the day of
        other shards ask. Raises StorageRefuses."""
        of = OPEN_QUESTIONS.c
        standing = (of.of_the_day, ~of.own, of.until > now, ~owned(self._shard, of.server_id))
        found = await self._looked(select(of.topic, of.experiments).where(*standing).distinct())
        return tuple((row["topic"], row["experiments"]) for row in found)

    async def _looked(self, query: Executable) -> Sequence[RowMapping]:
        try:
            async with asyncio.timeout(LONGEST_LOOK):
                return await self._access.found(query)
        except TimeoutError:
            raise StorageRefuses("the database does not answer in time", reading=True) from None


class Requests:
    """What a process asks the process of a server to do, as that has the rounds there; and what came of it."""

    def __init__(self, access: Access, shard: Shard) -> None:
        self._access = access
        self._shard = shard

    async def ask(self, server: int, what: str, about: str, now: float) -> str:
        """Ask the process of that server; return the id of the request. `about` is JSON. Raises StorageRefuses."""
        request = RequestRow(secrets.token_hex(8), server, what, about, now)
        await self._write(insert(SHARD_REQUESTS).values(asdict(request)))
        return request.request_id

    async def answers(self, requests: Collection[str]) -> dict[str, str]:
        """The answers to those of these requests that are answered. Raises StorageRefuses."""
        of = SHARD_REQUESTS.c
        found = select(SHARD_REQUESTS).where(of.request_id.in_(requests), of.answer != TAKEN)  # which no NULL is
        return {row["request_id"]: row["answer"] for row in await self._access.found(found)}

    async def mine(self) -> tuple[RequestRow, ...]:
        """All requests to this process, answered or not, the oldest first. Raises StorageRefuses."""
        of = SHARD_REQUESTS.c
        mine = select(SHARD_REQUESTS).where(owned(self._shard, of.server_id)).order_by(of.asked_at)
        return tuple(RequestRow(**row) for row in await self._access.found(mine))

    async def take(self, request: str) -> bool:
        """Begin with a request; False where whoever asked has taken it back. Raises StorageRefuses."""
        of = SHARD_REQUESTS.c
        return await self._changed(
            update(SHARD_REQUESTS).where(of.request_id == request, of.answer.is_(None)).values(answer=TAKEN)
        )

    async def take_back(self, request: str) -> bool:
        """Take back a request that nobody has begun with; False where somebody has. Raises StorageRefuses."""
        of = SHARD_REQUESTS.c
        return await self._changed(delete(SHARD_REQUESTS).where(of.request_id == request, of.answer.is_(None)))

    async def answer(self, request: str, answer: str) -> None:
        """Say what came of a request. Raises StorageRefuses."""
        await self._write(update(SHARD_REQUESTS).where(SHARD_REQUESTS.c.request_id == request).values(answer=answer))

    async def remove(self, requests: Collection[str]) -> None:
        """Take requests back, or what came of them. Raises StorageRefuses."""
        if requests:
            await self._write(delete(SHARD_REQUESTS).where(SHARD_REQUESTS.c.request_id.in_(requests)))

    async def servers_with(self, member: int) -> tuple[int, ...]:
        """The servers of other processes in which rounds are kept that name that member, or a question of the day may
        stand whose answer they have been told. Raises StorageRefuses."""
        theirs = select(QUIZ_MEMBERS.c.round_id).where(QUIZ_MEMBERS.c.member_id == member)
        server, asked = QUIZ_ROUNDS.c.server_id, OPEN_QUESTIONS.c
        named = select(server).where(QUIZ_ROUNDS.c.round_id.in_(theirs), ~owned(self._shard, server))
        told = select(SEEN_ANSWERS.c.topic).where(SEEN_ANSWERS.c.member_id == member)
        standing = (asked.of_the_day, asked.topic.in_(told), ~owned(self._shard, asked.server_id))
        query = union(named, select(asked.server_id).where(*standing))
        return tuple(row["server_id"] for row in await self._access.found(query))

    async def _changed(self, statement: Executable) -> bool:
        return await self._access.commit(lambda connection: connection.execute(statement).rowcount > 0)

    async def _write(self, statement: Executable) -> None:
        await self._access.commit(lambda connection: connection.execute(statement))
