"""Every stored line of a curriculum, indexed: phrasings, statements and near misses of each topic, and nobody's lines.

Whatever asks how alike a message is to what is stored asks here. All that is kept are arrays and lists of words, so
that it loads in a moment where it was made before.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.curriculum.model import Curriculum, Topic
from bot.curriculum.statements import statements
from bot.matching import focus
from bot.matching.decision import NearestPhrasing
from bot.matching.regression import Floats, Ints
from bot.matching.text_index import Index, IndexMaker, TextIndex, held
from bot.text.normalise import stem, word_set
from bot.text.pipeline import Parse, ParsedText, TextPipeline


class Kind(IntEnum):
    """What a line is to its topic."""

    ASK = 0  # the topic's question, and of its phrasings at most `MOST_ASKS`, evenly spread
    TITLE = 1  # its titles and id
    STATEMENT = 2  # what its answer says
    NEAR_MISS = 3


KINDS = len(Kind)
MOST_ASKS = 16
"""Phrasings of a topic that are compared. With the same number of them for every topic "the nearest of them" means the
same for every topic; what hundreds say the topic's own weights know."""
_MOST_COUNTED = 12.0  # lines of a kind that one topic counts for in how rare a word is
_MOST_WORDS, _MOST_CONCEPTS = 120, 40  # of one message: a bound on time
_RUN = 4  # letters
MEANT = 0.7
"""Of the weight of a word, how much its meaning counts where it has one (see `meanings`). Of 0, 0.4 and 0.7 the one
with the least loss on topics of tests/data/ranker that it was not fitted to."""
_LIKE_WORDS = 0.6  # of how alike two lines are to people, how much words count; the rest is letters
MEANINGS = Path(__file__).with_name("meanings.txt")


# They say nothing by themselves.
LIGHT = word_set(
    """a an the of to in on for with by at from and or as is are was be it its this that these those your my our any
    each some using use used when which what how why who does do did can could should would may might will not no if too
    very s e g i you we they he she about into than then so but has have had one two three there"""
)


@cache
def meanings() -> Mapping[str, tuple[str, ...]]:
    """Return for each stem that stands in a group of `MEANINGS` the names of its groups, as tokens."""
    found: dict[str, list[str]] = {}
    for number, line in enumerate(MEANINGS.read_text("utf-8").splitlines()):
        for word in () if line.startswith("#") else dict.fromkeys(map(stem, line.split())):
            found.setdefault(word, []).append(f"~{number}")
    return {word: tuple(groups) for word, groups in found.items()}


def meant(stems: Iterable[str]) -> list[str]:
    """Return what those stems may mean, as tokens, none twice."""
    known = meanings()
    return list(dict.fromkeys(group for one in stems for group in known.get(one, ())))


def content(parsed: ParsedText) -> list[str]:
    """Return the stems of a text that say something, none twice."""
    return [s for s in dict.fromkeys(parsed.stems[:_MOST_WORDS]) if s not in LIGHT and s[0].isalnum()]


def word_tokens(parsed: ParsedText) -> list[str]:
    """Return stems, concepts and neighbouring stems of a text."""
    stems = [s for s in parsed.stems[:_MOST_WORDS] if s[0].isalnum()]
    return [*stems, *parsed.concepts[:_MOST_CONCEPTS], *(f"{a} {b}" for a, b in pairwise(stems))]


def letter_tokens(parsed: ParsedText) -> list[str]:
    """Return the runs of letters in the words of a text that say something, their edges marked."""
    found: dict[str, None] = {}
    for word in dict.fromkeys(parsed.words[:_MOST_WORDS]):
        if word not in LIGHT and word[0].isalpha():
            edged = f"<{word}>"
            for i in range(max(1, len(edged) - _RUN + 1)):
                found[edged[i : i + _RUN]] = None
    return list(found)


