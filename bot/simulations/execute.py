"""Runs a request, in the worker process."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from bot.simulations import alt
from bot.simulations.experiment import Experiment, Outcome
from bot.simulations.parameters import Value
from bot.simulations.plot import Band, Bars, Line, Panel, Plot, Scatter
from bot.simulations.request import Find, Request, Result, Run
from bot.simulations.settings import Settings, read


@dataclass(frozen=True, slots=True)
class Done:
    """A run that is over; `name` is what sets it apart from the other, empty where there is none."""

    name: str
    settings: Settings
    outcome: Outcome
    seconds: float


def execute(request: Request, find: Find) -> Result:
    """The result with all that was asked for."""
    experiment = find(request.experiment)
    names = differences(request.runs)
    done = [_run(experiment, given, request.seed, name) for given, name in zip(request.runs, names, strict=True)]
    title, caption = _title(experiment, done), _caption(experiment, request, done)
    plots = [(one.name, one.outcome.plot) for one in done]
    return Result(
        experiment.name,
        request.seed,
        tuple(_plain(experiment, one) for one in done),
        alt.text(title, caption, plots) if request.picture else "",
        _picture(title, caption, plots) if request.picture else b"",
        _numbers(done) if request.numbers else b"",
    )


def differences(runs: Sequence[dict[str, Value]]) -> list[str]:
    """For each of two runs the setting in which it differs, "beta=0.9"; empty for one run."""
    changed = [name for name in runs[0] if len({run[name] for run in runs}) > 1]
    return [" ".join(f"{name}={_value(run[name])}" for name in changed) for run in runs]


def _run(experiment: Experiment, given: dict[str, Value], seed: int, name: str) -> Done:
    settings = read(experiment.parameters, given)
    start = perf_counter()
    outcome = experiment.run(settings, seed)
    seconds = perf_counter() - start
    declared = [metric.name for metric in experiment.metrics]
    if set(declared) != set(outcome.metrics):
        raise ValueError(f"metrics other than declared: {sorted(set(declared) ^ set(outcome.metrics))}")
    return Done(name, settings, outcome, seconds)


def _plain(experiment: Experiment, done: Done) -> Run:
    metrics = {metric.name: float(done.outcome.metrics[metric.name]) for metric in experiment.metrics}
    return Run(
        done.settings.plain(),
        done.outcome.headline,
        metrics,
        {metric.name: metric.shown(metrics[metric.name], done.settings) for metric in experiment.metrics},
        list(done.outcome.table.headers),
        done.outcome.table.shown(),
        done.seconds,
    )


def _title(experiment: Experiment, done: Sequence[Done]) -> str:
    if len(done) == 1:
        return done[0].outcome.headline
    return f"{experiment.title}: " + " against ".join(one.name or "the same settings" for one in done)


def _caption(experiment: Experiment, request: Request, done: Sequence[Done]) -> str:
    """The experiment, the seed, and every setting that the runs share, as they can be typed."""
    shared = [(k, v) for k, v in done[0].settings.plain().items() if all(one.settings.plain()[k] == v for one in done)]
    return " · ".join([experiment.name, f"seed={request.seed}", *(f"{name}={_value(value)}" for name, value in shared)])


def _value(value: Value) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _picture(title: str, caption: str, plots: Sequence[tuple[str, Plot]]) -> bytes:
    from bot.simulations.plotting import plotter  # matplotlib takes half a second; most runs draw nothing

    return plotter.png(title, caption, plots)


def _numbers(done: Sequence[Done]) -> bytes:
    """Tidy: a row for each metric and each point of each series."""
    page = io.StringIO()
    table = csv.writer(page, lineterminator="\n")
    table.writerow(["run", "part", "name", "x", "value"])
    for one in done:
        table.writerows((one.name, "metric", name, "", repr(float(v))) for name, v in one.outcome.metrics.items())
        for panel in one.outcome.plot.panels:
            table.writerows((one.name, panel.title or panel.y.label, *point) for point in _points(panel))
    return page.getvalue().encode()


def _points(panel: Panel) -> Iterator[tuple[str, str, str]]:
    for series in panel.series:
        match series:
            case Line(label, x, y) | Scatter(label, x, y):
                yield from _rows(label, x, y)
            case Band(label, x, low, high):
                yield from _rows(f"{label}, low", x, low)
                yield from _rows(f"{label}, high", x, high)
            case Bars(label, categories, values):
                yield from ((label, category, repr(float(v))) for category, v in zip(categories, values, strict=True))


def _rows(label: str, x: object, y: object) -> Iterator[tuple[str, str, str]]:
    for one, other in zip(np.asarray(x, float).tolist(), np.asarray(y, float).tolist(), strict=True):
        yield label, f"{one:.9g}", f"{other:.9g}"
