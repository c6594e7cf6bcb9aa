"""What is shown once a question has closed: to all (`reveal`), to a member of their round (`receipt`), and to whoever
practises alone (`feedback`); and the run that shows why (`run_to_try`)."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.curriculum.model import Setting
from bot.quiz.grading import Grade
from bot.quiz.kinds.base import Answer, DrawnQuestion, Key, Metrics, Option, QuestionRun, RunToTry
from bot.quiz.round.disputes import Whereabouts, whereabouts
from bot.quiz.round.state import Round
from bot.quiz.round.turn import Judged, Turn, Void
from bot.quiz.scoring import Called, called, counted, earned, points, seconds, was_accepted

WEAK = 0.5  # who made a smaller share of a question's points should look at it again; chosen: less than half is a miss


def run_to_try(question: DrawnQuestion, misled: Sequence[Option] = (), seed: int | None = None) -> RunToTry | None:
    """What decided a prediction, on the same `seed`; else the question's own `try`, or what drew its picture; else what
    refutes the first of the wrong options that were picked, else the experiment that the question names."""
    if question.runs:
        first, *others = question.runs
        return RunToTry(first, seed or 0, _changed(first, others[0]) if len(others) == 1 else {})
    if question.to_try:
        return question.to_try
    if question.picture:
        return RunToTry(question.picture.run, question.picture.seed)
    named = next((option.experiment for option in misled if option.experiment), question.experiment)
    return RunToTry(QuestionRun(named, {})) if named else None


@dataclass(frozen=True, slots=True)
class Scored:
    """What a member earned with a question."""

    member: int
    called: Called
    points: float


@dataclass(frozen=True, slots=True)
class Reveal:
    """What all are shown of a question that has closed."""

    turn: Turn
    key: Key  # empty while a run is awaited
    split: tuple[int, ...]  # how many picked each option
    answered: int  # of those who are not forgotten
    scored: tuple[Scored, ...]  # those with points, best first, then fastest
    misled: Option | None  # the wrong option picked most, if any was
    guesses: tuple[float, ...] = ()  # the numbers given in answer, smallest first
    met: Mapping[str, int] = field(default_factory=dict)  # how many answers in words made each key point
    mistake: str = ""  # what is right where most answers in words were wrong
    ended_by: Called | None = None  # who skipped it, closed it or stopped the round
    forgotten: int = 0  # how many more answered, who wanted to be forgotten
    saw: int = 0  # how many more answered a question of the day once they had been told what answers it

    @property
    def to_try(self) -> RunToTry | None:
        """The experiment to try."""
        return run_to_try(self.turn.question, [self.misled] if self.misled else [], self.turn.seed)


def key(turn: Turn) -> Key:
    """The key of a question that was revealed; empty while its runs are awaited."""
    return turn.question.find_key(turn.metrics or ()) or Key()


def reveal(round_: Round, turn: Turn) -> Reveal:
    """What to show of a question that was revealed."""
    right, answers = key(turn), [one.answer for one in turn.counting.values()]
    counts = Counter(pick for answer in answers for pick in answer.picks)
    split = tuple(counts[i] for i in range(len(turn.question.options)))
    names = called(round_)
    scored = [Scored(member, names[member], points) for member, points in earned(turn).items()]
    forgotten = [earned[turn.number] for earned in round_.forgotten if turn.number in earned]
    scored += [Scored(0, Called(""), share) for share in forgotten if turn.revealed and not turn.void]
    scored.sort(key=lambda one: (-one.points, turn.answers[one.member].at if one.member else math.inf))
    grades = [turn.grades[one.id] for one in turn.counting.values() if one.id in turn.grades]
    return Reveal(
        turn,
        right,
        split,
        len(answers),
        tuple(one for one in scored if one.points),
        _misled_most(turn, right, split),
        tuple(sorted(answer.number for answer in answers if answer.number is not None)),
        Counter(point for grade in grades for point in {made.point for made in grade.met}),
        _mistake(grades),
        ended_by(round_, turn),
        len(forgotten),
        len(turn.answers) - len(answers),
    )


def ended_by(round_: Round, turn: Turn) -> Called | None:
    """Who skipped a question, closed it by *Next* or stopped the round with it; None where nobody did, or it is not
    known any more."""
    by = round_.stopped_by if turn.void == "stopped" else turn.ended_by
    return called(round_).get(by) if by else None


def number_shown(round_: Round, turn: Turn) -> tuple[int, int]:
    """ "Question 2 of 5", as people count: what was replaced has the number of the question in its place."""
    kept = [other for other in round_.turns if not other.replaced]
    before = sum(other.number < turn.number for other in kept)
    return before + 1, len(kept) + len(round_.planned)


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One question of a member's receipt."""

    turn: int
    answer: Answer | None  # None: no answer
    points: float | None  # None: its grade is still out, or the question does not count
    key: Key
    grade: Grade | None = None  # of an answer in words
    seconds: float | None = None
    void: Void | None = None
    flag: Judged | None = None  # of the question, where they raised it too
    flag_waits: Whereabouts = "reviewers"
    appeal: Judged | None = None
    appeal_waits: Whereabouts = "reviewers"
    accepted: bool = False  # by a moderator, this answer or one like it
    ended_by: Called | None = None  # as in `Reveal`
    saw: bool = False  # they answered a question of the day once they had been told what answers it


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a member is shown of their own round: why 3.5 of 5."""

    lines: tuple[ReceiptLine, ...]
    points: float
    of: int  # how many questions counted

    @property
    def undecided(self) -> bool:
        """Whether they dispute something that is not decided."""
        return any(line.appeal == "asked" or line.flag == "asked" for line in self.lines if not line.void)


def receipt(round_: Round, member: int) -> Receipt:
    """The receipt of one member, as far as the questions are revealed."""
    lines = tuple(
        replace(_line(round_, turn, member), ended_by=ended_by(round_, turn)) for turn in round_.turns if turn.revealed
    )
    total = sum(line.points or 0.0 for line in lines)
    return Receipt(lines, round(total, 2), len(counted(round_)))


def to_review(round_: Round) -> tuple[tuple[Turn, float], ...]:
    """The questions on which those who played made less than half of the points, with that share; worst first."""
    shares = [(_share(turn), turn.number, turn) for turn in counted(round_)]
    return tuple((turn, share) for share, _, turn in sorted(shares, key=lambda one: one[:2]) if share < WEAK)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What whoever practises is told of their answer; nothing of it is counted or kept."""

    question: DrawnQuestion
    answer: Answer
    key: Key
    points: float | None  # from 0 to 1; None where the experiment gave no number
    misled: tuple[Option, ...] = ()  # the wrong options that were picked
    grade: Grade | None = None  # of an answer in words
    seed: int | None = None  # of the question's runs

    @property
    def to_try(self) -> RunToTry | None:
        """The experiment to try."""
        return run_to_try(self.question, self.misled, self.seed)


