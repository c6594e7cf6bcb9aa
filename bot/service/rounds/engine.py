"""All quiz rounds: what happens to one is journaled before anybody is told of it, then what it wants is done.

An event goes one way: `happened` -> the round's queue -> one write to the journal for all that waits -> `_carry_out`,
which posts, runs, grades and tells in the background; what comes of that is the next event. What cannot be written has
not happened: a member is told so and may do it again, and what came from ourselves (time, a post that is there, a
grade) stays first in the queue and is tried again. While the storage refuses time stands still (`standstill`). While
Discord cannot be heard the rounds stand still too: presses may be on their way. Knows no Discord.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bot import metrics
from bot.clock import DAY, Clock
from bot.curriculum.model import Curriculum
from bot.errors import StorageRefuses, TutorError, UsageError
from bot.quiz.round.effects import (
    AskReview,
    DrawPicture,
    Effect,
    GradeAnswer,
    OfferPhrase,
    OpenModal,
    RecordScores,
    RunExperiment,
    ScheduleAt,
    Tell,
    TellMember,
    TellStarter,
)
from bot.quiz.round.events import Event, TimePassed
from bot.quiz.round.interruptions import GoingDown, StorageBack
from bot.quiz.round.machine import forgetting, named_in
from bot.quiz.round.state import Ended, Round, Step
from bot.service.beliefs import noticed
from bot.service.gate import Withheld, withheld
from bot.service.rounds.carrying_out import Findings, Stage, posted, told
from bot.service.rounds.elsewhere import Forgotten, RoundsElsewhere
from bot.service.rounds.hosted import (
    Effects,
    HostedRound,
    NoRound,
    NotKept,
    QueuedEvent,
    Reply,
    Start,
    StillPlaying,
    Unreadable,
    Write,
    channels_of,
    handled,
    replayed,
)
from bot.service.rounds.seen import SeenOfTheDay
from bot.service.rounds.standstill import NotHeardSince, Outage, Standstill, ToldBack
from bot.service.rounds.starting import Begun, Starting
from bot.service.rounds.unreached import UnreachedDisputes
from bot.service.server_settings import SettingsOfServers
from bot.service.taught import Taught
from bot.service.topics import ServerTopics
from bot.storage.rows import Entry, NoticedIn, NotWritten, RoundRow
from bot.tasks import Tasks

if TYPE_CHECKING:
    from bot.storage.journal import Journal

_log = logging.getLogger(__name__)
LOOK, AFTER_A_FAULT = 0.2, 2.0  # seconds between two looks at the clock
NOTE_IDLE, NOTE_BUSY = 1.0, 0.25  # seconds between two notes that Discord is heard; with a press's write they are free
NOTE_OF_THE_DAY = 600.0  # the same where only questions of the day are on: only a large part of theirs is said
AGAIN_AFTER = 0.5  # seconds from a write that failed to the next one, if nobody presses before
KEPT_IN_MEMORY = 60.0  # seconds after the last event of a round that is over
GOODBYE = 2.0  # seconds that a shutdown waits for what is being posted
FORGET_EVERY = 3600.0  # seconds between two looks for rounds to forget


class AlreadyOn(UsageError):  # noqa: N818 - reads as what it is
    """There is a round in that channel."""


class NotRead(TutorError):  # noqa: N818
    """It is not known yet which rounds are on."""


class Rounds:
    """The rounds that are on, and those that have ended as long as they are kept."""

    def __init__(  # noqa: PLR0913, PLR0917 - all that rounds need
        self,
        taught: Taught,
        topics: ServerTopics,
        journal: "Journal",
        findings: Findings,
        clock: Clock,
        server_settings: SettingsOfServers,
        elsewhere: RoundsElsewhere,
        seen: SeenOfTheDay,
    ) -> None:
        self._seen = seen
        self._taught = taught
        self._topics = topics
        self._journal = journal
        self._findings = findings
        self._clock = clock
        self._server_settings = server_settings
        self._elsewhere = elsewhere
        self._hosted: dict[str, HostedRound] = {}
        self._unreached = UnreachedDisputes(self.find, self._enqueue)
        self._starting = Starting(journal, topics, clock)
        self._stage: Stage | None = None
        self._tasks = Tasks()
        self._outage = Outage(clock)
        self._standstill = Standstill(journal.access, clock)
        self._told_back = ToldBack(self._outage, self._standstill, self._enqueue, self._tasks)
        self._given_out = asyncio.Event()
        self._known = False  # whether it is known which rounds of an earlier process are on
        self._closed = False
        self._forgot_at: float | None = None
        journal.access.when_back.append(self._storage_back)

    # Opening and closing

    async def recall(self) -> None:
        """Read the rounds of an earlier process: from then on what they ask is kept back, and others may start."""
        with suppress(StorageRefuses):  # `open` tries again
            await self._recall()

    async def open(self, stage: Stage, not_heard_since: NotHeardSince = lambda: None) -> None:
        """Go on with the rounds of an earlier process; returns when the storage has given them out."""
        self._stage = stage
        self._outage.watch(not_heard_since)
        self._tasks.keep(self._keep_time(), "the quiz's clock")
        self._tasks.keep(self._serve(), "what other processes ask")
        await self.opened()

    async def opened(self) -> None:
        """Return when the rounds of an earlier process have been given out, after `open`."""
        await self._given_out.wait()

    async def _serve(self) -> None:
        await self.opened()  # before that it is not known who has a part in a round that is on
        await self._elsewhere.serve(self)

    async def close(self) -> None:
        """Say in each channel that the bot restarts; what is journaled goes on after it."""
        self._closed = True
        await self._standstill.close(self._stage, self.going_on(), GOODBYE)
        tell = () if self._standstill.on else self.going_on()  # else it is told, and cannot be written
        if said := [self._enqueue(hosted, GoingDown()) for hosted in tell]:
            await asyncio.wait(said, timeout=GOODBYE)
        if under_way := [hosted.posting for hosted in self._hosted.values() if hosted.posting]:
            await asyncio.wait(under_way, timeout=GOODBYE)
        if said:
            with suppress(NotWritten):  # the journal has said so
                await self._journal.write(*self._outage.last_heard(0.0))  # what came until now was heard
        await self._tasks.stop()

    async def abandon(self) -> None:
        """End all that is under way, and hold no round any more, as when the process ends without a word."""
        self._closed = True
        await self._standstill.close(None, (), 0.0)
        await self._tasks.stop()
        self._hosted.clear()

    async def ready(self) -> None:
        """Return where the storage takes what is written, as far as is known. Raises StorageRefuses."""
        await self._journal.access.ready()

    # Looking

    @property
    def curriculum(self) -> Curriculum:
        """What is taught to whoever asks now."""
        return self._taught.now.curriculum

    def played(self, server: int) -> frozenset[str] | None:
        """The ids of the topics that the rounds of a server play, those included that are about to start; None: it is
        not known yet which rounds are on."""
        if not self._known:
            return None
        every = *self.going_on(), *self._starting.rounds()
        return frozenset(topic for one in every if one.server == server for topic in one.topics)

    async def curriculum_of(self, hosted: HostedRound) -> Curriculum:
        """What a round is shown by: what was taught when it began, as far as that is known, else what its server is
        taught now."""
        return (hosted.began_with or await self._topics.learnt(hosted.server)).curriculum

    def now(self) -> float:
        """The host's clock, as the rounds know it."""
        return self._clock.now()

    def on(self, channel: int) -> Round | None:
        """The round that is on in a channel or thread; questions of the day stand beside it."""
        return next((one for one in self._on(channel) if not one.setup.of_the_day), None)

    def of_the_day(self, channel: int) -> Round | None:
        """The question of the day that stands in a channel; of several the last one."""
        return next((one for one in reversed([*self._on(channel)]) if one.setup.of_the_day), None)

    def _on(self, channel: int) -> Iterator[Round]:
        here = (hosted.round for hosted in self._hosted.values() if hosted.round.setup.channel == channel)
        return (round_ for round_ in here if not isinstance(round_.phase, Ended))

    def going_on(self) -> Sequence[HostedRound]:
        """The rounds that have not ended, or are not all posted and told."""
        return [hosted for hosted in self._hosted.values() if not hosted.over]

    def in_memory(self, round_id: str) -> HostedRound | None:
        """A round that is in memory."""
        return self._hosted.get(round_id)

    async def find(self, round_id: str) -> HostedRound:
        """A round, from the storage where it has ended long ago, or where another process has it: then as it is now.

        Raises NoRound, Unreadable, StorageRefuses.
        """
        if round_id in self._hosted:
            return self._hosted[round_id]
        row = await self._journal.round(round_id)
        if row is None:
            raise NoRound
        return self._hosted.get(round_id) or await self._read(row)

    async def require_here(self, round_id: str, server: int | None) -> None:
        """Raise NoRound where something is done to a round from a server that is not its own, or, if it asks about
        topics of its server's own, in a direct message. Raises StorageRefuses."""
        try:
            hosted = self._hosted.get(round_id) or await self.find(round_id)
        except (NoRound, Unreadable):  # for whoever wants it to say
            return
        if server != hosted.server and (server is not None or hosted.round.setup.own):
            raise NoRound

    async def latest(self, channel: int) -> Round | None:
        """The round that was last on in a channel, as long as it is kept, whatever question of the day stands there.
        Raises StorageRefuses, Unreadable."""
        row = await self._journal.latest(channel, *(one.setup.id for one in self._on(channel) if one.setup.of_the_day))
        return (await self.find(row.round_id)).round if row else None

    async def naming(self, member: int, server: int | None = None) -> Sequence[HostedRound]:
        """The rounds that name a member, on or over, in a server or in all, those of other processes too; without what
        cannot be read. Raises StorageRefuses."""
        found = []
        for round_id in await self._journal.naming(member, server):
            with suppress(NoRound, Unreadable):
                found.append(await self.find(round_id))
        return [one for one in found if member in named_in(one.round)]

    async def lost_before(self, round_: Round) -> Round | None:
        """The round that was on in the channel before this one, if its table could not be posted there: it has lost the
        channel. Raises StorageRefuses, Unreadable."""
        row = await self._journal.latest(round_.setup.channel, round_.setup.id)
        return (await self.find(row.round_id)).round if row and row.table_message is None else None

    def withheld(self, member: int, channels: Sequence[int]) -> Sequence[Withheld]:
        """What that member must not be answered there while rounds ask it."""
        found = []
        for hosted in self._hosted.values():
            if one := withheld(hosted.round, member, channels, hosted.server):
                found.append(one)
        return found

    # Doing

    async def start(self, asked: Start, *also: Entry) -> Round:
        """Start a round; the same commit has what is to be written `also`.

        Raises AlreadyOn, NothingToDraw, StorageRefuses, and NotRead until the rounds of an earlier process are known.
        """
        if not self._known:
            raise NotRead
        self._give_out(await self._starting.unheard(asked.channel))
        if not asked.of_the_day and (self.on(asked.channel) or self._starting.at(asked.channel)):
            raise AlreadyOn
        begun = await self._starting.begin(asked, *also, *self._outage.last_heard(NOTE_IDLE))
        self._give_out([begun])
        return begun.hosted.round

    def _give_out(self, rounds: Sequence[Begun]) -> None:
        """Take in rounds whose beginning is kept, and have them begin."""
        for one in rounds:
            self._hosted[one.hosted.id] = one.hosted
            metrics.ROUNDS_STARTED.one()
            self._carry_out(one.hosted, one.effects)

    async def happened(self, round_id: str, event: Event) -> tuple[Reply, ...]:
        """Something happened to a round; return what whoever did it is to be told. It is in the journal by then.

        Raises NoRound, Unreadable; and StorageRefuses or NotKept where whoever did it may do it again: all else waits
        for the storage.
        """
        hosted = self._hosted.get(round_id) or await self.find(round_id)
        if not self._elsewhere.owned(hosted.server):
            return await self._elsewhere.happened(hosted.server, round_id, event)
        return await asyncio.shield(self._enqueue(hosted, await self._seen.marked(hosted, event)))

    async def forget(self, member: int) -> Forgotten:
        """Leave nothing of a member in the rounds that are over, those of other processes too.

        Raises StillPlaying where they have a part in a round that is on, and StorageRefuses.
        """
        self.refuse_while_playing(member)
        try:
            done = await self._elsewhere.forget(member)
        except StillPlaying:
            raise StillPlaying(channels_of(await self.naming(member))) from None
        await self.forget_here(member)
        return done

    def refuse_while_playing(self, member: int) -> None:
        """Raises StillPlaying where a member has a part in a round of this process that is on."""
        going_on = [one for one in self.going_on() if not one.can_let_go and member in named_in(one.round)]
        if channels := channels_of(going_on):
            raise StillPlaying(channels)

    async def forget_here(self, member: int, server: int | None = None) -> bool:
        """Leave nothing of a member in the rounds of this process that are over, in a server or all. False where they
        have a part in one that is on. Raises StorageRefuses."""
        await self._seen.deleting(member, [one for one in self.going_on() if server in {None, one.server}])
        known = [hosted.id for hosted in self._hosted.values() if member in named_in(hosted.round)]
        on = False
        for round_id in {*await self._journal.ended_with(member), *known}:
            try:
                hosted = await self.find(round_id)
            except NoRound:
                continue
            except Unreadable:  # nothing can be taken out of it
                await self._journal.forget(round_id)
                continue
            if server not in {None, hosted.server} or member not in named_in(hosted.round):
                continue
            if not hosted.can_let_go:
                on = True
                continue
            await asyncio.shield(self._enqueue(hosted, lambda round_: forgetting(round_, member)))
            if hosted.round.unreached or hosted.round.waiting_message:  # which says how many
                await asyncio.shield(self._enqueue(hosted, TimePassed()))
        return not on

    async def reviewers_found(self, server: int | None = None) -> None:
        """Put what nobody has got who may decide it where reviews go, in a server or all, if there is such a place."""
        if self._stage:
            await self._unreached.put_before(self._stage, server)

    async def asked_at(self) -> frozenset[tuple[int, int]]:
        """The channels and messages by which somebody is asked to decide what members dispute."""
        return await self._unreached.asked_at()

    async def reviews_deleted(self, channel: int, messages: Sequence[int] = ()) -> None:
        """Messages were deleted, or (none) a channel: what somebody was asked to decide there goes to the next."""
        await self._unreached.deleted(channel, messages)

    async def kept_until(self, hosted: HostedRound) -> float | None:
        """Until when the answers of a round are kept; None while it is not over."""
        if hosted.ended is None:
            return None
        return hosted.ended + (await self._server_settings.of(hosted.server)).receipt_days * DAY

    # Journaling

    def _enqueue(
        self, hosted: HostedRound, what: Event | Callable[[Round], Step], place: int | None = None
    ) -> "asyncio.Future[tuple[Reply, ...]]":
        """Put an event, or a change that no event makes, in line for the journal; last, or at that place."""
        repeatable = callable(what) or getattr(what, "click", None) is not None
        queued = QueuedEvent(what, self._clock.now(), repeatable, asyncio.get_running_loop().create_future())
        hosted.queue.insert(len(hosted.queue) if place is None else place, queued)
        self._write_on(hosted)
        return queued.done

    def _write_on(self, hosted: HostedRound) -> None:
        if hosted.writing is None or hosted.writing.done():
            hosted.writing = asyncio.create_task(self._write(hosted), name=f"journaling round {hosted.id}")

    async def _write(self, hosted: HostedRound) -> None:
        """Journal all that waits, in one write; again as long as more has come meanwhile."""
        while hosted.queue:
            try:
                # Before anything is handled: what stood still is made up for first.
                await self._journal.access.ready(writes=sum(queued.repeatable for queued in hosted.queue))
            except StorageRefuses as fault:
                self._not_kept(hosted, (), fault)
                return
            queue, hosted.queue = hosted.queue, []
            write = handled(hosted, queue)
            if not write.taken:
                continue
            hosted.number = write.after.number  # never used again, whether this is written or not
            try:
                now = self._clock.now()
                entries = [*write.entries(hosted, now), *(await self._noticed(write, now))]
                await self._journal.write(*entries, *self._outage.last_heard(NOTE_BUSY))
            except (NotWritten, StorageRefuses) as fault:
                self._not_kept(hosted, [queued for queued, _ in write.taken], fault)
                return
            except Exception as error:  # it makes no row: all other rounds would wait for this one
                _log.exception("A step of round %s cannot be kept", hosted.id)
                for queued, _ in write.taken:
                    queued.fail(error)
                continue
            self._kept(hosted, write)

    async def _noticed(self, write: Write, now: float) -> Sequence[NoticedIn]:
        """What a round that is over tells of what its server believes, which goes into the commit of its points."""
        if not write.scores:
            return ()
        learnt = write.after.began_with or await self._topics.learnt(write.after.server)
        return noticed(learnt, write.after.server, write.after.round, now)

    def _kept(self, hosted: HostedRound, write: Write) -> None:
        if isinstance(phase := write.after.round.phase, Ended) and not isinstance(hosted.round.phase, Ended):
            metrics.ROUNDS_ENDED.one(phase.why)
        hosted.round, hosted.table_message, hosted.behind = write.after.round, write.after.table_message, False
        hosted.members, hosted.quiet_since = write.after.members, (now := self._clock.now())
        self._unreached.note(hosted)
        if write.told_back:
            hosted.anew = hosted.outdated = False
        if write.whole and hosted.ended is None and hosted.over:
            hosted.ended = now
            self._tasks.start(self._sweep(hosted.server), "removing topics that a round has played")
        for queued, effects in write.taken:
            replies = self._carry_out(hosted, effects)
            if not queued.done.done():
                queued.done.set_result(replies)

    async def _sweep(self, server: int | None = None) -> None:
        """Remove the topics that were to go and have waited for a round, of a server or all."""
        sweep = self._topics.sweep_all if server is None else partial(self._topics.sweep, server)
        await self._journal.access.tried(sweep)

    def _not_kept(self, hosted: HostedRound, taken: Sequence[QueuedEvent], fault: Exception) -> None:
        hosted.behind |= bool(taken)  # who knows what of it was written: the next write begins with the whole round
        hosted.again_at = self._clock.now() + AGAIN_AFTER
        failed = [*taken, *hosted.queue]
        hosted.queue = [queued for queued in failed if not queued.repeatable]
        for queued in failed:
            if queued.repeatable:
                queued.fail(fault if isinstance(fault, StorageRefuses) else NotKept())

    def _storage_back(self, since: float) -> None:
        """Writes are taken again: give the rounds back the time that they lost, before any press that waits."""
        if self._closed:
            return
        for hosted in self.going_on():
            waits = next((at for at, one in enumerate(hosted.queue) if one.repeatable), len(hosted.queue))
            self._enqueue(hosted, StorageBack(since), waits)

    # Carrying out

    def _carry_out(self, hosted: HostedRound, effects: Sequence[Effect]) -> tuple[Reply, ...]:
        """Begin what a round wants done, and return what is for whoever made it happen."""
        replies: tuple[Reply, ...] = ()
        for effect in effects:
            match effect:
                case ScheduleAt(when):
                    hosted.due = when
                case RunExperiment() | DrawPicture() | GradeAnswer():
                    self._find_out(hosted, partial(self._findings.find, hosted, effect), f"a round's {effect.type}")
                case TellStarter() | AskReview() | TellMember():
                    if self._stage:  # else it is given out again once there is somebody to tell
                        self._find_out(hosted, partial(told, self._stage, hosted, effect), "telling of a round")
                case Tell() | OpenModal() | OfferPhrase():
                    replies = (*replies, effect)
                case RecordScores():
                    pass  # the points were written with the event
                case _:
                    hosted.to_post.append(effect)
        if hosted.to_post and self._stage and (hosted.posting is None or hosted.posting.done()):
            hosted.posting = self._tasks.start(self._post(self._stage, hosted), f"posting round {hosted.id}")
        return replies

    def _find_out(self, hosted: HostedRound, find: Callable[[], Awaitable[Event | None]], name: str) -> None:
        async def found() -> None:
            if event := await self._journal.access.tried(find):
                await self.happened(hosted.id, event)

        self._tasks.start(found(), name)

    async def _post(self, stage: Stage, hosted: HostedRound) -> None:
        """Post one after the other."""
        while hosted.to_post:
            post = hosted.to_post.popleft()
            try:
                if event := await posted(stage, hosted, post):
                    await self.happened(hosted.id, event)
                    self._findings.begin(hosted)
            except Exception:  # the next one is still posted; this one comes again after a restart
                _log.exception("Posting %s of round %s failed", post.step, hosted.id)

    # Keeping time

    def tick(self) -> None:
        """Do what is due: tell rounds that time has passed, try failed writes again, let go of rounds that are over."""
        now, stands = self._clock.now(), self._standstill.on
        runs = not stands and self._outage.since is None  # time, for rounds
        for hosted in [*self._hosted.values()]:
            if hosted.queue and now >= hosted.again_at and not stands:
                self._write_on(hosted)
            if runs and hosted.due is not None and now >= hosted.due and not hosted.over:
                hosted.due = None
                self._enqueue(hosted, TimePassed()).add_done_callback(partial(self._due_again, hosted))
            if hosted.over and hosted.idle and now - hosted.quiet_since > KEPT_IN_MEMORY:
                del self._hosted[hosted.id]  # the storage still has it

    def _due_again(self, hosted: HostedRound, passed: "asyncio.Future[Effects]") -> None:
        """Where the round could not take that time has passed, tell it again a while later: else it never goes on."""
        if not passed.cancelled() and passed.exception() and hosted.due is None:
            hosted.due = self._clock.now() + AFTER_A_FAULT

    async def _keep_time(self) -> None:
        while not self._closed:
            try:
                if not self._given_out.is_set():
                    await self._go_on()
                else:
                    await self._look()
                await self._clock.sleep(LOOK)
            except (NotWritten, StorageRefuses):  # the log has it
                await self._clock.sleep(LOOK)
            except Exception:
                _log.exception("A step of the quiz rounds failed")
                await self._clock.sleep(AFTER_A_FAULT)

    async def _go_on(self) -> None:
        if not self._known:
            await self._recall()
        self._told_back.tell(self._stage, self.going_on())
        self._standstill.go_on(self._stage, self.going_on())
        self._given_out.set()
        self._tasks.start(self._sweep(), "removing topics that rounds have played")

    async def _look(self) -> None:
        self._told_back.tell(self._stage, self.going_on())
        self.tick()
        if self._standstill.on:
            self._standstill.say(self._stage, self.going_on())
            return
        self._give_out(await self._starting.unheard())
        if going_on := self.going_on():
            of_the_day = all(one.round.setup.of_the_day for one in going_on)
            await self._journal.write(*self._outage.last_heard(NOTE_OF_THE_DAY if of_the_day else NOTE_IDLE))
        await self._forget_old()

    async def _forget_old(self) -> None:
        """Remove the answers of rounds that have been over for as long as each server has set, now and then."""
        now = self._clock.now()
        if self._forgot_at is not None and now - self._forgot_at < FORGET_EVERY:
            return
        self._forgot_at = now
        for server in await self._journal.servers():
            before = now - (await self._server_settings.of(server)).receipt_days * DAY
            await self._unreached.let_lapse(server, before)
            await self._journal.forget_ended(server, before)
        await self.reviewers_found()
        await self._seen.forget_old()

    async def _recall(self) -> None:
        """Read the rounds of an earlier process, and when Discord was last heard in the server of each: the next write
        of a press notes that it is heard, and must not say so while they do not know that it was not."""
        heard, recalled = await self._journal.heard(), await self._recalled()
        for hosted in recalled:
            of_it = [at for shard, at in heard.items() if shard.owns(hosted.server)]
            hosted.heard_before = max(of_it, default=hosted.round.host_now)
        self._outage.since = min((hosted.heard_before for hosted in recalled if hosted.heard_before), default=None)
        self._known = True
        self._topics.expect({hosted.server for hosted in recalled})

    async def _recalled(self) -> Sequence[HostedRound]:
        recalled = []
        for row in await self._journal.unfinished():
            try:
                recalled.append(hosted := await self._read(row))
                hosted.behind = True  # what an earlier version has not kept of it is kept with its next event
            except Unreadable:  # as over as can be: it is removed when its time has come
                await self._journal.write(replace(row, ended_at=self._clock.now()))
        self._unreached.remember(
            await self._journal.with_disputes("unreached"), await self._journal.with_disputes("with_reviewers")
        )
        return recalled

    async def _read(self, row: RoundRow) -> HostedRound:
        hosted = replayed(row, await self._journal.events(row), self._taught.now.kinds)
        if not self._elsewhere.owned(hosted.server):
            return hosted
        hosted.quiet_since = self._clock.now()
        self._unreached.note(hosted)
        return self._hosted.setdefault(hosted.id, hosted)
