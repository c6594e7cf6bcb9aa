"""Which servers have been greeted."""

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.clock import Clock
from bot.storage.tables import GreetedServer


class Greetings:
    """Lets a server be greeted once, also when two joins arrive at the same time."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    async def claim(self, server_id: int) -> bool:
        """True for the first who asks: that one greets."""
        try:
            async with self._engine.begin() as connection:
                row = {"server_id": server_id, "greeted_at": self._clock.now()}
                await connection.execute(insert(GreetedServer).values(row))
        except IntegrityError:
            return False
        return True

    async def release(self, server_id: int) -> None:
        """Gives a claim back: the greeting could not be said."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(GreetedServer).where(GreetedServer.server_id == server_id))
