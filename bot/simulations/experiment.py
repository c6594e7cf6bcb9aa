"""An experiment and its outcome, as values, and the arithmetic that one run may take."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import formats
from bot.errors import UsageError
from bot.simulations.parameters import AnyParameter, Int, RunSettings
from bot.simulations.plot import Plot

WORK_LIMIT = 40_000_000_000
"""Multiply-adds that one run may take: some four seconds of one core, twice what the dearest experiment takes at the
end of its ranges (`python -m tests.bench simulations` measures them)."""

Cell = str | float


class TooMuchWork(UsageError):  # noqa: N818 - the name says what is wrong
    """The settings ask for more arithmetic than a run may take. Nothing was run."""


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

    def shown(self, value: float, settings: RunSettings) -> str:
        """The value for a person; a capped count as ">3,000"."""
        return formats.capped(value, settings[self.cap]) if self.cap else formats.number(value)


@dataclass(frozen=True, slots=True)
class Table:
    """A small table, the first column naming the cases; numbers are rounded when shown."""

    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    def shown(self) -> list[list[str]]:
        """The rows as text: numbers to three digits."""
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
    """A small run that a claim can be held against, with all that the doors need to offer it."""

    name: str
    topic: str  # the id of the topic whose claims it is there for
    title: str
    question: str
    parameters: Sequence[AnyParameter]
    metrics: Sequence[Metric]
    work: Callable[[RunSettings], int]  # the multiply-adds of a run, counted from its settings
    run: Callable[[RunSettings, int], Outcome]  # from settings and seed
    chaotic: bool = False  # the system amplifies rounding, so that a run repeats on one machine only

    def check_work(self, settings: RunSettings) -> None:
        """Raises TooMuchWork where a run with these settings would take more multiply-adds than WORK_LIMIT."""
        work = self.work(settings)
        if work > WORK_LIMIT:
            raise TooMuchWork(
                f"{self.name} with these settings takes {_billions(work)} multiply-adds; "
                f"at most {_billions(WORK_LIMIT)} are allowed. Make it smaller."
            )

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


def _billions(count: int) -> str:
    return f"{count / 1e9:,.3g} billion"
