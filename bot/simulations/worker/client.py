"""The bot's side of the worker."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from bot.simulations.faults import ExperimentBroke, RunFailed, TooMuchMemory, WorkerDied
from bot.simulations.request import Request, Result
from bot.simulations.worker.process import Limits, Process

log = logging.getLogger(__name__)


class Worker:
    """Runs requests one at a time in a process that is kept, and replaced after a fault. Starts with the first run.

    Every run raises RunFailed where it does not reach its end: TookTooLong, TooMuchMemory, WorkerDied, ExperimentBroke.
    """

    def __init__(self, limits: Limits | None = None, module: str = "bot.simulations.worker") -> None:
        self._limits = limits or Limits()
        self._module = module
        self._process: Process | None = None
        self._turn = Lock()
        self._closed = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="simulations")

    async def run(self, request: Request) -> Result:
        """As `run_now`, off the event loop: the waiting is done by a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self.run_now, request)

    async def warm(self) -> None:
        """Starts the process and loads what pictures need, so that the first member need not wait for it."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._warm_now)

    def run_now(self, request: Request) -> Result:
        """Runs to the end, or to a limit. The time spent waiting for an earlier run does not count."""
        with self._turn:
            try:
                return self._result(request, self._ready())
            except RunFailed as fault:
                log.warning("%s on seed %d: %s", request.experiment, request.seed, fault)
                self._drop()
                raise

    def close(self) -> None:
        """Ends the process; a run under way raises WorkerDied, and so does every later one."""
        self._closed = True
        if process := self._process:
            process.kill()
        with self._turn:
            self._drop()
        self._thread.shutdown()

    def _warm_now(self) -> None:
        with self._turn:
            try:
                self._ready().warm()
            except RunFailed:
                self._drop()
                raise

    def _ready(self) -> Process:
        if self._closed:
            raise WorkerDied("The worker has been closed.")
        if self._process and not self._process.alive:  # it died between two runs: nobody need hear of it
            self._drop()
        if self._process is None:
            self._process = Process(self._module, self._limits)
        return self._process

    def _result(self, request: Request, process: Process) -> Result:
        answer = process.ask(request.plain())
        match answer.get("fault"):
            case None:
                return Result.from_plain(answer["result"])
            case "memory":
                raise TooMuchMemory("The run needed more memory than it may have and was stopped. Make it smaller.")
        log.error("%s broke:\n%s", request, answer["traceback"])
        raise ExperimentBroke(f"The experiment {request.experiment} has a fault with these settings. It is in the log.")

    def _drop(self) -> None:
        if self._process:
            self._process.discard()
        self._process = None