def said(parsed: ParsedText) -> int:
    """Return a number for what a message says: the same for two that differ in no stem."""
    digest = hashlib.blake2b(" ".join(parsed.stems).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


@dataclass(frozen=True, eq=False)
class Lines:
    """The lines in groups: those of each topic kind by kind, and last those of nobody: elsewhere, and small talk."""

    topics: int  # how many
    words: Index  # of `word_tokens`
    letters: Index  # of `letter_tokens`
    contents: Index  # of `content` and what it may mean; of statements without the names of their topic
    groups: Ints  # of each line: its topic * KINDS + its kind; those of a group stand together
    focus: NDArray[np.uint8]  # lines x kinds of question: what a statement provides, and what any other line asks for
    name_words: Sequence[str]  # the stems of the topics' names
    name_owners: Ints  # and whose each is
    stored: Ints  # what each phrasing, near miss and line of nobody says, sorted; the first of several counts
    stored_as: Ints  # and the topic that asks it; below 0, -2 - the topic that declines it, or -1: nobody asks it

    @cached_property
    def kinds(self) -> NDArray[np.int8]:
        """Of each line what it is to its topic; those of nobody are near misses."""
        kinds = np.where(self.groups < self.topics * KINDS, self.groups % KINDS, int(Kind.NEAR_MISS))
        return kinds.astype(np.int8)

    @cached_property
    def homes(self) -> Ints:
        """Of each line the topic in whose file it stands; -1 for those of nobody."""
        return np.where(self.groups < self.topics * KINDS, self.groups // KINDS, -1)

    @cached_property
    def spans(self) -> Ints:
        """Where each group begins, and where it ends; nobody's are the last two groups."""
        sizes = np.bincount(self.groups, minlength=self.topics * KINDS + 2)
        found, first = np.unique(self.groups, return_index=True)
        starts = np.zeros(len(sizes), dtype=np.int64)
        starts[found] = first
        return np.stack([starts, starts + sizes], axis=1)

    @cached_property
    def held(self) -> Mapping[str, Floats]:
        """By the name of each index for how much the lines count that have each of its tokens."""
        counts, indexes = counted(self.groups), (self.words, self.letters, self.contents)
        named = zip(("words", "letters", "contents"), indexes, strict=True)
        return {name: held(one.starts, one.texts, counts) for name, one in named if isinstance(one, TextIndex)}

    def provided(self, rows: Ints) -> NDArray[np.uint8]:
        """Return of the lines in those rows what `focus` has of them."""
        return self.focus[rows]

    def as_stored(self, parsed: ParsedText) -> int | None:
        """Return what is known of a message that says the same as a stored line, as in `stored_as`; None for others."""
        key = said(parsed)
        place = int(np.searchsorted(self.stored, key))
        known = place < len(self.stored) and int(self.stored[place]) == key
        return int(self.stored_as[place]) if known else None

    def chats(self, parsed: ParsedText) -> float:
        """Return how alike (0 to 1) a message is to small talk; 0 where something else that is stored is more so."""
        words, letters = self.words.overlap(word_tokens(parsed)), self.letters.overlap(letter_tokens(parsed))
        alike = _LIKE_WORDS * words.cosine() + (1 - _LIKE_WORDS) * letters.cosine()
        alike[self.kinds == Kind.STATEMENT] = 0.0
        best = int(alike.argmax()) if len(alike) else 0
        return float(alike[best]) if len(alike) and self.groups[best] == self.topics * KINDS + 1 else 0.0

    def weights(self, stems: Sequence[str]) -> dict[str, float]:
        """Return how much each of the stems of a message says, and each thing that they may mean, as `contents` has
        them."""
        found: dict[str, float] = {}
        for one in stems:
            rare, groups = self.contents.rare(one), meanings().get(one, ())
            found[one] = found.get(one, 0.0) + (1 - MEANT * bool(groups)) * rare
            for group in groups:
                meaning = MEANT * self.contents.rare(group) / len(groups)
                found[group] = max(found.get(group, 0.0), meaning)
        return found


def made(curriculum: Curriculum, parse: Parse) -> Lines:
    """Parse and index the lines of a curriculum."""
    names = [frozenset(_names(topic, parse)) for topic in curriculum.topics]
    lines = list(_lines(curriculum))
    groups = np.array([group for _, group in lines], dtype=np.int64)
    counts = counted(groups)
    words, letters, contents = IndexMaker(), IndexMaker(), IndexMaker()
    kinds = []
    for (text, group), count in zip(lines, counts.tolist(), strict=True):
        parsed = parse(text)
        topic, kind = divmod(group, KINDS)
        stems, statement = content(parsed), kind == Kind.STATEMENT and topic < len(names)
        if statement:
            stems = [one for one in stems if one not in names[topic]]
        words.add(word_tokens(parsed), count)
        letters.add(letter_tokens(parsed), count)
        contents.add([*stems, *meant(stems)], count)
        kinds.append(focus.given(parsed) if statement else focus.asked(parsed))
    owned = [(word, k) for k, mine in enumerate(names) for word in sorted(mine)]
    return Lines(
        len(names),
        words.made(),
        letters.made(),
        contents.made(),
        groups,
        np.array(kinds, dtype=np.uint8).reshape(len(kinds), len(focus.KINDS)),
        tuple(word for word, _ in owned),
        np.array([owner for _, owner in owned], dtype=np.int64),
        *_stored(curriculum, parse),
    )


def counted(groups: Ints) -> Floats:
    """Return for how much each line counts in how rare a word is."""
    return np.minimum(1.0, _MOST_COUNTED / np.maximum(np.bincount(groups), 1))[groups] if len(groups) else np.empty(0)


def _lines(curriculum: Curriculum) -> Iterator[tuple[str, int]]:
    """The lines, each with its group, in the order of the groups."""
    for k, topic in enumerate(curriculum.topics):
        titles = (topic.title, topic.id.replace("-", " "), *(part.title for part in topic.parts))
        stated = [statement.text for statement in statements(topic)]
        asks = (topic.question, *_spread([ask.text for ask in topic.asks]))
        for kind, lines in enumerate((asks, titles, stated, topic.not_asks)):
            yield from ((line, k * KINDS + kind) for line in dict.fromkeys(lines))
    language, last = curriculum.language, len(curriculum.topics) * KINDS
    yield from ((line, last) for line in language.elsewhere)
    yield from ((line, last + 1) for line in (*language.chatter, *language.thanks))


def _stored(curriculum: Curriculum, parse: Parse) -> tuple[Ints, Ints]:
    """What each phrasing, near miss and line of nobody says, and as what it is stored, in order."""
    found: dict[tuple[int, int], None] = {}
    for k, topic in enumerate(curriculum.topics):
        for text in (topic.question, *(ask.text for ask in topic.asks)):
            found[said(parse(text)), k] = None
        for text in topic.not_asks:
            found[said(parse(text)), -2 - k] = None
    language = curriculum.language
    for text in (*language.elsewhere, *language.chatter, *language.thanks):
        found[said(parse(text)), -1] = None
    return ordered(*np.array([*found], dtype=np.int64).reshape(-1, 2).T)


def ordered(stored: Ints, stored_as: Ints) -> tuple[Ints, Ints]:
    """Return what lines say in order with as what each is stored. Of two that say the same one that is asked comes
    before one that is declined, and that before what nobody asks; of two topics the first."""
    declined = np.where(stored_as == -1, np.iinfo(np.int64).max, -stored_as)
    order = np.lexsort((np.where(stored_as >= 0, stored_as, declined), stored_as < 0, stored))
    return stored[order], stored_as[order]


def unsure(topic: Topic, pipeline: TextPipeline) -> tuple[str, ...]:
    """Return the words of a topic's names that may be put right, or not, as the words of the topics beside it are."""
    words = (word for name in (topic.id.replace("-", " "), *topic.names) for word in pipeline.words(name))
    return tuple(dict.fromkeys(word for word in words if not pipeline.speller.of_base(word)))


def _spread(asks: Sequence[str]) -> list[str]:
    """At most `MOST_ASKS` of the phrasings, evenly spread."""
    step = max(1.0, len(asks) / MOST_ASKS)
    return [asks[int(i * step)] for i in range(min(MOST_ASKS, len(asks)))]


def _names(topic: Topic, parse: Parse) -> Iterator[str]:
    """The stems of a topic's names that say something."""
    for name in (topic.title, topic.id.replace("-", " "), *topic.names):
        yield from (one for one in content(parse(name)) if one.isalpha())


class PhrasingIndex:
    """Every phrasing, near miss and line of nobody, to look the nearest up: for explaining a decision."""

    def __init__(self, curriculum: Curriculum, pipeline: TextPipeline) -> None:
        self._known = [(ask.text, topic.id) for topic in curriculum.topics for ask in topic.asks]
        self._known += [(topic.question, topic.id) for topic in curriculum.topics]
        self._asks = len(self._known)
        self._known += [(text, topic.id) for topic in curriculum.topics for text in topic.not_asks]
        language = curriculum.language
        self._known += [(text, "") for text in (*language.elsewhere, *language.chatter, *language.thanks)]
        words, letters = IndexMaker(), IndexMaker()
        for parsed in (pipeline.parse(text) for text, _ in self._known):
            words.add(word_tokens(parsed))
            letters.add(letter_tokens(parsed))
        self._words, self._letters = words.made(), letters.made()

    def nearest(self, parsed: ParsedText) -> tuple[NearestPhrasing | None, NearestPhrasing | None]:
        """Return the nearest phrasing and the nearest of what is declined; None where no word is shared."""
        words = self._words.overlap(word_tokens(parsed)).cosine()
        letters = self._letters.overlap(letter_tokens(parsed)).cosine()
        alike = _LIKE_WORDS * words + (1 - _LIKE_WORDS) * letters
        return self._best(alike, 0, self._asks), self._best(alike, self._asks, len(alike))

    def _best(self, alike: Floats, start: int, end: int) -> NearestPhrasing | None:
        best = start + int(alike[start:end].argmax()) if end > start else 0
        if end <= start or alike[best] <= 0:
            return None
        text, topic = self._known[best]
        return NearestPhrasing(text, topic if best < self._asks else None, float(alike[best]))