def feedback(
    question: DrawnQuestion,
    answer: Answer,
    metrics: tuple[Metrics, ...] = (),
    grade: Grade | None = None,
    seed: int | None = None,
) -> Feedback:
    """What to say to an answer; `metrics` are those of the question's runs, `grade` is that of a written answer."""
    right = question.find_key(metrics) or Key()
    return Feedback(
        question, answer, right, question.mark(answer, metrics, grade), question.misled(answer, right), grade, seed
    )


def _changed(first: QuestionRun, other: QuestionRun) -> Mapping[str, Setting]:
    """The one setting in which the other run differs; nothing where it is not one."""
    changed = {name: value for name, value in other.settings.items() if first.settings.get(name) != value}
    return changed if len(changed) == 1 and first.settings.keys() <= other.settings.keys() else {}


def _misled_most(turn: Turn, right: Key, split: tuple[int, ...]) -> Option | None:
    wrong = [(count, -i) for i, count in enumerate(split) if count and i not in right.options]
    if not wrong or not right.options:
        return None
    _, at = max(wrong)
    return turn.question.options[-at]


def _mistake(grades: Sequence[Grade]) -> str:
    """The explanation of the wrong statement that most answers made; of several the first in the alphabet."""
    counts = Counter(why for grade in grades for why in {wrong.why for wrong in grade.contradicted})
    return min(counts, key=lambda why: (-counts[why], why), default="")


def _line(round_: Round, turn: Turn, member: int) -> ReceiptLine:
    locked = turn.answers.get(member)
    flag = turn.flag if member in turn.flagged_by else None
    line = ReceiptLine(
        turn.number,
        None,
        None if turn.void else 0.0,
        key(turn),
        void=turn.void,
        flag=flag,
        flag_waits=whereabouts(round_, turn, "flag"),
    )
    if locked is None:
        return line
    return replace(
        line,
        answer=locked.answer,
        points=None if turn.void else 0.0 if member in turn.saw else points(turn, locked),
        grade=turn.grades.get(locked.id),
        seconds=seconds(turn, locked),
        appeal=turn.appeals.get(member),
        appeal_waits=whereabouts(round_, turn, "appeal", member),
        accepted=was_accepted(turn, locked) and member not in turn.saw,
        saw=member in turn.saw,
    )


def _share(turn: Turn) -> float:
    scores = [points(turn, answer) or 0.0 for answer in turn.counting.values()]
    return sum(scores) / len(scores) if scores else 0.0
