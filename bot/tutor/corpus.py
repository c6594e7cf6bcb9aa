"""The phrasings that a curriculum teaches with, each with whom it belongs to."""

from dataclasses import dataclass

from bot.curriculum.model import Curriculum

NOBODY = -1
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A phrasing: the number of the topic that it asks (NOBODY: none), its parts, and the fold it is held out with."""

    text: str
    topic: int
    parts: tuple[str, ...]
    fold: int


def lines(curriculum: Curriculum) -> list[Line]:
    """All asks and all that asks nothing of us. Neighbours share a fold, since authors vary what they just wrote."""
    found: list[Line] = []
    for number, topic in enumerate(curriculum.topics):
        asks = [(topic.question, ()), *((ask.text, ask.parts) for ask in topic.asks)]
        found += [Line(text, number, parts, fold(i, len(asks))) for i, (text, parts) in enumerate(asks)]
        found += _of_nobody(topic.not_asks)
    language = curriculum.language
    for texts in (language.thanks, language.chatter, language.elsewhere):
        found += _of_nobody(texts)
    return found


def _of_nobody(texts: tuple[str, ...]) -> list[Line]:
    return [Line(text, NOBODY, (), fold(i, len(texts))) for i, text in enumerate(texts)]


def fold(place: int, count: int) -> int:
    """The fold of the line at that place of `count`: neighbours together."""
    return place * 2 * FOLDS // count % FOLDS
