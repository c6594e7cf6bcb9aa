"""The bot's side of the workers: starts the processes in which experiments run, asks them, replaces one after a fault.

Runs have processes of their own, so that one that hangs, fills the memory or dies takes nobody with it. Between the
two sides goes one line of JSON a message; execute.py is the other side.
"""

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Lock, Thread, Timer
from typing import IO, Any

from bot.errors import TutorError
from bot.simulations.experiments import Request, Result


class RunUnfinished(TutorError):  # noqa: N818 - reads as "the run is unfinished"
    """A run did not reach its end. The next run gets a fresh worker."""

    quotes = False


class TookTooLong(RunUnfinished):
    """The run was stopped at its time limit."""


class TooMuchMemory(RunUnfinished):
    """The run was stopped at its memory limit."""


class WorkerDied(RunUnfinished):
    """The worker process ended in mid-run, stopped from outside say."""


class CannotDraw(RunUnfinished):
    """Pictures cannot be drawn on this machine, whatever the experiment: its fault is this machine's."""


class ExperimentBroke(RunUnfinished):
    """The experiment itself has a fault; the traceback is in the log."""


DIED = "The worker process ended in mid-run ({how}). The next run gets a new one."
SLOW_RUN = "The run took longer than {seconds:g} s and was stopped. Make it smaller."
SLOW_START = "The worker process took longer than {seconds:g} s to start. This machine is very busy; try again later."
_CANNOT_DRAW = {
    "folder": "No picture can be drawn: matplotlib finds no folder that it may write to. MPLCONFIGDIR can name one.",
    "memory": "No picture can be drawn: there is too little memory to load matplotlib.",
    "broke": "No picture can be drawn: matplotlib does not load on this machine. `python -m bot doctor` says more.",
}
ROOT = Path(__file__).resolve().parents[2]
ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")} | {
    "VECLIB_MAXIMUM_THREADS": "1"
}
SECRETS = ("DISCORD_TOKEN", "DATABASE_URL")
EXECUTE = "bot.simulations.execute"
IDLE_BESIDE = 60.0  # seconds after which a worker that others stand in for is ended
# Bytes of memory that are counted for each. Seen were 165 MB of a bot in 1,300 servers (by `tests.bench many`) and
# 85 MB of a worker that has drawn; the rest is for a model that is being made, and for what a run takes.
OF_THE_BOT, OF_A_WORKER = 400_000_000, 150_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """`run`, `start` and `idle` in seconds of wall time, `memory` in bytes of address space."""

    run: float = 10.0
    start: float = 60.0
    idle: float = 600.0  # after which the process is ended: it holds as much memory as the bot, and starts in a second
    memory: int = 2 << 30


