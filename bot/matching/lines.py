"""Every stored line of a curriculum, indexed: phrasings, statements and near misses of each topic, and nobody's lines.

Whatever asks how alike a message is to what is stored asks here. All that is kept are arrays and lists of words, so
that it loads in a moment where it was made before.
"""

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
from bot.matching.regression import Floats, Ints
from bot.matching.text_index import IndexMaker, TextIndex
from bot.text.normalise import stem
from bot.text.pipeline import ParsedText, TextPipeline


class Kind(IntEnum):
    """What a line is to its topic."""

    ASK = 0  # the topic's question, and of its phrasings as many as `MOST_ASKS`, evenly spread
    STATEMENT = 1  # what its answer says, and its titles
    NEAR_MISS = 2
    FURTHER_ASK = 3  # the other phrasings
    FOLLOW_UP = 4


KINDS = len(Kind)
MOST_ASKS = 16
"""Phrasings of a topic that count as ASK. With the same number of them for every topic "the nearest of them" means the
same for every topic; what hundreds say the topic's own weights know."""
ELSEWHERE, SMALL_TALK, ANY_FOLLOW_UP = range(3)  # what is nobody's, after the last topic
_MOST_COUNTED = 12.0  # lines of a kind that one topic counts for in how rare a word is
_MOST_WORDS, _MOST_CONCEPTS = 120, 40  # of one message: a bound on time
_RUN = 4  # letters
WORDS = 0.6  # of the likeness of two lines, how much that of words counts; the rest is that of letters
MEANT = 0.7  # of the weight of a word, how much its meaning counts where it has one (see `meanings`)

MEANINGS = Path(__file__).with_name("meanings.txt")
# Words that say nothing by themselves.
LIGHT = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "on",
        "for",
        "with",
        "by",
        "at",
        "from",
        "and",
        "or",
        "as",
        "is",
        "are",
        "was",
        "be",
        "it",
        "its",
        "this",
        "that",
        "these",
        "those",
        "your",
        "my",
        "our",
        "any",
        "each",
        "some",
        "using",
        "use",
        "used",
        "when",
        "which",
        "what",
        "how",
        "why",
        "who",
        "does",
        "do",
        "did",
        "can",
        "could",
        "should",
        "would",
        "may",
        "might",
        "will",
        "not",
        "no",
        "if",
        "too",
        "very",
        "s",
        "e",
        "g",
        "i",
        "you",
        "we",
        "they",
        "he",
        "she",
        "about",
        "into",
        "than",
        "then",
        "so",
        "but",
        "has",
        "have",
        "had",
        "one",
        "two",
        "three",
        "there",
    ]
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


@dataclass(frozen=True, eq=False)
class Lines:
    """The lines in groups: those of each topic kind by kind, and last those of nobody."""

    topics: int  # how many
    words: TextIndex  # of `word_tokens`
    letters: TextIndex  # of `letter_tokens`
    contents: TextIndex  # of `content` and what it may mean; of statements without the names of their topic
    groups: Ints  # of each line: its topic * KINDS + its kind, ascending
    focus: NDArray[np.uint8]  # lines x kinds of question: what a statement provides, and what any other line asks for
    name_words: Sequence[str]  # the stems of the topics' names
    name_owners: Ints  # and whose each is

    @cached_property
    def kinds(self) -> Ints:
        """Of each line what it is to its topic; of those of nobody NEAR_MISS, but FOLLOW_UP where it follows up any."""
        topic, kind = np.divmod(self.groups, KINDS)
        nobodys = np.where(kind == ANY_FOLLOW_UP, int(Kind.FOLLOW_UP), int(Kind.NEAR_MISS))
        return np.where(topic < self.topics, kind, nobodys)

    @cached_property
    def homes(self) -> Ints:
        """Of each line the topic in whose file it stands; -1 for those of nobody."""
        topic = self.groups // KINDS
        return np.where(topic < self.topics, topic, -1)

    @cached_property
    def edges(self) -> Ints:
        """Where each group begins, and where the last one ends."""
        return np.searchsorted(self.groups, np.arange(self.topics * KINDS + 4))

    def span(self, topic: int, kind: Kind) -> slice:
        """Return where the lines of a kind of a topic stand."""
        group = topic * KINDS + kind
        return slice(int(self.edges[group]), int(self.edges[group + 1]))

    def nearest(self, parsed: ParsedText) -> tuple[int, float] | None:
        """Return the number of the phrasing or near miss nearest to a message, and how alike they are (0 to 1); None
        where nothing is shared."""
        alike = self.alike(parsed)
        best = int(alike.argmax()) if len(alike) else 0
        return (best, float(alike[best])) if len(alike) and alike[best] > 0 else None

    def chats(self, parsed: ParsedText) -> float:
        """Return how alike (0 to 1) a message is to small talk; 0 where something else that is stored is more so."""
        found, group = self.nearest(parsed), self.topics * KINDS + SMALL_TALK
        talk = found is not None and self.edges[group] <= found[0] < self.edges[group + 1]
        return found[1] if found and talk else 0.0

    def alike(self, parsed: ParsedText) -> Floats:
        """Return how alike (0 to 1) a message is to every line that asks or is declined; 0 for the others."""
        words, letters = self.words.overlap(word_tokens(parsed)), self.letters.overlap(letter_tokens(parsed))
        silent = (self.kinds == Kind.STATEMENT) | (self.kinds == Kind.FOLLOW_UP)
        return np.where(silent, 0.0, WORDS * words.cosine() + (1 - WORDS) * letters.cosine())

    def like_follow_up(self, parsed: ParsedText, topic: int) -> float:
        """Return how alike (0 to 1) a message is to the nearest follow-up to that topic, or to any."""
        alike = self.words.overlap(word_tokens(parsed)).cosine()
        group = self.topics * KINDS + ANY_FOLLOW_UP
        spans = self.span(topic, Kind.FOLLOW_UP), slice(int(self.edges[group]), int(self.edges[group + 1]))
        return float(max(alike[span].max(initial=0.0) for span in spans))

    def weight(self, one: str) -> float:
        """Return how much a stem of a message says: how rare it is, or what it may mean."""
        groups, rare = meanings().get(one, ()), self.contents.rare(one)
        return (1 - MEANT) * rare + MEANT * max(map(self.contents.rare, groups)) if groups else rare

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


