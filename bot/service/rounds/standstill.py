"""When time stands still in rounds: Discord is not heard, or the storage refuses.

Of the latter their channels hear in one line, once, and what became of it in the same line. None of that can be in the
journal, so the line is held in memory. Knows no Discord.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.clock import Clock
from bot.quiz.round.effects import Message, PostQuestion
from bot.quiz.round.events import Event, Posted
from bot.quiz.round.interruptions import Resumed, VersionChanged
from bot.quiz.round.state import Ended, Round
from bot.quiz.round.turn import Turn
from bot.service.rounds.carrying_out import ChannelGone, Stage, Tries, Unconfirmed
from bot.service.rounds.hosted import HostedRound
from bot.storage.rows import Heard
from bot.tasks import Tasks

if TYPE_CHECKING:
    from bot.storage.access import Access

_log = logging.getLogger(__name__)
SAID_AFTER = 1.0  # seconds; a storage that refuses for a moment only is told to those who press
LOOKED_BACK_AFTER = 3.0  # seconds after a restart, when what is urgent has been posted
LOOKED_FOR = 10.0  # seconds after a restart in which a question waits for it to be known whether its time stood still
LOOK = 0.2  # seconds between two looks whether it still does
Done = asyncio.Future[Any]
NotHeardSince = Callable[[], float | None]  # since when Discord is not heard, by the host's clock; None while it is


class Outage:
    """A time in which Discord is not heard, held on to until every round knows: presses never came, or unanswered."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._not_heard_since: NotHeardSince = lambda: None
        self._noted = 0.0
        self.since: float | None = None  # the host's clock; None where there is none, or every round knows of it

    def watch(self, not_heard_since: NotHeardSince) -> None:
        """Watch from now on."""
        self._not_heard_since = not_heard_since

    def over(self) -> float | None:
        """Since when nothing was heard, if something is heard again and `made_up` was not called yet."""
        since = self._not_heard_since()
        if since is None:
            return self.since
        self.since = since if self.since is None else min(self.since, since)
        return None

    def made_up(self) -> None:
        """Forget the outage: every round knows of it."""
        self.since = None

    def last_heard(self, every: float) -> tuple[Heard, ...]:
        """What the journal is to note, if it was not told in the last `every` seconds."""
        now = self.clock.now()
        if abs(now - self._noted) < every:
            return ()
        self._noted = now
        return (Heard(now if self.since is None else self.since),)


class Standstill:
    """Tells every round's channel that time stands still, and takes that back."""

    def __init__(self, access: "Access", clock: Clock) -> None:
        self._access = access
        self._clock = clock
        self._tasks = Tasks()
        self._telling: dict[str, asyncio.Task[None]] = {}  # by the round
        self._stopping = False

    @property
    def on(self) -> bool:
        """Whether time stands still: nothing can be written."""
        return self._access.unwritten_since is not None

    def say(self, stage: Stage | None, rounds: Sequence[HostedRound], after: float = SAID_AFTER) -> None:
        """See to it that the channel of each of these rounds is told, where that has lasted for `after` seconds."""
        since = self._access.unwritten_since
        if stage is None or since is None or self._clock.now() - since < after:
            return
        for hosted in rounds:
            told = self._telling.get(hosted.id)
            if not isinstance(hosted.round.phase, Ended) and not hosted.round.setup.of_the_day and told is None:
                work = self._tell(stage, hosted, since)
                self._telling[hosted.id] = self._tasks.start(work, f"telling why round {hosted.id} stands still")
                self._telling[hosted.id].add_done_callback(partial(self._told, hosted.id))

    def _told(self, round_id: str, _: "asyncio.Task[None]") -> None:
        del self._telling[round_id]

    def go_on(self, stage: Stage | None, rounds: Sequence[HostedRound]) -> None:
        """Have the line of an earlier process taken back, in rounds that it could not write a word of its end about."""
        for hosted in rounds:
            if stage and not hosted.round.down and not hosted.round.setup.of_the_day:
                self._tasks.keep(self._gone_on(stage, hosted), f"looking whether round {hosted.id} stood still")

    async def was_on(self, stage: Stage, hosted: HostedRound) -> bool:
        """Whether the channel was told by an earlier process that time stands still, and not that it goes on."""
        tries = Tries()
        while tries.lasted < LOOKED_FOR:
            try:
                return await stage.stands_still(hosted)
            except ChannelGone:
                return False
            except Unconfirmed:
                await tries.pause()
            except Exception:  # the round has to go on
                _log.exception("It could not be looked up whether round %s stood still", hosted.id)
                return False
        return False

    async def close(self, stage: Stage | None, rounds: Sequence[HostedRound], within: float) -> None:
        """Where time stands still, say that the bot stops all the same, in `within` seconds at most."""
        self._stopping = True
        self.say(stage, rounds, 0.0)
        await self._tasks.stop(within)

    async def _gone_on(self, stage: Stage, hosted: HostedRound) -> None:
        await self._access.tried(self._access.ready)
        await asyncio.sleep(LOOKED_BACK_AFTER)
        with suppress(ChannelGone, Unconfirmed):
            await stage.stood_still_before(hosted)

    async def _tell(self, stage: Stage, hosted: HostedRound, since: float) -> None:
        """Tell one channel, from the beginning of the standstill to its end."""
        line: Message | None = None
        shut: Message | None = None
        tries = Tries()
        while self._access.unwritten_since == since and not self._stopping:
            try:
                line = line or await stage.stand_still(hosted, since)
                turn = hosted.round.current
                message = turn and _past_its_close(hosted, turn, self._clock.now())
                if turn and message and shut != message:
                    await stage.shut(hosted, turn, message, turn.lateness(since + hosted.round.skew) < 0)
                    shut = message
            except ChannelGone:
                return
            except Unconfirmed:
                await tries.pause()
            await asyncio.sleep(LOOK)
        if line or self._stopping:
            await self._take_back(stage, hosted, line, since)

    async def _take_back(self, stage: Stage, hosted: HostedRound, line: Message | None, since: float) -> None:
        until = None if self._access.unwritten_since == since else self._clock.now()
        tries = Tries()
        while True:
            try:
                await stage.stood_still(hosted, line, since, until)
            except ChannelGone:
                return
            except Unconfirmed:
                await tries.pause()
            else:
                return


