"""A round as a value: what was asked, where it stands, and when it is due; and how it goes on.

What takes a round further (to ask, to reveal, to void, to finish) returns the round as it is then and what it wants
done: a `Step`. All times are Discord's clock, seconds since the epoch, except what is named `host_...`: the clock of
`now`."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bot.quiz.chance import SEEDS, Chance
from bot.quiz.kinds.base import DrawnQuestion
from bot.quiz.round.effects import (
    AskReview,
    DrawPicture,
    EditLeadIn,
    EditQuestion,
    EditReveal,
    EditReview,
    EditTable,
    EditWaiting,
    Effect,
    Lost,
    Message,
    News,
    Post,
    PostQuestion,
    PostTable,
    PostWaiting,
    RecordScores,
    RunExperiment,
    Tell,
    TellStarter,
    Told,
)
from bot.quiz.round.turn import REPLACED, Turn, Void, Waiting

PATIENCE = 60.0  # seconds, for a run or grades; without the run the question is voided, without a grade it is revealed
SAID_AFTER = 1.5  # seconds that a run or grades take before the message says that they are awaited
QUIET = 30.0  # an untimed question closes when all who have played before are locked and this long nothing came
QUIET_AT_FIRST = 120.0  # the same where nobody has played before: nobody knows how many are still thinking
LONGEST_UNTIMED = 24 * 3600.0
LEAD_IN = 15.0  # seconds, unless it is said otherwise
DRAWING = 20.0  # seconds that a question waits for its picture; a run takes at most 10, and others may be before it
NOBODY = 0  # who started a round, where they wanted to be forgotten
LATE_AFTER = 1.0  # seconds that a question may appear after the time chosen for it


@dataclass(frozen=True, slots=True)
class Setup:
    """How a round was started."""

    id: str
    channel: int  # where it is played; the id of the thread where that is one
    starter: int  # the member who started it, or NOBODY
    secret: str  # what the seeds of its experiments follow from: nobody outside may know it
    window: float | None = 20.0  # seconds to answer each question; None: untimed
    pause: float = 10.0  # seconds between a reveal and the next question
    lead_in: float = LEAD_IN  # seconds between the announcement and the first question
    seeded: bool = False  # whether the draw follows from a seed that somebody gave: then it is not ranked
    parent: int | None = None  # the channel of a thread
    scheduled: bool = False  # it began by the server's schedule; the starter is who set that
    ping: int | None = None  # the role that its first message calls
    of_the_day: bool = False  # it has one question, which stands for a day: see `of_the_day`
    own: tuple[str, ...] = ()  # the ids of those of its topics that are the server's own
    again: bool = False  # of a question of the day: all like it were asked in its channel before


@dataclass(frozen=True, slots=True)
class LeadIn:
    """Announced; the first question comes at `until`."""

    until: float
    phase: Literal["lead-in"] = "lead-in"
    waits: str = ""  # the key of the question whose picture was not there by then, and is waited for until now


@dataclass(frozen=True, slots=True)
class Asking:
    """A question is open, or has just closed and answers made in time may still arrive."""

    turn: int
    stop: bool = False  # the round ends after the reveal
    phase: Literal["asking"] = "asking"


@dataclass(frozen=True, slots=True)
class Closing:
    """The answers are in; its run or the grades are awaited."""

    turn: int
    until: float  # when that is given up
    stop: bool = False  # the round ends after the reveal
    phase: Literal["closing"] = "closing"

    @property
    def said_due(self) -> float:
        """When the message has to say that it is awaited."""
        return self.until - PATIENCE + SAID_AFTER


@dataclass(frozen=True, slots=True)
class Pause:
    """Between a reveal and the next question."""

    until: float
    phase: Literal["pause"] = "pause"
    waits: str = ""  # as in `LeadIn`


Why = Literal["finished", "stopped", "nobody", "lost", "updated"]


@dataclass(frozen=True, slots=True)
class Ended:
    """The round is over."""

    why: Why
    lost: Lost | None = None  # how it lost its channel: nothing more can be posted there
    permission: str = ""  # the one that is missing, if that is how
    phase: Literal["ended"] = "ended"


Phase = Annotated[LeadIn | Asking | Closing | Pause | Ended, Field(discriminator="phase")]


@dataclass(frozen=True, slots=True)
class Name:
    """What a member was called at their last press, `at`."""

    name: str
    at: float


@dataclass(frozen=True, slots=True)
class InReview:
    """A dispute that is before reviewers, and where: the message can be deleted, and its channel."""

    dispute: AskReview
    channel: int
    message: int


@dataclass(frozen=True, slots=True)
class Unreached:
    """A dispute that nobody has got who may decide it: no channel for reviews, nor whoever started."""

    dispute: AskReview
    told: bool = False  # whoever disputes was told that nobody can be asked in the round's channel either


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """The message by which moderators are asked, where all can read it, to decide what waits."""

    channel: int
    count: int  # of disputes that it speaks of
    message: Message | None = None  # None: it is not known that it was posted
    anew: bool = False  # it was deleted, and posted anew: not a second time


@dataclass(frozen=True, slots=True)
class Round:
    """A round, from its announcement to what is decided about it days later."""

    setup: Setup
    planned: tuple[DrawnQuestion, ...]  # still to be asked
    spares: tuple[DrawnQuestion, ...]  # asked in place of questions that do not count through no one's choice
    phase: Phase
    turns: tuple[Turn, ...] = ()
    names: Mapping[int, Name] = field(default_factory=dict)
    outbox: tuple[Post, ...] = ()  # posts and edits that are not confirmed yet
    posts: int = 0  # how many there were: the number in the next step
    news: tuple[News, ...] = ()  # what is to be told elsewhere, and is not told yet
    with_starter: tuple[AskReview, ...] = ()  # disputes that whoever started has got, and has not decided yet
    with_reviewers: tuple[InReview, ...] = ()  # what is in the channel for reviews, and not decided yet
    shown_in: tuple[InReview, ...] = ()  # where what members wrote stands before those who decide, or have decided
    unreached: tuple[Unreached, ...] = ()
    waiting_message: WaitingMessage | None = None  # None: there is none, or it says that nothing waits any more
    untold: bool = False  # it lost its channel, and nobody could be told why
    kept_until: float = (
        0.0  # of a question of the day: until when what is to be posted of its end waits for a permission
    )
    down: bool = False  # it said that the bot restarts, and not yet that it is back
    announced: Message | None = None  # the message that announced it, once it is known to be there
    forgotten: tuple[Mapping[int, float], ...] = ()  # of each who wanted to be: what they had earned, by the turns
    stopped_by: int | None = None  # the member; 0 where they wanted to be forgotten
    host_now: float = 0.0
    skew: float = 0.0  # seconds that Discord's clock is ahead of the host's, at least

    @property
    def now(self) -> float:
        """Discord's clock, as well as we know it."""
        return self.host_now + self.skew

    @property
    def current(self) -> Turn | None:
        """The question that has not been revealed yet."""
        return self.turns[self.phase.turn] if isinstance(self.phase, Asking | Closing) else None

    def run_seed(self, turn: Turn) -> int:
        """What the runs of a question that closes when its turn says start from: nobody can have tried it before."""
        return Chance(self.setup.secret).number(f"run/{turn.number}/{turn.closes}", SEEDS)

    @property
    def run_at_close(self) -> RunExperiment | None:
        """The run of the question that is open, should it close when it is to; None where none decides it, or no time
        is set."""
        turn = self.current if isinstance(self.phase, Asking) else None
        if turn is None or turn.closes is None or not turn.question.runs:
            return None
        return RunExperiment(turn.number, turn.question.runs, self.run_seed(turn))

    @property
    def lost(self) -> bool:
        """Whether nothing can be posted any more."""
        return isinstance(self.phase, Ended) and self.phase.lost is not None

    def turn(self, number: int) -> Turn | None:
        """The turn of that number, if it was asked."""
        return self.turns[number] if number in range(len(self.turns)) else None

    def with_turn(self, turn: Turn) -> "Round":
        """The round with that turn in place of the one of its number."""
        return replace(self, turns=(*self.turns[: turn.number], turn, *self.turns[turn.number + 1 :]))

    def post(self, step: str) -> Post | None:
        """The post of that step, if it is not confirmed yet."""
        return next((post for post in self.outbox if post.step == step), None)

    def without_post(self, step: str) -> "Round":
        """The round with the post of that step out of its outbox."""
        return replace(self, outbox=tuple(post for post in self.outbox if post.step != step))

    @property
    def players(self) -> frozenset[int]:
        """Those with an answer in this round."""
        return frozenset(member for turn in self.turns for member in turn.answers)

    @property
    def kept_back_from(self) -> frozenset[int]:
        """Those who have pressed, and are not told what is asked: of a question of the day, until they have locked
        their answer for good or given up."""
        turn = self.current
        done = {*turn.saw, *turn.final} if self.setup.of_the_day and turn else set()
        return frozenset(self.names) - done

    @property
    def host_due(self) -> float | None:
        """When something is due, if nothing happens before."""
        match self.phase:
            case LeadIn(until) | Pause(until):
                return until - self.skew
            case Closing(number, until) as closing:
                return (until if self.turns[number].said_found else closing.said_due) - self.skew
            case Asking(number):
                turn = self.turns[number]
                at = self.auto_close(turn) if turn.closes is None else turn.reveal_due
                return None if at is None else min(at, turn.retold_due or at) - self.skew
            case Ended():
                return self.kept_until - self.skew if self.kept_until and self.outbox else None

    @property
    def drawing(self) -> "tuple[Effect, ...]":
        """The picture that is to be drawn before the next question."""
        following = self.planned[0] if self.planned else None
        if following is None or following.picture is None or not following.undrawn:
            return ()
        return (DrawPicture(following.key, following.picture),)

    def auto_close(self, turn: Turn) -> float:
        """When an untimed question closes by itself, as things stand; what ran while we were away does not count."""
        longest = max(turn.opens + LONGEST_UNTIMED, turn.again + QUIET)
        before = self.played_before(turn)
        if not turn.answers or before - set(turn.answers):
            return longest
        quiet = QUIET if before else QUIET_AT_FIRST
        return min(longest, max(turn.again, *(answer.at for answer in turn.answers.values())) + quiet)

    def played_before(self, turn: Turn) -> frozenset[int]:
        """Those with an answer to an earlier question of this round."""
        return frozenset(member for one in self.turns[: turn.number] for member in one.answers)

    def saying(self, turn: Turn, writing: int) -> "Step":
        """Have the message of a question say that it has closed, and what is waited for: so many answers, or (0) what
        is right."""
        round_ = self.with_turn(replace(turn, waiting=Waiting(self.now, writing)))
        return round_.posting(f"q{turn.number}.w", lambda step: EditQuestion(step, turn.number))

    def is_open(self, turn: Turn) -> bool:
        """Whether it is the question that is being asked."""
        return isinstance(self.phase, Asking) and self.phase.turn == turn.number

    def waits_for(self, turn: Turn, at: float) -> bool:
        """Whether that question had closed by `at`, and is to be revealed."""
        if isinstance(self.phase, Closing):
            return self.phase.turn == turn.number
        return self.is_open(turn) and turn.message is not None and turn.closes is not None and at >= turn.closes

    @property
    def outstanding(self) -> "tuple[Effect, ...]":
        """All that was asked for and is not there yet."""
        closed = [turn for turn in self.turns if not turn.void and not self.is_open(turn)]
        drawing = () if isinstance(self.phase, Ended) else self.drawing
        return (*self.outbox, *self.news, *(effect for turn in closed for effect in turn.awaited), *drawing)

    # How it goes on

    def posting(self, name: str, make: Callable[[str], Post]) -> "Step":
        """Put a post in the outbox. Its step is `name` and a number that is never used again in this round."""
        post = make(f"{name}.{self.posts}")
        kept = tuple(earlier for earlier in self.outbox if not _pointless(earlier, post))
        return replace(self, outbox=(*kept, post), posts=self.posts + 1), (post,)

    def next_question(self) -> "Step":
        """Ask the next question; the end of its window is chosen before it is sent.

        Where its picture is not there it is waited for, once; then another question takes its place.
        """
        if not self.planned:
            return self.finished("finished")
        if self.planned[0].undrawn:
            return self._waiting()
        number, window = len(self.turns), self.setup.window
        opens = math.ceil(self.now) + 1.0
        turn = Turn(number, self.planned[0], opens, None if window is None else opens + window, self.host_now)
        asking = replace(self, planned=self.planned[1:], turns=(*self.turns, turn), phase=Asking(number))
        round_, post = asking.posting(f"q{number}", lambda step: PostQuestion(step, number))
        return round_, (*post, *round_.drawing)

    @property
    def waits(self) -> str:
        """The key of the question whose picture is waited for; empty where nothing waits for one."""
        return self.phase.waits if isinstance(self.phase, LeadIn | Pause) else ""

    def _waiting(self) -> "Step":
        """Wait for the picture of the next question, unless that has been done for long enough."""
        first = self.planned[0].key
        if self.waits == first:  # long enough
            return self.without_planned(first).instead()
        if not isinstance(self.phase, LeadIn | Pause):
            return self, ()
        round_ = replace(self, phase=replace(self.phase, until=self.now + DRAWING, waits=first))
        return (round_, ()) if self.waits else round_.announced_anew()

    @property
    def begun(self) -> bool:
        """Whether a question is known to have been shown."""
        return any(turn.message for turn in self.turns)

    def announced_anew(self) -> "Step":
        """Change the announcement: until a question is there it says when the first one comes."""
        if (message := self.announced) is None or self.begun:
            return self, ()
        return self.posting("lead.on", lambda step: EditLeadIn(step, message))

    def instead(self) -> "Step":
        """Go on with the question that took the place of one that was waited for."""
        drawing = self.drawing
        round_, effects = self.next_question()
        return round_, (*drawing, *effects) if round_.waits else effects

    def without_planned(self, key: str) -> "Round":
        """The round without a question that cannot be shown: one that stands by is asked in its place, if one does.

        One without a picture is preferred: what could not draw one may fail again.
        """
        spare = next((one for one in self.spares if not one.undrawn), next(iter(self.spares), None))
        instead = () if spare is None else (spare,)
        planned = tuple(one for kept in self.planned for one in (instead if kept.key == key else (kept,)))
        return replace(self, planned=planned, spares=tuple(one for one in self.spares if one is not spare))

    def appeared(self, turn: Turn, message: Message) -> "Step":
        """Note that a question is there. Where it came more than 1 s late its window is put off, once."""
        if turn.message is not None:
            return self, ()
        round_, effects = self.announced_anew()
        turn, window, number = replace(turn, message=message), self.setup.window, turn.number
        put_off = window is not None and not self.setup.of_the_day  # whose reveal has its time
        if window is not None and put_off and not turn.void and message.at > turn.opens + LATE_AFTER:
            opens = float(math.ceil(message.at))
            turn = replace(turn, opens=opens, closes=opens + window, extended=True)
            round_, late = round_.posting(f"q{number}.late", lambda step: EditQuestion(step, number))
            effects = (*effects, *late)
        round_ = round_.with_turn(turn)
        if not round_.is_open(turn) or not turn.cut_too_short or self.setup.of_the_day:
            return round_, effects
        round_, more = round_.voided(turn, "cut")
        return round_, (*effects, *more)

    def voided(self, turn: Turn, why: Void) -> "Step":
        """The question does not count. Where it is the current one the round goes on, with another if one stands by."""
        current = self.current is not None and self.current.number == turn.number
        round_ = self.with_turn(replace(turn, void=why, revealed=True))
        if not current:
            return round_.rescored(turn.number)
        stood = self.setup.of_the_day and turn.message is not None  # another one would be that of another day
        if why in REPLACED and self.spares and not stood:
            round_ = round_.with_turn(replace(round_.turns[turn.number], replaced=True))
            round_ = replace(round_, planned=(self.spares[0], *self.planned), spares=self.spares[1:])
        round_, effects = round_._going_on_after_reveal(turn.number)
        match why:
            case "deleted" | "failed" | "untaught" if stood:
                effects = (*effects, TellStarter(why))
        return round_, effects if isinstance(round_.phase, Ended) else (*effects, *round_.drawing)

    def revealed(self, number: int) -> "Step":
        """Edit the question into its reveal, or into what became of it since; nothing where nothing can be posted."""
        return (self, ()) if self.lost else self.posting(f"q{number}.r", lambda step: EditReveal(step, number))

    def rescored(self, number: int) -> "Step":
        """Show that something changed about a question that was revealed before."""
        round_, effects = self.revealed(number)
        if not isinstance(self.phase, Ended):
            return round_, effects
        if not self.lost:
            round_, post = round_.posting("table", EditTable)
            effects = (*effects, *post)
        return round_, (*effects, RecordScores())

    def found_out(self, turn: Turn) -> "Step":
        """Take in a question about which something is known that was awaited."""
        round_ = self.with_turn(turn)
        if turn.revealed:
            return round_.rescored(turn.number)
        if not turn.settled or self.is_open(turn):
            return round_, ()
        if isinstance(self.phase, Ended):  # the channel was lost while this was awaited: it counts all the same
            return round_.with_turn(replace(turn, revealed=True)), (RecordScores(),)
        return round_.decided(turn)

    def decided(self, turn: Turn) -> "Step":
        """All is there that the reveal of the current question needs, or will not come: reveal it, and go on."""
        return self.with_turn(replace(turn, revealed=True))._going_on_after_reveal(turn.number)

    def _going_on_after_reveal(self, number: int) -> "Step":
        """Reveal; then a pause and the next question, or the end."""
        round_, effects = self.revealed(number)
        if why := round_._over():
            round_, end = round_.finished(why)
            return round_, (*effects, *end)
        return replace(round_, phase=Pause(round_.now + round_.setup.pause)), effects

    def finished(self, why: Why) -> "Step":
        """End the round, and post the table; not after a question of the day that earned nobody anything."""
        round_, lead_in = replace(self, phase=Ended(why)).announced_anew()
        told = not self.setup.of_the_day or any(turn.answers and not turn.void for turn in self.turns)
        round_, post = round_.posting("table", PostTable) if told else (round_, ())
        doubts = (AskReview(0, 0, "doubts"),) if any(turn.doubted for turn in self.turns) else ()
        return round_, (*lead_in, *post, RecordScores(), *doubts)

    def without_channel(self, why: Lost, permission: str = "", incident: str = "") -> "Step":
        """End it where it is, as nothing can be posted any more. What was earned is recorded, whoever started told. A
        question that is open counts for nobody; one whose time was over by then counts, once it is known what is
        right."""
        ended, round_, awaited = isinstance(self.phase, Ended), self, ()  # type: bool, Round, tuple[Effect, ...]
        if (turn := self.current) is not None and self.is_open(turn):
            closed = self.waits_for(turn, self.now)
            seed = self.run_seed(turn) if closed and turn.question.runs else None
            turn = replace(turn, void=None if closed else "lost", seed=seed)
            turn = replace(turn, revealed=not closed or turn.settled)
            round_, awaited = self.with_turn(turn), () if turn.revealed else turn.awaited
        phase = Ended(self.phase.why if isinstance(self.phase, Ended) else "lost", why, permission)
        of_disputes = [post for post in self.outbox if isinstance(post, PostWaiting | EditWaiting | EditReview)]
        outbox = tuple(post for post in of_disputes if post.channel != self.setup.channel)  # around the thread
        told = (TellStarter(why, permission, incident),) if len(self.outbox) > len(of_disputes) or not ended else ()
        return replace(round_, phase=phase, outbox=outbox), told if ended else (*awaited, RecordScores(), *told)

    def told_of_its_end(self, told: TellStarter, reached: bool) -> "Step":
        """Whoever started was told why it ended, or could not be: then it is said to those who run the server."""
        if reached or told.why == "updated":  # that is said in the channel too
            return self, ()
        if told.to == "starter":
            return self, (replace(told, to="reviews"),)
        return replace(self, untold=self.lost), ()

    def _over(self) -> Why | None:
        if self.turns[-1].void == "stopped" or (isinstance(self.phase, Closing) and self.phase.stop):
            return "stopped"
        counted = [turn for turn in self.turns if turn.void not in REPLACED]
        if len(counted) > 1 and not any(turn.answers or turn.void for turn in counted[-2:]):
            return "nobody"
        return None if self.planned else "finished"


