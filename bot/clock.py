"""Time as an argument: rules never read the wall clock themselves."""

import time
from typing import Protocol


class Clock(Protocol):
    """Something that knows the time."""

    def now(self) -> float:
        """Seconds since the epoch."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()
