"""Curricula for the tutor's tests: the one that ships, a part of it, and small made-up ones."""

from functools import cache
from pathlib import Path

from bot.curriculum.loader import load
from bot.curriculum.model import Curriculum, Topic
from bot.matching.tutor import Tutor
from bot.quiz.kinds import Kinds

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"


@cache
def shipped() -> Curriculum:
    """The curriculum that ships."""
    return load(KNOWLEDGE, kinds=Kinds())


@cache
def tutor() -> Tutor:
    """A tutor for the curriculum that ships."""
    return Tutor(shipped())


def thinned(every: int) -> Curriculum:
    """Every so many lines of what ships: quick to learn, worse at it."""
    whole = shipped()
    topics = tuple(
        topic.model_copy(update={"asks": topic.asks[::every], "not_asks": topic.not_asks[::every]})
        for topic in whole.topics
    )
    language = whole.language.model_copy(
        update={"chatter": whole.language.chatter[::every], "elsewhere": whole.language.elsewhere[::every]}
    )
    return Curriculum(topics=topics, language=language)


def topic(topic_id: str, *asks: str, terms: dict[str, tuple[str, ...]] | None = None) -> Topic:
    """A made-up topic."""
    return Topic(id=topic_id, title=topic_id, question=asks[0], answer="An answer.", asks=asks, terms=terms or {})


CATS = topic(
    "cats",
    "why do cats purr",
    "what makes a cat purr",
    "cat purring reason",
    "purring cats why",
    "do cats purr when happy",
)
DOGS = topic(
    "dogs",
    "why do dogs bark",
    "what makes a dog bark",
    "dog barking reason",
    "barking dogs why",
    "do dogs bark at night",
)
