"""What a server adds to what the tutor knows: phrasings and accepted wordings, kept by server, prepared once for use.

A kind is a subclass of `AdditionKind`. It gives itself a name, checks what a moderator sends in (its `add`, and
`_refuse`), and says what a server's additions are prepared as for answering or grading (`_prepare`). `Additions` lists
the kinds.
"""

import asyncio
import logging
import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum, StrEnum, auto
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from cachetools import LRUCache, TTLCache

from bot.curriculum.model import Topic, named
from bot.errors import StorageRefuses, TutorError
from bot.matching.added_phrasings import AddedPhrasing, Phrasebook
from bot.quiz.grading.wording import Wordings
from bot.quiz.kinds.base import DrawnQuestion
from bot.service.taught import Learnt, Taught
from bot.storage.rows import Addition
from bot.text.normalise import folded, visible

_log = logging.getLogger(__name__)

__all__ = ["Addition", "AdditionKind", "AdditionStorage", "CannotBeAdded", "KindName", "Moderator", "Shelf"]

MOST_A_SERVER = 200  # of each kind: as many as a moderator may still look through, twenty pages of them
LONGEST = 200  # characters of a text: as much as is shown of what a person typed, so that it is seen whole
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

    async def by(self, moderator_id: int) -> tuple[tuple[int, Addition], ...]:
        """All that a moderator added, with the servers."""
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


@dataclass(frozen=True, slots=True)
class _Entry:
    """What was made of a server's additions of a kind."""

    made: Any
    of: int  # a hash of what it was made of: no moderator's name stays in memory
    weight: int
    beside: Learnt | None  # what was taught


