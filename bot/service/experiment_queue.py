"""The queue in front of the one worker: first come, first served, and nobody fills it for the others."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from bot.errors import TutorError
from bot.simulations.experiments import Request, Result
from bot.simulations.worker import RunUnfinished
from bot.tasks import seen

MOST_WAITING = 16
MOST_WAITING_EACH = 2
GRACE_SECONDS = 3.0
CLOSING = "I am about to restart. Please try again in a minute."


class QueueFull(TutorError):  # noqa: N818 - reads as what it is
    """Too many runs are waiting, of this member or in all."""


class QueueClosed(TutorError):  # noqa: N818
    """The bot is about to stop, so that no run begins any more."""


class Runner(Protocol):
    """Runs requests, one at a time; the worker is one."""

    async def run(self, request: Request) -> Result:
        """Raises RunUnfinished where the run does not reach its end."""

    def close(self) -> None:
        """Ends what is under way. Blocks for a moment."""


class QueuePlace:
    """A place in the queue, for one run of one member."""

    def __init__(self, member: str, place: int) -> None:
        self.member = member
        self.place = place  # when it was given: 1 runs now, 2 comes next
        self.come = asyncio.Event()  # its run may begin
        self.running: asyncio.Task[Result] | None = None
        self.over = asyncio.Event()  # its member has been told


class ExperimentQueue:
    """Gives places in a line, and runs each request when its place has come first."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._line: list[QueuePlace] = []  # the first is the one that runs
        self._told: set[QueuePlace] = set()  # those whose members are being told, or are still to be
        self._closed = False

    @contextmanager
    def place(self, member: str) -> Iterator[QueuePlace]:
        """A place at the end of the queue. It is given up when its run has ended, or on leaving the block before that.

        Raises QueueFull or QueueClosed.
        """
        self._admit(member)
        place = QueuePlace(member, len(self._line) + 1)
        self._line.append(place)
        self._told.add(place)
        self._call_first()
        try:
            yield place
        finally:
            self._told.discard(place)
            place.over.set()
            self._give_up(place)

    async def run(self, place: QueuePlace, request: Request) -> Result:
        """The result, once the place has come first. Raises RunUnfinished or QueueClosed."""
        await place.come.wait()
        if self._closed:
            raise QueueClosed(CLOSING)
        place.running = asyncio.create_task(self._runner.run(request))
        place.running.add_done_callback(lambda _: self._leave(place))
        # Whoever asked may go away (a lost connection, say): the worker cannot stop half-way, so the run goes on.
        try:
            return await asyncio.shield(place.running)
        except RunUnfinished:
            if self._closed:
                raise QueueClosed(CLOSING) from None
            raise

    async def close(self) -> None:
        """Ends the run under way, lets nobody wait for one that will not come, and gives them time to be told so."""
        self._closed = True
        for place in self._line:
            place.come.set()
        await asyncio.to_thread(self._runner.close)
        if waiting := [asyncio.ensure_future(place.over.wait()) for place in self._told]:
            _, late = await asyncio.wait(waiting, timeout=GRACE_SECONDS)
            for one in late:
                one.cancel()

    def _admit(self, member: str) -> None:
        if self._closed:
            raise QueueClosed(CLOSING)
        waiting = self._line[1:]
        if sum(place.member == member for place in waiting) >= MOST_WAITING_EACH:
            raise QueueFull(f"You have {MOST_WAITING_EACH} experiments waiting already. Please wait for one of them.")
        if len(waiting) >= MOST_WAITING:
            raise QueueFull(f"{MOST_WAITING} experiments are waiting already. Please try again in a minute.")

    def _give_up(self, place: QueuePlace) -> None:
        if place.running is None:
            self._leave(place)

    def _leave(self, place: QueuePlace) -> None:
        if place.running:
            seen(place.running)
        self._line.remove(place)
        self._call_first()

    def _call_first(self) -> None:
        if self._line:
            self._line[0].come.set()
