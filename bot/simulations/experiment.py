"""An experiment and its outcome, as values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.simulations import formats
from bot.simulations.parameters import AnyParameter, Int
from bot.simulations.plot import Plot
from bot.simulations.settings import Settings

Cell = str | float


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of an outcome. A count that stops at the parameter `cap` is cap + 1 where it did not end before."""

    name: str
    unit: str
    meaning: str
    cap: Int | None = None

    def described(self) -> dict[str, str | None]:
        """The metric as plain values; `cap` names the parameter that a count stops at."""
        return {"unit": self.unit, "meaning": self.meaning, "cap": self.cap.name if self.cap else None}

    def shown(self, value: float, settings: Settings) -> str:
        """The value for a person; a capped count as ">3,000"."""
        return formats.capped(value, settings[self.cap]) if self.cap else formats.number(value)


@dataclass(frozen=True, slots=True)
class Table:
    """A small table, the first column naming the cases; numbers are rounded when shown."""

    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    def shown(self) -> list[list[str]]:
        """The rows as text."""
        return [[cell if isinstance(cell, str) else formats.number(cell) for cell in row] for row in self.rows]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found. The headline is one sentence that carries the number and stays true on any seed."""

    headline: str
    metrics: Mapping[str, float]
    table: Table
    plot: Plot


@dataclass(frozen=True, slots=True)
class Experiment:
    """`work` counts the multiply-adds of a run from its settings. A `chaotic` one repeats on one machine only."""

    name: str
    topic: str
    title: str
    question: str
    parameters: Sequence[AnyParameter]
    metrics: Sequence[Metric]
    work: Callable[[Settings], int]
    run: Callable[[Settings, int], Outcome]
    chaotic: bool = False

    def described(self) -> dict[str, Any]:
        """All of it that is data, as plain values."""
        return {
            "experiment": self.name,
            "topic": self.topic,
            "title": self.title,
            "question": self.question,
            "parameters": {parameter.name: parameter.described() for parameter in self.parameters},
            "metrics": {metric.name: metric.described() for metric in self.metrics},
            "chaotic": self.chaotic,
        }
