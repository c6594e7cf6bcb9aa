"""The use case of teaching: a moderator says what a phrasing asks, and in that server it counts at once.

Only what a moderator sent in is kept. A server's book is read from the storage when it is first needed, and a bounded
number of books stays in memory.
"""

import asyncio
from collections import OrderedDict
from typing import Protocol

from bot.curriculum.model import Curriculum
from bot.matching.taught import Listener, Phrasebook, Taught
from bot.service import phrasing_rules
from bot.service.phrasing_rules import MOST_TAUGHT, CannotBeTaught, Rule
from bot.storage.taught import TaughtRow
from bot.text.normalise import folded

KEPT_SERVERS = 10_000
KEPT_PHRASINGS = 20_000  # of all servers together: some 2 KB each


class Shelf(Protocol):
    """Where what was taught is kept."""

    async def of(self, server_id: int) -> tuple[TaughtRow, ...]:
        """All of one server, in the order taught."""
        ...

    async def add(self, server_id: int, topic: str, part: str, phrasing: str, by: str) -> TaughtRow:
        """Keeps a phrasing."""
        ...

    async def remove(self, server_id: int, phrasing_id: int) -> bool:
        """Forgets a phrasing of that server; False where there is none of that number."""
        ...


class Teaching:
    """What servers taught the tutor."""

    def __init__(self, curriculum: Curriculum, listener: Listener, shelf: Shelf) -> None:
        self.curriculum = curriculum
        self._listener = listener
        self._shelf = shelf
        self._books: OrderedDict[int, Phrasebook] = OrderedDict()
        self._kept = 0
        # One at a time: a book that is being read while a phrasing is added would be kept without it.
        self._lock = asyncio.Lock()

    async def book(self, server_id: int) -> Phrasebook:
        """What was taught in a server, ready to be compared with."""
        found = self._books.get(server_id)
        if found is None:
            async with self._lock:
                found = self._books.get(server_id)  # another message may have had it read while this one waited
                if found is None:
                    found = self._bind(await self._shelf.of(server_id))
                    self._keep(server_id, found)
        self._books.move_to_end(server_id)
        return found

    async def taught(self, server_id: int) -> tuple[TaughtRow, ...]:
        """What was taught in a server, as it is kept; the latest first."""
        return (await self._shelf.of(server_id))[::-1]

    async def teach(self, server_id: int, topic: str, part: str, text: str, by: str) -> TaughtRow:
        """From now on `text` asks that topic (and part; both by id or title) in that server. Raises CannotBeTaught."""
        one = phrasing_rules.checked(self.curriculum, self._listener, topic, part, text)
        async with self._lock:
            known = await self._shelf.of(server_id)
            self._new(one, known)
            row = await self._shelf.add(server_id, one.topic, "".join(one.parts), one.text, by)
            self._drop(server_id)
            return row

    async def take_back(self, server_id: int, number: int) -> bool:
        """Forgets a phrasing of that server; False where there is none of that number."""
        async with self._lock:
            self._drop(server_id)
            return await self._shelf.remove(server_id, number)

    def _new(self, one: Taught, known: tuple[TaughtRow, ...]) -> None:
        twin = next((row for row in known if folded(row.phrasing) == folded(one.text)), None)
        if twin:
            raise CannotBeTaught(Rule.TAUGHT, self.curriculum.topic(twin.topic))
        if len(known) >= MOST_TAUGHT:
            raise CannotBeTaught(Rule.ENOUGH)

    def _bind(self, rows: tuple[TaughtRow, ...]) -> Phrasebook:
        """The book of those rows; what is no longer a topic or a part is left out."""
        found = []
        for row in rows:
            if topic := self.curriculum.topic(row.topic):
                found.append(Taught(row.phrasing, topic.id, (row.part,) if topic.part(row.part) else ()))
        return Phrasebook(self._listener, found)

    def _keep(self, server_id: int, book: Phrasebook) -> None:
        self._drop(server_id)
        self._books[server_id] = book
        self._kept += len(book)
        while len(self._books) > 1 and (len(self._books) > KEPT_SERVERS or self._kept > KEPT_PHRASINGS):
            self._drop(next(iter(self._books)))

    def _drop(self, server_id: int) -> None:
        book = self._books.pop(server_id, None)
        self._kept -= len(book) if book else 0