class Shelf:
    """The storage of all additions, and in memory, prepared, those of the servers that used them last.

    Where other processes may change them they are read anew after `age` seconds, and prepared anew if they are others.
    """

    def __init__(
        self,
        storage: AdditionStorage,
        most: int = MOST_IN_MEMORY,
        age: float = math.inf,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self.storage = storage
        self._memory: LRUCache[tuple[int, str], _Entry] = LRUCache(most, lambda entry: entry.weight)
        self._fresh: TTLCache[tuple[int, str], bool] = TTLCache(most, age, timer)  # those that are so new
        # One at a time: what is being read while something is added would stay in memory without it.
        self._lock = asyncio.Lock()

    async def prepared(
        self,
        server: int,
        kind: str,
        prepare: Callable[[tuple[Addition, ...]], T],
        beside: Learnt | None = None,
    ) -> T:
        """Return what `prepare` makes of a server's additions of that kind, from memory where it is there. It is made
        anew once something else is taught than `beside`."""
        if (found := self._kept(server, kind, beside)) is None:
            async with self._lock:
                found = self._kept(server, kind, beside)  # another may have had it read while this one waited
                if found is None:
                    found = await self._read(server, kind, prepare, beside)
        made: T = found.made
        return made

    def _kept(self, server: int, kind: str, beside: Learnt | None) -> _Entry | None:
        found = self._memory.get((server, kind))
        return found if found and found.beside is beside and (server, kind) in self._fresh else None

    async def _read(
        self, server: int, kind: str, prepare: Callable[[tuple[Addition, ...]], T], beside: Learnt | None
    ) -> _Entry:
        """What is there by now; where that cannot be read, what was there before. Raises StorageRefuses."""
        before = self._memory.get((server, kind))
        try:
            rows = await self.storage.of(server, kind)
        except StorageRefuses:
            if before is None or before.beside is not beside:
                raise
            return before
        if before is None or before.of != hash(rows) or before.beside is not beside:
            before = _Entry(prepare(rows), hash(rows), len(rows) + 1, beside)
        if before.weight <= self._memory.maxsize:
            self._memory[server, kind], self._fresh[server, kind] = before, True
        return before

    async def add(
        self, server: int, wanted: Addition, by: Moderator, refuse: Callable[[Addition, tuple[Addition, ...]], None]
    ) -> Addition:
        """Keep what is wanted, unless `refuse` raises: it is given that and what the server has of the kind."""
        async with self._lock:
            refuse(wanted, await self.storage.of(server, wanted.kind))
            self._memory.pop((server, wanted.kind), None)
            return await self.storage.add(server, by.id, replace(wanted, by=by.name))

    async def remove(self, server: int, kind: str, number: int) -> bool:
        """Remove an addition of that server and kind; False where there is none of that number."""
        async with self._lock:
            self._memory.pop((server, kind), None)
            return await self.storage.remove(server, kind, number)


class AdditionKind(ABC, Generic[Prepared]):
    """One kind of thing that a server adds. `Prepared` is what answering or grading uses of a server's additions."""

    name: ClassVar[KindName]

    def __init__(self, shelf: Shelf, taught: Taught) -> None:
        self._shelf = shelf
        self._taught = taught

    @abstractmethod
    def _prepare(self, rows: tuple[Addition, ...], learnt: Learnt) -> Prepared:
        """Return what stays in memory of a server's additions, in the order in which they were added."""

    async def _prepared(self, server: int) -> Prepared:
        learnt = self._taught.now
        return await self._shelf.prepared(server, self.name, lambda rows: self._prepare(rows, learnt), learnt)

    @abstractmethod
    def _refuse(self, wanted: Addition, there: tuple[Addition, ...]) -> None:
        """Raise CannotBeAdded where `there`, what the server has already, leaves no room for what is wanted."""

    async def listed(self, server: int) -> tuple[Addition, ...]:
        """Return what a server has of this kind, the latest first."""
        return (await self._shelf.storage.of(server, self.name))[::-1]

    async def take_back(self, server: int, number: int) -> bool:
        """Remove an addition of that server; False where there is none of that number and of this kind."""
        return await self._shelf.remove(server, self.name, number)


class PhrasingRule(Enum):
    """What a phrasing can break: the rules for a topic's file, and fairness to the other topics."""

    EMPTY = auto()
    TOO_LONG = auto()
    TOO_VAGUE = auto()  # it would catch every "why?"
    NO_SUCH_TOPIC = auto()
    NO_SUCH_PART = auto()
    ASKS_ANOTHER = auto()  # another topic's file has it
    KNOWN = auto()  # this topic's file has it
    NEAR_MISS = auto()  # the topic's own file says that this does not ask it
    TAUGHT = auto()  # the server has added it
    ENOUGH = auto()


class Phrasings(AdditionKind[Phrasebook | None]):
    """The phrasings of each server. `Addition.about` is the id of a part, or empty for the topic as a whole."""

    name = KindName.PHRASING

    async def book(self, server: int) -> Phrasebook | None:
        """Return a server's phrasings, ready for messages to be compared with; None where there are none."""
        return await self._prepared(server)

    async def add(self, server: int, topic_name: str, part_name: str, text: str, by: Moderator) -> Addition:
        """Add a phrasing of a topic, or of a part of it, both named by id or by title. Raises CannotBeAdded."""
        learnt = self._taught.now
        topic = named(learnt.curriculum.topics, topic_name)
        if topic is None:
            raise CannotBeAdded(PhrasingRule.NO_SUCH_TOPIC)
        part = named(topic.parts, part_name) if part_name.strip() else None
        if part is None and part_name.strip():
            raise CannotBeAdded(PhrasingRule.NO_SUCH_PART, topic)
        phrasing = visible(text)
        await asyncio.to_thread(learnt.comparer)  # the first time it may still have to be made
        self._check(learnt, topic, phrasing)
        wanted = Addition(self.name, topic.id, part.id if part else "", phrasing)
        return await self._shelf.add(server, wanted, by, self._refuse)

    def _check(self, learnt: Learnt, topic: Topic, phrasing: str) -> None:
        """Raise CannotBeAdded unless the text says something, and asks that topic alone."""
        if not phrasing:
            raise CannotBeAdded(PhrasingRule.EMPTY)
        if len(phrasing) > LONGEST:
            raise CannotBeAdded(PhrasingRule.TOO_LONG)
        if not learnt.comparer().says_something(phrasing):
            raise CannotBeAdded(PhrasingRule.TOO_VAGUE)
        key = folded(phrasing)
        for other in learnt.curriculum.topics:
            if key in _keys([other.question, *(one.text for one in other.asks)]):
                raise CannotBeAdded(PhrasingRule.KNOWN if other is topic else PhrasingRule.ASKS_ANOTHER, other)
        if key in _keys(topic.not_asks):
            raise CannotBeAdded(PhrasingRule.NEAR_MISS, topic)

    def _refuse(self, wanted: Addition, there: tuple[Addition, ...]) -> None:
        twin = next((one for one in there if folded(one.text) == folded(wanted.text)), None)
        if twin:
            raise CannotBeAdded(PhrasingRule.TAUGHT, self._taught.now.curriculum.topic(twin.topic))
        if len(there) >= MOST_A_SERVER:
            raise CannotBeAdded(PhrasingRule.ENOUGH)

    def _prepare(self, rows: tuple[Addition, ...], learnt: Learnt) -> Phrasebook | None:
        """The phrasings of topics that there still are; of a part that is gone, of the topic as a whole."""
        found = []
        for row in rows:
            if topic := learnt.curriculum.topic(row.topic):
                found.append(AddedPhrasing(row.text, topic.id, (row.about,) if topic.part(row.about) else ()))
        return Phrasebook(learnt.comparer(), found) if found else None


def _keys(texts: Iterable[str]) -> set[str]:
    return {folded(text) for text in texts}


class WordingRule(Enum):
    """What an accepted wording can break."""

    NOT_IN_WORDS = auto()  # the question is not answered in words
    TOO_LONG = auto()
    TOO_LITTLE = auto()  # it would be the answer to anything
    REPEATS = auto()  # it says what the question says
    KNOWN = auto()  # the server has accepted it, or one that says the same
    ENOUGH = auto()


class AcceptedWordings(AdditionKind[dict[str, tuple[str, ...]]]):
    """The wordings that each server accepts besides what the grader knows. `Addition.about` is the key of the question.

    Whose answer it was is not kept.
    """

    name = KindName.ACCEPTED_WORDING

    async def of(self, server: int | None, question: str) -> tuple[str, ...]:
        """Return the wordings accepted in a server as answers to the question of that key; none without a server."""
        if server is None:
            return ()
        found = (await self._prepared(server)).get(question, ())
        if found:
            await self._compared()
        return found

    async def to_grade_with(self, server: int | None, question: DrawnQuestion) -> list[str]:
        """Return what an answer to that question is compared with when it is graded there; none where it is not graded.

        Raises StorageRefuses. Where it is another fault there are none: it is no reason not to grade.
        """
        if not question.graded:
            return []
        try:
            return [question.to_grade(wording) for wording in await self.of(server, question.key)]
        except StorageRefuses:
            raise
        except Exception:
            _log.exception("The wordings accepted in server %s could not be read", server)
            return []

    async def check(self, server: int, question: DrawnQuestion, text: str) -> None:
        """Raise CannotBeAdded where it is no use to offer that wording to a moderator."""
        wanted = await self._wanted(question, text)
        self._refuse(wanted, await self._shelf.storage.of(server, self.name))

    async def add(self, server: int, question: DrawnQuestion, text: str, by: Moderator) -> Addition:
        """Give full marks to that answer to the question from now on. Raises CannotBeAdded."""
        return await self._shelf.add(server, await self._wanted(question, text), by, self._refuse)

    async def _wanted(self, question: DrawnQuestion, text: str) -> Addition:
        """The addition, if it keeps to the rules that do not depend on the server."""
        compared = await self._compared()
        if not question.graded:
            raise CannotBeAdded(WordingRule.NOT_IN_WORDS)
        if len(visible(text)) > LONGEST:
            raise CannotBeAdded(WordingRule.TOO_LONG)
        if not compared.says_enough(text):
            raise CannotBeAdded(WordingRule.TOO_LITTLE)
        if question.repeats(text):
            raise CannotBeAdded(WordingRule.REPEATS)
        return Addition(self.name, question.topic, question.key, visible(text))

    async def _compared(self) -> Wordings:
        """What compares wordings, made off the event loop when first needed: before an answer is compared."""
        return (await asyncio.to_thread(self._taught.now.grading)).wordings

    def _refuse(self, wanted: Addition, there: tuple[Addition, ...]) -> None:
        same = self._taught.now.grading().wordings.same
        if any(one.about == wanted.about and same(one.text, wanted.text) for one in there):
            raise CannotBeAdded(WordingRule.KNOWN)
        if len(there) >= MOST_A_SERVER:
            raise CannotBeAdded(WordingRule.ENOUGH)

    def _prepare(self, rows: tuple[Addition, ...], learnt: Learnt) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for row in rows:
            found[row.about] = (*found.get(row.about, ()), row.text)
        return found


class Additions:
    """All kinds of addition, in one storage and one bounded memory."""

    def __init__(self, taught: Taught, storage: AdditionStorage, age: float = math.inf) -> None:
        """`age` is how many seconds old what stays in memory may be."""
        self._storage = storage
        shelf = Shelf(storage, age=age)
        self.phrasings = Phrasings(shelf, taught)
        self.accepted_wordings = AcceptedWordings(shelf, taught)
        kinds: tuple[AdditionKind[Any], ...] = (self.phrasings, self.accepted_wordings)
        self.kinds = {kind.name: kind for kind in kinds}

    async def by(self, moderator: int) -> tuple[tuple[int, Addition], ...]:
        """All that a moderator added and that is kept with their id, with the servers."""
        return await self._storage.by(moderator)

    async def forget(self, moderator: int) -> None:
        """Keep what that moderator added in any server, without their id and name."""
        await self._storage.forget(moderator)
