"""What a process does to its event loop: how late a sleeper wakes, processor time, memory."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from pathlib import Path

STEP = 0.01  # seconds that the sleeper asks for
LOOKS = 0.25  # seconds between two looks at time and memory


@dataclass
class Probe:
    """`lags`: (when, seconds too late); `spent`: (when, processor seconds so far, bytes of memory, seconds that the
    process could have run so far and was given no processor, tasks of asyncio, open handles)."""

    lags: list[tuple[float, float]] = field(default_factory=list)
    spent: list[tuple[float, float, int, float, int, int]] = field(default_factory=list)

    async def run(self, path: Path | None = None) -> None:
        """Until cancelled. With `path` all is written there, and not kept: the probe must not be what grows."""
        looked = 0.0
        while True:
            before = time.perf_counter()
            await asyncio.sleep(STEP)
            after = time.perf_counter()
            self.lags.append((time.time(), after - before - STEP))
            if after - looked >= LOOKS:
                looked = after
                counts = len(asyncio.all_tasks()), handles()
                self.spent.append((time.time(), time.process_time(), memory(), kept_waiting(), *counts))
                if path:
                    self._write(path)

    def _write(self, path: Path) -> None:
        with path.open("a") as file:
            file.write(json.dumps([self.lags, self.spent]) + "\n")
        self.lags.clear()
        self.spent.clear()

    @classmethod
    def read(cls, path: Path) -> "Probe":
        """What another process wrote."""
        found = cls()
        for line in path.read_text().splitlines():
            lags, spent = json.loads(line)
            found.lags += lags
            found.spent += spent
        return found

    def late(self, start: float, end: float) -> list[float]:
        """How late work was, in seconds, that came in from `start` to `end`: a figure for each hundredth of a second.

        A sleeper alone tells too little: where the loop stands still for a second it sees one delay, but whatever comes
        in during that second has to wait.
        """
        found: list[float] = []
        for at, lag in self.lags:
            if start <= at <= end:
                found += [lag - STEP * i for i in range(int(max(lag, 0.0) / STEP) + 1)]
        return found

    def seconds(self, start: float, end: float) -> float:
        """Processor time spent between the two."""
        return self._grown(1, start, end)

    def waited(self, start: float, end: float) -> float:
        """Seconds between the two in which other processes had the processors."""
        return self._grown(3, start, end)

    def _grown(self, place: int, start: float, end: float) -> float:
        seen = [one[place] for one in self.spent if start <= one[0] <= end]
        return seen[-1] - seen[0] if seen else float("nan")

    def memory(self, at: float) -> float:
        """Megabytes held then."""
        return self._nearest(at)[2] / 1024**2

    def counts(self, at: float) -> tuple[int, int]:
        """Tasks and open handles then."""
        return self._nearest(at)[4:]

    def _nearest(self, at: float) -> tuple[float, float, int, float, int, int]:
        return min(self.spent, key=lambda one: abs(one[0] - at))


def memory() -> int:
    """Bytes that this process holds in memory now; told by Linux only, 0 elsewhere."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
    except OSError:
        return 0


def kept_waiting() -> float:
    """Seconds that the main thread has waited for a processor; told by Linux only, 0 elsewhere."""
    try:
        return int(Path("/proc/self/schedstat").read_text().split()[1]) / 1e9
    except OSError:
        return 0.0


def handles() -> int:
    """Files and sockets that this process has open; told by Linux only, 0 elsewhere."""
    try:
        return len(list(Path("/proc/self/fd").iterdir()))
    except OSError:
        return 0
