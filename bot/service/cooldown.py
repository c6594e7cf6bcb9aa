"""How soon somebody may do a thing again. Times are arguments; memory is bounded."""

from collections import OrderedDict
from collections.abc import Hashable

MOST_KEPT = 10_000


def left(last: float | None, seconds: float, now: float) -> float:
    """The seconds still to wait at `now`; 0 where it was long enough ago, or never."""
    return 0.0 if last is None else max(0.0, last + seconds - now)


class Cooldown:
    """When each did it last. Of more than `most` those longest ago are forgotten: they may do it again."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._last: OrderedDict[Hashable, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._last)

    def tries(self, who: Hashable, seconds: float, now: float) -> float:
        """The seconds still to wait. Where there are none it counts as done now: trying in vain makes nobody wait
        longer."""
        if seconds <= 0:
            return 0.0
        wait = left(self._last.get(who), seconds, now)
        if not wait:
            self._last[who] = now
            self._last.move_to_end(who)
            while len(self._last) > self._most:
                self._last.popitem(last=False)
        return wait
