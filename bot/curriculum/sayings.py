"""The small notation in which a knowledge file writes the ways of saying a point.

neurons + same > gradients|updates      all of these near each other; > keeps the order, | is a choice
prune & again                           & asks for the same clause
(small) + weights                       the group of that name among the topic's `words`
NOT slow|as fast + inference            NOT: the answer denies it ("is not slower")
FIRST no|nope                           FIRST: among the first words of the answer
ANY inference                           ANY: whether the answer denies it or not
learn + WITHOUT different               WITHOUT: must not stand beside the rest
slow + ABOUT mc dropout                 said of that subject (one of the topic's `subjects`)
oscillat*                               a word that begins so
"""

import re
from dataclasses import dataclass
from enum import Enum

_SPLIT = re.compile(r"\s+([+>&])\s+")
_KEYWORDS = {"NOT", "ANY", "FIRST", "WITHOUT", "ABOUT"}
_KEYWORD = re.compile(r"^(NOT|ANY|FIRST|WITHOUT)\s+")


class Mood(Enum):
    """How a way has to stand in the answer."""

    SAID = ""
    DENIED = "NOT"
    EITHER = "ANY"
    FIRST = "FIRST"


@dataclass(frozen=True, slots=True)
class Way:
    """One phrase; or, with `group`, the name of a group of them."""

    phrase: str
    group: bool = False
    mood: Mood = Mood.SAID


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that has to be said, in one of several ways: `after` the item before it, if the order counts; `beside`
    it in the same clause, if that counts."""

    ways: tuple[Way, ...]
    after: bool = False
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Saying:
    """One way of saying a point: all items near each other, none of `without` beside them, all said of `subject`."""

    items: tuple[Item, ...]
    without: tuple[Way, ...] = ()
    subject: str | None = None


class Unreadable(ValueError):  # noqa: N818 - read as "the saying is unreadable"
    """The notation is broken; the message is a rule for whoever wrote it."""


def parsed(text: str) -> Saying:
    """Reads one saying. Raises Unreadable."""
    subject = None
    parts = _SPLIT.split(text.strip())
    items: list[Item] = []
    without: list[Way] = []
    for i in range(0, len(parts), 2):
        if parts[i].startswith("WITHOUT "):
            without += _ways(parts[i].removeprefix("WITHOUT "))
        elif parts[i].startswith("ABOUT "):
            subject = parts[i].removeprefix("ABOUT ").strip()
        else:
            sign = parts[i - 1] if i else ""
            items.append(Item(_ways(parts[i]), after=sign == ">", beside=sign == "&"))
    if not items:
        raise Unreadable("says nothing that an answer could hold")
    return Saying(tuple(items), tuple(without), subject)


def _ways(text: str) -> tuple[Way, ...]:
    """A keyword counts for its own way only."""
    ways = []
    for phrase in _phrases(text):
        found = _KEYWORD.match(phrase)
        mood = Mood(found.group(1)) if found else Mood.SAID
        bare = phrase[found.end() :].strip() if found else phrase
        group = bare.startswith("(") and bare.endswith(")")
        ways.append(Way(bare[1:-1].strip() if group else bare, group, mood))
    return tuple(ways)


def _phrases(text: str) -> list[str]:
    phrases = [phrase.strip() for phrase in text.split("|")]
    if (
        not all(phrases)
        or any(phrase in _KEYWORDS for phrase in phrases)
        or any(sign in phrase.split() for phrase in phrases for sign in "+>&")
    ):
        raise Unreadable("has an empty place beside a sign or keyword")
    return phrases
