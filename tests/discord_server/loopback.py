"""The whole thing in one handle: a world, the server of it, and what a test does to both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from types import TracebackType
from typing import Any

import discord as client_library

from .clock import Clock
from .faults import Fault
from .gateway import HEARTBEAT, Session
from .names import NoAnswer
from .people import Person
from .pointing import pointed_at
from .requests import Call
from .server import Server
from .world import World

READY_WITHIN = 0.5  # seconds
SETTLED_WITHIN = 10.0  # seconds
LIBRARY_TASKS = (
    "discord.py: ",
    "CommandTree-invoker",
)  # in which discord.py runs handlers


class LoopbackDiscord(World):
    """`async with` starts and stops it. See the package's docstring for an example."""

    people = Person

    def __init__(self, bot_name: str = "Tutor") -> None:
        super().__init__(Clock(), bot_name)
        self.ending_tasks = [
            *LIBRARY_TASKS
        ]  # how the names of tasks begin that end by themselves; for bots to add theirs
        self.server = Server(self)

    async def __aenter__(self) -> LoopbackDiscord:
        await self.server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.server.stop()

    @property
    def url(self) -> str:
        return self.log.base

    @property
    def mention(self) -> str:
        return self.bot.mention

    @property
    def requests(self) -> list[Call]:
        return self.log.calls

    @property
    def violations(self) -> list[str]:
        return self.server.violations

    def forgive(self) -> list[str]:
        """Takes the violations so far as intended by the test, and gives them."""
        found, self.server.violations[:] = list(self.server.violations), []
        return found

    def requested(self, method: str, template: str) -> list[Call]:
        """E.g. `requested("POST", "/channels/{channel_id}/messages")`."""
        return [call for call in self.requests if (call.method, call.template) == (method, template)]

    # running a client

    @asynccontextmanager
    async def running(
        self, client: client_library.Client, token: str | None = None
    ) -> AsyncIterator[asyncio.Task[None]]:
        """Starts a client in this process and waits until it is online. The task fails as `client.start` does."""
        with pointed_at(self.url):
            before = self.gateway.identified
            task = asyncio.create_task(client.start(self.token if token is None else token))
            try:
                await self.online(task, shard=client.shard_id or 0, beside=before)
                yield task
                await self._ready(client)
            finally:
                await client.close()
                with suppress(asyncio.CancelledError, Exception):
                    await asyncio.wait_for(task, 2)
                await asyncio.sleep(0)  # its last events, such as on_disconnect, still get their turn

    async def online(
        self,
        task: asyncio.Task[None] | None = None,
        within: float = 10.0,
        *,
        shard: int | None = None,
        beside: Sequence[Session] = (),
    ) -> None:
        """Until the bot has identified, as that shard and beside those sessions. Raises what ended `task`, if that
        ended first."""
        if task is not None:
            task.add_done_callback(lambda _: self.changed())

        def found() -> bool | None:
            if task is not None and task.done():
                task.result()
                raise NoAnswer("the client ended before it was online")
            return self.gateway.has_identified(shard, beside) or None

        await self.until(found, "the bot did not come online", within)

    async def _ready(self, client: client_library.Client) -> None:
        """Until it knows, where nothing keeps it from that: once it is closed it can be told of nothing any more."""
        with suppress(TimeoutError):
            await asyncio.wait_for(client.wait_until_ready(), READY_WITHIN)

    async def offline(self, within: float | None = None) -> None:
        await self.until(lambda: not self.gateway.sessions or None, "the bot did not go offline", within)

    # time, trouble, silence

    def advance(self, seconds: float) -> None:
        """Moves Discord's clock on: deadlines pass, and ids and timestamps are later."""
        self.clock.advance(seconds)
        self.changed()

    def fail_next(
        self, method: str, path: str, *, status: int = 500, body: Any = None, times: int = 1, handled: bool = False,
        headers: dict[str, str] | None = None,
    ) -> Fault:  # fmt: skip
        """The next `times` requests that fit fail; with `handled` they are carried out all the same.

        `path` is below /api/v10, with * for anything.
        """
        body = {"message": f"{status}: injected", "code": 0} if body is None else body
        return self.server.faults.add(Fault(method, path, times, status, body, headers or {}, handled))

    def lose_next(self, method: str, path: str, *, handled: bool = False, times: int = 1) -> Fault:
        """The connection breaks instead of an answer; `handled`: after the request was carried out."""
        return self.server.faults.add(Fault(method, path, times, handled=handled))

    def hold_next(self, method: str, path: str, *, times: int = 1) -> Fault:
        """Requests that fit wait: `await fault.arrived.wait()`, then `fault.release()`."""
        return self.server.faults.add(Fault(method, path, times, hold=True))

    async def settled(self) -> None:
        """Waits until a client of this process has done all that it does because of what has happened so far.

        A heartbeat round trip makes sure that it has read every event.
        """
        for session in self.gateway.identified:
            pulses = session.pulses
            session.send(HEARTBEAT)
            await self.until(lambda s=session, p=pulses: s.pulses > p or None, "no heartbeat")
        await self.tasks_ended()

    async def tasks_ended(self) -> None:
        """Waits for all tasks that a client of this process has begun and that end by themselves."""
        while tasks := [task for task in asyncio.all_tasks() if task.get_name().startswith(tuple(self.ending_tasks))]:
            _, left = await asyncio.wait(tasks, timeout=SETTLED_WITHIN)
            assert not left, f"still at work: {left}"

    async def quiet(self) -> None:
        """Asserts that the bot has said nothing since a member last did anything, and is not about to.

        What a member was shown for that act, or has looked at by `sees`, does not count; all else does.
        """
        await self.settled()
        assert not self.said, (
            f"the bot was not quiet: {[message.content or message.components for message in self.said]}"
        )
