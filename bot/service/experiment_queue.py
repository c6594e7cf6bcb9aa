"""The queue in front of the workers: servers take turns, and nobody fills it for the others.

A question that waits for its run holds up all who play, and members can wait a moment: rounds go before members. But a
hundred rounds that close together must not lock out who presses *Try it*, so that a member comes after every third of
them. What may be wanted later (the run of a question that is still open) runs when nobody waits.

In each of these lines servers take turns, and within a server its members, or its rounds: one that has a hundred
waiting delays another by its turn and no more. Direct messages are a server each.

Sixty members press the same *Try it*: whoever wants a run that waits, or is under way, is given what comes of that one,
and takes no place from anybody.
"""

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal, Protocol

from bot import metrics
from bot.errors import TutorError
from bot.service.gate import Asker
from bot.simulations.experiments import Request, Result
from bot.simulations.worker import RunUnfinished
from bot.tasks import seen

MOST_WAITING_EACH = 2  # runs of a member, besides the one that is under way
MOST_WAITING_HERE = 16  # of a server's members
MOST_WAITING = 200  # of all members: some five minutes of one worker, of the fifteen that Discord waits for an answer
ROUNDS_IN_A_ROW = 3  # while members wait
GRACE_SECONDS = 3.0


class QueueFull(TutorError):  # noqa: N818 - reads as what it is
    """Too many runs are waiting, of this member, of their server, or in all."""

    def __init__(self, of: Literal["member", "server", "all"], waiting: int) -> None:
        """`waiting` is how many they are."""
        super().__init__(of, waiting)
        self.of, self.waiting = of, waiting


class QueueClosed(TutorError):  # noqa: N818
    """The bot is about to stop, so that no run begins any more."""


class Runner(Protocol):
    """Runs requests; the workers are one."""

    @property
    def at_once(self) -> int:
        """How many it can run at one time."""

    async def run(self, request: Request) -> Result:
        """Raises RunUnfinished where the run does not reach its end."""

    def close(self) -> None:
        """Ends what is under way. Blocks for a moment."""


class QueueLine(Enum):
    """Who waits for a run. A round has no more than one waiting, so that only members' line has an end."""

    MEMBERS = auto()
    ROUNDS = auto()  # a closed question, or one that comes next
    AHEAD = auto()  # nobody yet


@dataclass(frozen=True, slots=True)
class Party:
    """Who wants a run: a member or a round, by a name that no other has, and the server where they are."""

    name: str
    server: int | None = None  # None: a direct conversation

    @classmethod
    def of(cls, asker: Asker) -> "Party":
        """The member who asks."""
        return cls(str(asker.id) if asker.id else asker.key, asker.server)

    @property
    def taking_turns(self) -> int | str:
        """With whom they take turns as one: their server, or nobody."""
        return self.name if self.server is None else self.server


class QueuePlace:
    """A place in the queue, for one run of one member or round."""

    def __init__(self, party: Party, line: QueueLine) -> None:
        self.party = party
        self.line = line
        self.place = 0  # of a member, when it was given, if no more come ahead: 1 runs now, 2 comes next
        self.since = time.perf_counter()
        self.come = asyncio.Event()  # its run may begin
        self.running: asyncio.Task[Result] | None = None
        self.over = asyncio.Event()  # its member has been told
        self.first: QueuePlace | None = None  # the place of whoever wanted the same before
        self.request: Request | None = None  # what was to be run here last
        self.result: Result | None = None  # of that
        self.ended = asyncio.Event()  # there is a result, or there will be none


