"""Predicts which of several cases an experiment will measure the most (or least) of: the options are the cases.

In files and commands it is a `predict` with `cases`.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field

from bot.curriculum.beliefs import Belief, Misconception, undrawn
from bot.curriculum.document import Id, Location, Text, Value
from bot.curriculum.model import Experiments, Found, Setting, Topic
from bot.quiz.chance import Chance
from bot.quiz.grading import Grade
from bot.quiz.kinds.base import (
    Answer,
    DrawnQuestion,
    Key,
    Option,
    OptionText,
    QuestionRun,
    Runs,
    Way,
    shared_by_all,
)
from bot.quiz.kinds.predict import MeasuredQuestion, as_number, asked_with, shown, whole


class Case(Value):
    """One of the runs that are compared."""

    text: OptionText
    metric: Text | None = None  # in place of the question's
    misconception: Misconception | None = None  # what whoever picks it believes, if it is wrong
    settings: Mapping[Text, Annotated[Setting, BeforeValidator(as_number)]] = Field(
        default_factory=dict
    )  # on top of it


class CompareQuestion(MeasuredQuestion):
    """Right is the case whose metric is the largest, or with `wins: least` the smallest."""

    kind: Literal["predict"]
    experiment: Id
    metric: Text
    cases: tuple[Case, ...]
    wins: Literal["most", "least"] = "most"

    def broken_rules(self, topic: Topic, experiments: Experiments | None) -> Found:
        """There is something to compare."""
        yield from super().broken_rules(topic, experiments)
        if len(self.cases) == 1:
            yield ("cases",), "needs at least two cases to compare"

    def beliefs(self, topic: Topic) -> Iterator[Belief]:
        """One of each case: which are wrong only the runs tell."""
        yield from (self.believed(case.text, case.misconception) for case in self.cases)

    def texts(self) -> Sequence[str]:
        """The question and its cases."""
        return (self.ask, *(case.text for case in self.cases))

    def metrics(self) -> Iterator[tuple[Location, str]]:
        """The metric of the question, and those of cases that have their own."""
        yield ("metric",), self.metric
        yield from own_metrics(self.cases, "cases")

    def set_to(self) -> Iterator[tuple[Location, tuple[Setting, ...]]]:
        """The settings of the question, and those of the cases."""
        yield from ((("settings", name), values) for name, values in self.settings.items())
        yield from own_settings(self.cases, "cases")


@dataclass(frozen=True, slots=True)
class Measured:
    """Where the number of an option comes from."""

    run: int  # its place among the runs of the question
    metric: str


def own_metrics(cases: Sequence[Case], key: str) -> Iterator[tuple[Location, str]]:
    """The metrics that cases have of their own, and where; `key` is what the file calls the cases."""
    yield from (((key, i, "metric"), case.metric) for i, case in enumerate(cases) if case.metric)


def own_settings(cases: Sequence[Case], key: str) -> Iterator[tuple[Location, tuple[Setting, ...]]]:
    """The settings that cases have of their own, and where."""
    for i, case in enumerate(cases):
        yield from (((key, i, "settings", name), (value,)) for name, value in case.settings.items())


def measured_cases(
    question: MeasuredQuestion, cases: Sequence[Case], settings: Mapping[str, Setting]
) -> dict[str, tuple[Any, ...]]:
    """The fields of a drawn question with these cases for options, in this order; equal settings share one run."""
    runs: list[QuestionRun] = []
    measured = []
    for case in cases:
        own = {name: whole(value) for name, value in case.settings.items()}
        run = QuestionRun(question.experiment or "", {**settings, **own})
        if run not in runs:
            runs.append(run)
        measured.append(Measured(runs.index(run), case.metric or question.metric or ""))
    options = tuple(_option(case, settings) for case in cases)
    return {"options": options, "runs": tuple(runs), "measured": tuple(measured)}


def _option(case: Case, settings: Mapping[str, Setting]) -> Option:
    text, as_written = case.text.format(**shown(settings)), undrawn(case.text)
    return Option(text, misconception=case.misconception or "", undrawn="" if text == as_written else as_written)


def numbers_of(measured: Sequence[Measured], runs: Runs, scale: float) -> tuple[float, ...]:
    """What the runs gave for each option; empty where one is missing or not finite."""
    if len(runs) <= max(source.run for source in measured):
        return ()
    found = [runs[source.run].get(source.metric) for source in measured]
    numbers = tuple(value * scale for value in found if value is not None and math.isfinite(value))
    return numbers if len(numbers) == len(found) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnComparison(DrawnQuestion):
    """The options in the order shown, each measured; the runs will tell which one is right."""

    kind: ClassVar[str] = "compare"
    listed_as: ClassVar[str] = "predict"
    variant_key: ClassVar[str] = "cases"
    schema: ClassVar[type[CompareQuestion]] = CompareQuestion
    way: ClassVar[Way] = Way.BUTTONS
    appealable: ClassVar[bool] = True

    measured: tuple[Measured, ...]  # of each option
    wins: Literal["most", "least"] = "most"
    unit: str = ""
    scale: float = 1.0
    cap: float | None = None  # a count beyond it did not end

    @classmethod
    def draw(cls, topic: str, question: CompareQuestion, chance: Chance) -> Self:
        """Draw the settings and the order of the cases; cases of equal settings share one run."""
        settings = question.draw_settings(chance)
        cases = chance.shuffled(question.cases, "order", lambda case: case.text)
        drawn = shared_by_all(topic, question) | asked_with(question, settings)
        return cls(
            **drawn | measured_cases(question, cases, settings),
            wins=question.wins,
            unit=question.unit,
            scale=question.scale,
            cap=question.capped_at(settings),
        )

    def find_key(self, runs: Runs = ()) -> Key | None:
        """The number of each option, and the options that are right: several where they are equal."""
        numbers = numbers_of(self.measured, runs, self.scale)
        if not numbers:
            return None
        best = max(numbers) if self.wins == "most" else min(numbers)
        return Key(tuple(i for i, number in enumerate(numbers) if number == best), numbers=numbers)

    def mark(self, answer: Answer, runs: Runs = (), grade: Grade | None = None) -> float | None:
        """1 for a right option, else 0."""
        key = self.find_key(runs)
        return None if key is None else float(len(answer.picks) == 1 and answer.picks[0] in key.options)
