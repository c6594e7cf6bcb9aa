"""What only reads waits for no writer."""

import asyncio
from pathlib import Path

from sqlalchemy import text

from bot.storage.database import open_storage
from tests.storage.test_repositories import NoonClock


async def test_reads_while_another_writes(tmp_path: Path) -> None:
    storage = await open_storage(f"sqlite+aiosqlite:///{tmp_path / 'tutor.sqlite3'}", NoonClock())
    try:
        async with storage.engine.begin() as writing:
            await writing.execute(text("DELETE FROM quiz_points"))
            async with asyncio.timeout(2):  # SQLite itself waits for five seconds
                assert await storage.journal.asked(1, 20) == ()
                assert await storage.scores.totals(1, 0.0) == ()
                assert await storage.settings.of(1) is None
                assert await storage.additions.of(1, "phrasing") == ()
    finally:
        await storage.close()
