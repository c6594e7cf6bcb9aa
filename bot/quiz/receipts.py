"""What a member is shown of a round, in private: why 3.5 of 5, and what to look at again."""

from dataclasses import dataclass

from bot.quiz.grading.grade import Grade
from bot.quiz.kinds.marking import Given
from bot.quiz.reveals import Key, key
from bot.quiz.round.state import Judged, Round, Turn, Void
from bot.quiz.scoring import counted, points, seconds, was_accepted

MISSED = 0.5  # a smaller share of a question's points is worth another look


@dataclass(frozen=True, slots=True)
class Line:
    """One question: what was given (None: nothing), what it earned (None: its grade is still out, or it does not
    count), and why. `grade` goes with an open question. `accepted`: a moderator accepted it, or an answer like it."""

    turn: int
    given: Given | None
    points: float | None
    key: Key
    grade: Grade | None = None
    seconds: float | None = None
    void: Void | None = None
    appeal: Judged | None = None
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """All of a member's round; `of` is how many questions counted."""

    lines: tuple[Line, ...]
    points: float
    of: int


def receipt(round_: Round, member: int) -> Receipt:
    """The receipt of one member, as far as the questions are revealed."""
    lines = tuple(_line(turn, member) for turn in round_.turns if turn.revealed)
    total = sum(line.points or 0.0 for line in lines)
    return Receipt(lines, round(total, 2), len(counted(round_)))


def to_review(round_: Round) -> tuple[tuple[Turn, float], ...]:
    """The questions on which those who played made less than half of the points, with that share; worst first."""
    shares = [(_share(turn), turn.number, turn) for turn in counted(round_)]
    return tuple((turn, share) for share, _, turn in sorted(shares, key=lambda one: one[:2]) if share < MISSED)


def _line(turn: Turn, member: int) -> Line:
    answer = turn.answers.get(member)
    if answer is None:
        return Line(turn.number, None, None if turn.void else 0.0, key(turn), void=turn.void)
    return Line(
        turn.number,
        answer.given,
        None if turn.void else points(turn, answer),
        key(turn),
        turn.grades.get(answer.id),
        seconds(turn, answer),
        turn.void,
        turn.appeals.get(member),
        was_accepted(turn, answer),
    )


def _share(turn: Turn) -> float:
    scores = [points(turn, answer) or 0.0 for answer in turn.answers.values()]
    return sum(scores) / len(scores) if scores else 0.0
