"""A shelf without a database."""

from bot.storage.taught import TaughtRow


class MemoryShelf:
    """Keeps what was taught until the test ends; counts how often it is read."""

    def __init__(self) -> None:
        self.rows: dict[int, list[TaughtRow]] = {}
        self.reads = 0
        self._given = 0

    async def of(self, server_id: int) -> tuple[TaughtRow, ...]:
        self.reads += 1
        return tuple(self.rows.get(server_id, ()))

    async def add(self, server_id: int, topic: str, part: str, phrasing: str, by: str) -> TaughtRow:
        self._given += 1
        row = TaughtRow(self._given, topic, part, phrasing, by, 1_000_000.0)
        self.rows.setdefault(server_id, []).append(row)
        return row

    async def remove(self, server_id: int, phrasing_id: int) -> bool:
        rows = self.rows.get(server_id, [])
        left = [row for row in rows if row.id != phrasing_id]
        self.rows[server_id] = left
        return len(left) < len(rows)
