"""Whether Discord hears the bot, and the sign of life that the host's health check looks for."""

import asyncio
import contextlib
import logging
import math
import time
from collections.abc import Callable
from pathlib import Path

from bot import healthy

_log = logging.getLogger(__name__)

SILENT = 60.0  # seconds; even where nothing happens, heartbeats are acknowledged every 41
WAITING_SECONDS = 1.0  # between two looks while there is no connection

Now = Callable[[], float]


class GatewayLiveness:
    """Since when Discord has not been heard: a break shows at once, a line that went dead only by its silence."""

    def __init__(self, now: Now, latency: Now, elapsed: Now = time.monotonic) -> None:
        """`now` is the clock that rounds go by, `latency` that of the latest acknowledged heartbeat, in seconds."""
        self._now = now
        self._latency = latency
        self._elapsed = elapsed
        self._acknowledged = math.inf
        self._received = elapsed()
        self._broken: float | None = None
        self._over = False

    def received(self) -> None:
        """Note that something came from Discord."""
        self._received = self._elapsed()

    def lost(self) -> None:
        """Note that the connection is lost, or was not to be had again."""
        self._broken = self._now() if (since := self.outage_since()) is None else since
        self._over = False

    def regained(self) -> None:
        """Note that there is a connection again; what was missed has been sent after, if it ever will be."""
        self._over = True
        self.received()

    def outage_since(self) -> float | None:
        """Since when nothing could be heard, by the clock of the rounds; None: Discord is heard.

        A break is told once more when it is over, or a short one could fall between two looks.
        """
        if (broken := self._broken) is not None:
            self._broken = None if self._over else broken
            return broken
        latency = self._latency()
        if math.isfinite(latency) and latency != self._acknowledged:
            self._acknowledged = latency
            self.received()
        silence = self._elapsed() - self._received
        return self._now() - silence if silence > SILENT else None


async def beat(file: Path, alive: Callable[[], bool], every: float = healthy.EVERY) -> None:
    """Touch `file` every so many seconds for as long as `alive` says so; never return. No folder is made for it.

    What an earlier process left is removed before, and the file itself when this ends.
    """
    failing = False
    await asyncio.to_thread(_remove, file)
    try:
        while True:
            beating = alive()
            if beating:
                fault = await asyncio.to_thread(touch, file)
                if fault and not failing:
                    _log.warning("The sign of life %s cannot be written: %s", file, fault)
                failing = bool(fault)
            await asyncio.sleep(every if beating and not failing else min(every, WAITING_SECONDS))
    finally:
        _remove(file)


def touch(file: Path) -> str | None:
    """Touch it; return why that cannot be done, if it cannot."""
    try:
        file.touch()
    except OSError as error:
        return error.strerror or type(error).__name__
    return None


def _remove(file: Path) -> None:
    with contextlib.suppress(OSError):
        file.unlink()
