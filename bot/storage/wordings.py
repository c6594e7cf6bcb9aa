"""The wordings that moderators have accepted for full marks, by server. Whose answer it was is not kept."""

from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.clock import Clock
from bot.storage.quiz_tables import AcceptedWording
from bot.storage.reading import reading


@dataclass(frozen=True, slots=True)
class WordingRow:
    """A wording as it is kept; `question` is the key of what it answers, `at` in seconds since the epoch, `by` empty
    where the moderator wanted to be forgotten."""

    id: int
    topic: str
    question: str
    wording: str
    by: str
    at: float


class AcceptedWordings:
    """What was accepted in each server. What may be accepted is for others to say."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine, self._reading = engine, reading(engine)
        self._clock = clock

    async def of(self, server_id: int) -> tuple[WordingRow, ...]:
        """All of one server, in the order accepted."""
        query = select(AcceptedWording.__table__).where(AcceptedWording.server_id == server_id)
        async with self._reading.connect() as connection:
            rows = (await connection.execute(query.order_by(AcceptedWording.wording_id))).all()
        return tuple(WordingRow(r.wording_id, r.topic, r.question, r.wording, r.by_name, r.accepted_at) for r in rows)

    async def add(self, server_id: int, moderator_id: int, row: WordingRow) -> WordingRow:
        """Keeps a wording; number and time are given here."""
        at = self._clock.now()
        values = {"topic": row.topic, "question": row.question, "wording": row.wording, "accepted_at": at}
        by = {"moderator_id": moderator_id, "by_name": row.by}
        async with self._engine.begin() as connection:
            done = await connection.execute(insert(AcceptedWording).values(server_id=server_id, **values, **by))
        number = int((done.inserted_primary_key or (0,))[0])
        return WordingRow(number, row.topic, row.question, row.wording, row.by, at)

    async def remove(self, server_id: int, wording_id: int) -> bool:
        """Forgets a wording of that server; False where there is none of that number."""
        gone = delete(AcceptedWording).where(
            AcceptedWording.server_id == server_id, AcceptedWording.wording_id == wording_id
        )
        async with self._engine.begin() as connection:
            return (await connection.execute(gone)).rowcount > 0

    async def forget(self, moderator_id: int) -> None:
        """Leaves the wordings, and no name of who accepted them."""
        nameless = update(AcceptedWording).where(AcceptedWording.moderator_id == moderator_id)
        async with self._engine.begin() as connection:
            await connection.execute(nameless.values(moderator_id=0, by_name=""))
