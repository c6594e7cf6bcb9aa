"""How long the answers of rounds that are over are kept: as each server has set."""

from bot.service.server_rules import Rules, ServerRules
from bot.storage.journal import Journal

DAY = 24 * 3600.0
EVERY = 3600.0  # seconds between two looks


class Expiry:
    """Removes what has been kept long enough; without `rules` as long as where nothing is set."""

    def __init__(self, journal: Journal, rules: ServerRules | None = None) -> None:
        self._journal = journal
        self._rules = rules
        self._looked_at: float | None = None

    async def tick(self, now: float) -> None:
        """Looks now and then."""
        if self._looked_at is not None and now - self._looked_at < EVERY:
            return
        self._looked_at = now
        for server in await self._journal.servers():
            rules = await self._rules.of(server) if self._rules else Rules()
            await self._journal.forget_ended(server, now - rules.receipt_days * DAY)
