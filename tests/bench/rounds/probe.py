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
    """`lags`: (when, seconds too late); `spent`: (when, processor seconds so far, bytes of memory)."""

    lags: list[tuple[float, float]] = field(default_factory=list)
    spent: list[tuple[float, float, int]] = field(default_factory=list)

    async def run(self) -> None:
        """Until cancelled."""
        looked = 0.0
        while True:
            before = time.perf_counter()
            await asyncio.sleep(STEP)
            after = time.perf_counter()
            self.lags.append((time.time(), after - before - STEP))
            if after - looked >= LOOKS:
                looked = after
                self.spent.append((time.time(), time.process_time(), memory()))

    def write(self, path: Path) -> None:
        """For another process to read."""
        path.write_text(json.dumps([self.lags, self.spent]))

    @classmethod
    def read(cls, path: Path) -> "Probe":
        """What another process wrote."""
        return cls(*json.loads(path.read_text()))

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
        spent = [cpu for at, cpu, _ in self.spent if start <= at <= end]
        return spent[-1] - spent[0] if spent else float("nan")

    def memory(self, at: float) -> float:
        """Megabytes held then."""
        return min(self.spent, key=lambda one: abs(one[0] - at))[2] / 1024**2


def memory() -> int:
    """Bytes that this process holds in memory now; told by Linux only, 0 elsewhere."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
    except OSError:
        return 0
