"""A worker with experiments that misbehave: `python -m tests.simulations.rogues BYTES`."""

import os
import signal
import sys
import time
from collections.abc import Callable

import numpy as np

from bot.simulations.execute import serve
from bot.simulations.experiment import Experiment, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.plot import Axis, Line, Panel, Plot

SIZE = Int("size", "", 1, 0, 100, "", "does little")


def fine(settings: RunSettings, seed: int) -> Outcome:
    plot = Plot([Panel(Axis("x"), Axis("y"), [Line("line", [0, 1], [seed, settings[SIZE]])])])
    return Outcome("Fine.", {"process": os.getpid()}, Table(("a",), [("b",)]), plot)


def hang(settings: RunSettings, seed: int) -> Outcome:
    while True:
        time.sleep(1)


def deaf(settings: RunSettings, seed: int) -> Outcome:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        pass


def hog(settings: RunSettings, seed: int) -> Outcome:
    np.ones(1 << 40)
    return fine(settings, seed)


def creep(settings: RunSettings, seed: int) -> Outcome:
    kept = []
    while True:
        kept.append(np.empty(1 << 22))


def die(settings: RunSettings, seed: int) -> Outcome:
    os.kill(os.getpid(), signal.SIGKILL)
    return fine(settings, seed)


def grumble(settings: RunSettings, seed: int) -> Outcome:
    os.write(2, b"a library\xff complains\n")
    return fine(settings, seed)


def leave(settings: RunSettings, seed: int) -> Outcome:
    sys.exit(0)


def broken(settings: RunSettings, seed: int) -> Outcome:
    raise ZeroDivisionError("by the rogue")


def undeclared(settings: RunSettings, seed: int) -> Outcome:
    return Outcome("Fine.", {"other": 1.0}, Table(("a",), []), Plot([]))


def noisy(settings: RunSettings, seed: int) -> Outcome:
    print("not an answer", flush=True)
    os.write(1, b"nor this\n")
    return fine(settings, seed)


def heavy(settings: RunSettings, seed: int) -> Outcome:
    return fine(settings, seed)


def environment(settings: RunSettings, seed: int) -> Outcome:
    secrets = float("DISCORD_TOKEN" in os.environ or "DATABASE_URL" in os.environ)
    threads = float(os.environ["OMP_NUM_THREADS"]) + float(os.environ["OPENBLAS_NUM_THREADS"])
    return Outcome("Fine.", {"process": secrets * 1000 + threads}, Table(("a",), []), Plot([]))


RUNS = (fine, hang, deaf, hog, creep, die, grumble, leave, broken, undeclared, noisy, heavy, environment)


def _experiment(run: Callable[[RunSettings, int], Outcome]) -> Experiment:
    work = 10**15 if run is heavy else 1
    metrics = (Metric("process", "", "the worker's process id"),)
    return Experiment(run.__name__, "none", run.__name__, "?", (SIZE,), metrics, lambda _: work, run)


EXPERIMENTS = {run.__name__: _experiment(run) for run in RUNS}


def find(name: str) -> Experiment:
    return EXPERIMENTS[name]


if __name__ == "__main__":
    serve(find, int(sys.argv[1]))
