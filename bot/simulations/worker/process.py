"""One worker process: started, asked, killed."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Timer
from typing import IO, Any

from bot.simulations.faults import RunFailed, TookTooLong, WorkerDied

DIED = "The worker process was stopped from outside. The next run gets a new one."
SLOW_RUN = "The run took longer than {seconds:g} s and was stopped. Make it smaller."
SLOW_START = "The worker process took longer than {seconds:g} s to start. This machine is very busy; try again later."
ROOT = Path(__file__).resolve().parents[3]
ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")} | {
    "VECLIB_MAXIMUM_THREADS": "1"
}
SECRETS = ("DISCORD_TOKEN", "DATABASE_URL")


@dataclass(frozen=True, slots=True)
class Limits:
    """`run` and `start` in seconds of wall time, `memory` in bytes of address space."""

    run: float = 10.0
    start: float = 60.0
    memory: int = 2 << 30


class Process:
    """Starts at once. Not for use by two threads at a time, but for `kill`."""

    def __init__(self, module: str, limits: Limits) -> None:
        """Raises WorkerDied or TookTooLong where it does not come up."""
        self._limits = limits
        self._warm = False
        try:
            self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", module, str(limits.memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=_environment(),
                start_new_session=True,  # Ctrl-C in the terminal is for the bot, which then ends the worker
            )
        except OSError as error:  # too many processes, or no memory for one more
            raise WorkerDied(f"The worker process cannot be started ({error.strerror}).") from None
        try:
            self._receive(limits.start, SLOW_START)
        except RunFailed:
            self.discard()
            raise

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
        """Loads what pictures need, within the time for starting."""
        self._send({"warm": True})
        self._receive(self._limits.start, SLOW_START)
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
            raise WorkerDied(DIED) from None

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
            raise WorkerDied(DIED)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _stop(self, late: Event) -> None:
        late.set()
        self._child.kill()


def _environment() -> dict[str, str]:
    """One thread for the matrix library, set before it loads; this checkout first on the path; no secrets."""
    inherited = {name: value for name, value in os.environ.items() if name not in SECRETS}
    path = os.pathsep.join(filter(None, (str(ROOT), inherited.get("PYTHONPATH"))))
    return inherited | ONE_THREAD | {"PYTHONPATH": path}


def _close(pipe: IO[bytes]) -> None:
    with suppress(OSError):  # what was left in the buffer cannot be delivered any more
        pipe.close()
