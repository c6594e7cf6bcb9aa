"""What a process and those it has started cost: processor time, and memory of each and of all together. Linux only."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

LOOKS = 0.01  # seconds between two looks
_PROC = Path("/proc")


@dataclass
class Memory:
    """Megabytes that were seen; shared pages count in each process that has them."""

    highest: float = 0.0  # of a process that this one has started
    together: float = 0.0  # of all that it has started, and of what these have, at one time


def processor_seconds(pid: int) -> float:
    """What all threads of a process have used so far, to a millionth; those of its descendants not counted."""
    found = 0
    for thread in (_PROC / str(pid) / "task").iterdir():
        found += int((thread / "schedstat").read_text().split()[0])
    return found / 1e9


def megabytes(pid: int) -> float:
    """What a process holds in memory now; 0 where it has ended."""
    try:
        return int((_PROC / str(pid) / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return 0.0


def started_by(pid: int) -> dict[int, int]:
    """The processes that a process has started and those that these have, each with the process that started it."""
    parents = {}
    for each in _PROC.iterdir():
        if each.name.isdecimal():
            with suppress(OSError):  # it has ended meanwhile
                parents[int(each.name)] = int((each / "stat").read_text().rpartition(")")[2].split()[1])
    found: dict[int, int] = {}
    before = -1
    while len(found) > before:
        before = len(found)
        found = {child: parent for child, parent in parents.items() if parent == pid or parent in found}
    return found


@contextmanager
def watched() -> Iterator[Memory]:
    """Looks at the memory of all that this process starts, again and again until the block is left."""
    found, over = Memory(), threading.Event()

    def look() -> None:
        while not over.is_set():
            held = {child: (parent, megabytes(child)) for child, parent in started_by(os.getpid()).items()}
            found.highest = max([found.highest, *(size for parent, size in held.values() if parent == os.getpid())])
            found.together = max(found.together, sum(size for _, size in held.values()))
            time.sleep(LOOKS)

    watching = threading.Thread(target=look, daemon=True)
    watching.start()
    try:
        yield found
    finally:
        over.set()
        watching.join()
