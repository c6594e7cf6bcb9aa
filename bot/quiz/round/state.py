"""A round as a value: what was asked, who answered what, where it stands, and when it is due.

All times are Discord's clock, seconds since the epoch, except what is named `host_...`: the clock of `now`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal, TypeVar

from pydantic import Field

from bot.quiz.grading import Grade
from bot.quiz.kinds.base import Answer, DrawnQuestion, Metrics
from bot.quiz.round.effects import AskReview, Effect, News, Post
from bot.quiz.round.events import Lost, Message

MODAL_GRACE = 15.0  # a form opened before the close may come back this much late


@dataclass(frozen=True, slots=True)
class Setup:
    """How a round was started."""

    id: str
    channel: int  # where it is played; the id of the thread where that is one
    starter: int  # the member who started it; 0 where they wanted to be forgotten
    secret: str  # what the seeds of its experiments follow from: nobody outside may know it
    window: float | None = 20.0  # seconds to answer each question; None: untimed
    pause: float = 10.0  # seconds between a reveal and the next question
    lead_in: float = 15.0  # seconds between the announcement and the first question
    seeded: bool = False  # whether the draw follows from a seed that somebody gave: then it is not ranked
    parent: int | None = None  # the channel of a thread


@dataclass(frozen=True, slots=True)
class LockedAnswer:
    """A member's answer as the round keeps it."""

    id: int  # of the interaction that it came in; a later one has a higher id
    at: float
    answer: Answer
    opened: float | None = None  # when the form was given out that it came in


Judged = Literal["asked", "accepted", "rejected"]
Void = Literal["cut", "failed", "skipped", "stopped", "lost", "unclear", "updated"]
REPLACED: frozenset[str] = frozenset({"cut", "failed", "unclear"})  # no one's choice: another question is asked instead


@dataclass(frozen=True, slots=True)
class Ruling:
    """Who has decided a dispute."""

    about: int  # the member whose appeal it is; 0: the flag of the question
    by: int  # the member who decided
    name: str  # what they were called then


@dataclass(frozen=True, slots=True)
class Turn:
    """One question as it was asked in this round. Keys of mappings are members, unless said otherwise."""

    number: int  # from 0, those included that do not count
    question: DrawnQuestion
    opens: float
    closes: float | None  # None: untimed, and not closed yet
    host_sent: float  # when it was about to be posted
    message: Message | None = None  # None: it is not known that it was posted
    extended: bool = False  # it appeared late, so its window was put off
    answers: Mapping[int, LockedAnswer] = field(default_factory=dict)
    modals: Mapping[int, float] = field(default_factory=dict)  # when the last form was given out to each
    votes: tuple[int, ...] = ()  # members who want it skipped
    downs: tuple[tuple[float, float], ...] = ()  # from when to when Discord was not heard meanwhile
    void: Void | None = None  # why it does not count
    replaced: bool = False  # another question is asked in its place
    revealed: bool = False  # what is right has been, or is being, shown
    seed: int | None = None  # of its runs, chosen when it closed
    metrics: tuple[Metrics, ...] | None = None  # what its runs measured
    grades: Mapping[int, Grade] = field(default_factory=dict)  # by the id of the answer
    flag: Judged | None = None  # where members find it unclear
    flagged_by: tuple[int, ...] = ()
    appeals: Mapping[int, Judged] = field(default_factory=dict)  # "I was right"
    accepted: tuple[Answer, ...] = ()  # on appeal: these, and all like them, have full points
    rulings: tuple[Ruling, ...] = ()
    cut_by_update: bool = False  # it was open when the round was ended because the bot is another version

    @property
    def settled(self) -> bool:
        """Whether all is there that the reveal needs."""
        if self.question.runs:
            return self.metrics is not None
        return not self.question.graded or all(a.id in self.grades for a in self.answers.values())

    def ruling(self, about: int) -> Ruling | None:
        """Who has decided the appeal of that member, or the flag (0)."""
        return next((one for one in self.rulings if one.about == about), None)

    def lateness(self, at: float, opened: float | None = None) -> float:
        """By how many seconds an answer made at `at` is late; 0 or less where it is in time."""
        if self.closes is None:
            return 0.0
        grace = MODAL_GRACE if opened is not None and opened <= self.closes else 0.0
        return at - self.closes - grace


@dataclass(frozen=True, slots=True)
class LeadIn:
    """Announced; the first question comes at `until`."""

    until: float
    phase: Literal["lead-in"] = "lead-in"


