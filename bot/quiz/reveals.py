"""What the close of a question shows: the key, who chose what, who scored, and the misconception met most."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.quiz.grading.grade import Grade
from bot.quiz.kinds import compare, predict
from bot.quiz.kinds.choice import Choice
from bot.quiz.kinds.compare import Compare
from bot.quiz.kinds.marking import Guessed, Picked
from bot.quiz.kinds.multi import Multi
from bot.quiz.kinds.option import Option
from bot.quiz.kinds.posed import Form
from bot.quiz.kinds.predict import Metrics, Predict
from bot.quiz.round.state import Round, Turn
from bot.quiz.scoring import earned
from bot.quiz.trying import Trial, trial


@dataclass(frozen=True, slots=True)
class Key:
    """The right options by their place; for a prediction the number that was measured, or those of each case. All
    empty for an open question, and while a run is awaited."""

    options: tuple[int, ...] = ()
    number: float | None = None
    numbers: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """What a member earned with a question."""

    member: int
    name: str
    points: float


@dataclass(frozen=True, slots=True)
class Reveal:
    """`split` counts the picks of each option, `met` the answers in words that made each key point, `guesses` are the
    predictions, smallest first. `misled` is the wrong option picked most, if any was, `mistake` says what is right
    where most answers in words were wrong. `scored` are those with points, best first, then fastest."""

    turn: Turn
    key: Key
    split: tuple[int, ...]
    answered: int
    scored: tuple[Scored, ...]
    misled: Option | None
    guesses: tuple[float, ...] = ()
    met: Mapping[str, int] = field(default_factory=dict)
    mistake: str = ""

    @property
    def trial(self) -> Trial | None:
        """The experiment to try."""
        return trial(self.turn.posed, [self.misled] if self.misled else [], self.turn.seed)


def key(turn: Turn) -> Key:
    """The key of a question that was revealed."""
    return keyed(turn.posed.form, turn.metrics or ())


def keyed(form: Form, metrics: tuple[Metrics, ...]) -> Key:
    """The key, given the metrics of its runs."""
    match form:
        case Choice() | Multi():
            return Key(tuple(i for i, option in enumerate(form.options) if option.right))
        case Predict():
            return Key(number=predict.key(form, metrics))
        case Compare():
            numbers = compare.keys(form, metrics)
            return Key(compare.right(form, numbers), numbers=numbers) if numbers else Key()
        case _:
            return Key()


def reveal(round_: Round, turn: Turn) -> Reveal:
    """What to show of a question that was revealed."""
    right = key(turn)
    split = _split(turn)
    scored = [Scored(member, round_.names[member].name, points) for member, points in earned(turn).items()]
    scored.sort(key=lambda one: (-one.points, turn.answers[one.member].at))
    grades = [turn.grades[one.id] for one in turn.answers.values() if one.id in turn.grades]
    return Reveal(
        turn,
        right,
        split,
        len(turn.answers),
        tuple(one for one in scored if one.points),
        _misled(turn, right, split),
        tuple(sorted(one.given.number for one in turn.answers.values() if isinstance(one.given, Guessed))),
        Counter(made.point for grade in grades for made in grade.met),
        _mistake(grades),
    )


def number_shown(round_: Round, turn: Turn) -> tuple[int, int]:
    """ "Question 2 of 5", as people count: what was replaced has the number of the question in its place."""
    kept = [other for other in round_.turns if not other.replaced]
    before = sum(other.number < turn.number for other in kept)
    return before + 1, len(kept) + len(round_.planned)


def _split(turn: Turn) -> tuple[int, ...]:
    picks = [answer.given.picks for answer in turn.answers.values() if isinstance(answer.given, Picked)]
    counts = Counter(pick for one in picks for pick in one)
    return tuple(counts[i] for i in range(len(turn.posed.options)))


def _misled(turn: Turn, right: Key, split: tuple[int, ...]) -> Option | None:
    wrong = [(count, -i) for i, count in enumerate(split) if count and i not in right.options]
    if not wrong or not right.options:
        return None
    _, at = max(wrong)
    return turn.posed.options[-at]


def _mistake(grades: Sequence[Grade]) -> str:
    """The explanation of the wrong statement that most answers made; of several the first in the alphabet."""
    counts = Counter(why for grade in grades for why in {wrong.why for wrong in grade.contradicted})
    return min(counts, key=lambda why: (-counts[why], why), default="")
