"""A storage of additions without a database."""

import asyncio
from dataclasses import replace

from bot.service.additions import Moderator
from bot.storage.rows import Addition

HERE, THERE = 1, 2  # servers
MO = Moderator(7, "Mo")


class InMemory:
    """Keeps additions until the test ends, and counts how often it is read."""

    def __init__(self) -> None:
        self.rows: dict[int, list[tuple[int, Addition]]] = {}  # by server, with the moderator's id
        self.reads = 0
        self._given = 0

    def put(self, server: int, *additions: Addition) -> None:
        """Have these in a server, as if they had been added before."""
        self.rows.setdefault(server, []).extend((MO.id, one) for one in additions)

    async def of(self, server_id: int, kind: str) -> tuple[Addition, ...]:
        self.reads += 1
        await asyncio.sleep(0)
        return tuple(one for _, one in self.rows.get(server_id, ()) if one.kind == kind)

    async def add(self, server_id: int, moderator_id: int, addition: Addition) -> Addition:
        self._given += 1
        await asyncio.sleep(0)
        kept = replace(addition, id=self._given, at=1e6)
        self.rows.setdefault(server_id, []).append((moderator_id, kept))
        return kept

    async def remove(self, server_id: int, kind: str, number: int) -> bool:
        rows = self.rows.get(server_id, [])
        left = [row for row in rows if (row[1].kind, row[1].id) != (kind, number)]
        self.rows[server_id] = left
        return len(left) < len(rows)

    async def forget(self, moderator_id: int) -> None:
        for rows in self.rows.values():
            rows[:] = [(0, replace(one, by="")) if who == moderator_id else (who, one) for who, one in rows]