Step = tuple[Round, tuple[Effect, ...]]


def _pointless(earlier: Post, later: Post) -> bool:
    if isinstance(later, EditReveal):
        return isinstance(earlier, EditReveal | EditQuestion) and earlier.turn == later.turn
    if isinstance(later, EditQuestion):
        return isinstance(earlier, EditQuestion) and earlier.turn == later.turn
    if isinstance(later, EditWaiting | EditReview):
        return isinstance(earlier, type(later)) and earlier.message == later.message
    return isinstance(later, EditTable | EditLeadIn) and type(earlier) is type(later)


@dataclass(frozen=True, slots=True)
class Click:
    """One interaction of a member."""

    id: int  # ids grow with time
    at: float
    member: int
    name: str = ""  # what the member is called there
    moderator: bool = False  # may manage messages
    may_start: bool = True  # rounds there, if it is they who started this one; a right can be taken away meanwhile

    def told(self, told: Told, turn: int | None = None) -> Tell:
        """A private answer to it."""
        return Tell(self.id, self.member, told, turn)

    def may_rule(self, round_: Round) -> bool:
        """Whether they moderate there, or started the round and may still start rounds."""
        return self.moderator or (self.member == round_.setup.starter and self.may_start)

    def refused(self, round_: Round, turn: int | None = None) -> Tell:
        """What they are told where they may not."""
        started = self.member == round_.setup.starter
        return self.told(Told.NO_LONGER_ALLOWED if started else Told.NOT_ALLOWED, turn)


class RoundEvent(ABC):
    """Something that happens to a round. A subclass is a frozen dataclass, of which the journal keeps the fields."""

    __slots__ = ()
    phases: ClassVar[frozenset[type[Phase]]]  # in which it is accepted; in others a member is told "not now"

    @abstractmethod
    def happens(self, round_: Round) -> Step:
        """The round after it, and what the round wants done about it, in order."""


# The phases in which an event is accepted.
ALWAYS = frozenset({LeadIn, Asking, Closing, Pause, Ended})
UNTIL_THE_END = frozenset({LeadIn, Asking, Closing, Pause})
UNTIL_REVEALED = frozenset({Asking, Closing})
# An answer made in time, its grade and its dispute may come in any later phase: they concern a question, not the phase.
ONCE_ASKED = frozenset({Asking, Closing, Pause, Ended})
