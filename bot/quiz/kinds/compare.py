"""Predicts which of several cases an experiment will measure the most (or least) of: the options are the cases."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.curriculum.questions import PredictQuestion, Setting
from bot.quiz.chance import Chance
from bot.quiz.kinds.option import Option
from bot.quiz.kinds.predict import Metrics, Run, capped_at, shown, whole


@dataclass(frozen=True, slots=True)
class Measured:
    """Where the number of an option comes from: the run's place in `runs`, and the metric."""

    run: int
    metric: str


@dataclass(frozen=True, slots=True)
class Compare:
    """The options in the order shown, each measured; which one is right the run will tell. A count beyond `cap` did not
    end."""

    options: tuple[Option, ...]
    measured: tuple[Measured, ...]
    runs: tuple[Run, ...]
    wins: Literal["most", "least"] = "most"
    unit: str = ""
    scale: float = 1.0
    cap: float | None = None
    kind: Literal["compare"] = "compare"


def composed(question: PredictQuestion, settings: Mapping[str, Setting], chance: Chance) -> Compare:
    """The cases in an order of chance; cases of equal settings share one run."""
    runs: list[Run] = []
    options, measured = [], []
    for case in chance.shuffled(question.cases, "order", lambda case: case.text):
        run = Run(question.experiment, {**settings, **{name: whole(value) for name, value in case.settings.items()}})
        if run not in runs:
            runs.append(run)
        options.append(Option(case.text.format(**shown(settings))))
        measured.append(Measured(runs.index(run), case.metric or question.metric))
    return Compare(
        tuple(options),
        tuple(measured),
        tuple(runs),
        question.wins,
        question.unit,
        question.scale,
        capped_at(question, settings),
    )


def keys(form: Compare, runs: Sequence[Metrics]) -> tuple[float, ...] | None:
    """The number of each option; None where one of them is not finite."""
    if len(runs) < len(form.runs):
        return None
    found = [runs[source.run].get(source.metric) for source in form.measured]
    finite = [value * form.scale for value in found if value is not None and math.isfinite(value)]
    return tuple(finite) if len(finite) == len(found) else None


def right(form: Compare, numbers: Sequence[float]) -> tuple[int, ...]:
    """The options that are right: several where they are equal."""
    best = max(numbers) if form.wins == "most" else min(numbers)
    return tuple(i for i, number in enumerate(numbers) if number == best)


def points(winners: tuple[int, ...], picks: tuple[int, ...]) -> float:
    """1 or none."""
    return float(len(picks) == 1 and picks[0] in winners)
