"""What every kind of addition has in common: it is kept by server, prepared once for use, listed and taken back.

A kind is a subclass of `AdditionKind` in a module of its own. It gives itself a name, checks what a moderator sends in
(its `add`, and `_refuse`), and says what a server's additions are prepared as for answering or grading (`_prepare`).
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from cachetools import LRUCache

from bot.curriculum.model import Topic
from bot.errors import TutorError
from bot.storage.stores import Addition

__all__ = ["Addition", "AdditionKind", "AdditionStorage", "CannotBeAdded", "KindName", "Moderator", "Shelf"]

MOST_A_SERVER = 200  # of each kind: as many as a moderator may still look through, twenty pages of them
LONGEST = 200  # characters of a text: as much as is shown of what a person typed, so that it is seen whole
LONGEST_NAME = 100  # characters of a moderator's name; Discord has at most 32
# Additions of all servers together that stay prepared in memory, and one more for each server and kind, so that servers
# without additions are bounded too. A phrasing takes 2.4 KB prepared, the longest 3.7 KB (by tracemalloc, over 200 in a
# Phrasebook), a wording less: 75 MB at most. One process serves 2,500 servers at most, for Discord wants shards then.
MOST_IN_MEMORY = 20_000

Prepared = TypeVar("Prepared")
T = TypeVar("T")


class KindName(StrEnum):
    """The kinds of addition there are, as they stand in the table and in buttons (at most 20 characters)."""

    PHRASING = "phrasing"
    ACCEPTED_WORDING = "accepted_wording"


@dataclass(frozen=True, slots=True)
class Moderator:
    """The member who adds something to their server."""

    id: int
    name: str  # as Discord displays it in that server


class CannotBeAdded(TutorError):  # noqa: N818 - reads as what it is
    """An addition breaks a rule of its kind, and nothing was kept."""

    def __init__(self, rule: Enum, topic: Topic | None = None) -> None:
        super().__init__(rule.name)
        self.rule = rule  # a member of the kind's own rules
        self.topic = topic  # the topic concerned, where there is one


class AdditionStorage(Protocol):
    """Where additions are kept; `bot.storage.stores.AdditionStore` is one."""

    async def of(self, server_id: int, kind: str) -> tuple[Addition, ...]:
        """All of one kind in one server, in the order in which they were added."""
        ...

    async def add(self, server_id: int, moderator_id: int, addition: Addition) -> Addition:
        """Keep an addition, and return it with its number and its time."""
        ...

    async def remove(self, server_id: int, kind: str, number: int) -> bool:
        """Remove an addition of that server and kind; False where there is none of that number."""
        ...

    async def forget(self, moderator_id: int) -> None:
        """Keep what that moderator added, without their id and name."""
        ...


class Shelf:
    """The storage of all additions, and in memory, prepared, those of the servers that used them last."""

    def __init__(self, storage: AdditionStorage, most: int = MOST_IN_MEMORY) -> None:
        self.storage = storage
        self._memory: LRUCache[tuple[int, str], tuple[Any, int]] = LRUCache(most, lambda entry: entry[1])
        # One at a time: what is being read while something is added would stay in memory without it.
        self._lock = asyncio.Lock()

    async def prepared(self, server: int, kind: str, prepare: Callable[[tuple[Addition, ...]], T]) -> T:
        """Return what `prepare` makes of a server's additions of that kind, from memory where it is there."""
        key = (server, kind)
        if (found := self._memory.get(key)) is None:
            async with self._lock:
                if (found := self._memory.get(key)) is None:  # another may have had it read while this one waited
                    rows = await self.storage.of(server, kind)
                    found = (prepare(rows), len(rows) + 1)
                    if found[1] <= self._memory.maxsize:
                        self._memory[key] = found
        made: T = found[0]
        return made

    async def add(
        self, server: int, wanted: Addition, by: Moderator, refuse: Callable[[Addition, tuple[Addition, ...]], None]
    ) -> Addition:
        """Keep what is wanted, unless `refuse` raises: it is given that and what the server has of the kind."""
        async with self._lock:
            refuse(wanted, await self.storage.of(server, wanted.kind))
            self._memory.pop((server, wanted.kind), None)
            return await self.storage.add(server, by.id, replace(wanted, by=by.name[:LONGEST_NAME]))

    async def remove(self, server: int, kind: str, number: int) -> bool:
        """Remove an addition of that server and kind; False where there is none of that number."""
        async with self._lock:
            self._memory.pop((server, kind), None)
            return await self.storage.remove(server, kind, number)


class AdditionKind(ABC, Generic[Prepared]):
    """One kind of thing that a server adds. `Prepared` is what answering or grading uses of a server's additions."""

    name: ClassVar[KindName]

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    @abstractmethod
    def _prepare(self, rows: tuple[Addition, ...]) -> Prepared:
        """Return what stays in memory of a server's additions, in the order in which they were added."""

    @abstractmethod
    def _refuse(self, wanted: Addition, there: tuple[Addition, ...]) -> None:
        """Raise CannotBeAdded where `there`, what the server has already, leaves no room for what is wanted."""

    async def listed(self, server: int) -> tuple[Addition, ...]:
        """Return what a server has of this kind, the latest first."""
        return (await self._shelf.storage.of(server, self.name))[::-1]

    async def take_back(self, server: int, number: int) -> bool:
        """Remove an addition of that server; False where there is none of that number and of this kind."""
        return await self._shelf.remove(server, self.name, number)

    async def _prepared(self, server: int) -> Prepared:
        return await self._shelf.prepared(server, self.name, self._prepare)

    async def _add(self, server: int, wanted: Addition, by: Moderator) -> Addition:
        return await self._shelf.add(server, wanted, by, self._refuse)
