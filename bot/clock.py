"""Time as an argument: rules never read the wall clock themselves."""

import asyncio
import time
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Something that knows the time and can wait for it to pass."""

    def now(self) -> float:
        """Seconds since the epoch."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return once so many seconds have passed by this clock."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Return once so many seconds have passed."""
        await asyncio.sleep(seconds)


def shown(at: float) -> str:
    """A time, in seconds since the epoch, as hosts read it: by the clock of their machine, to the second, with its
    zone."""
    return datetime.fromtimestamp(at).astimezone().isoformat(" ", "seconds")