class ToldBack:
    """Tells rounds of a time in which nothing was heard, that before the start of the process included."""

    def __init__(
        self, outage: Outage, standstill: Standstill, enqueue: "Callable[[HostedRound, Event], Done]", tasks: Tasks
    ) -> None:
        """`enqueue` tells a round what has happened."""
        self._outage = outage
        self._standstill = standstill
        self._enqueue = enqueue
        self._tasks = tasks
        self._clock = outage.clock
        self._telling: list[Done] | None = None

    def tell(self, stage: Stage | None, rounds: Sequence[HostedRound]) -> None:
        """Tell these rounds, if something is heard again and they are not told yet."""
        since = self._outage.over()
        if since is None:
            self._telling = None
        elif self._telling is None:
            self._telling = [self._tell_one(stage, one, since) for one in rounds]
        elif all(told.done() for told in self._telling):
            self._outage.made_up()
            self._telling = None

    def _tell_one(self, stage: Stage | None, hosted: HostedRound, since: float) -> "Done":
        """Tell a round that Discord is heard again; where its question would be lost by that, after it was looked up
        whether time stood still."""
        cut = hosted.anew and would_be_cut(hosted.round, since, self._clock.now())
        if not cut or stage is None:
            return self._enqueue(hosted, _heard_again(hosted, since))
        return self._tasks.start(self._told_what_was(stage, hosted, since), f"going on with round {hosted.id}")

    async def _told_what_was(self, stage: Stage, hosted: HostedRound, since: float) -> None:
        stood = await self._standstill.was_on(stage, hosted)
        await self._enqueue(hosted, _heard_again(hosted, since, stood))


def _heard_again(hosted: HostedRound, since: float, stood: bool = False) -> Event:
    """What tells a round that Discord is heard again; `stood`: time stood still meanwhile."""
    if hosted.outdated and not isinstance(hosted.round.phase, Ended):
        return VersionChanged()
    if hosted.anew and hosted.heard_before is not None:
        since = hosted.heard_before  # others of this process may have been heard longer, or less long
    return Resumed(since, hosted.anew, stood)


def would_be_cut(round_: Round, since: float, now: float) -> bool:
    """Whether an open question would not count because nothing was heard from `since` to `now`, by the host's clock."""
    turn = round_.current
    if turn is None or turn.closes is None or not round_.is_open(turn) or round_.setup.of_the_day:
        return False
    away = (max(since, turn.host_sent) + round_.skew, now + round_.skew)
    return replace(turn, downs=(*turn.downs, away)).cut_too_short


def _past_its_close(hosted: HostedRound, turn: Turn, now: float) -> Message | None:
    """The message of a question that still has its buttons though its time is over; None where it has not.

    That it is there may not have been written yet.
    """
    round_ = hosted.round
    if turn.closes is None or not round_.is_open(turn) or now + round_.skew < turn.closes:
        return None
    if turn.message:
        return turn.message
    steps = {post.step for post in hosted.round.outbox if isinstance(post, PostQuestion) and post.turn == turn.number}
    waiting = (queued.what for queued in hosted.queue)
    return next((one.message for one in waiting if isinstance(one, Posted) and one.step in steps), None)