def texts(curriculum: Curriculum) -> Iterator[tuple[str, int]]:
    """Yield the lines of a curriculum, each with its group, in the order in which they are indexed."""
    for k, topic in enumerate(curriculum.topics):
        few, further = _spread([ask.text for ask in topic.asks])
        follow_ups = [ask.text for ask in topic.follow_ups]
        for kind, lines in enumerate(([topic.question, *few], _said(topic), topic.not_asks, further, follow_ups)):
            yield from ((line, k * KINDS + kind) for line in lines)
    language, end = curriculum.language, len(curriculum.topics) * KINDS
    small_talk = (*language.chatter, *language.thanks)
    for kind, lines in enumerate((language.elsewhere, small_talk, language.follow_ups)):
        yield from ((line, end + kind) for line in lines)


def made(curriculum: Curriculum, pipeline: TextPipeline) -> Lines:
    """Parse and index the lines of a curriculum."""
    names = [frozenset(_names(topic, pipeline)) for topic in curriculum.topics]
    stored = list(texts(curriculum))
    groups = np.array([group for _, group in stored], dtype=np.int64)
    sizes = np.bincount(groups) if len(groups) else groups
    words, letters, contents = IndexMaker(), IndexMaker(), IndexMaker()
    kinds = []
    for text, group in stored:
        parsed, counted = pipeline.parse(text), min(1.0, _MOST_COUNTED / sizes[group])
        topic, kind = divmod(group, KINDS)
        stems, statement = content(parsed), kind == Kind.STATEMENT and topic < len(names)
        if statement:
            stems = [one for one in stems if one not in names[topic]]
        words.add(word_tokens(parsed), counted)
        letters.add(letter_tokens(parsed), counted)
        contents.add([*stems, *meant(stems)], counted)
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
    )


def _spread(asks: Sequence[str]) -> tuple[list[str], list[str]]:
    """Those of the phrasings that count as ASK, evenly spread, and the others."""
    step = max(1.0, len(asks) / MOST_ASKS)
    chosen = {int(i * step) for i in range(min(MOST_ASKS, len(asks)))}
    return [asks[i] for i in sorted(chosen)], [text for i, text in enumerate(asks) if i not in chosen]


def _said(topic: Topic) -> list[str]:
    """What an answer says: titles, and statements."""
    titles = [topic.title, topic.id.replace("-", " "), *(part.title for part in topic.parts)]
    return list(dict.fromkeys([*titles, *(statement.text for statement in statements(topic))]))


def _names(topic: Topic, pipeline: TextPipeline) -> Iterator[str]:
    """The stems of a topic's names that say something."""
    for name in (topic.title, topic.id.replace("-", " "), *topic.names):
        yield from (one for one in content(pipeline.parse(name)) if one.isalpha())