class Process:
    """Starts at once. Not for use by two threads at a time, but for `kill`."""

    def __init__(self, module: str, limits: Limits) -> None:
        """Raises WorkerDied where it cannot be started; whether it comes up says `wait_until_up`."""
        self._limits = limits
        self._warm = False
        try:
            self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", module, str(limits.memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=child_environment() | ONE_THREAD,  # of the matrix library, set before it loads
                start_new_session=True,  # Ctrl-C in the terminal is for the bot, which then ends the worker
            )
        except OSError as error:  # too many processes, or no memory for one more
            raise WorkerDied(f"The worker process cannot be started ({error.strerror}).") from None
        Thread(target=_told, args=[self._child.stderr], name="standard error of the worker", daemon=True).start()

    def wait_until_up(self) -> None:
        """Returns when it takes messages. Raises WorkerDied or TookTooLong; the process is then of no more use."""
        self._receive(self._limits.start, SLOW_START)

    @property
    def alive(self) -> bool:
        return self._child.poll() is None

    def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        """The answer to one message. Raises TookTooLong or WorkerDied; the process is then of no more use."""
        if message.get("picture") and not self._warm:
            self.warm()
        self._send(message)
        return self._receive(self._limits.run, SLOW_RUN)

    def warm(self) -> None:
        """Loads what pictures need, within the time for starting. Raises CannotDraw where it does not load."""
        self._send({"warm": True})
        answer = self._receive(self._limits.start, SLOW_START)
        if "fault" in answer:
            log.error("Pictures cannot be drawn:\n%s", answer.get("traceback", "there is too little memory"))
            raise CannotDraw(_CANNOT_DRAW.get(answer["fault"], _CANNOT_DRAW["broke"]))
        self._warm = True

    def kill(self) -> None:
        """Ends it, from any thread; whoever waits for an answer gets WorkerDied."""
        self._child.kill()

    def discard(self) -> None:
        """Ends it and frees what it held."""
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                _close(pipe)

    def _send(self, message: dict[str, Any]) -> None:
        assert self._child.stdin  # noqa: S101 - it was opened as a pipe
        try:
            self._child.stdin.write(json.dumps(message).encode("ascii") + b"\n")
            self._child.stdin.flush()
        except OSError:
            raise self._died() from None

    def _receive(self, seconds: float, told: str) -> dict[str, Any]:
        """One line; `told` is said where it takes longer than `seconds`.

        A timer ends the process, which ends the line; this works where pipes cannot be polled, too.
        """
        assert self._child.stdout  # noqa: S101
        late = Event()
        timer = Timer(seconds, self._stop, [late])
        timer.start()
        line = self._child.stdout.readline()
        timer.cancel()
        timer.join()
        if late.is_set():
            raise TookTooLong(told.format(seconds=seconds))
        if not line.endswith(b"\n"):
            raise self._died()
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _died(self) -> WorkerDied:
        """What to say of a process that takes or gives no more lines: how it ended, as far as that can be seen."""
        try:
            status = self._child.wait(5)
        except subprocess.TimeoutExpired:
            return WorkerDied(DIED.format(how="it closed its pipes"))
        try:
            how = signal.Signals(-status).name
        except ValueError:
            how = f"status {status}"
        return WorkerDied(DIED.format(how=how))

    def _stop(self, late: Event) -> None:
        late.set()
        self._child.kill()