class Rotation:
    """Places of one line: servers take turns, in each its members or rounds, and each of these goes in order.

    Whoever joins does so at the end, and whose turn it was goes there.
    """

    def __init__(self) -> None:
        self._servers: dict[int | str, dict[str, deque[QueuePlace]]] = {}  # who comes next stands first

    def __iter__(self) -> Iterator[QueuePlace]:
        for parties in self._servers.values():
            for places in parties.values():
                yield from places

    def waiting(self, server: int | str) -> int:
        """How many places those of that server have."""
        return sum(map(len, self._servers.get(server, {}).values()))

    def add(self, place: QueuePlace) -> None:
        parties = self._servers.setdefault(place.party.taking_turns, {})
        parties.setdefault(place.party.name, deque()).append(place)

    def remove(self, place: QueuePlace) -> None:
        """Raises KeyError or ValueError where it is not among them."""
        server, name = place.party.taking_turns, place.party.name
        parties = self._servers[server]
        parties[name].remove(place)
        if not parties[name]:
            del parties[name]
        if not parties:
            del self._servers[server]

    def next(self, may: Callable[[Party], bool]) -> QueuePlace | None:
        """Take out the place whose turn it is, of those who may run; None where nobody may."""
        for parties in self._servers.values():
            for places in parties.values():
                if may(places[0].party):
                    return self._taken(places[0])
        return None

    def copy(self) -> "Rotation":
        copied = Rotation()
        copied._servers = {
            server: {name: deque(places) for name, places in parties.items()}
            for server, parties in self._servers.items()
        }
        return copied

    def _taken(self, place: QueuePlace) -> QueuePlace:
        server, name = place.party.taking_turns, place.party.name
        self.remove(place)
        if parties := self._servers.pop(server, None):
            if left := parties.pop(name, None):
                parties[name] = left
            self._servers[server] = parties
        return place


def _anyone(_party: Party) -> bool:
    return True


class Turns:
    """All that waits, and who comes next."""

    def __init__(self) -> None:
        self.lines = {line: Rotation() for line in QueueLine}
        self._rounds_in_a_row = 0  # that went before a member who waits

    def __iter__(self) -> Iterator[QueuePlace]:
        for line in self.lines.values():
            yield from line

    def add(self, place: QueuePlace) -> None:
        self.lines[place.line].add(place)

    def remove(self, place: QueuePlace) -> None:
        self.lines[place.line].remove(place)

    def next(self, may: Callable[[Party], bool] = _anyone, ahead: bool = True) -> QueuePlace | None:
        """Take out the place whose turn it is, of those who may run; `ahead`: what nobody waits for may run too."""
        order = [QueueLine.ROUNDS, QueueLine.MEMBERS, QueueLine.AHEAD][: 3 if ahead else 2]
        if self._rounds_in_a_row >= ROUNDS_IN_A_ROW:
            order[:2] = reversed(order[:2])
        for line in order:
            if place := self.lines[line].next(may):
                in_a_row = line is QueueLine.ROUNDS and any(self.lines[QueueLine.MEMBERS])
                self._rounds_in_a_row = self._rounds_in_a_row + 1 if in_a_row else 0
                return place
        return None

    def before(self, place: QueuePlace) -> int:
        """How many come before one that waits, if no more come."""
        later = Turns()
        later.lines = {line: waiting.copy() for line, waiting in self.lines.items()}
        later._rounds_in_a_row = self._rounds_in_a_row
        found = 0
        while (one := later.next()) is not place and one:
            found += 1
        return found


