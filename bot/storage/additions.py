"""What moderators added to the tutor in their servers: phrasings of topics, accepted wordings of answers.

All kinds share one table; what its columns `about` and `text` hold is for the kind to say, and so is what may be added.
"""

from dataclasses import dataclass, replace

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.clock import Clock
from bot.storage.reading import reading
from bot.storage.tables import ServerAddition


@dataclass(frozen=True, slots=True)
class Addition:
    """Something that a moderator added in a server. `id` and `at` are given when it is kept."""

    kind: str
    topic: str  # the id of the topic that it belongs to
    about: str  # a phrasing: the id of a part, or empty; an accepted wording: the key of the question
    text: str  # what the moderator sent in
    by: str = ""  # the moderator's display name; empty where they wanted to be forgotten
    id: int = 0
    at: float = 0.0  # seconds since the epoch


class AdditionStore:
    """The additions of all servers. Their numbers are never given twice, as buttons name additions by them."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine, self._reading = engine, reading(engine)
        self._clock = clock

    async def of(self, server_id: int, kind: str) -> tuple[Addition, ...]:
        """All of one kind in one server, in the order in which they were added."""
        query = select(ServerAddition.__table__).where(
            ServerAddition.server_id == server_id, ServerAddition.kind == kind
        )
        async with self._reading.connect() as connection:
            rows = (await connection.execute(query.order_by(ServerAddition.addition_id))).all()
        return tuple(Addition(r.kind, r.topic, r.about, r.text, r.moderator, r.addition_id, r.added_at) for r in rows)

    async def add(self, server_id: int, moderator_id: int, addition: Addition) -> Addition:
        """Keep an addition of that moderator, and return it with its number and its time."""
        at = self._clock.now()
        values = {"kind": addition.kind, "topic": addition.topic, "about": addition.about, "text": addition.text}
        by = {"moderator_id": moderator_id, "moderator": addition.by}
        async with self._engine.begin() as connection:
            done = await connection.execute(
                insert(ServerAddition).values(server_id=server_id, added_at=at, **values, **by)
            )
        return replace(addition, id=int((done.inserted_primary_key or (0,))[0]), at=at)

    async def remove(self, server_id: int, kind: str, number: int) -> bool:
        """Remove the addition of that server, kind and number; False where there is none."""
        gone = delete(ServerAddition).where(
            ServerAddition.server_id == server_id, ServerAddition.kind == kind, ServerAddition.addition_id == number
        )
        async with self._engine.begin() as connection:
            return (await connection.execute(gone)).rowcount > 0

    async def forget(self, moderator_id: int) -> None:
        """Keep what that moderator added in any server, without their id and name."""
        nameless = update(ServerAddition).where(ServerAddition.moderator_id == moderator_id)
        async with self._engine.begin() as connection:
            await connection.execute(nameless.values(moderator_id=0, moderator=""))
