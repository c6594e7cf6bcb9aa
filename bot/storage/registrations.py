"""Which commands Discord has been told about."""

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.tables import SyncedCommands


class Registrations:
    """The fingerprint of the commands that each application last registered."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def fingerprint(self, application_id: int) -> str | None:
        """What was last registered, or None when nothing was."""
        query = select(SyncedCommands.fingerprint).where(SyncedCommands.application_id == application_id)
        async with self._engine.connect() as connection:
            return (await connection.execute(query)).scalar_one_or_none()

    async def remember(self, application_id: int, fingerprint: str) -> None:
        """Notes what has been registered now."""
        row = {"application_id": application_id, "fingerprint": fingerprint}
        async with self._engine.begin() as connection:
            await connection.execute(delete(SyncedCommands).where(SyncedCommands.application_id == application_id))
            await connection.execute(insert(SyncedCommands).values(row))
