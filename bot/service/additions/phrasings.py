"""Phrasings: a moderator says which topic a question asks, and in that server it asks that topic at once."""

from collections.abc import Callable, Iterable
from enum import Enum, auto

from bot.curriculum.model import Curriculum, Topic, named
from bot.matching.added_phrasings import AddedPhrasing, Phrasebook, PhrasingComparer
from bot.service.additions.kind import LONGEST, MOST_A_SERVER, AdditionKind, CannotBeAdded, KindName, Moderator, Shelf
from bot.storage.stores import Addition
from bot.text.normalise import folded, visible


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


class Phrasings(AdditionKind[Phrasebook]):
    """The phrasings of each server. `Addition.about` is the id of a part, or empty for the topic as a whole."""

    name = KindName.PHRASING

    def __init__(self, shelf: Shelf, curriculum: Curriculum, comparer: Callable[[], PhrasingComparer]) -> None:
        super().__init__(shelf)
        self._curriculum = curriculum
        self._comparer = comparer

    async def book(self, server: int) -> Phrasebook:
        """Return a server's phrasings, ready for messages to be compared with."""
        return await self._prepared(server)

    async def add(self, server: int, topic_name: str, part_name: str, text: str, by: Moderator) -> Addition:
        """Add a phrasing of a topic, or of a part of it, both named by id or by title. Raises CannotBeAdded."""
        topic = named(self._curriculum.topics, topic_name)
        if topic is None:
            raise CannotBeAdded(PhrasingRule.NO_SUCH_TOPIC)
        part = named(topic.parts, part_name) if part_name.strip() else None
        if part is None and part_name.strip():
            raise CannotBeAdded(PhrasingRule.NO_SUCH_PART, topic)
        phrasing = visible(text)
        self._check(topic, phrasing)
        return await self._add(server, Addition(self.name, topic.id, part.id if part else "", phrasing), by)

    def _check(self, topic: Topic, phrasing: str) -> None:
        """Raise CannotBeAdded unless the text says something, and asks that topic alone."""
        if not phrasing:
            raise CannotBeAdded(PhrasingRule.EMPTY)
        if len(phrasing) > LONGEST:
            raise CannotBeAdded(PhrasingRule.TOO_LONG)
        if not self._comparer().says_something(phrasing):
            raise CannotBeAdded(PhrasingRule.TOO_VAGUE)
        key = folded(phrasing)
        for other in self._curriculum.topics:
            if key in _keys([other.question, *(one.text for one in other.asks)]):
                raise CannotBeAdded(PhrasingRule.KNOWN if other is topic else PhrasingRule.ASKS_ANOTHER, other)
        if key in _keys(topic.not_asks):
            raise CannotBeAdded(PhrasingRule.NEAR_MISS, topic)

    def _refuse(self, wanted: Addition, there: tuple[Addition, ...]) -> None:
        twin = next((one for one in there if folded(one.text) == folded(wanted.text)), None)
        if twin:
            raise CannotBeAdded(PhrasingRule.TAUGHT, self._curriculum.topic(twin.topic))
        if len(there) >= MOST_A_SERVER:
            raise CannotBeAdded(PhrasingRule.ENOUGH)

    def _prepare(self, rows: tuple[Addition, ...]) -> Phrasebook:
        """The phrasings of topics that there still are; of a part that is gone, of the topic as a whole."""
        found = []
        for row in rows:
            if topic := self._curriculum.topic(row.topic):
                found.append(AddedPhrasing(row.text, topic.id, (row.about,) if topic.part(row.about) else ()))
        return Phrasebook(self._comparer(), found)


def _keys(texts: Iterable[str]) -> set[str]:
    return {folded(text) for text in texts}
