"""Topics and parts named shortly: as custom ids carry them, and as completions of questions send them."""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated

from bot import words
from bot.curriculum.model import Curriculum, Topic
from bot.discord_app.codec import AtMost, Digest, Signs
from bot.discord_app.layout import MOST_OPTIONS
from bot.matching.decision import Match
from bot.service.answering import Shown
from bot.text.normalise import folded

MOST_PICKS = 3
MOST_PARTS = 3
_TOPIC_BYTES, _PART_BYTES = 6, 3  # 8 and 4 characters of base64; parts need only be told apart within their topic


@dataclass(frozen=True, slots=True)
class Pick:
    """A topic, and the parts of it that stand in front."""

    topic: Digest
    parts: Annotated[tuple[Annotated[str, Signs(4)], ...], AtMost(MOST_PARTS)] = ()


Picks = Annotated[tuple[Pick, ...], AtMost(MOST_PICKS)]


def digest(name: str, size: int = _TOPIC_BYTES) -> str:
    """A digest of a name, in the letters of base64: `size` bytes make a third more characters."""
    return base64.urlsafe_b64encode(hashlib.blake2b(name.encode(), digest_size=size).digest()).decode()


def pick(match: Match) -> Pick:
    """The match as a button carries it."""
    return Pick(digest(match.topic), tuple(digest(part, _PART_BYTES) for part in match.parts[:MOST_PARTS]))


def picks(matches: Iterable[Match]) -> tuple[Pick, ...]:
    """The matches as buttons carry them: no two alike, the best kept."""
    return tuple(dict.fromkeys(map(pick, matches)))[:MOST_PICKS]


def topic_meant(curriculum: Curriculum, wanted: str) -> Topic | None:
    """The topic with that digest, or None where it is no longer taught."""
    return next((topic for topic in curriculum.topics if digest(topic.id) == wanted), None)


def found(curriculum: Curriculum, wanted: Pick) -> Match | None:
    """The topic and parts that a button means, or None where the topic is no longer taught."""
    topic = topic_meant(curriculum, wanted.topic)
    if topic is None:
        return None
    ids = {digest(part.id, _PART_BYTES): part.id for part in topic.parts}
    return Match(topic.id, 1.0, tuple(ids[part] for part in wanted.parts if part in ids))


_SCHEME = "topic:"


def completions(curriculum: Curriculum, typed: str) -> list[tuple[str, str]]:
    """Titles and what is sent for them: those with every typed word in their title, in the order of the curriculum,
    topics before parts."""
    wanted = folded(typed).split()
    fitting = (one for one in _every(curriculum) if all(word in folded(one[0]) for word in wanted))
    return list(fitting)[:MOST_OPTIONS]


def chosen(curriculum: Curriculum, text: str) -> Shown | None:
    """What a completion stands for, by its value or by its very title; None for any other text."""
    for title, value in _every(curriculum):
        if text.strip() == value or folded(text) == folded(title):
            topic_id, _, part_id = value.removeprefix(_SCHEME).partition("/")
            topic = curriculum.topic(topic_id)
            return Shown(topic, (part_id,) if part_id else ()) if topic else None
    return None


def _every(curriculum: Curriculum) -> Iterator[tuple[str, str]]:
    for topic in curriculum.topics:
        yield words.answers.heading(topic), f"{_SCHEME}{topic.id}"
    for topic in curriculum.topics:
        for part in topic.parts:
            yield words.answers.heading(topic, [part.id]), f"{_SCHEME}{topic.id}/{part.id}"
