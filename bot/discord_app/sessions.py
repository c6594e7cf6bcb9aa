"""How many shards Discord wants, and when a session may begin: it rations those for all processes of a token."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import discord
from discord.http import Route

from bot import words
from bot.errors import ConnectionFailed, Unreachable
from bot.shard import Shard

_log = logging.getLogger(__name__)

# Source: Discord's documentation, "Gateway", session start limit: in each bucket, k modulo max_concurrency, one in 5 s.
APART = 5.0  # seconds
SPARE = 50  # sessions of a day that are not begun: whoever has none left gets a new token, and nothing runs
ASK_AGAIN = 3600.0  # seconds at most, while waiting for the next day's
ASKING_SECONDS = 5.0  # that an answer is waited for, before sessions that need none

Bucket = Callable[[int], AbstractAsyncContextManager[None]]  # holds it, that nobody else begins a session of it


class OneShardOnly(ConnectionFailed):
    """Discord wants more shards than one, and this process was to run as the only one."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What Discord says before a session begins."""

    shards: int  # that it wants of the bot
    left: int  # sessions that may begin until the reset
    reset_after: float  # seconds
    buckets: int  # in which sessions may begin at once


class SessionStarts:
    """Lets the sessions of a shard begin, each in its turn. Taking one up again (RESUME) is not rationed."""

    def __init__(self, client: discord.Client, shard: Shard, bucket: Bucket) -> None:
        self._client, self._shard, self._bucket = client, shard, bucket
        self._asked: asyncio.Task[Allowance | None] | None = None
        self._holding: set[asyncio.Task[None]] = set()
        self._wanted = 0  # shards, as Discord last said; 0: it has not
        self._told = False  # that these are more

    def ask(self) -> None:
        """Begin to ask Discord, beside all else that a start has to do. The client has its token by now."""
        if self._asked is None:
            self._asked = asyncio.create_task(allowance(self._client), name="asking how sessions may begin")

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until a session may begin, which it does inside; where that fails nobody need wait after it.

        Raises OneShardOnly, and Unreachable where Discord must be asked and does not answer.
        """
        allowed = await self._allowed()
        bucket = self._shard.id % (allowed.buckets if allowed else 1)
        async with AsyncExitStack() as held:
            try:
                await held.enter_async_context(self._bucket(bucket))
            except OSError as fault:  # whoever needs the database hears of it: here little depends on it
                _log.warning(words.connecting.no_turn(fault.strerror or str(fault)))
            yield
            task = asyncio.create_task(_let_go(held.pop_all()), name="rationing sessions")
            self._holding.add(task)
            task.add_done_callback(self._holding.discard)

    async def close(self) -> None:
        """Hold nobody up any more."""
        tasks = [*self._holding, *([self._asked] if self._asked else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def too_few(self) -> str:
        """What the host is told where Discord has turned the bot away because it is in too many servers."""
        return words.connecting.too_few_shards(self._shard, self._wanted)

    async def _allowed(self) -> Allowance | None:
        """What Discord allows, once it allows a session; None where it does not say. Raises as `turn`."""
        while True:
            allowed = await self._answer()
            if allowed is None and self._shard.auto and not self._wanted:
                raise Unreachable(words.connecting.SHARDS_UNKNOWN)
            if allowed is None:
                return None
            self._compare(allowed.shards)
            if allowed.left >= SPARE:
                return allowed
            _log.warning(words.connecting.few_sessions(allowed.left, time.time() + allowed.reset_after))
            await asyncio.sleep(min(allowed.reset_after, ASK_AGAIN))

    async def _answer(self) -> Allowance | None:
        asked = self._asked or asyncio.create_task(allowance(self._client))
        self._asked = None
        return await asked

    def _compare(self, wanted: int) -> None:
        first, self._wanted = not self._wanted, wanted
        if (told := words.connecting.more_shards(self._shard, wanted)) and self._shard.auto and first:
            raise OneShardOnly(told)  # later it goes on, as long as Discord lets it
        if told and not self._told:
            self._told = True
            _log.warning(told)


async def _let_go(held: AsyncExitStack) -> None:
    try:
        await asyncio.sleep(APART)
    finally:
        with suppress(OSError):  # the connection that held the turn was lost, and the turn went with it
            await held.aclose()


async def allowance(client: discord.Client) -> Allowance | None:
    """What Discord says now to a client that is logged in; None where it does not, or nothing that can be read."""
    try:
        async with asyncio.timeout(ASKING_SECONDS):
            return _read(await client.http.request(Route("GET", "/gateway/bot")))
    except Exception as fault:  # all of it is also met where the session begins, and told there
        _log.info("Discord does not say how many shards it wants (%s)", type(fault).__name__)
        return None


def _read(answer: Any) -> Allowance:
    """Raises for what can be no such answer."""
    limit = answer["session_start_limit"]
    counts = [answer["shards"], limit["remaining"], limit["reset_after"], limit["max_concurrency"]]
    if not all(type(one) is int and one >= 0 for one in counts) or not counts[0] or not counts[3]:
        raise ValueError
    shards, left, reset_after, buckets = counts
    return Allowance(shards, left, reset_after / 1000, buckets)
