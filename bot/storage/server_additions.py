"""What moderators added to the tutor in their servers: phrasings of topics, accepted wordings of answers.

All kinds share one table; what its columns `about` and `text` hold is for the kind to say, and so is what may be added.
"""

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.clock import Clock
from bot.storage.rows import Rows
from bot.storage.tables import SERVER_ADDITIONS


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
        self._rows = Rows(engine, SERVER_ADDITIONS)
        self._clock = clock

    async def of(self, server_id: int, kind: str) -> tuple[Addition, ...]:
        """All of one kind in one server, in the order in which they were added."""
        rows = await self._rows.all(server_id=server_id, kind=kind)
        return tuple(
            Addition(r["kind"], r["topic"], r["about"], r["text"], r["moderator"], r["addition_id"], r["added_at"])
            for r in rows
        )

    async def add(self, server_id: int, moderator_id: int, addition: Addition) -> Addition:
        """Keep an addition of that moderator, and return it with its number and its time."""
        kept = replace(addition, at=self._clock.now())
        number = await self._rows.add(
            server_id=server_id,
            kind=kept.kind,
            topic=kept.topic,
            about=kept.about,
            text=kept.text,
            moderator_id=moderator_id,
            moderator=kept.by,
            added_at=kept.at,
        )
        return replace(kept, id=number)

    async def remove(self, server_id: int, kind: str, number: int) -> bool:
        """Remove the addition of that server, kind and number; False where there is none."""
        return await self._rows.remove(server_id=server_id, kind=kind, addition_id=number)

    async def forget(self, moderator_id: int) -> None:
        """Keep what that moderator added in any server, without their id and name."""
        await self._rows.change({"moderator_id": moderator_id}, moderator_id=0, moderator="")
