"""`python -m bot check`: validates the knowledge, and lets the experiments earn the verdicts on its claims."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot import words
from bot.console.output import Screen, write_json
from bot.curriculum.checks import Catalogue
from bot.curriculum.loader import load
from bot.curriculum.model import Curriculum
from bot.errors import KnowledgeError
from bot.quiz.kinds import Kinds
from bot.service.evidence import LEAST_SEEDS, Held, Tried
from bot.service.ledger import Ledger, MetricsRunner
from bot.simulations.request import prepare
from bot.simulations.worker import Worker

Laboratory = Callable[[int], AbstractContextManager[MetricsRunner]]


def run(folder: Path, as_json: bool, seeds: int, catalogue: Catalogue, laboratory: Laboratory) -> int:
    """Prints every fault of every file, or else each claim with what its experiments found on the first `seeds` seeds.

    `laboratory` opens a number of workers. Returns 1 where there is a fault, or a verdict that is not earned.
    """
    try:
        curriculum = load(folder, catalogue, Kinds())
    except KnowledgeError as error:
        for fault in error.faults:
            write_json(asdict(fault)) if as_json else Screen().line(str(fault))
        return 1
    if 0 < seeds < LEAST_SEEDS:
        sys.stderr.write(f"{words.laboratory.TOO_FEW_SEEDS}\n")
    ledger, found = Ledger(curriculum, catalogue), []
    for tried in _tried(ledger, seeds, laboratory):
        found.append(tried)
        if as_json:
            write_json(as_object(tried))
        elif seeds:
            _show(tried, ledger)
    if not as_json:
        Screen().line(_summary(curriculum, found, seeds))
    return 1 if any(tried.earned is False for tried in found) else 0


def as_object(tried: Tried) -> dict[str, Any]:
    """The object of the command-line contract."""
    return {
        "claim": tried.claim.id,
        "topic": tried.topic,
        "verdict": tried.claim.verdict,
        "earned": tried.earned,
        "criteria": [_criterion(held) for held in tried.criteria],
    }


def _criterion(held: Held) -> dict[str, Any]:
    measured = {name: asdict(spread) if spread else None for name, spread in held.measured.items()}
    return {"experiment": held.criterion.experiment, "held": held.held, "seeds": held.seeds, "measured": measured}


def _tried(ledger: Ledger, seeds: int, laboratory: Laboratory) -> Iterator[Tried]:
    jobs = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 16)
    with laboratory(jobs) as experiments, _bar() as bar:
        task = bar.add_task("experiments", total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        # Closed before the workers are, so that a run that is interrupted does not look like a worker that died.
        with closing(ledger.verify(experiments, range(seeds), jobs, after_run=show)) as found:
            for tried in found:
                bar.stop()  # the line that comes next may go to the same terminal
                yield tried
                bar.start()


def _bar() -> Progress:
    """A bar on standard error, on a terminal only. It keeps its hands off standard output, which may be a file."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
        disable=not sys.stderr.isatty(),
    )


def _show(tried: Tried, ledger: Ledger) -> None:
    screen = Screen()
    screen.line(words.laboratory.tried(tried, ledger.deciding(tried.claim)), "red" if tried.earned is False else "")
    for held in tried.criteria:
        if tried.earned is False and not held.enough:
            screen.line(f"    {words.laboratory.not_earned(held)}")


def _summary(curriculum: Curriculum, found: list[Tried], seeds: int) -> str:
    asks = sum(len(topic.asks) for topic in curriculum.topics)
    tested = [tried for tried in found if tried.criteria]
    earned = sum(tried.earned is True for tried in tested)
    return words.laboratory.checked(len(curriculum.topics), asks, earned, len(tested), seeds)


class WorkerPool:
    """`jobs` workers, each started with its first run; ended on leaving the `with` block."""

    def __init__(self, jobs: int) -> None:
        self._workers = [Worker() for _ in range(jobs)]
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)

    def __enter__(self) -> "WorkerPool":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        for worker in self._workers:
            worker.close()

    def run(self, name: str, settings: Mapping[str, str], seed: int) -> Mapping[str, float]:
        """The metrics of one run; waits for an idle worker.

        Raises UsageError for what cannot be run, RunFailed for what did not reach its end.
        """
        request = prepare(name, settings, seed)
        worker = self._idle.get()
        try:
            return worker.run_now(request).runs[0].metrics
        finally:
            self._idle.put(worker)
