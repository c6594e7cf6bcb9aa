"""Discord's own clock, which a test may move on instead of sleeping."""

from __future__ import annotations

import asyncio
import itertools
import time
from contextlib import suppress

DISCORD_EPOCH = 1_420_070_400_000  # ms; the first second of 2015, where snowflakes begin


class Clock:
    """Wall time plus whatever the test has advanced it by. Seconds."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._moved = asyncio.Event()
        self._serial = itertools.count(1)

    def now(self) -> float:
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += seconds
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """As long as that takes, or until the clock has been moved on so far."""
        until = self.now() + seconds
        while (left := until - self.now()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), left)

    def snowflake(self) -> int:
        """A fresh id that carries the present time, as Discord's ids do."""
        milliseconds = int(self.now() * 1000) - DISCORD_EPOCH
        return (milliseconds << 22) | (next(self._serial) & 0x3FFFFF)
