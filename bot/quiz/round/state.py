"""A round as a value: what was asked, who answered what, where it stands, and when it is due.

All times are Discord's clock, seconds since the epoch, except what is named `host_...`: the clock of `now`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal, TypeVar

from pydantic import Field

from bot.quiz.grading.grade import Grade
from bot.quiz.kinds.base import Answer, DrawnQuestion, Metrics
from bot.quiz.round.effects import AskReview, Effect, News, Post
from bot.quiz.round.events import Lost, Message

MODAL_GRACE = 15.0  # a form opened before the close may come back this much late


@dataclass(frozen=True, slots=True)
class Setup:
    """How a round was started: by whom, in which channel or thread (`parent` is the channel of a thread). `window` is
    None where it is untimed, `seeded` says that a seed was given. `secret` no one outside may know: the seeds of
    experiments follow from it."""

    id: str
    channel: int
    starter: int
    secret: str
    window: float | None = 20.0
    pause: float = 10.0
    lead_in: float = 15.0
    seeded: bool = False
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class LockedAnswer:
    """A member's answer as the round keeps it; `opened` is when the form was given out that it came in."""

    id: int
    at: float
    answer: Answer
    opened: float | None = None


Judged = Literal["asked", "accepted", "rejected"]
Void = Literal["cut", "failed", "skipped", "stopped", "lost", "unclear", "updated"]
REPLACED: frozenset[str] = frozenset({"cut", "failed", "unclear"})  # no one's choice: another question is asked instead


@dataclass(frozen=True, slots=True)
class Ruling:
    """Who has decided a dispute, and what they were called: about the appeal of the member `about`, or the flag (0)."""

    about: int
    by: int
    name: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One question as it was asked in this round."""

    number: int
    question: DrawnQuestion
    opens: float
    closes: float | None
    host_sent: float
    message: Message | None = None
    extended: bool = False
    answers: Mapping[int, LockedAnswer] = field(default_factory=dict)
    modals: Mapping[int, float] = field(default_factory=dict)
    votes: tuple[int, ...] = ()
    downs: tuple[tuple[float, float], ...] = ()
    void: Void | None = None
    replaced: bool = False
    revealed: bool = False
    seed: int | None = None
    metrics: tuple[Metrics, ...] | None = None
    grades: Mapping[int, Grade] = field(default_factory=dict)
    flag: Judged | None = None
    flagged_by: tuple[int, ...] = ()
    appeals: Mapping[int, Judged] = field(default_factory=dict)
    accepted: tuple[Answer, ...] = ()
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
    """The answers are in; the run or the grades are awaited, until `until` at the latest."""

    turn: int
    until: float
    stop: bool = False
    phase: Literal["closing"] = "closing"


@dataclass(frozen=True, slots=True)
class Pause:
    """Between a reveal and the next question."""

    until: float
    phase: Literal["pause"] = "pause"


Why = Literal["finished", "stopped", "nobody", "lost", "updated"]


@dataclass(frozen=True, slots=True)
class Ended:
    """Over. Where the place was lost, `lost` says how, and nothing more can be posted there."""

    why: Why
    lost: Lost | None = None
    permission: str = ""
    phase: Literal["ended"] = "ended"


Phase = Annotated[LeadIn | Asking | Closing | Pause | Ended, Field(discriminator="phase")]


@dataclass(frozen=True, slots=True)
class Name:
    """What a member was called at their last press."""

    name: str
    at: float


@dataclass(frozen=True, slots=True)
class Round:
    """The whole of it."""

    setup: Setup
    planned: tuple[DrawnQuestion, ...]
    spares: tuple[DrawnQuestion, ...]
    phase: Phase
    turns: tuple[Turn, ...] = ()
    names: Mapping[int, Name] = field(default_factory=dict)
    outbox: tuple[Post, ...] = ()
    posts: int = 0
    news: tuple[News, ...] = ()
    down: bool = False
    host_now: float = 0.0
    skew: float = 0.0

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
