"""What may be said of a key point before the answer is shown: its subject, by a hint of its file or by its form.

A hint names what a missing point is about and no more: at most eight words, no five words in a row of the reference
answer, and of the point's own words at most two. What stands in the topic's question is known and gives nothing away.
"""

import re
from collections.abc import Iterator
from enum import Enum

from bot.curriculum.key_points import KeyPoint
from bot.text.normalise import plain, stem, word_set

MOST_WORDS = 8
IN_A_ROW = 5  # words of the answer that are not shown before it
MOST_OF_THE_POINT = 2  # of its own words that a hint may name

_LIGHT = word_set(
    "a about after all also an and any are as at be been before but by can do does for from get give goes had has "
    "have here how i if in instead into is it its like many may more most much never no not of on one only or "
    "other out over own so some such than that the their them then there they thing this through to two under up "
    "use was way what when where whether which while who why will with without would yet you"
)


class PointForm(Enum):
    """What kind of thing a point is, as far as its words show: what is said of it where its file has no hint."""

    NUMBER = re.compile(r"\d|\b(?:twice|half|double|doubles|times|hundreds?|thousands?)\b")
    EXCEPTION = re.compile(r"\b(?:except|exception|unless|although|though|however|but)\b")
    CAUSE = re.compile(r"\b(?:because|since|due|owing|why|as (?:it|they|this))\b")
    EXAMPLE = re.compile(r"\b(?:such as|for example|for instance|e\.g\.|like)\b")
    CONDITION = re.compile(r"\b(?:if|when|where|once|only|provided)\b")
    COMPARISON = re.compile(r"\b(?:than|unlike|whereas|instead of|in place of|compared)\b")
    CONSEQUENCE = re.compile(r"\b(?:so|therefore|thus|hence|then|leads?|results?|makes?|causes?)\b")
    POINT = re.compile("")  # nothing in particular


def form_of(point: KeyPoint) -> PointForm:
    """The first form whose words stand in the point."""
    said = point.point.casefold()
    return next(form for form in PointForm if form.value.search(said))


def given_away(text: str, answer: str, question: str) -> tuple[str, ...]:
    """Return the first five words in a row that `text` shares with a reference answer and that do not stand in its
    question; empty where there are none. Case, spelling of numbers and punctuation do not count."""
    secret = _rows(answer) - _rows(question)
    words = plain(text)
    rows = (tuple(words[at : at + IN_A_ROW]) for at in range(len(words) - IN_A_ROW + 1))
    return next((row for row in rows if row in secret), ())


def _rows(text: str) -> set[tuple[str, ...]]:
    words = plain(text)
    return {tuple(words[at : at + IN_A_ROW]) for at in range(len(words) - IN_A_ROW + 1)}


def hint_rules(point: KeyPoint, answer: str, question: str) -> Iterator[str]:
    """What is wrong with the hint of a point, as rules for whoever wrote it."""
    if point.hint is None:
        return
    count = len(point.hint.split())
    if count > MOST_WORDS:
        yield f"has {count} words; a hint names the subject of its point in at most {MOST_WORDS}"
    if row := given_away(point.hint, answer, question):
        yield f"gives the answer away: {' '.join(row)!r} stands in it"
    if len(told := _own_words(point.hint) & (_own_words(point.point) - _own_words(question))) > MOST_OF_THE_POINT:
        named = ", ".join(sorted(told))
        yield f"tells more than the subject: {named} are words of the point; name at most {MOST_OF_THE_POINT} of them"


def shared_words(text: str, other: str) -> tuple[str, ...]:
    """Return the words of a text that say something and stand in the other too, in whatever form, each once."""
    there = _own_words(other)
    return tuple(
        dict.fromkeys(word for word in plain(text) if word not in _LIGHT and word[0].isalpha() and stem(word) in there)
    )


def _own_words(text: str) -> set[str]:
    """The stems of the words that say something."""
    return {stem(word) for word in plain(text) if word not in _LIGHT}