def child_environment() -> dict[str, str]:
    """What a process of ours is started with: this checkout first on the path, and no secrets."""
    inherited = {name: value for name, value in os.environ.items() if name not in SECRETS}
    return inherited | {"PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), inherited.get("PYTHONPATH"))))}


def _told(pipe: IO[bytes]) -> None:
    """Log what a process writes to its standard error, until it ends."""
    with pipe, suppress(OSError, ValueError):
        for line in pipe:
            log.warning("The worker process says: %s", line.decode(errors="replace").rstrip())


def _close(pipe: IO[bytes]) -> None:
    with suppress(OSError):  # what was left in the buffer cannot be delivered any more
        pipe.close()


log = logging.getLogger(__name__)


class Worker:
    """Runs requests one at a time in a process that is kept, and replaced after a fault.

    The process starts with the first run, and ends when none has come for ten minutes.

    A run that does not reach its end raises RunUnfinished: TookTooLong, TooMuchMemory, WorkerDied, CannotDraw,
    ExperimentBroke.
    """

    at_once = 1  # run

    def __init__(self, limits: Limits | None = None, module: str = EXECUTE) -> None:
        self._limits = limits or Limits()
        self._module = module
        self._process: Process | None = None
        self._turn = Lock()
        self._closed = False
        self._idle = Timer(0.0, lambda: None)  # ends the process when it runs out
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="simulations")

    async def run(self, request: Request) -> Result:
        """As `run_now`, off the event loop: the waiting is done by a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self.run_now, request)

    def run_now(self, request: Request) -> Result:
        """Runs to the end, or to a limit. The time spent waiting for an earlier run does not count."""
        with self._turn:
            self._idle.cancel()
            try:
                return self._result(request, self._ready())
            except RunUnfinished as fault:
                log.warning("%s on seed %d: %s", request.experiment, request.seed, fault)
                self._drop()
                raise
            finally:
                self._wait_for_more()

    def end(self) -> None:
        """Ends the process and waits for nothing; a run under way raises WorkerDied, and so does every later one."""
        self._closed = True
        self._idle.cancel()
        if process := self._process:
            process.kill()

    def close(self) -> None:
        """As `end`, and frees what is held."""
        self.end()
        with self._turn:
            self._drop()
        self._thread.shutdown()

    def _wait_for_more(self) -> None:
        """Have the process ended where no run comes for long."""
        if self._process and not self._closed:
            self._idle = Timer(self._limits.idle, self._leave, [self._process])
            self._idle.daemon = True
            self._idle.start()

    def _leave(self, idle: Process) -> None:
        """End the process, unless it is at work again."""
        if self._turn.acquire(blocking=False):
            try:
                if self._process is idle and not self._idle.finished.is_set():
                    self._drop()
            finally:
                self._turn.release()

    def _ready(self) -> Process:
        if self._closed:
            raise WorkerDied("The worker has been closed.")
        if self._process and not self._process.alive:  # it died between two runs: nobody need hear of it
            self._drop()
        if self._process is None:
            self._process = Process(self._module, self._limits)
            if self._closed:  # meanwhile, so that `close` saw no process to end
                raise WorkerDied("The worker has been closed.")
            self._process.wait_until_up()
        return self._process

    def _result(self, request: Request, process: Process) -> Result:
        answer = process.ask(request.plain())
        match answer.get("fault"):
            case None:
                return Result.from_plain(answer["result"])
            case "memory":
                raise TooMuchMemory("The run needed more memory than it may have and was stopped. Make it smaller.")
        log.error("%s broke:\n%s", request, answer["traceback"])
        why = answer["traceback"].strip().rpartition("\n")[2][:120]
        raise ExperimentBroke(f"The experiment {request.experiment} has a fault with these settings ({why}).")

    def _drop(self) -> None:
        if self._process:
            self._process.discard()
        self._process = None


class Workers:
    """Runs as many requests at once as it has workers; what one of them suffers concerns none of the others.

    The first that is free takes the next run, so that no more processes start than there are runs at one time, and
    those that are no longer needed end, soon but for the first.
    """

    def __init__(self, count: int | None = None, limits: Limits | None = None, module: str = EXECUTE) -> None:
        """`count`: as many as this machine leaves to experiments, unless given."""
        limits = limits or Limits()
        others = replace(limits, idle=min(limits.idle, IDLE_BESIDE))
        count = most_workers() if count is None else count
        self._all = [Worker(others if number else limits, module) for number in range(count)]
        self._free = set(range(count))

    @property
    def at_once(self) -> int:
        """How many there are."""
        return len(self._all)

    async def run(self, request: Request) -> Result:
        """As `Worker.run`. Not to be called for more runs at once than there are workers."""
        first = min(self._free)
        self._free.remove(first)
        try:
            return await self._all[first].run(request)
        finally:
            self._free.add(first)

    def close(self) -> None:
        """Ends all processes; runs under way raise WorkerDied, and so do all later ones."""
        for worker in self._all:
            worker.end()
        for worker in self._all:
            worker.close()


def most_workers(root: Path = Path("/")) -> int:
    """How many experiments may run at once: as many as there are processors without the one that the bot itself needs,
    at least one.

    Only what this process may use of the machine counts; and of its memory no more than the bot and all workers need.
    `root` is where the files of the system are.
    """
    groups = list(_control_groups(root))
    processors = min([_processors(), *(int(found) for group in groups if (found := _processors_of(group)))])
    memory = [found for group in groups if (found := _memory_of(group))]
    fit = (min(memory) - OF_THE_BOT) // OF_A_WORKER if memory else processors
    return max(1, min(processors - 1, fit))


def _processors() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _control_groups(root: Path) -> Iterator[Path]:
    """The folders of the control groups that this process is in, and of those around them; none but on Linux.

    Source: cgroups(7). Version 2 has one tree, version 1 one for each set of controllers.
    """
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        folder = root / "sys/fs/cgroup" / controllers
        for part in ["", *path.split("/")]:
            folder /= part
            yield folder


def _processors_of(group: Path) -> float | None:
    """Processors that a control group may use at one time; None where it sets no limit."""
    written = _words(group / "cpu.max") or [*_words(group / "cpu.cfs_quota_us"), *_words(group / "cpu.cfs_period_us")]
    match written:  # "max" or -1: no limit
        case [quota, period] if quota.isdecimal():
            return int(quota) / int(period)
    return None


def _memory_of(group: Path) -> int | None:
    """Bytes that a control group may use; None where it sets no limit."""
    written = [*_words(group / "memory.max"), *_words(group / "memory.limit_in_bytes"), "max"][0]
    return int(written) if written.isdecimal() else None


def _words(file: Path) -> list[str]:
    try:
        return file.read_text().split()
    except OSError:
        return []
