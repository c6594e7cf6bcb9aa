"""One question as it was asked in a round: who answered what, when it closes, what is awaited, why it does not count.

All times are Discord's clock, seconds since the epoch, except what is named `host_...`: the clock of the host."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.quiz.grading import Grade
from bot.quiz.kinds.base import Answer, DrawnQuestion, Metrics
from bot.quiz.round.effects import Effect, GradeAnswer, Message, RunExperiment

MODAL_GRACE = 15.0  # a form opened before the close may come back this much late
REVEAL_WAIT = 1.5  # for presses made in time that are still on their way
RETOLD_AFTER = 2.0  # seconds between two edits that say how many answers are being written: Discord takes 5 in 5 s
MOST_CUT = 0.25  # of a window; what lost more is not fair to score


@dataclass(frozen=True, slots=True)
class LockedAnswer:
    """A member's answer as the round keeps it."""

    id: int  # of the interaction that it came in; a later one has a higher id
    at: float
    answer: Answer
    opened: float | None = None  # when the form was given out that it came in


Judged = Literal["asked", "accepted", "rejected"]
Void = Literal["cut", "failed", "skipped", "stopped", "lost", "unclear", "updated", "deleted", "untaught"]
REPLACED: frozenset[str] = frozenset(
    {"cut", "failed", "unclear", "deleted", "untaught"}
)  # no one's choice: another question is asked instead


@dataclass(frozen=True, slots=True)
class Ruling:
    """Who has decided a dispute."""

    about: int  # the member whose appeal it is; 0: the flag of the question
    by: int  # the member who decided
    name: str  # what they were called then


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the message of a closed question says that is waited for."""

    at: float  # since when it says so
    writing: int  # how many answers are being written; 0: what is right is being found out


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
    again: float = 0.0  # since when it can be answered again, after a time in which it could not; 0: always could
    stood: tuple[tuple[float, float], ...] = ()  # from when to when time stood still, as no answer could be kept
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
    ended_by: int | None = None  # who skipped it or closed it by *Next*; None: time, all who play, a vote; 0: forgotten
    cut_by_update: bool = False  # it was open when the round was ended because the bot is another version
    shown: bool = False  # its solution, or why it does not count, is known to have been posted
    moved: Message | None = None  # where that stands, if the message of the question had been deleted by then
    waiting: Waiting | None = None  # where its message says that it has closed, and was not revealed yet
    saw: tuple[int, ...] = ()  # of a question of the day: members who were told meanwhile what answers it
    final: tuple[int, ...] = ()  # so too: whose answers are locked for good

    @property
    def counting(self) -> Mapping[int, LockedAnswer]:
        """The answers that can earn something, by the members."""
        return {member: one for member, one in self.answers.items() if member not in self.saw}

    @property
    def stands(self) -> Message | None:
        """The message that shows it."""
        return self.moved or self.message

    @property
    def settled(self) -> bool:
        """Whether all is there that the reveal needs."""
        if self.question.runs:
            return self.metrics is not None
        return not self.question.graded or all(a.id in self.grades for a in self.answers.values())

    @property
    def awaits_run(self) -> bool:
        """Whether it was closed, and what its runs measure is not known yet."""
        return self.seed is not None and self.metrics is None and not self.void

    @property
    def doubted(self) -> tuple[int, ...]:
        """The members whose answers in words were graded below full marks, while the grade is in doubt."""
        if self.void or not self.revealed:
            return ()
        graded = ((member, self.grades.get(locked.id)) for member, locked in self.counting.items())
        return tuple(member for member, grade in graded if grade and grade.doubted and grade.score < 1)

    @property
    def awaited(self) -> tuple[Effect, ...]:
        """What has to be found out before the reveal: again after a restart, and for an answer that came later."""
        if self.seed is not None and self.metrics is None:
            return (RunExperiment(self.number, self.question.runs, self.seed),)
        if not self.question.graded:
            return ()
        return tuple(
            GradeAnswer(self.number, locked.id, self.question.topic, self.question.to_grade(locked.answer.text))
            for locked in self.answers.values()
            if locked.id not in self.grades
        )

    @property
    def reveal_due(self) -> float | None:
        """When the answers of a closed question are complete; None while it is not known that it was posted."""
        if self.closes is None or self.message is None:
            return None
        return self.closes + REVEAL_WAIT + (MODAL_GRACE if self.writing else 0.0)

    def without_form(self, member: int) -> "Turn":
        """The turn where no form is out to that member."""
        return replace(self, modals={one: opened for one, opened in self.modals.items() if one != member})

    @property
    def writing(self) -> tuple[int, ...]:
        """The members whose forms count when they come back: a reveal before would give their answers away."""
        closes = math.inf if self.closes is None else self.closes
        return tuple(
            member
            for member, opened in self.modals.items()
            if opened <= closes and (member not in self.answers or self.answers[member].at < opened)
        )

    @property
    def said_found(self) -> bool:
        """Whether its message says that what is right is being found out."""
        return self.waiting is not None and not self.waiting.writing

    @property
    def retold_due(self) -> float | None:
        """When the message has to say for how many answers it waits, if it does not say that."""
        if self.closes is None or self.message is None or not self.writing:
            return None
        if self.waiting is None:
            return self.closes
        return self.waiting.at + RETOLD_AFTER if self.waiting.writing != len(self.writing) else None

    @property
    def lost(self) -> float:
        """For how many seconds of the window nothing was heard; 0 where it has none."""
        closes = self.opens if self.closes is None else self.closes
        return sum(max(0.0, min(end, closes) - max(start, self.opens)) for start, end in self.downs)

    @property
    def may_lose(self) -> float:
        """How many seconds more may be lost of the window before the question does not count; of none any number."""
        return math.inf if self.closes is None else MOST_CUT * (self.closes - self.opens) - self.lost

    @property
    def cut_too_short(self) -> bool:
        """Whether nothing was heard for more than a quarter of the window; one that had closed by then lost nothing,
        even where it was closed before it opened."""
        return self.lost > 0 and self.may_lose < 0

    def ruling(self, about: int) -> Ruling | None:
        """Who has decided the appeal of that member, or the flag (0)."""
        return next((one for one in self.rulings if one.about == about), None)

    def lateness(self, at: float, opened: float | None = None) -> float:
        """By how many seconds an answer made at `at` is late; 0 or less where it is in time."""
        if self.closes is None:
            return 0.0
        grace = MODAL_GRACE if opened is not None and opened <= self.closes else 0.0
        return at - self.closes - grace
