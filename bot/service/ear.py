"""Since when Discord has not been heard: presses made in that time never came, or could not be answered."""

from collections.abc import Callable

from bot.clock import Clock
from bot.storage.entries import Heard

DeafSince = Callable[[], float | None]


class Ear:
    """Holds on to a gap until every round knows of it. `deaf_since`: the host's clock, None while Discord is heard."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._deaf_since: DeafSince = lambda: None
        self._now_deaf = False
        self._noted = 0.0
        self.gap: float | None = None

    def listen_by(self, deaf_since: DeafSince, gap: float | None) -> None:
        """From now on it hears; `gap` is when an earlier run last did, where rounds of it are on."""
        self._deaf_since, self.gap = deaf_since, gap

    def listen(self) -> float | None:
        """Since when nothing was heard, once something is heard again and until `made_up`."""
        since = self._deaf_since()
        self._now_deaf = since is not None
        if since is not None:
            self.gap = since if self.gap is None else min(self.gap, since)
        return None if self._now_deaf else self.gap

    def made_up(self) -> None:
        """Every round knows."""
        self.gap = None

    def note(self, every: float) -> tuple[Heard, ...]:
        """What the journal is to know, if that was not said in the last `every` seconds."""
        now = self._clock.now()
        if abs(now - self._noted) < every:
            return ()
        self._noted = now
        return (Heard(now if self.gap is None else self.gap),)
