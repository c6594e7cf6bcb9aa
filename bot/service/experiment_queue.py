"""The queue in front of the one worker: members and rounds take turns, and nobody fills it for the others.

A question that waits for its run holds up all who play, and members can wait a moment; but a hundred rounds that close
together must not lock out who presses *Try it*. So the two have a line each, and the worker takes from them in turn.
What may be wanted later (the run of a question that is still open) runs when nobody waits.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
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


class QueueLine(Enum):
    """Who waits for a run. A round has no more than one waiting, so that only members' line has an end."""

    MEMBERS = auto()
    ROUNDS = auto()  # a closed question, or one that comes next
    AHEAD = auto()  # nobody yet


class QueuePlace:
    """A place in the queue, for one run of one member or round."""

    def __init__(self, member: str, line: QueueLine, place: int) -> None:
        self.member = member
        self.line = line
        self.place = place  # when it was given, if no more come ahead: 1 runs now, 2 comes next
        self.come = asyncio.Event()  # its run may begin
        self.running: asyncio.Task[Result] | None = None
        self.over = asyncio.Event()  # its member has been told


class ExperimentQueue:
    """Gives places, and runs each request when its place has come first."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._first: QueuePlace | None = None  # the one that runs
        self._waiting: list[QueuePlace] = []
        self._served = QueueLine.ROUNDS  # of members and rounds, who had the worker last
        self._told: set[QueuePlace] = set()  # those whose members are being told, or are still to be
        self._closed = False

    @contextmanager
    def place(self, member: str, line: QueueLine = QueueLine.MEMBERS) -> Iterator[QueuePlace]:
        """A place at the end of its line. It is given up when its run has ended, or on leaving the block before that.

        Raises QueueClosed, and for members QueueFull.
        """
        if self._closed:
            raise QueueClosed(CLOSING)
        if line is QueueLine.MEMBERS:
            self._admit(member)
        place = QueuePlace(member, line, self._ahead_of_next(line) + 1)
        self._waiting.append(place)
        self._told.add(place)
        self._call_next()
        try:
            yield place
        finally:
            self._told.discard(place)
            place.over.set()
            self._give_up(place)

    def hurry(self, place: QueuePlace) -> None:
        """Move what was to run ahead to the end of the rounds' line: its question has closed."""
        if place.line is QueueLine.AHEAD and place in self._waiting:
            place.line = QueueLine.ROUNDS
            self._waiting.remove(place)
            self._waiting.append(place)

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
        for place in self._waiting:
            place.come.set()
        await asyncio.to_thread(self._runner.close)
        if waiting := [asyncio.ensure_future(place.over.wait()) for place in self._told]:
            _, late = await asyncio.wait(waiting, timeout=GRACE_SECONDS)
            for one in late:
                one.cancel()

    def _admit(self, member: str) -> None:
        waiting = [place for place in self._waiting if place.line is QueueLine.MEMBERS]
        if sum(place.member == member for place in waiting) >= MOST_WAITING_EACH:
            raise QueueFull(f"You have {MOST_WAITING_EACH} experiments waiting already. Please wait for one of them.")
        if len(waiting) >= MOST_WAITING:
            raise QueueFull(f"{MOST_WAITING} experiments are waiting already. Please try again in a minute.")

    def _ahead_of_next(self, line: QueueLine) -> int:
        """How many come before one that joins that line now."""
        alike = sum(place.line is line for place in self._waiting)
        others = sum(place.line not in (line, QueueLine.AHEAD) for place in self._waiting)
        turns = alike + 1 if self._served is line else alike  # of the other line, until it is the next one's turn
        return (self._first is not None) + alike + (others if line is QueueLine.AHEAD else min(others, turns))

    def _give_up(self, place: QueuePlace) -> None:
        if place.running is None:
            self._leave(place)

    def _leave(self, place: QueuePlace) -> None:
        if place.running:
            seen(place.running)
        if place is self._first:
            self._first = None
        else:
            self._waiting.remove(place)
        self._call_next()

    def _call_next(self) -> None:
        if self._first is None and self._waiting:
            order = [QueueLine.MEMBERS, QueueLine.ROUNDS, QueueLine.AHEAD]
            if self._served is QueueLine.MEMBERS:
                order = [QueueLine.ROUNDS, QueueLine.MEMBERS, QueueLine.AHEAD]
            self._first = min(self._waiting, key=lambda one: order.index(one.line))
            self._waiting.remove(self._first)
            if self._first.line is not QueueLine.AHEAD:
                self._served = self._first.line
            self._first.come.set()
