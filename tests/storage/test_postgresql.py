"""What holds on PostgreSQL only."""

import pytest

from bot.clock import SystemClock
from bot.storage.database import open_storage
from tests.storage.postgresql import Server

pytestmark = pytest.mark.slow


def tables(server: Server, url: str) -> list[str]:
    found = server.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", url.rpartition("/")[2])
    return [row["tablename"] for row in found]


async def test_each_test_has_a_database_of_its_own(
    postgresql_server: Server, postgresql: str, migrated_postgresql: str
) -> None:
    assert tables(postgresql_server, postgresql) == []
    assert "quiz_rounds" in tables(postgresql_server, migrated_postgresql)
    storage = await open_storage(postgresql, SystemClock())
    assert await storage.greetings.claim(7)
    await storage.close()
    assert sorted(tables(postgresql_server, postgresql)) == sorted(tables(postgresql_server, migrated_postgresql))
    postgresql_server.restart("immediate")
    assert postgresql_server.runs
    again = await open_storage(postgresql, SystemClock())
    assert not await again.greetings.claim(7)
    await again.close()