@dataclass(frozen=True, slots=True)
class Asking:
    """A question is open, or has just closed and answers made in time may still arrive."""

    turn: int
    phase: Literal["asking"] = "asking"


@dataclass(frozen=True, slots=True)
class Closing:
    """The answers are in; its run or the grades are awaited."""

    turn: int
    until: float  # when that is given up
    stop: bool = False  # the round ends after the reveal
    phase: Literal["closing"] = "closing"


@dataclass(frozen=True, slots=True)
class Pause:
    """Between a reveal and the next question."""

    until: float
    phase: Literal["pause"] = "pause"


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
    down: bool = False  # it said that the bot restarts, and not yet that it is back
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


Step = tuple[Round, tuple[Effect, ...]]


REVEAL_WAIT = 1.5  # for presses made in time that are still on their way
QUIET = 30.0  # an untimed question closes when all who have played are locked and this long nothing came
LONGEST_UNTIMED = 24 * 3600.0
MOST_CUT = 0.25  # of a window; what lost more is not fair to score


def wake(round_: Round) -> float | None:
    """When something is due (Discord's clock), if nothing happens before."""
    match round_.phase:
        case LeadIn(until) | Pause(until) | Closing(_, until):
            return until
        case Asking(number):
            turn = round_.turns[number]
            return auto_close(round_, turn) if turn.closes is None else reveal_due(turn)
        case Ended():
            return None


def players(round_: Round) -> frozenset[int]:
    """Those with an answer in this round."""
    return frozenset(member for turn in round_.turns for member in turn.answers)


def auto_close(round_: Round, turn: Turn) -> float:
    """When an untimed question closes by itself, as things stand."""
    longest = turn.opens + LONGEST_UNTIMED
    if not turn.answers or players(round_) - set(turn.answers):
        return longest
    return min(longest, max(answer.at for answer in turn.answers.values()) + QUIET)


def reveal_due(turn: Turn) -> float | None:
    """When the answers of a closed question are complete; None while it is not known that it was posted."""
    if turn.closes is None or turn.message is None:
        return None
    return turn.closes + REVEAL_WAIT + (MODAL_GRACE if _forms_out(turn, turn.closes) else 0.0)


def _forms_out(turn: Turn, closes: float) -> bool:
    """Whether forms are still out that count when they come back: a reveal now would give their answers away."""
    for member, opened in turn.modals.items():
        if opened <= closes and (member not in turn.answers or turn.answers[member].at < opened):
            return True
    return False


def cut_too_short(turn: Turn) -> bool:
    """Whether we heard nothing for more than a quarter of the window."""
    if turn.closes is None:
        return False
    lost = sum(max(0.0, min(end, turn.closes) - max(start, turn.opens)) for start, end in turn.downs)
    return lost > MOST_CUT * (turn.closes - turn.opens)


V = TypeVar("V")
NOBODY = 0


def without(round_: Round, member: int) -> Round:
    """Neither their name nor a word of theirs is left. The points of others stay as they are."""
    starter = NOBODY if round_.setup.starter == member else round_.setup.starter
    news = tuple(one for one in round_.news if not isinstance(one, AskReview) or one.member != member)
    return replace(
        round_,
        setup=replace(round_.setup, starter=starter),
        turns=tuple(_turn(turn, member) for turn in round_.turns),
        names=_left(round_.names, member),
        news=news,
    )


def _turn(turn: Turn, member: int) -> Turn:
    locked = turn.answers.get(member)
    answers = _left(turn.answers, member)
    return replace(
        turn,
        answers=answers,
        modals=_left(turn.modals, member),
        appeals=_left(turn.appeals, member),
        grades={one.id: turn.grades[one.id] for one in answers.values() if one.id in turn.grades},
        accepted=_accepted(turn, locked.answer, [one.answer for one in answers.values()]) if locked else turn.accepted,
        rulings=tuple(one for one in turn.rulings if member not in (one.about, one.by)),
        votes=tuple(one for one in turn.votes if one != member),
        flagged_by=tuple(one for one in turn.flagged_by if one != member),
    )


def _accepted(turn: Turn, gone: Answer, others: list[Answer]) -> tuple[Answer, ...]:
    """What was accepted; where others had it like the one who is gone, in their words, or as the bare number."""
    heir = next((one for one in others if turn.question.alike(one, gone)), None)
    left = replace(gone, text="") if heir and gone.number is not None else heir
    accepted = (left if one == gone else one for one in turn.accepted)
    return tuple(one for one in accepted if one is not None)


def _left(found: Mapping[int, V], gone: int) -> Mapping[int, V]:
    return {key: value for key, value in found.items() if key != gone}
