"""What an answer is worth, whatever the kind: the one place where all kinds meet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, assert_never

from pydantic import Field

from bot.quiz.grading.grade import Grade
from bot.quiz.kinds import choice, compare, multi, open, predict  # noqa: A004 - the kind's name
from bot.quiz.kinds.choice import Choice
from bot.quiz.kinds.compare import Compare
from bot.quiz.kinds.multi import Multi
from bot.quiz.kinds.open import Open
from bot.quiz.kinds.posed import Form
from bot.quiz.kinds.predict import Metrics, Predict


@dataclass(frozen=True, slots=True)
class Picked:
    """The options picked, by their place."""

    picks: tuple[int, ...]
    type: Literal["picked"] = "picked"


@dataclass(frozen=True, slots=True)
class Wrote:
    """An answer in words."""

    text: str
    type: Literal["wrote"] = "wrote"


@dataclass(frozen=True, slots=True)
class Guessed:
    """A number, and how it was typed."""

    number: float
    text: str
    type: Literal["guessed"] = "guessed"


Given = Annotated[Picked | Wrote | Guessed, Field(discriminator="type")]


def read(form: Form, picks: tuple[int, ...], text: str) -> Given | None:
    """What was given in answer; None where it is no answer to this form (a letter that is not there, no number)."""
    match form:
        case Choice() | Compare():
            return Picked(picks) if len(picks) == 1 and picks[0] in range(len(form.options)) else None
        case Multi():
            fits = picks and set(picks) <= set(range(len(form.options)))
            return Picked(tuple(sorted(set(picks)))) if fits else None
        case Open():
            return Wrote(text) if text.strip() else None
        case Predict():
            number = predict.number(text, form.unit)
            return None if number is None else Guessed(number, text)
        case _:
            assert_never(form)


def points(form: Form, given: Given, runs: Sequence[Metrics] | None = None, grade: Grade | None = None) -> float | None:
    """From 0 to 1; None while the run or the grade that it takes is not there yet."""
    match form, given:
        case Choice(), Picked(picks):
            return choice.points(form, picks)
        case Multi(), Picked(picks):
            return multi.points(form, picks)
        case Compare(), Picked(picks) if runs and (numbers := compare.keys(form, runs)):
            return compare.points(compare.right(form, numbers), picks)
        case Predict(), Guessed(guess) if runs and (key := predict.key(form, runs)) is not None:
            return predict.points(key, guess)
        case Open(), Wrote(text) if grade:
            return open.points(form, text, grade)
    return None
