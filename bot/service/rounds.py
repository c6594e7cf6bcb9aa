"""The use case of quiz rounds: journals every step, keeps time, executes what a round wants done. Knows no Discord.

An event is handled at once, written to the journal, and only then are its effects carried out: what a member was told,
and what stands in a channel, outlives the process. Posts of a round go out one after the other.
"""

import asyncio
import contextlib
import logging
from collections.abc import Sequence

from bot.clock import Clock
from bot.curriculum.model import Curriculum
from bot.quiz import plain
from bot.quiz.round.effects import OpenModal, RecordScores, Tell
from bot.quiz.round.events import Event, GoingDown, Resumed, TimePassed
from bot.quiz.round.forgetting import without
from bot.quiz.round.machine import handle
from bot.quiz.round.state import Ended, Round
from bot.quiz.withholding import Withheld, withheld
from bot.service import round_rows
from bot.service.delivery import Stage
from bot.service.errands import Errands
from bot.service.expiry import Expiry
from bot.service.findings import Findings
from bot.service.live import Live
from bot.service.starting import AlreadyOn, NoRound, Start, StillPlaying, begun
from bot.storage.journal import Entry, EventRow, Heard, Journal, RoundRow

_log = logging.getLogger(__name__)
Reply = Tell | OpenModal
LOOK = 0.2  # seconds at most between two looks at the clock
ALIVE_EVERY = 2.0
RECENT_ROUNDS = 20
KEPT_IN_MEMORY = 60.0  # seconds after the last event of a round that is over
GOODBYE = 2.0  # seconds that a shutdown waits for what is being posted


class Rounds:
    """All rounds that are on, and those that have ended as long as they are kept."""

    def __init__(
        self,
        curriculum: Curriculum,
        journal: Journal,
        findings: Findings,
        clock: Clock,
        expiry: Expiry | None = None,
    ) -> None:
        self.curriculum = curriculum
        self._journal = journal
        self._clock = clock
        self._expiry = expiry or Expiry(journal)
        self._live: dict[str, Live] = {}
        self._starting: set[int] = set()
        self._errands = Errands(findings, self.happened)
        self._alive_at = 0.0
        self._closed = False

    async def open(self, stage: Stage) -> None:
        """Goes on with the rounds of an earlier run."""
        self._errands.deliver_to(stage)
        since = await self._journal.heard()
        for row in await self._journal.going_on():
            live = await self._read(row)
            last = max([live.round.host_now, since or 0.0])
            await self.happened(live.id, Resumed(last))
        self._errands.hold(self._keep_time(), "the quiz's clock")

    async def close(self) -> None:
        """Says in each channel that the bot restarts; what is journaled goes on after it."""
        self._closed = True
        for live in self.going_on():
            with contextlib.suppress(Exception):
                await self.happened(live.id, GoingDown())
        delivering = [live.delivering for live in self._live.values() if live.delivering]
        if delivering:
            await asyncio.wait(delivering, timeout=GOODBYE)
        await self._errands.stop(delivering)

    async def start(self, asked: Start) -> Round:
        """Starts a round. Raises AlreadyOn, NothingToDraw."""
        if self.on(asked.place) or asked.place in self._starting:
            raise AlreadyOn("A round is on here already. `/quiz stop` ends it.")
        self._starting.add(asked.place)
        try:
            return await self._started(asked)
        finally:
            self._starting.discard(asked.place)

    async def happened(self, round_id: str, event: Event) -> tuple[Reply, ...]:
        """Something happened to a round; gives what whoever did it is to be told. It is journaled by then.

        Raises NoRound.
        """
        live = await self.find(round_id)
        now = self._clock.now()
        was = live.round
        live.round, effects = handle(was, event, now)
        live.number += 1
        live.quiet_since = now
        live.note_table(was, event)
        entries: list[Entry] = [EventRow(live.id, live.number, now, round_rows.text(plain.of_event(event)))]
        if isinstance(live.round.phase, Ended) or type(was.phase) is not type(live.round.phase):
            entries.append(round_rows.of(live, now))
        if any(isinstance(effect, RecordScores) for effect in effects):
            entries.append(round_rows.points(live, now))
        await self._journal.write(*entries)
        self._errands.carry_out(live, effects)
        return tuple(effect for effect in effects if isinstance(effect, Tell | OpenModal))

    async def find(self, round_id: str) -> Live:
        """A round, from the storage where it has ended long ago. Raises NoRound."""
        if round_id in self._live:
            return self._live[round_id]
        row = await self._journal.round(round_id)
        if row is None:
            raise NoRound("That round is no longer kept.")
        return self._live.get(round_id) or await self._read(row)

    def on(self, place: int) -> Round | None:
        """The round that is on in a place."""
        here = (live.round for live in self._live.values() if live.round.setup.place == place)
        return next((round_ for round_ in here if not isinstance(round_.phase, Ended)), None)

    async def latest(self, place: int) -> Round | None:
        """The round that was last on in a place, as long as it is kept."""
        row = await self._journal.latest(place)
        return (await self.find(row.round_id)).round if row else None

    def going_on(self) -> Sequence[Live]:
        """The rounds that have not ended, or are not all posted."""
        return [live for live in self._live.values() if not live.over]

    def withheld(self, member: int, places: Sequence[int]) -> tuple[Withheld, ...]:
        """What that member must not be answered there."""
        return withheld([live.round for live in self.going_on()], member, places)

    async def forget(self, member: int) -> None:
        """Removes a member's answers from the rounds that are over. Raises StillPlaying."""
        if any(member in live.round.names for live in self.going_on()):
            raise StillPlaying("You are playing in a round right now. Ask me again when it is over.")
        for row in await self._journal.ended():
            live = await self.find(row.round_id)
            if member in live.round.names:
                live.round = without(live.round, member)
                await self._journal.write(round_rows.of(live, row.ended_at or self._clock.now()))

    async def tick(self) -> None:
        """Does what is due."""
        now = self._clock.now()
        for live in [*self.going_on()]:
            if live.due is not None and now >= live.due:
                live.due = None
                await self.happened(live.id, TimePassed())
        for live in [live for live in self._live.values() if live.over and now - live.quiet_since > KEPT_IN_MEMORY]:
            del self._live[live.id]  # the storage still has it

    async def _started(self, asked: Start) -> Round:
        recent = round_rows.keys(await self._journal.asked(asked.place, RECENT_ROUNDS))
        now = self._clock.now()
        live, effects = begun(self.curriculum, asked, recent, now)
        await self._journal.write(round_rows.of(live, now))
        self._live[live.id] = live
        self._errands.carry_out(live, effects)
        return live.round

    async def _read(self, row: RoundRow) -> Live:
        live = round_rows.live(row)
        for event in await self._journal.events(row):
            happened = round_rows.event(event)
            live.note_table(live.round, happened)
            live.round, _ = handle(live.round, happened, event.at)
            live.number = event.number
        live.unsure = frozenset(post.step for post in live.round.outbox)
        return self._live.setdefault(live.id, live)

    async def _keep_time(self) -> None:
        while not self._closed:
            try:
                await self.tick()
                await self._note_alive()
                await self._expiry.tick(self._clock.now())
            except Exception:
                _log.exception("A step of a quiz round failed")
            await asyncio.sleep(LOOK)

    async def _note_alive(self) -> None:
        now = self._clock.now()
        if self.going_on() and now - self._alive_at >= ALIVE_EVERY:
            self._alive_at = now
            await self._journal.write(Heard(now))
