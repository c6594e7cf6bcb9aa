"""A round as the service hosts it: begun, or read back from the journal, and written to it."""

import asyncio
import json
import logging
import secrets
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field, replace

from bot.errors import TutorError, UsageError
from bot.quiz.chance import Chance
from bot.quiz.drawing import Wanted
from bot.quiz.kinds import Kinds
from bot.quiz.round import machine
from bot.quiz.round.effects import Effect, OfferPhrase, OpenModal, Post, PostTable, RecordScores, Tell
from bot.quiz.round.events import Event, Posted
from bot.quiz.round.interruptions import Resumed, VersionChanged
from bot.quiz.round.state import LEAD_IN, LONGEST_UNTIMED, Ended, Round, Setup, Step
from bot.quiz.scoring import counted, earned, ranked
from bot.service.gate import text_of
from bot.service.taught import Learnt
from bot.storage.rows import (
    DisputesRow,
    Entry,
    EventRow,
    Joined,
    OpenQuestionRow,
    PointsOf,
    PointsRow,
    RoundRow,
    TakingPart,
)

_log = logging.getLogger(__name__)
Effects = tuple[Effect, ...]
Reply = Tell | OpenModal | OfferPhrase  # what whoever did something is told at once
# Seconds after the close of a question for which other processes keep it back, if nothing more is heard of the process
# that asks it. After a kill its round goes on when it starts again, and a question without a clock is still open then;
# with one it has closed, unless time stood still when the process was killed. Only those who play wait for that.
KEPT_BACK_AFTER = 15 * 60.0
_as_json = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode  # ValueError for what is not finite


class NoRound(TutorError):  # noqa: N818
    """There is no such round, or it is no longer kept."""


class Unreadable(TutorError):  # noqa: N818 - reads as what it is
    """What is kept of a round makes none."""


class StillPlaying(UsageError):  # noqa: N818
    """They have a part in rounds that are on, in `channels`: each a server and a channel or thread there; none where
    that is not known."""

    def __init__(self, channels: Sequence[tuple[int, int]] = ()) -> None:
        super().__init__("they have a part in a round that is on")
        self.channels = tuple(channels)


class NotKept(TutorError):  # noqa: N818
    """The storage takes all else, but not that: it has not happened."""


@dataclass(frozen=True, slots=True)
class Start:
    """A round that somebody asked for."""

    server: int
    channel: int  # or thread
    starter: int  # the member who asked
    wanted: Wanted  # how many questions, of which topics and kinds
    window: float | None  # seconds to answer each question; None: untimed
    pause: float  # seconds between a reveal and the next question
    seed: str | None = None  # what all that is left to chance follows from; None: nobody can know it
    parent: int | None = None  # the channel of a thread
    scheduled: bool = False  # it begins by the server's schedule, which `starter` has set
    ping: int | None = None  # the role that its first message calls
    of_the_day: bool = False  # the one question stands for `window`, beside other rounds there


@dataclass(slots=True, eq=False)
class QueuedEvent:
    """An event, or a change of the round, that is to be journaled."""

    what: Event | Callable[[Round], Step]
    at: float  # when it happened, by the host's clock
    repeatable: bool  # if it cannot be kept, whoever did it is told so and may do it again; else it must be kept
    done: "asyncio.Future[tuple[Reply, ...]]"  # it is in the journal, or has not happened

    def fail(self, error: Exception) -> None:
        """Tell whoever waits for it that it has not happened."""
        if not self.done.done():
            self.done.set_exception(error)
            self.done.exception()  # or asyncio complains of it where nobody waits


