"""Runs of experiments in several worker processes at once, for whoever needs their metrics alone."""

from collections.abc import Mapping
from queue import SimpleQueue
from types import TracebackType

from bot.simulations.request import prepare
from bot.simulations.worker import Worker


class Trials:
    """`jobs` workers, each started with its first run; ended on leaving the `with` block."""

    def __init__(self, jobs: int) -> None:
        self._workers = [Worker() for _ in range(jobs)]
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)

    def __enter__(self) -> "Trials":
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
