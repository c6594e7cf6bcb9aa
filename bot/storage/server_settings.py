"""What each server has set, as JSON text; what may be set is for others to say."""

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.quiz_tables import ServerSettings
from bot.storage.reading import reading


class SettingsOfServers:
    """One text a server."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine, self._reading = engine, reading(engine)

    async def of(self, server_id: int) -> str | None:
        """What the server has set, or None where it has set nothing."""
        query = select(ServerSettings.settings).where(ServerSettings.server_id == server_id)
        async with self._reading.connect() as connection:
            return (await connection.execute(query)).scalar_one_or_none()

    async def keep(self, server_id: int, settings: str) -> None:
        """In place of what was set before."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(ServerSettings).where(ServerSettings.server_id == server_id))
            await connection.execute(insert(ServerSettings).values(server_id=server_id, settings=settings))