class ExperimentQueue:
    """Gives places, and runs each request when its turn has come: one of a member or round at a time, and of all as
    many as the runner can."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._turns = Turns()
        self._running: set[QueuePlace] = set()
        self._told: set[QueuePlace] = set()  # those whose members are being told, or are still to be
        self._wanted: dict[str, QueuePlace] = {}  # of members: by what is wanted, who wants it first
        self._closed = False

    @contextmanager
    def place(
        self, party: Party, line: QueueLine = QueueLine.MEMBERS, wanted: Request | None = None
    ) -> Iterator[QueuePlace]:
        """A place in that line. It is given up when its run has ended, or on leaving the block before that.

        `wanted` is what a member will have run there: where another wants the same, theirs is waited for. Raises
        QueueClosed, and for members QueueFull.
        """
        if self._closed:
            raise QueueClosed
        place, key = QueuePlace(party, line), json.dumps(wanted.plain(), sort_keys=True) if wanted else ""
        if (first := self._wanted.get(key)) and line is QueueLine.MEMBERS:
            place.first, place.place = first, first.place
        else:
            if line is QueueLine.MEMBERS:
                self._require_room(party)
            self._turns.add(place)
            self._call_next()
            if wanted:
                self._wanted[key] = place
        self._told.add(place)
        if line is QueueLine.MEMBERS and not place.first:  # the others tell nobody
            place.place = 1 if place.come.is_set() else self._turns.before(place) + 2
        try:
            yield place
        finally:
            self._told.discard(place)
            place.over.set()
            if self._wanted.get(key) is place:
                del self._wanted[key]
            self._give_up(place)

    def hurry(self, place: QueuePlace) -> None:
        """Move what was to run ahead to the rounds' line: its question has closed."""
        if place.line is QueueLine.AHEAD and not place.come.is_set() and not place.over.is_set():
            self._turns.remove(place)
            place.line = QueueLine.ROUNDS
            self._turns.add(place)
            self._call_next()

    async def run(self, place: QueuePlace, request: Request) -> Result:
        """The result, once the place has come first. Raises RunUnfinished or QueueClosed."""
        if first := place.first:
            if first.request is None or first.request == request:
                await first.ended.wait()
                if first.result and first.request == request:
                    return first.result
            place.first = None  # it is run for this one, too
            self._turns.add(place)
            self._call_next()
        place.request = request
        await place.come.wait()
        if self._closed:
            raise QueueClosed
        metrics.RUN_WAITED.note(time.perf_counter() - place.since, place.line.name.lower())
        place.running = asyncio.create_task(self._ran(request))
        place.running.add_done_callback(lambda _: self._leave(place))
        # Whoever asked may go away (a lost connection, say): a worker cannot stop half-way, so the run goes on.
        try:
            place.result = await asyncio.shield(place.running)
            place.ended.set()
            return place.result
        except RunUnfinished:
            if self._closed:
                raise QueueClosed from None
            raise

    async def _ran(self, request: Request) -> Result:
        """The result of the runner, which is measured. Raises RunUnfinished."""
        since, outcome = time.perf_counter(), "Done"
        try:
            return await self._runner.run(request)
        except RunUnfinished as fault:
            outcome = "Stopped" if self._closed else type(fault).__name__
            raise
        finally:
            metrics.RUNS.one(request.experiment, outcome)
            metrics.RUN_TOOK.note(time.perf_counter() - since)

    def waiting(self, line: QueueLine) -> int:
        """How many wait in that line."""
        return sum(1 for _ in self._turns.lines[line])

    @property
    def running(self) -> int:
        """How many runs are under way."""
        return len(self._running)

    async def close(self) -> None:
        """Ends the runs under way, lets nobody wait for one that will not come, and gives them time to be told so."""
        self._closed = True
        for place in self._turns:
            place.come.set()
        await asyncio.to_thread(self._runner.close)
        if waiting := [asyncio.ensure_future(place.over.wait()) for place in self._told]:
            _, late = await asyncio.wait(waiting, timeout=GRACE_SECONDS)
            for one in late:
                one.cancel()

    def _require_room(self, party: Party) -> None:
        members = self._turns.lines[QueueLine.MEMBERS]
        if sum(place.party.name == party.name for place in members) >= MOST_WAITING_EACH:
            raise QueueFull("member", MOST_WAITING_EACH)
        here, in_all = members.waiting(party.taking_turns), sum(1 for _ in members)
        if here >= MOST_WAITING_HERE:
            raise QueueFull("server", here)
        if here and in_all >= MOST_WAITING:  # who has none waiting is let in whatever others have
            raise QueueFull("all", in_all)

    def _give_up(self, place: QueuePlace) -> None:
        place.ended.set()
        if place.first is None and place.running is None:
            self._leave(place)

    def _leave(self, place: QueuePlace) -> None:
        if place.running:
            seen(place.running)
        if place in self._running:
            self._running.discard(place)
        else:
            self._turns.remove(place)
        self._call_next()

    def _call_next(self) -> None:
        while len(self._running) < self._runner.at_once and (place := self._next()):
            self._running.add(place)
            place.come.set()

    def _next(self) -> QueuePlace | None:
        """Whoever comes next; what nobody waits for leaves one of several workers to those who do."""
        busy = {place.party.name for place in self._running}
        ahead = sum(place.line is QueueLine.AHEAD for place in self._running)
        return self._turns.next(lambda party: party.name not in busy, ahead < max(1, self._runner.at_once - 1))
