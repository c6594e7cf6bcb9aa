"""Predicts which of several cases an experiment will measure the most (or least) of: the options are the cases.

In files and commands it is a `predict` with `cases`.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field

from bot.curriculum.document import Location, Text, Value
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
    settings: Mapping[Text, Annotated[Setting, BeforeValidator(as_number)]] = Field(
        default_factory=dict
    )  # on top of it


class CompareQuestion(MeasuredQuestion):
    """Right is the case whose metric is the largest, or with `wins: least` the smallest."""

    cases: tuple[Case, ...]
    wins: Literal["most", "least"] = "most"

    def broken_rules(self, topic: Topic, experiments: Experiments | None) -> Found:
        """There is something to compare."""
        yield from super().broken_rules(topic, experiments)
        if len(self.cases) == 1:
            yield ("cases",), "needs at least two cases to compare"

    def texts(self) -> Sequence[str]:
        """The question and its cases."""
        return (self.ask, *(case.text for case in self.cases))

    def metrics(self) -> Iterator[tuple[Location, str]]:
        """The metric of the question, and those of cases that have their own."""
        yield ("metric",), self.metric
        yield from ((("cases", i, "metric"), case.metric) for i, case in enumerate(self.cases) if case.metric)

    def set_to(self) -> Iterator[tuple[Location, tuple[Setting, ...]]]:
        """The settings of the question, and those of the cases."""
        yield from ((("settings", name), values) for name, values in self.settings.items())
        for i, case in enumerate(self.cases):
            yield from ((("cases", i, "settings", name), (value,)) for name, value in case.settings.items())


@dataclass(frozen=True, slots=True)
class Measured:
    """Where the number of an option comes from."""

    run: int  # its place among the runs of the question
    metric: str


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
        runs: list[QuestionRun] = []
        options, measured = [], []
        for case in chance.shuffled(question.cases, "order", lambda case: case.text):
            own = {name: whole(value) for name, value in case.settings.items()}
            run = QuestionRun(question.experiment, {**settings, **own})
            if run not in runs:
                runs.append(run)
            options.append(Option(case.text.format(**shown(settings))))
            measured.append(Measured(runs.index(run), case.metric or question.metric))
        return cls(
            **shared_by_all(topic, question) | asked_with(question, settings),
            options=tuple(options),
            runs=tuple(runs),
            measured=tuple(measured),
            wins=question.wins,
            unit=question.unit,
            scale=question.scale,
            cap=question.capped_at(settings),
        )

    def find_key(self, runs: Runs = ()) -> Key | None:
        """The number of each option, and the options that are right: several where they are equal."""
        if len(runs) < len(self.runs):
            return None
        found = [runs[source.run].get(source.metric) for source in self.measured]
        numbers = tuple(value * self.scale for value in found if value is not None and math.isfinite(value))
        if not numbers or len(numbers) < len(found):
            return None
        best = max(numbers) if self.wins == "most" else min(numbers)
        return Key(tuple(i for i, number in enumerate(numbers) if number == best), numbers=numbers)

    def mark(self, answer: Answer, runs: Runs = (), grade: Grade | None = None) -> float | None:
        """1 for a right option, else 0."""
        key = self.find_key(runs)
        return None if key is None else float(len(answer.picks) == 1 and answer.picks[0] in key.options)