@dataclass(slots=True, eq=False)
class HostedRound:
    """A round in memory: as the journal has it, with what is under way for it. Times are the host's clock."""

    server: int
    started: float
    round: Round
    number: int = 0  # of the last event; a number is never used twice, also where its event could not be written
    table_message: int | None = None  # the final table, which is edited where something changes after it
    ended: float | None = None  # when all of it was over
    due: float | None = None  # when the round wants to hear that time has passed
    quiet_since: float = 0.0  # when its last event was written
    members: TakingPart | None = None  # as the journal has them; None: it is not known whether it has them all
    began_with: Learnt | None = None  # what was taught then: it is graded by that, and shown; None: not known here
    # Of an earlier process:
    anew: bool = False  # it has not been told yet that this is another one
    heard_before: float | None = None  # when Discord was last heard in its server by then
    outdated: bool = False  # it was kept in another format: if it is on, it ends
    unsure: frozenset[str] = frozenset()  # steps of posts, and keys of news, that may have been sent by then
    # Under way:
    queue: list[QueuedEvent] = field(default_factory=list)  # what waits for the write that is under way
    writing: asyncio.Task[None] | None = None
    behind: bool = False  # a write failed: the next one begins with the whole round
    again_at: float = 0.0  # when to try that write again
    to_post: deque[Post] = field(default_factory=deque)
    posting: asyncio.Task[None] | None = None
    id: str = field(init=False)  # of the round

    def __post_init__(self) -> None:
        self.id = self.round.setup.id

    @property
    def can_let_go(self) -> bool:
        """Whether a member can be taken out of it: it is over, or stands for a day and does without them."""
        return isinstance(self.round.phase, Ended) or self.round.setup.of_the_day

    @property
    def topics(self) -> frozenset[str]:
        """The ids of the topics that it asks about, has asked about or may ask about."""
        round_ = self.round
        asked = (turn.question for turn in round_.turns)
        return frozenset(question.topic for question in (*asked, *round_.planned, *round_.spares))

    @property
    def over(self) -> bool:
        """Whether it has ended, and all of it is posted and told."""
        return isinstance(self.round.phase, Ended) and not self.round.outbox and not self.round.news

    @property
    def idle(self) -> bool:
        """Whether nothing of it is being written, or waits to be."""
        return not self.queue and (self.writing is None or self.writing.done())

    def handle(self, event: Event, at: float) -> Effects:
        """Take the round over an event, and return what it wants done."""
        was = self.round
        self.round, effects = machine.handle(was, event, at)
        if isinstance(event, Posted) and self.table_message is None:
            post = next((post for post in was.outbox if post.step == event.step), None)
            self.table_message = event.message.id if isinstance(post, PostTable) else None
        return effects


def begun(
    learnt: Learnt, asked: Start, recent: Sequence[str], now: float, leaving: Collection[str] = ()
) -> tuple[HostedRound, Effects]:
    """Draw the questions of a new round, without those asked recently if there are others, and without any of topics
    that are about to go. Raises NothingToDraw."""
    seeded = asked.seed is not None
    chance = Chance(asked.seed if asked.seed is not None else secrets.token_hex(8))
    wanted = replace(asked.wanted, withheld=(*asked.wanted.withheld, *leaving))
    drawing = learnt.pool.draw(wanted, chance, () if seeded else recent)
    setup = Setup(
        secrets.token_hex(4),
        asked.channel,
        asked.starter,
        secrets.token_hex(16),
        asked.window,
        asked.pause,
        0.0 if asked.of_the_day else LEAD_IN,
        seeded=seeded,
        parent=asked.parent,
        scheduled=asked.scheduled,
        ping=asked.ping,
        of_the_day=asked.of_the_day,
        again=asked.of_the_day and drawing.questions[0].key in recent,
        own=tuple(sorted(learnt.own.keys() & {one.topic for one in (*drawing.questions, *drawing.spares)})),
    )
    round_, effects = machine.start(setup, drawing, now)
    return HostedRound(asked.server, now, round_, began_with=learnt), effects


@dataclass(slots=True)
class Write:
    """Events that go into one write of the journal, and the round as it is after them."""

    after: HostedRound
    whole: bool  # write the round in place of all its events so far
    events: list[EventRow] = field(default_factory=list)
    taken: list[tuple[QueuedEvent, Effects]] = field(default_factory=list)  # with what the round wants done about each
    scores: bool = False  # write the points that members have by then too
    told_back: bool = False  # the round has heard that Discord is heard again

    def entries(self, before: HostedRound, now: float) -> list[Entry]:
        """What the journal is to write; `before` is the round as it has it."""
        if self.whole:
            entries = rows_of(self.after, now)
        else:
            new = self.after.round.names.keys() - before.round.names.keys()
            entries = [*self.events, *(Joined(before.id, one) for one in new)]
            if new and (known := before.members):
                self.after.members = TakingPart(before.id, known.named | new, known.pressed | new)
        return [*entries, points_rows(self.after, now)] if self.scores else entries


def handled(hosted: HostedRound, queue: Sequence[QueuedEvent]) -> Write:
    """The round as it is after these; an event that it cannot take has not happened."""
    write = Write(copy(hosted), hosted.behind)
    if hosted.behind:
        write.after.members = None
    for queued in queue:
        after, was = write.after, write.after.round
        effects: Effects = ()
        try:
            if callable(queued.what):
                after.round, effects = queued.what(was)
                write.whole = True
            else:
                row = event_row(after, queued.what, queued.at)
                effects = after.handle(queued.what, queued.at)
                after.number = row.number
                write.events.append(row)
        except Exception as error:
            after.round = was
            _log.exception("Round %s cannot take %s", hosted.id, type(queued.what).__name__)  # not what was written
            queued.fail(error)
            continue
        write.scores |= RecordScores() in effects
        write.told_back |= isinstance(queued.what, Resumed | VersionChanged)
        write.whole |= isinstance(after.round.phase, Ended) or type(was.phase) is not type(after.round.phase)
        write.whole |= _for_others(was) != _for_others(after.round)  # who have to know
        write.taken.append((queued, effects))
    return write


def _for_others(round_: Round) -> object:
    """What other processes keep back by, besides who has pressed."""
    turn = round_.current
    return (turn.closes, turn.saw, turn.final) if turn else None


