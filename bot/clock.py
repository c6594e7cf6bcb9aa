"""Time as an argument: rules never read the wall clock themselves."""

import asyncio
import time
from datetime import datetime
from typing import Protocol

DAY = 24 * 3600.0  # seconds
WEEK = 7 * DAY
_FIRST_WEEK = -3 * DAY  # the Monday before the epoch, which was a Thursday


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


class AheadClock(SystemClock):
    """The clock of the machine, set ahead by as many days as are asked for: to try what is due only then."""

    def __init__(self) -> None:
        self.days = 0

    def now(self) -> float:
        """Seconds since the epoch, on that later day."""
        return super().now() + DAY * self.days


def shown(at: float) -> str:
    """A time, in seconds since the epoch, as hosts read it: by the clock of their machine, to the second, with its
    zone."""
    return datetime.fromtimestamp(at).astimezone().isoformat(" ", "seconds")


def week_of(at: float) -> int:
    """The number of the week of a time: ISO weeks, which begin on Mondays at midnight UTC, counted from that of the
    epoch, 0."""
    return int((at - _FIRST_WEEK) // WEEK)


def week_begins(week: int) -> float:
    """When the week of that number begins."""
    return week * WEEK + _FIRST_WEEK
