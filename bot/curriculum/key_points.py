"""What a fair tutor looks for in an open answer: the points, how each may be said, and what is wrong to say.

Ways of saying a point are written as patterns, in a small notation:

    neurons + same > gradients|updates      all of these near each other; > keeps the order, | is a choice
    prune & again                           & asks for the same clause
    (small) + weights                       the group of that name among the topic's `words`
    NOT slow|as fast + inference            NOT: the answer denies it ("is not slower")
    FIRST no|nope                           FIRST: among the first words of the answer
    ANY inference                           ANY: whether the answer denies it or not
    learn + WITHOUT different               WITHOUT: must not stand beside the rest
    slow + ABOUT mc dropout                 said of that subject (one of the topic's `subjects`)
    oscillat*                               a word that begins so
    prune + filters OR structured pruning   two patterns for one and the same way
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.curriculum.beliefs import Misconception
from bot.curriculum.document import Text, Value

_SPLIT = re.compile(r"\s+([+>&])\s+")
_OR = re.compile(r"\s+OR\s+")
_KEYWORDS = {"NOT", "ANY", "FIRST", "WITHOUT", "ABOUT", "OR"}
_KEYWORD = re.compile(r"^(NOT|ANY|FIRST|WITHOUT)\s+")


class Mood(Enum):
    """How an alternative has to stand in the answer; the value is its keyword in the notation."""

    SAID = ""  # not denied
    DENIED = "NOT"
    EITHER = "ANY"  # denied or not
    FIRST = "FIRST"  # among the first words


@dataclass(frozen=True, slots=True)
class Alternative:
    """One phrase that would do in its place of a pattern, or the name of a group of phrases that would."""

    phrase: str
    group: bool = False  # whether `phrase` names a group of the topic's `words`
    mood: Mood = Mood.SAID


@dataclass(frozen=True, slots=True)
class PatternItem:
    """One thing that has to be said, in one of several ways."""

    ways: tuple[Alternative, ...]
    after: bool = False  # it must come after the item before it (`>`)
    beside: bool = False  # it must stand in the same clause as the item before it (`&`)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way of saying a point, read from its notation."""

    items: tuple[PatternItem, ...]  # all have to be said near each other
    without: tuple[Alternative, ...] = ()  # none of these may stand beside them
    subject: str | None = None  # what they have to be said of, one of the topic's `subjects`


class UnreadablePattern(ValueError):  # noqa: N818 - reads as "the pattern is unreadable"
    """The notation is broken; the message is a rule for whoever wrote it."""


def parse_patterns(text: str) -> tuple[Pattern, ...]:
    """Read the patterns of one line of `say`, parted by OR. Raises UnreadablePattern."""
    return tuple(map(parse_pattern, _OR.split(text)))


def parse_pattern(text: str) -> Pattern:
    """Reads one pattern of the notation. Raises UnreadablePattern."""
    subject = None
    parts = _SPLIT.split(text.strip())
    items: list[PatternItem] = []
    without: list[Alternative] = []
    for i in range(0, len(parts), 2):
        if parts[i].startswith("WITHOUT "):
            without += _alternatives(parts[i].removeprefix("WITHOUT "))
        elif parts[i].startswith("ABOUT "):
            subject = parts[i].removeprefix("ABOUT ").strip()
        else:
            sign = parts[i - 1] if i else ""
            items.append(PatternItem(_alternatives(parts[i]), after=sign == ">", beside=sign == "&"))
    if not items:
        raise UnreadablePattern("says nothing that an answer could hold")
    return Pattern(tuple(items), tuple(without), subject)


def _alternatives(text: str) -> tuple[Alternative, ...]:
    """The alternatives of one place, parted by |; a keyword counts for its own alternative only."""
    ways = []
    for phrase in _phrases(text):
        found = _KEYWORD.match(phrase)
        mood = Mood(found.group(1)) if found else Mood.SAID
        bare = phrase[found.end() :].strip() if found else phrase
        group = bare.startswith("(") and bare.endswith(")")
        ways.append(Alternative(bare[1:-1].strip() if group else bare, group, mood))
    return tuple(ways)


def _phrases(text: str) -> list[str]:
    phrases = [phrase.strip() for phrase in text.split("|")]
    if (
        not all(phrases)
        or any(phrase in _KEYWORDS for phrase in phrases)
        or any(sign in phrase.split() for phrase in phrases for sign in "+>&")
    ):
        raise UnreadablePattern("has an empty place beside a sign or keyword")
    return phrases


PointId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=32)]
Patterns = Annotated[tuple[Text, ...], Field(min_length=1)]
Phrases = Annotated[tuple[Text, ...], Field(min_length=1)]


class KeyPoint(Value):
    """One thing that a full answer says."""

    id: PointId
    point: Text  # what a member is shown
    say: Patterns  # one of these is enough
    up_to: Annotated[int, Field(ge=1, le=9)] = 1  # it earns once for each line of `say` that is met, so often at most
    disputed: bool = False  # the experiments contradict it: it earns and costs nothing, and `why` is told
    why: Text | None = None
    hint: Text | None = None  # its subject in at most eight words, for whoever tries before the answer is shown


class Mistake(Value):
    """A wrong statement, which is named in the feedback."""

    say: Patterns
    why: Text  # what is told
    misconception: Misconception | None = None  # what whoever says it believes; None: the contrary of `why`
    against: PointId | None = None  # the point that cannot be made beside it
    thesis: bool = False  # it turns the whole answer round (yes where it is no), so that nothing in it can count


class KeyPoints(Value):
    """How open answers to a topic are graded."""

    full_marks: Annotated[int, Field(ge=1)]  # how many points make the full score
    points: Annotated[tuple[KeyPoint, ...], Field(min_length=1)]
    mistakes: tuple[Mistake, ...] = ()
    words: Mapping[Text, Phrases] = Field(default_factory=dict)  # groups that say the same, used by name in patterns
    subjects: Mapping[Text, Phrases] = Field(default_factory=dict)  # what an answer may speak of, and its forms
    about: Text | None = None  # the subject that is meant where an answer names none
    last_named_stays: bool = False  # else each sentence returns to `about`
    not_subjects: tuple[Text, ...] = ()  # phrases that hold a subject's name without speaking of it

    def with_words(self, shared: Mapping[str, tuple[str, ...]]) -> "KeyPoints":
        """Return these with the groups of words that all topics share; a group of the topic's own goes before."""
        return self.model_copy(update={"words": {**shared, **self.words}})

    def point(self, point_id: str) -> KeyPoint | None:
        """The point with that id, if there is one."""
        return next((point for point in self.points if point.id == point_id), None)