def rows_of(hosted: HostedRound, now: float) -> list[Entry]:
    """The round as it is kept whole, with who is in it, where the journal does not have that yet, what it asks, and
    whether something is disputed after it. Notes who is in it as what the journal has."""
    round_, asked = hosted.round, open_question(hosted, now)
    known, hosted.members = hosted.members, TakingPart(hosted.id, machine.named_in(round_), round_.kept_back_from)
    entries: list[Entry] = [round_row(hosted, now), *_who_changed(known, hosted.members)]
    if asked:
        entries.append(asked)
    if hosted.over and (round_.unreached or round_.with_reviewers):
        entries.append(DisputesRow(hosted.id, hosted.server, bool(round_.unreached), bool(round_.with_reviewers)))
    return entries


def _who_changed(known: TakingPart | None, now: TakingPart) -> list[Entry]:
    """What is to be written of who is in a round, as all of it is rows of up to hundreds of members."""
    if known is None or known.named - now.named or known.pressed - now.pressed or now.named - known.named - now.pressed:
        return [now]
    return [Joined(now.round_id, member) for member in now.pressed - known.pressed]


def open_question(hosted: HostedRound, now: float) -> OpenQuestionRow | None:
    """What the round is asking, for other processes; None where it asks nothing."""
    turn, setup = hosted.round.current, hosted.round.setup
    if turn is None:
        return None
    question, text = turn.question, text_of(turn.question)
    closes = now + LONGEST_UNTIMED if turn.closes is None else max(now, turn.closes)
    return OpenQuestionRow(
        hosted.id,
        hosted.server,
        setup.channel,
        setup.parent,
        turn.number,
        question.topic,
        _as_json(sorted(question.experiments)),
        text.ask,
        text.shown,
        turn.closes,
        closes + KEPT_BACK_AFTER,
        own=question.topic in setup.own,
        of_the_day=setup.of_the_day,
    )


def round_row(hosted: HostedRound, now: float) -> RoundRow:
    """The round as the journal keeps it whole, in place of all its events so far."""
    round_ = hosted.round
    questions = [*(turn.question for turn in round_.turns), *round_.planned]
    return RoundRow(
        hosted.id,
        hosted.server,
        round_.setup.channel,
        hosted.started,
        (hosted.ended or now) if hosted.over else None,
        _as_json([one.key for one in questions]),
        _as_json(machine.of_round(round_)),
        hosted.number,
        hosted.table_message,
        machine.FORMAT,
    )


def event_row(hosted: HostedRound, event: Event, at: float) -> EventRow:
    """The event as the journal keeps it, after the last one of that round."""
    return EventRow(hosted.id, hosted.number + 1, at, _as_json(machine.of_event(event)))


def points_rows(hosted: HostedRound, now: float) -> PointsOf:
    """What each member earned with each question that counts; a dispute decided later does not make it later."""
    round_, counts, at = hosted.round, ranked(hosted.round), hosted.ended or now
    rows = [
        PointsRow(
            hosted.id,
            turn.number,
            member,
            hosted.server,
            round_.names[member].name,
            turn.question.topic,
            turn.question.key,
            share,
            counts,
            at,
            turn.question.topic in round_.setup.own,
        )
        for turn in counted(round_)
        for member, share in earned(turn).items()
    ]
    return PointsOf(hosted.id, tuple(rows))


def replayed(row: RoundRow, events: Iterable[EventRow], kinds: Kinds) -> HostedRound:
    """A round of an earlier process, as it was after these events. Raises Unreadable."""
    try:
        hosted = _replayed(row, events, kinds)
    except Exception as error:  # all that it says may be somebody's answer
        _log.error("Round %s cannot be read: %s", row.round_id, type(error).__name__)
        raise Unreadable from None
    hosted.unsure = frozenset([*(post.step for post in hosted.round.outbox), *(news.key for news in hosted.round.news)])
    hosted.anew = True
    hosted.outdated = row.format < machine.FORMAT
    return hosted


def _replayed(row: RoundRow, events: Iterable[EventRow], kinds: Kinds) -> HostedRound:
    round_ = machine.round_of(json.loads(row.state), kinds, row.format)
    hosted = HostedRound(row.server_id, row.started_at, round_, row.up_to, row.table_message, row.ended_at)
    for one in events:
        event = machine.event_of(json.loads(one.event), row.format)
        hosted.handle(event, one.at)
        hosted.number = one.number
    return hosted


def channels_of(rounds: Iterable[HostedRound]) -> list[tuple[int, int]]:
    """The servers and channels of those that no member can be taken out of."""
    return [(one.server, one.round.setup.channel) for one in rounds if not one.can_let_go]


def question_keys(asked: Iterable[str]) -> tuple[str, ...]:
    """The keys of the questions of several rounds, from their rows, in the same order."""
    return tuple(key for one in asked for key in json.loads(one))
