"""The use case of quiz rounds: every step is journaled, time is kept, what a round wants is done. Knows no Discord.

What a member was told, and what stands in a channel, outlives the process: effects are carried out once the event that
they come from is in the journal. While Discord cannot be heard the rounds stand still: presses may be on their way.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

from bot.clock import Clock
from bot.curriculum.model import Curriculum
from bot.quiz.round.effects import OfferPhrase, OpenModal, Tell
from bot.quiz.round.events import Event, GoingDown, Resumed, TimePassed
from bot.quiz.round.forgetting import without
from bot.quiz.round.state import Ended, Round
from bot.quiz.withholding import Withheld, withheld
from bot.service import round_rows
from bot.service.delivery import Stage
from bot.service.ear import DeafSince, Ear
from bot.service.errands import Errands
from bot.service.expiry import Expiry
from bot.service.findings import Findings
from bot.service.live import Effects, Live
from bot.service.starting import AlreadyOn, NoRound, Start, StillPlaying, begun
from bot.service.steps import NOT_KEPT, NOT_READ, NotKept, Steps
from bot.storage.entries import RoundRow
from bot.storage.journal import Journal, JournalFault, NotWritten

_log = logging.getLogger(__name__)
Reply = Tell | OpenModal | OfferPhrase
LOOK, AFTER_A_FAULT = 0.2, 2.0  # seconds between two looks at the clock
HEARD_EVERY = 1.0
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
        self._ear = Ear(clock)
        self._steps = Steps(journal, clock, self._errands.carry_out, self._ear)
        self._caught_up: list[asyncio.Future[Effects]] | None = None
        self._back = asyncio.Event()
        self._known = False  # whether a round of an earlier run is on
        self._closed = False

    async def recall(self) -> None:
        """Reads the rounds of an earlier run: from then on what they ask is kept back, and no round starts before."""
        with suppress(JournalFault):  # `open` tries again
            await self._recalled()

    async def open(self, stage: Stage, deaf_since: DeafSince = lambda: None) -> None:
        """Goes on with the rounds of an earlier run, as soon as the storage has them."""
        self._errands.deliver_to(stage)
        self._errands.hold(self._keep_time(deaf_since), "the quiz's clock")
        await self._back.wait()

    async def close(self) -> None:
        """Says in each channel that the bot restarts; what is journaled goes on after it."""
        self._closed = True
        said = [self._steps.put(live, GoingDown()) for live in self.going_on()]
        if said:
            await asyncio.wait(said, timeout=GOODBYE)
        delivering = [live.delivering for live in self._live.values() if live.delivering]
        if delivering:
            await asyncio.wait(delivering, timeout=GOODBYE)
        await self._errands.stop(delivering)

    async def start(self, asked: Start) -> Round:
        """Starts a round. Raises AlreadyOn, NothingToDraw, NotKept."""
        if not self._known:
            raise NotKept(NOT_READ)
        if self.on(asked.place) or asked.place in self._starting:
            raise AlreadyOn("A round is on here already. `/quiz stop` ends it.")
        self._starting.add(asked.place)
        try:
            return await self._started(asked)
        except JournalFault as fault:
            raise NotKept(NOT_KEPT) from fault
        finally:
            self._starting.discard(asked.place)

    async def happened(self, round_id: str, event: Event) -> tuple[Reply, ...]:
        """Something happened to a round; gives what whoever did it is to be told. It is journaled by then.

        Raises NoRound, NotKept.
        """
        effects = await self._steps.take(await self.find(round_id), event)
        return tuple(effect for effect in effects if isinstance(effect, Reply))

    async def find(self, round_id: str) -> Live:
        """A round, from the storage where it has ended long ago.

        Raises NoRound, Unreadable, and NotKept where the storage does not work.
        """
        if round_id in self._live:
            return self._live[round_id]
        try:
            row = await self._journal.round(round_id)
            if row is None:
                raise NoRound("That round is no longer kept.")
            return self._live.get(round_id) or await self._read(row)
        except JournalFault as fault:
            raise NotKept(NOT_READ) from fault

    def now(self) -> float:
        """The host's clock, as the rounds know it."""
        return self._clock.now()

    def on(self, place: int) -> Round | None:
        """The round that is on in a place."""
        here = (live.round for live in self._live.values() if live.round.setup.place == place)
        return next((round_ for round_ in here if not isinstance(round_.phase, Ended)), None)

    async def latest(self, place: int) -> Round | None:
        """The round that was last on in a place, as long as it is kept. Raises NotKept, Unreadable."""
        try:
            row = await self._journal.latest(place)
        except JournalFault as fault:
            raise NotKept(NOT_READ) from fault
        return (await self.find(row.round_id)).round if row else None

    def going_on(self) -> Sequence[Live]:
        """The rounds that have not ended, or are not all posted."""
        return [live for live in self._live.values() if not live.over]

    def withheld(self, member: int, places: Sequence[int]) -> tuple[Withheld, ...]:
        """What that member must not be answered there."""
        return withheld([live.round for live in self.going_on()], member, places)

    async def forget(self, member: int) -> None:
        """Leaves nothing of a member in the rounds that are over. Raises StillPlaying."""
        over = [live for live in self._live.values() if isinstance(live.round.phase, Ended)]
        if any(_has_part(live.round, member) for live in self.going_on() if live not in over):
            raise StillPlaying("You are playing in a round right now, or started it. Ask me again when it is over.")
        for round_id in {*await self._journal.ended_with(member), *(live.id for live in over)}:
            try:
                live = await self.find(round_id)
            except round_rows.Unreadable:  # nothing can be taken out of it
                await self._journal.forget(round_id)
                continue
            if _has_part(live.round, member):
                await self._steps.change(live, lambda round_: without(round_, member))

    def tick(self) -> None:
        """Does what is due."""
        now = self._clock.now()
        for live in [*self._live.values()]:
            self._steps.again(live)
            if self._ear.gap is None and live.due is not None and now >= live.due and not live.over:
                live.due = None
                self._steps.put(live, TimePassed())
            if live.over and live.idle and now - live.quiet_since > KEPT_IN_MEMORY:
                del self._live[live.id]  # the storage still has it

    async def _started(self, asked: Start) -> Round:
        recent = round_rows.keys(await self._journal.asked(asked.place, RECENT_ROUNDS))
        now = self._clock.now()
        live, effects = begun(self.curriculum, asked, recent, now)
        await self._journal.write(round_rows.of(live, now), *self._ear.note(HEARD_EVERY))
        self._live[live.id] = live
        self._errands.carry_out(live, effects)
        return live.round

    async def _read(self, row: RoundRow) -> Live:
        live = round_rows.replayed(row, await self._journal.events(row))
        live.quiet_since = self._clock.now()
        return self._live.setdefault(live.id, live)

    async def _recalled(self) -> Sequence[Live]:
        recalled = []
        for row in await self._journal.going_on():
            try:
                recalled.append(await self._read(row))
            except round_rows.Unreadable:  # as over as can be: it is removed when its time has come
                await self._journal.write(replace(row, ended_at=self._clock.now()))
        self._known = True
        return recalled

    async def _keep_time(self, deaf_since: DeafSince) -> None:
        look: Callable[[], Awaitable[None]] = partial(self._read_again, deaf_since)
        while not self._closed:
            try:
                await look()
                look = self._look
                await asyncio.sleep(LOOK)
            except NotWritten:  # the journal has said so
                await asyncio.sleep(LOOK)
            except Exception:
                _log.exception("A step of the quiz rounds failed")
                await asyncio.sleep(AFTER_A_FAULT)

    async def _read_again(self, deaf_since: DeafSince) -> None:
        since, recalled = await self._journal.heard(), await self._recalled()
        if since is None:
            since = min((live.round.host_now for live in recalled), default=None)
        self._ear.listen_by(deaf_since, since if recalled else None)
        self._catch_up()
        self._back.set()

    async def _look(self) -> None:
        self._catch_up()
        self.tick()
        if self.going_on():
            await self._journal.write(*self._ear.note(HEARD_EVERY))
        await self._expiry.tick(self._clock.now())

    def _catch_up(self) -> None:
        """Tells the rounds of a time in which nothing was heard, that before the start of the process included."""
        since = self._ear.listen()
        if since is None:
            self._caught_up = None
        elif self._caught_up is None:
            self._caught_up = [self._steps.put(live, Resumed(since, live.anew)) for live in self.going_on()]
        elif all(told.done() for told in self._caught_up):
            self._ear.made_up()
            self._caught_up = None


def _has_part(round_: Round, member: int) -> bool:
    """Whether anything of theirs is in it: who flags a question, rules or starts a round need not play."""
    return without(round_, member) != round_
