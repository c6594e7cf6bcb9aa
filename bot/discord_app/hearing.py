"""Since when Discord has not been heard. A break shows at once; a line that went dead only by its silence."""

import math
import time
from collections.abc import Callable

SILENT = 60.0  # seconds; even where nothing happens, heartbeats are acknowledged more often than that

Now = Callable[[], float]


class Hearing:
    """`now` is the clock that rounds go by, `latency` that of the latest acknowledged heartbeat."""

    def __init__(self, now: Now, latency: Now, elapsed: Now = time.monotonic) -> None:
        self._now = now
        self._latency = latency
        self._elapsed = elapsed
        self._acknowledged = math.inf
        self._received = elapsed()
        self._broken: float | None = None
        self._over = False

    def received(self) -> None:
        """Something came from Discord."""
        self._received = self._elapsed()

    def broken(self) -> None:
        """The connection is lost, or was not to be had again."""
        self._broken = self._now() if (since := self.since()) is None else since
        self._over = False

    def back(self) -> None:
        """There is a connection again; what was missed has been sent after, if it ever will be."""
        self._over = True
        self.received()

    def since(self) -> float | None:
        """Since when nothing could be heard; None: Discord is heard. A break is told once more when it is over, or a
        short one could fall between two looks."""
        if (broken := self._broken) is not None:
            self._broken = None if self._over else broken
            return broken
        latency = self._latency()
        if math.isfinite(latency) and latency != self._acknowledged:
            self._acknowledged = latency
            self.received()
        silence = self._elapsed() - self._received
        return self._now() - silence if silence > SILENT else None
