"""Phrasings that a server's moderators added, laid over the matcher: what is near enough to one is decided as it says.

Nothing is fitted anew, so an added phrasing counts at once and costs other servers nothing. Near means: the same words
but for slips, order and words that say nothing of the subject. A word of the curriculum's terms, one that is known to
be confusable, a number or a negation that stands on one side only sets two phrasings apart, however alike they look.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass

from bot.curriculum.model import Curriculum, Topic
from bot.matching.decision import Choose, Context, Decider, Decision, Decline, Match, TopicAnswer
from bot.text.normalise import is_number, stem, word_set
from bot.text.pipeline import TextPipeline, slips_apart

LONGEST_COMPARED = 600  # characters; in a longer message no phrasing stands for the whole
# Calibrated on asks: nine in ten of their slips and reorderings reach it, asks of other topics and near misses none. To
# choose it again, see test_asks_of_one_topic_added_catch_no_ask_of_another in tests/matching/test_added_phrasings.py.
NEAR = 0.85
_SLIPPED = 0.8  # how much of a word a slip of it is worth
_LIGHTLY = 0.15  # how much a word that says nothing of the subject counts
_MOST_OTHERS = 3  # topics offered next
_MOST_WORDS = 200  # of one message: a bound on time
_MOST_SLIPPED = 3  # one word in so many must be typed alike: else a phrasing is not looked at, which saves time
_LONG = 8  # letters; from here a word may hold two slips
_NEGATIONS = word_set("not no never without dont doesnt isnt arent cant cannot wont shouldnt neither nor none")
_LIGHT = word_set(
    """
    were a an the this that these those it its i im ive id me my mine we our us you your he she they them their
    one there here is are am was be been being do does did done have has had can could may might must shall should
    will would ok okay oki hey hi hello pls please plz thanks thx ty just really very so and or but if of in on at
    to for from with by as about into then than too also actually basically exactly like kind sort what whats
    which who whose why how hows when where whether tell know wonder wondering think guess explain guys all any
    some get got"""
)


@dataclass(frozen=True, slots=True)
class AddedPhrasing:
    """A phrasing as a moderator added it."""

    text: str
    topic: str  # the id of the topic that it asks
    parts: tuple[str, ...] = ()  # ids of its parts, if it asks some


@dataclass(frozen=True, slots=True)
class ComparedWord:
    """A word of a phrasing that says what it is about."""

    typed: str  # its stem
    meant: str  # the stem of the word that was probably meant
    apart: bool  # whether no other word may do for it


@dataclass(frozen=True, slots=True)
class Gist:
    """What two phrasings are compared by."""

    content: tuple[ComparedWord, ...]  # the words that say what it is about, in order
    light: frozenset[str]  # the others


Pairs = Callable[[ComparedWord, ComparedWord], bool]


class PhrasingComparer:
    """Prepares phrasings for comparing. Built once per curriculum."""

    def __init__(self, curriculum: Curriculum, pipeline: TextPipeline) -> None:
        """Take the pipeline that the matcher of the curriculum parses messages with."""
        self._pipeline = pipeline
        confusable = (text for group in curriculum.language.never_equal for text in group)
        # Words for which no other may do.
        apart = _NEGATIONS | self._stems(confusable) | self._stems(_terms(curriculum.topics))
        self._apart: tuple[frozenset[str], ...] = (apart,)

    def with_more(self, topics: Iterable[Topic], pipeline: TextPipeline) -> "PhrasingComparer":
        """Return what compares where more topics are taught; `pipeline` is that of their matcher."""
        found = copy(self)
        found._pipeline = pipeline
        found._apart = (*self._apart, found._stems(_terms(topics)))
        return found

    def _stems(self, texts: Iterable[str]) -> frozenset[str]:
        words = {word for text in texts for word in self._pipeline.words(text)}
        return frozenset(map(stem, words - _LIGHT))

    def gist(self, text: str) -> Gist:
        """Return what a text says, for comparing."""
        typed = [word for word in self._pipeline.words(text) if word[0].isalnum()][:_MOST_WORDS]
        content = [self._word(word) for word in typed if word not in _LIGHT]
        return Gist(tuple(content), frozenset(typed) & _LIGHT)

    def says_something(self, text: str) -> bool:
        """Return whether there is a word in a text that says what it is about."""
        return any(word.typed not in _NEGATIONS for word in self.gist(text).content)

    def _word(self, typed: str) -> ComparedWord:
        bare = stem(typed)
        meant = self._pipeline.parse(typed).stems[:1] or (bare,)
        known = any(not one.isdisjoint((bare, meant[0])) for one in self._apart)
        apart = is_number(typed) or typed in _NEGATIONS or known
        return ComparedWord(bare, meant[0], apart)


def _terms(topics: Iterable[Topic]) -> Iterator[str]:
    """The terms of topics and of their parts: no other word may do for one."""
    for topic in topics:
        for concept, variants in topic.terms.items():
            yield from (concept, *variants)
        for part in topic.parts:
            yield from (part.title, *part.terms)


class Phrasebook:
    """The phrasings that were added in one server, ready to be looked up."""

    def __init__(self, comparer: PhrasingComparer, phrasings: Iterable[AddedPhrasing]) -> None:
        """Take the phrasings in the order in which they were added: of two as near the later counts."""
        self._comparer = comparer
        self._known = [(one, comparer.gist(one.text)) for one in phrasings]
        self._having: dict[str, list[int]] = {}
        for place, (_, gist) in enumerate(self._known):
            for word in {word.typed for word in gist.content}:
                self._having.setdefault(word, []).append(place)

    def nearest(self, message: str) -> tuple[AddedPhrasing, float] | None:
        """Return the phrasing that says the same as the message, and how alike they are (`NEAR` to 1); None without."""
        if not self._known or len(message) > LONGEST_COMPARED:
            return None
        gist = self._comparer.gist(message)
        alike = [(likeness(gist, self._known[place][1]), place) for place in self._promising(gist)]
        score, place = max(alike, default=(0.0, 0), key=lambda pair: (pair[0], pair[1]))
        return (self._known[place][0], score) if score >= NEAR else None

    def _promising(self, gist: Gist) -> list[int]:
        """Those that share enough words as they were typed to come near."""
        shared = Counter(place for word in {one.typed for one in gist.content} for place in self._having.get(word, ()))
        longest = {place: max(len(gist.content), len(self._known[place][1].content)) for place in shared}
        return [place for place, count in shared.items() if count * _MOST_SLIPPED >= longest[place]]


class MatcherWithAdditions:
    """The matcher with the phrasings that one server added."""

    def __init__(self, matcher: Decider, book: Phrasebook) -> None:
        self._matcher = matcher
        self._book = book

    def decide(self, message: str, context: Context | None = None) -> Decision:
        """Decide as an added phrasing says where the message is near enough to it; else as the matcher does."""
        decision = self._matcher.decide(message, context)
        found = self._book.nearest(message)
        return _as_added(*found, _ranked(decision)) if found else decision


def likeness(one: Gist, other: Gist) -> float:
    """Return how alike two phrasings are, 0 to 1."""
    left, right = list(one.content), list(other.content)
    same = _paired(left, right, lambda word, meant: word.typed == meant.typed)
    slips = _paired(left, right, _is_slip)
    if any(word.apart for word in (*left, *right)):
        return 0.0
    light = len(one.light & other.light) * _LIGHTLY
    weight = len(one.content) + len(other.content) + (len(one.light) + len(other.light)) * _LIGHTLY
    return 2 * (same + slips * _SLIPPED + light) / weight if weight else 1.0


def _paired(left: list[ComparedWord], right: list[ComparedWord], pair: Pairs) -> int:
    """Take the words that pair out of both sides; return how many there were of each."""
    found = 0
    for word in tuple(left):
        partner = next((place for place, other in enumerate(right) if pair(word, other)), None)
        if partner is not None:
            left.remove(word)
            del right[partner]
            found += 1
    return found


def _is_slip(word: ComparedWord, other: ComparedWord) -> bool:
    """Whether one is the other mistyped; two known words never are."""
    if word.apart and other.apart:
        return word.meant == other.meant
    return slips_apart(word.typed, other.typed, 2 if min(len(word.typed), len(other.typed)) >= _LONG else 1)


def _as_added(phrasing: AddedPhrasing, score: float, ranked: Sequence[Match]) -> TopicAnswer:
    """The answer that the phrasing asks; parts that the matcher found stand in for those that it does not name."""
    parts = next((match.parts for match in ranked if match.topic == phrasing.topic), ())
    others = [match for match in ranked if match.topic != phrasing.topic]
    return TopicAnswer((Match(phrasing.topic, score, phrasing.parts or parts),), tuple(others[:_MOST_OTHERS]))


def _ranked(decision: Decision) -> tuple[Match, ...]:
    match decision:
        case TopicAnswer(topics, others):
            return (*topics, *others)
        case Choose(candidates):
            return candidates
        case Decline(suggestions):
            return suggestions
