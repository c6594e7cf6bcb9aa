"""The phrasings that moderators taught, by server."""

from dataclasses import dataclass

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.clock import Clock
from bot.storage.reading import reading
from bot.storage.tables import TaughtPhrasing


@dataclass(frozen=True, slots=True)
class TaughtRow:
    """A phrasing as it is kept. `part` is empty for the topic as a whole; `at` is in seconds since the epoch."""

    id: int
    topic: str
    part: str
    phrasing: str
    by: str
    at: float


class TaughtPhrasings:
    """What was taught in each server. What may be taught is for others to say."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine, self._reading = engine, reading(engine)
        self._clock = clock

    async def of(self, server_id: int) -> tuple[TaughtRow, ...]:
        """All of one server, in the order taught."""
        query = select(TaughtPhrasing.__table__).where(TaughtPhrasing.server_id == server_id)
        async with self._reading.connect() as connection:
            rows = (await connection.execute(query.order_by(TaughtPhrasing.phrasing_id))).all()
        return tuple(TaughtRow(r.phrasing_id, r.topic, r.part, r.phrasing, r.taught_by, r.taught_at) for r in rows)

    async def add(self, server_id: int, topic: str, part: str, phrasing: str, by: str) -> TaughtRow:
        """Keeps a phrasing."""
        row = TaughtRow(0, topic, part, phrasing, by, self._clock.now())
        values = {"topic": topic, "part": part, "phrasing": phrasing, "taught_by": by, "taught_at": row.at}
        async with self._engine.begin() as connection:
            done = await connection.execute(insert(TaughtPhrasing).values(server_id=server_id, **values))
        return TaughtRow(int((done.inserted_primary_key or (0,))[0]), topic, part, phrasing, by, row.at)

    async def remove(self, server_id: int, phrasing_id: int) -> bool:
        """Forgets a phrasing of that server; False where there is none of that number."""
        gone = delete(TaughtPhrasing).where(
            TaughtPhrasing.server_id == server_id, TaughtPhrasing.phrasing_id == phrasing_id
        )
        async with self._engine.begin() as connection:
            return (await connection.execute(gone)).rowcount > 0
