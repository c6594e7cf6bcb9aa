"""The phrasings that a curriculum teaches with, each with whom it belongs to."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.curriculum.model import Curriculum

NOBODY = -1
ANY = -2
FOLDS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A phrasing: the number of the topic that it asks or follows up (NOBODY: none; ANY: follows up any), its parts,
    and the fold that it is held out with."""

    text: str
    topic: int
    parts: tuple[str, ...]
    fold: int
    follows: bool = False
    home: int = NOBODY  # the topic in whose file it stands
    small_talk: bool = False


def lines(curriculum: Curriculum) -> list[Line]:
    """All asks and all that asks nothing of us, then all follow-ups.

    Neighbours share a fold, since authors vary what they just wrote.
    """
    found: list[Line] = []
    for number, topic in enumerate(curriculum.topics):
        asks = [(topic.question, ()), *((ask.text, ask.parts) for ask in topic.asks)]
        found += [Line(text, number, parts, _fold(i, len(asks)), home=number) for i, (text, parts) in enumerate(asks)]
        found += _of_nobody(topic.not_asks, number)
    language = curriculum.language
    for texts in (language.thanks, language.chatter, language.elsewhere):
        found += _of_nobody(texts, small_talk=texts is not language.elsewhere)
    return found + list(_later(curriculum))


def _later(curriculum: Curriculum) -> Iterator[Line]:
    for number, topic in enumerate(curriculum.topics):
        for i, ask in enumerate(topic.follow_ups):
            yield Line(ask.text, number, ask.parts, _fold(i, len(topic.follow_ups)), True, number)
    generic = curriculum.language.follow_ups
    for i, text in enumerate(generic):
        yield Line(text, ANY, (), _fold(i, len(generic)), True)


def _of_nobody(texts: tuple[str, ...], home: int = NOBODY, small_talk: bool = False) -> list[Line]:
    return [Line(text, NOBODY, (), _fold(i, len(texts)), False, home, small_talk) for i, text in enumerate(texts)]


def _fold(place: int, count: int) -> int:
    return place * 2 * FOLDS // count % FOLDS
