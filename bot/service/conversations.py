"""What each member was last answered, for the ten minutes in which a follow-up makes sense. In memory only."""

from collections import OrderedDict

from bot.clock import Clock
from bot.tutor.decision import Context

KEPT_SECONDS = 600.0
KEPT_MEMBERS = 10_000


class Conversations:
    """The last answer of each member, forgotten after ten minutes; at most `KEPT_MEMBERS`, the oldest go first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: OrderedDict[str, tuple[float, Context]] = OrderedDict()

    def context(self, member: str) -> Context | None:
        """What that member was last answered, if that was less than ten minutes ago."""
        at, context = self._last.get(member, (float("-inf"), None))
        return context if self._clock.now() - at < KEPT_SECONDS else None

    def remember(self, member: str, context: Context) -> None:
        """Notes what that member is being answered now."""
        self._last[member] = (self._clock.now(), context)
        self._last.move_to_end(member)
        while len(self._last) > KEPT_MEMBERS:
            self._last.popitem(last=False)
