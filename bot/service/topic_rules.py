"""What topics of a server's own must keep to, how they are read, and what is told of them."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import yaml
from pydantic import ValidationError

from bot.curriculum.beliefs import MISCONCEPTIONS
from bot.curriculum.foreign import ReadTopic
from bot.curriculum.model import KINDS, Curriculum, Topic
from bot.errors import TutorError
from bot.service.taught import Learnt, ServerTopic
from bot.storage.rows import TopicRow
from bot.text.normalise import folded

_log = logging.getLogger(__name__)

MOST_TOPICS = 100  # of a server
MOST_TEXT = 1_000_000  # characters of the sources of a server's topics together


@dataclass(frozen=True, slots=True)
class OwnTopic:
    """A topic of a server's own, as it is kept there."""

    id: str
    title: str
    source: str  # its YAML, to the letter
    version: int
    added_by_id: int  # 0 where they wanted to be forgotten
    added_by: str
    added_at: float
    edited_by: str  # whoever changed it last
    edited_at: float
    topic: Topic | None  # None: this version cannot read it
    in_the_way: Topic | None = None  # the topic of that id that all are taught, in place of this one
    leaving: bool = False  # it was removed, and goes when no round plays it any more


class TopicRule(Enum):
    """Why topics are not taken, changed or removed."""

    ID = auto()  # another has that id
    TITLE = auto()  # another is called so
    PHRASING = auto()  # another is asked so
    ENOUGH = auto()  # more than `MOST_TOPICS`
    TOO_LONG = auto()  # more than `MOST_TEXT`
    OTHER_ID = auto()  # an edit that makes another topic of it
    THERE = auto()  # they would replace some that are there, and nobody has said that they may
    OLD = auto()  # what was to be confirmed is not kept any more
    CHANGED = auto()  # somebody else has changed it meanwhile
    NOT_THERE = auto()  # it was removed meanwhile
    LAST = auto()  # the server teaches its own topics alone, and this is the last of them


@dataclass(frozen=True, slots=True)
class Conflict:
    """A topic that was sent in has something that another one has already."""

    rule: TopicRule  # ID, TITLE or PHRASING
    topic: Topic  # that was sent in
    other: Topic
    own: bool  # whether the other is one of the server's own, or one that is sent in with it
    phrasing: str = ""  # as it was sent in
    off: bool = False  # the other is taught everywhere but in this server, which teaches its own topics alone


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What somebody else has changed of a topic, as plain texts, lists and dicts; None: it is not in it."""

    field: str  # a key of its file
    before: Any
    now: Any


class CannotBeKept(TutorError):  # noqa: N818 - reads as what it is
    """Nothing was changed, because of `rule`."""

    def __init__(
        self,
        rule: TopicRule,
        *,
        conflicts: Sequence[Conflict] = (),
        there: Sequence[OwnTopic] = (),
        changes: Sequence[FieldChange] = (),
        token: str = "",
    ) -> None:
        super().__init__(rule.name)
        self.rule = rule
        self.conflicts = tuple(conflicts)  # all of them; the rule is that of the first
        self.there = tuple(there)  # THERE: those that would be replaced; CHANGED: the one as it is now
        self.changes = tuple(changes)  # CHANGED: what is other now; none where that is not known
        self.token = token  # THERE: by which it can be confirmed, for as long as `PROPOSED_FOR`


class NotChecked(TutorError):  # noqa: N818 - reads as what it is
    """A file or a form could not be checked, for no fault of its own; nothing was changed."""

    quotes = False


@dataclass(frozen=True, slots=True)
class Kept:
    """What has been taken."""

    added: tuple[Topic, ...]
    replaced: tuple[Topic, ...]  # as they are now


class Removal(Enum):
    """What has become of a topic that was to be removed."""

    GONE = auto()
    WAITS = auto()  # for the rounds that play it


def require_room(rows: Mapping[str, TopicRow], sent: Mapping[str, ReadTopic]) -> None:
    """Raise CannotBeKept where a server would have more than it may."""
    if len(rows.keys() | sent.keys()) > MOST_TOPICS:
        raise CannotBeKept(TopicRule.ENOUGH)
    stay = sum(len(row.source) for id_, row in rows.items() if id_ not in sent)
    if stay + sum(len(one.source) for one in sent.values()) > MOST_TEXT:
        raise CannotBeKept(TopicRule.TOO_LONG)


def conflicts(standing: Iterable[tuple[Topic, bool]], sent: Mapping[str, ReadTopic]) -> Iterator[Conflict]:
    """What of the topics that are sent in others have already, or an earlier one of them."""
    ids: dict[str, tuple[Topic, bool]] = {}
    called: dict[str, tuple[Topic, bool]] = {}
    asked: dict[str, tuple[Topic, bool]] = {}

    def note(topic: Topic, own: bool) -> None:
        ids.setdefault(topic.id, (topic, own))
        for name in (topic.id, topic.title):
            called.setdefault(folded(name), (topic, own))
        for phrasing in (topic.question, *(ask.text for ask in topic.asks)):
            asked.setdefault(_bare(phrasing), (topic, own))

    for topic, own in standing:
        note(topic, own)
    for one in sent.values():
        topic = one.topic
        if topic.id in ids:
            yield Conflict(TopicRule.ID, topic, *ids[topic.id])
        elif other := called.get(folded(topic.title)) or called.get(folded(topic.id)):
            yield Conflict(TopicRule.TITLE, topic, *other)
        for phrasing in (topic.question, *(ask.text for ask in topic.asks)):
            if other := asked.get(_bare(phrasing)):
                yield Conflict(TopicRule.PHRASING, topic, *other, phrasing)
        note(topic, True)


def _bare(phrasing: str) -> str:
    return folded(phrasing).rstrip("?!. ")


def parsed(source: str, learnt: Learnt) -> Topic:
    """The topic of a YAML text that was checked before it was kept. Raises YAMLError or ValidationError."""
    context = {KINDS: learnt.kinds, MISCONCEPTIONS: learnt.curriculum.language.misconceptions}
    return Topic.model_validate(_plain(source), context=context)


def _plain(source: str) -> Any:
    return yaml.load(source, Loader=yaml.CBaseLoader)  # noqa: S506 - it makes texts, lists and dicts only


def readable(learnt: Learnt, rows: Iterable[TopicRow]) -> dict[str, ServerTopic]:
    """By id the topics in these rows; those that this version cannot read are left out."""
    found = {}
    for row in rows:
        try:
            topic = parsed(row.source, learnt)
        except (ValidationError, yaml.YAMLError):
            _log.warning("A topic of a server (%s) cannot be read by this version", row.topic_id)
            continue
        found[row.topic_id] = ServerTopic(topic, row.version, row.added_by_id, row.added_by, row.added_at)
    return found


def as_kept(row: TopicRow, read: ServerTopic | None, taught: Curriculum) -> OwnTopic:
    topic = read.topic if read else None
    return OwnTopic(
        row.topic_id,
        topic.title if topic else row.topic_id,
        row.source,
        row.version,
        row.added_by_id,
        row.added_by,
        row.added_at,
        row.edited_by,
        row.edited_at,
        topic,
        taught.topic(row.topic_id),
        row.removed_at is not None,
    )


def changes(before: str, now: str) -> Iterator[FieldChange]:
    """In what the second of two sources is other than the first, in the order of its keys."""
    old, new = _plain(before), _plain(now)
    for field in dict.fromkeys([*new, *old]):
        if old.get(field) != new.get(field):
            yield FieldChange(field, old.get(field), new.get(field))
