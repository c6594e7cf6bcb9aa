"""What each member was last answered, for the ten minutes in which a follow-up makes sense. In memory only."""

from collections import OrderedDict
from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.matching.decision import Context

KEPT_SECONDS = 600.0
KEPT_MEMBERS = 10_000


@dataclass(frozen=True, slots=True)
class Remembered:
    """An answer, and when it was given (seconds since the epoch). `passed`: something else was asked since, in vain."""

    context: Context
    at: float
    passed: bool = False


class Conversations:
    """The last answer of each member, forgotten after ten minutes; at most `KEPT_MEMBERS`, the oldest go first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: OrderedDict[str, Remembered] = OrderedDict()

    def last(self, member: str) -> Remembered | None:
        """What that member was last answered, if that was less than ten minutes ago."""
        found = self._last.get(member)
        return found if found and self._clock.now() - found.at < KEPT_SECONDS else None

    def remember(self, member: str, context: Context) -> None:
        """Notes what that member is being answered now."""
        self._last[member] = Remembered(context, self._clock.now())
        self._last.move_to_end(member)
        while len(self._last) > KEPT_MEMBERS:
            self._last.popitem(last=False)

    def pass_on(self, member: str) -> None:
        """Notes that the member asked something else that was not answered."""
        if member in self._last:
            self._last[member] = replace(self._last[member], passed=True)
