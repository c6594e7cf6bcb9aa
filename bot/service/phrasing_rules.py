"""What a phrasing must keep to before it is taught: as in a topic's file, and fair to the other topics."""

from collections.abc import Iterable
from enum import Enum, auto

from bot.curriculum.model import Curriculum, Topic, named
from bot.errors import TutorError
from bot.matching.taught import Listener, Taught
from bot.text.normalise import folded, visible

MOST_TAUGHT = 200  # a server
LONGEST_PHRASING = 200  # characters: as much as a reply shows of a question


class Rule(Enum):
    """What a phrasing can break."""

    EMPTY = auto()
    TOO_LONG = auto()
    TOO_VAGUE = auto()  # it would catch every "why?"
    NO_SUCH_TOPIC = auto()
    NO_SUCH_PART = auto()
    ASKS_ANOTHER = auto()
    KNOWN = auto()
    NO_ASK = auto()  # the topic's own file says that this does not ask it
    TAUGHT = auto()
    ENOUGH = auto()


class CannotBeTaught(TutorError):  # noqa: N818 - reads as what it is
    """`rule` is broken; `topic` is the one concerned, where there is one."""

    def __init__(self, rule: Rule, topic: Topic | None = None) -> None:
        super().__init__(rule.name)
        self.rule = rule
        self.topic = topic


def checked(curriculum: Curriculum, listener: Listener, topic_name: str, part_name: str, text: str) -> Taught:
    """The phrasing as it may be taught; topic and part are named by id or by title. Raises CannotBeTaught."""
    topic = named(curriculum.topics, topic_name)
    if topic is None:
        raise CannotBeTaught(Rule.NO_SUCH_TOPIC)
    part = named(topic.parts, part_name) if part_name.strip() else None
    if part is None and part_name.strip():
        raise CannotBeTaught(Rule.NO_SUCH_PART, topic)
    phrasing = visible(text)
    if not phrasing:
        raise CannotBeTaught(Rule.EMPTY)
    if len(phrasing) > LONGEST_PHRASING:
        raise CannotBeTaught(Rule.TOO_LONG)
    if not listener.says_something(phrasing):
        raise CannotBeTaught(Rule.TOO_VAGUE)
    _fair(curriculum, topic, phrasing)
    return Taught(phrasing, topic.id, (part.id,) if part else ())


def _fair(curriculum: Curriculum, topic: Topic, phrasing: str) -> None:
    """A phrasing asks one topic only, and not one whose file says otherwise."""
    key = folded(phrasing)
    owner = next((one for one in curriculum.topics if key in _keys([one.question, *(a.text for a in one.asks)])), None)
    if owner is not None:
        raise CannotBeTaught(Rule.KNOWN if owner is topic else Rule.ASKS_ANOTHER, owner)
    if key in _keys(topic.not_asks):
        raise CannotBeTaught(Rule.NO_ASK, topic)


def _keys(texts: Iterable[str]) -> set[str]:
    return {folded(text) for text in texts}
