"""The completions of `/ask question`: topics and parts by title.

Discord sends a chosen completion as if it had been typed. Its value is therefore one that nobody types, so that
choosing "Dropout" shows that topic and never goes through the matcher.
"""

from collections.abc import Iterator

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app.layout import MOST_OPTIONS
from bot.service.answering import Shown
from bot.text.normalise import folded

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
