"""The completions of `/ask question`: topics and parts by title.

Discord sends a chosen completion as if it had been typed. Its value is therefore one that nobody types, so that
choosing "Dropout" shows that topic and never goes through the matcher.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot import words
from bot.curriculum.model import Curriculum
from bot.service.answering import Shown
from bot.text.normalise import folded

MOST_COMPLETIONS = 25
_SCHEME = "topic:"


@dataclass(frozen=True, slots=True)
class Completion:
    """`title` is what is shown (at most 100 characters), `value` what is sent when it is chosen."""

    title: str
    value: str


def completions(curriculum: Curriculum, typed: str) -> list[Completion]:
    """Those with every typed word in their title, in the order of the curriculum; topics before parts."""
    wanted = folded(typed).split()
    fitting = (one for one in _every(curriculum) if all(word in folded(one.title) for word in wanted))
    return list(fitting)[:MOST_COMPLETIONS]


def chosen(curriculum: Curriculum, text: str) -> Shown | None:
    """What a completion stands for, by its value or by its very title; None for any other text."""
    for one in _every(curriculum):
        if text.strip() == one.value or folded(text) == folded(one.title):
            topic_id, _, part_id = one.value.removeprefix(_SCHEME).partition("/")
            topic = curriculum.topic(topic_id)
            return Shown(topic, (part_id,) if part_id else ()) if topic else None
    return None


def _every(curriculum: Curriculum) -> Iterator[Completion]:
    for topic in curriculum.topics:
        yield Completion(words.answers.heading(topic), f"{_SCHEME}{topic.id}")
    for topic in curriculum.topics:
        for part in topic.parts:
            yield Completion(words.answers.heading(topic, [part.id]), f"{_SCHEME}{topic.id}/{part.id}")
