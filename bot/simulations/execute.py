"""The worker's side: runs requests, in the process that worker.py starts as `python -m bot.simulations.execute BYTES`.

It reads requests from standard input and answers on standard output, one line of JSON each, until its input ends.
BYTES is the address space that it may use.
"""

import csv
import io
import json
import logging
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Thread
from time import perf_counter, sleep
from typing import Any, BinaryIO

import numpy as np

from bot import formats
from bot.simulations import experiments, picture_text
from bot.simulations.experiment import Experiment, Outcome, RunSettings, Value, read
from bot.simulations.experiments import Find, Request, Result, RunResult
from bot.simulations.lettered import Lettered, lettered, table
from bot.simulations.plot import Axis, Band, Bars, Chart, Dots, Line, Panel, Plot, Scatter

_LOOK_SECONDS = 1.0  # between two looks whether the parent is there


@dataclass(frozen=True, slots=True)
class Done:
    """A run that is over; `name` is what sets it apart from the other, empty where there is none."""

    name: str
    settings: RunSettings
    outcome: Outcome
    seconds: float


def execute(request: Request, find: Find) -> Result:
    """Runs what the request asks for: the result, with its picture and its numbers where those were asked for."""
    if request.chart:
        return _charted(request, request.chart)
    experiment = find(request.experiment)
    names = differences(request.runs)
    done = [_run(experiment, given, request.seed, name) for given, name in zip(request.runs, names, strict=True)]
    if request.lettered:
        return _lettered(experiment, request, request.lettered, done)
    title, caption = _title(experiment, done), _caption(experiment, request, done)
    plots = [(one.name, one.outcome.plot) for one in done]
    if request.unnamed:
        title, plots = experiment.question, [(name, replace(plot, title="")) for name, plot in plots]
    return Result(
        experiment.name,
        request.seed,
        tuple(_as_run(experiment, one) for one in done),
        picture_text.alt(title, plots) if request.picture else "",
        picture_text.description(plots),
        _picture(title, caption, plots) if request.picture else b"",
        _numbers(done) if request.numbers else b"",
    )


def _charted(request: Request, chart: Chart) -> Result:
    """The picture of values that were counted."""
    plots = [("", chart.plot())]
    described = picture_text.description(plots)
    png = _picture(chart.title, chart.caption, plots)
    return Result(request.experiment, request.seed, (), picture_text.alt(chart.title, plots), described, png)


def _lettered(experiment: Experiment, request: Request, wanted: Lettered, done: Sequence[Done]) -> Result:
    """The picture of a question, and its points as text."""
    panel = lettered(done[0].outcome.plot, wanted)
    runs = tuple(_as_run(experiment, one) for one in done)
    png = _picture("", "", [("", Plot([panel]))])
    return Result(experiment.name, request.seed, runs, alt=table(panel), png=png)


def differences(runs: Sequence[dict[str, Value]]) -> list[str]:
    """For each of two runs the setting in which it differs, "beta=0.9"; empty for one run."""
    changed = [name for name in runs[0] if len({run[name] for run in runs}) > 1]
    return [" ".join(f"{name}={formats.setting(run[name])}" for name in changed) for run in runs]


def _run(experiment: Experiment, given: dict[str, Value], seed: int, name: str) -> Done:
    settings = read(experiment.parameters, given)
    start = perf_counter()
    outcome = experiment.run(settings, seed)
    seconds = perf_counter() - start
    declared = [metric.name for metric in experiment.metrics]
    if set(declared) != set(outcome.metrics):
        raise ValueError(f"metrics other than declared: {sorted(set(declared) ^ set(outcome.metrics))}")
    return Done(name, settings, outcome, seconds)


def _as_run(experiment: Experiment, done: Done) -> RunResult:
    metrics = {metric.name: float(done.outcome.metrics[metric.name]) for metric in experiment.metrics}
    return RunResult(
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
        return done[0].outcome.plot.title or experiment.title
    return f"{experiment.title}: " + " against ".join(one.name or "the same settings" for one in done)


def _caption(experiment: Experiment, request: Request, done: Sequence[Done]) -> str:
    """The experiment, the seed, and every setting that the runs share, as they can be typed."""
    shared = [(k, v) for k, v in done[0].settings.plain().items() if all(one.settings.plain()[k] == v for one in done)]
    return " · ".join(
        [experiment.name, f"seed={request.seed}", *(f"{name}={formats.setting(value)}" for name, value in shared)]
    )


def _picture(title: str, caption: str, plots: Sequence[tuple[str, Plot]]) -> bytes:
    from bot.simulations import plotting  # matplotlib takes half a second; most runs draw nothing

    return plotting.png(title, caption, plots)


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
            case Bars(label, categories, values) | Dots(label, categories, values):
                yield from ((label, category, repr(float(v))) for category, v in zip(categories, values, strict=True))


def _rows(label: str, x: object, y: object) -> Iterator[tuple[str, str, str]]:
    for one, other in zip(np.asarray(x, float).tolist(), np.asarray(y, float).tolist(), strict=True):
        yield label, f"{one:.9g}", f"{other:.9g}"


def serve(find: Find, memory: int) -> None:
    """Answers until the parent closes the pipe or is gone. `memory` is in bytes of address space."""
    channel = _private_output()
    Thread(target=_end_with_the_parent, args=[os.getppid()], daemon=True).start()
    _limit_memory(memory)
    _send(channel, {"ready": True})
    for line in sys.stdin.buffer:
        _send(channel, _answer(json.loads(line), find))


def _end_with_the_parent(parent: int) -> None:
    """Ends this process where the parent is gone, in the middle of a run too."""
    while os.getppid() == parent:  # as it stays on Windows, where the end of the input has to do
        sleep(_LOOK_SECONDS)
    os._exit(0)


def _private_output() -> BinaryIO:
    """Keeps the pipe for answers; what anything prints goes to standard error instead."""
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return channel


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows; the time limit still holds there
        return
    with suppress(ValueError):  # a stricter limit was set from outside, and holds; macOS takes none
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _send(channel: BinaryIO, message: dict[str, Any]) -> None:
    channel.write(json.dumps(message).encode("ascii") + b"\n")
    channel.flush()


def _answer(message: dict[str, Any], find: Find) -> dict[str, Any]:
    try:
        if "warm" in message:
            return _warmed()
        return {"result": execute(Request.from_plain(message), find).plain()}
    except MemoryError:
        return {"fault": "memory"}
    except Exception:  # whatever it is, the bot shall hear of it
        return {"fault": "broke", "traceback": traceback.format_exc()}


def _warmed() -> dict[str, Any]:
    """Loads matplotlib and its fonts, so that the first picture is not charged for it, nor its fault laid on a run."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # where it keeps its fonts concerns nobody
    try:
        from bot.simulations import plotting

        plotting.png("", "", [("", Plot([Panel(Axis("x"), Axis("y", log=True), [Line("line", [0, 1], [1, 10])])]))])
    except OSError as error:
        if "writable" not in str(error):  # a library that is not there, say
            raise
        return {"fault": "folder", "traceback": traceback.format_exc()}
    return {"ready": True}


if __name__ == "__main__":
    serve(experiments.find, int(sys.argv[1]))
