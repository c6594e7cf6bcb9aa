"""What those who run a server have set for it."""

import json
from dataclasses import asdict, dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Rules:
    """`starter_role` may start rounds besides moderators; `review_channel` gets what members dispute."""

    starter_role: int | None = None
    review_channel: int | None = None


class Kept(Protocol):
    """Where settings are kept."""

    async def of(self, server_id: int) -> str | None:
        """What the server has set, or None."""
        ...

    async def keep(self, server_id: int, settings: str) -> None:
        """In place of what was set before."""
        ...


class ServerRules:
    """Reads and changes them."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    async def of(self, server: int) -> Rules:
        """Those of a server; what a later version has set is left out."""
        found = json.loads(await self._kept.of(server) or "{}")
        return Rules(**{name: found[name] for name in ("starter_role", "review_channel") if name in found})

    async def keep(self, server: int, rules: Rules) -> None:
        """From now on these."""
        await self._kept.keep(server, json.dumps(asdict(rules)))
