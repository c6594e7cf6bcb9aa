"""Phrasings that moderators taught, laid over the tutor: what is near enough to one is decided as it was taught.

Nothing is fitted anew, so teaching counts at once and costs other servers nothing. Near means: the same words but for
slips, order and words that say nothing of the subject. A word that is known to be confusable, a number, a negation or
a term of the curriculum on one side only sets two phrasings apart, however alike they look.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.curriculum.model import Curriculum
from bot.language.tokens import is_number, plain
from bot.tutor.decision import Answer, Choose, Context, Decider, Decision, Decline, Match
from bot.tutor.hearing import Heard, Hearing

LONGEST_HEARD = 600  # characters; in a longer message no phrasing stands for the whole
# Calibrated on asks: nine in ten of their slips and reorderings reach it, asks of other topics and near misses none.
NEAR = 0.8
_SURE = 1.0
_SLIPPED = 0.8  # how much of a word a slip of it is worth
_LIGHTLY = 0.15
_MOST_OTHERS = 3
_SHORTEST_SLIP, _LONG = 5, 8  # letters
_NEGATING = "not no never without dont doesnt isnt arent cant cannot wont shouldnt neither nor none"
_EMPTY = """
    were a an the this that these those it its i im ive id me my mine we our us you your he she they them their
    one there here is are am was be been being do does did done have has had can could may might must shall should
    will would ok okay oki hey hi hello pls please plz thanks thx ty just really very so and or but if of in on at
    to for from with by as about into then than too also actually basically exactly like kind sort what whats
    which who whose why how hows when where whether tell know wonder wondering think guess explain guys all any
    some get got
"""
_NEGATIONS = frozenset(_NEGATING.split())
_LIGHT = frozenset(_EMPTY.split())


@dataclass(frozen=True, slots=True)
class Taught:
    """A phrasing that asks `topic`, and `parts` of it."""

    text: str
    topic: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gist:
    """What two phrasings are compared by."""

    stems: tuple[str, ...]
    content: Counter[str]
    light: frozenset[str]
    apart: frozenset[str]  # what must stand on both sides: negations, numbers, confusable words, terms


class Listener:
    """Hears phrasings for comparing. Built once per curriculum."""

    def __init__(self, curriculum: Curriculum) -> None:
        self._hearing = Hearing(curriculum)
        spellings = self._hearing.spellings
        self._confusable = {
            self._hearing.stem(word)
            for group in curriculum.language.never_equal
            for text in group
            for word in plain(text, spellings)
            if word not in _LIGHT
        }

    def gist(self, text: str) -> Gist:
        """What a text says, for comparing."""
        heard = self._hearing.hear(text)
        said = [(word, stem) for word, stem in zip(heard.words, heard.stems, strict=True) if word[0].isalnum()]
        content = Counter(stem for word, stem in said if word not in _LIGHT)
        return Gist(heard.stems, content, frozenset(word for word, _ in said) & _LIGHT, self._apart(heard))

    def _apart(self, heard: Heard) -> frozenset[str]:
        negations = (word for word in heard.words if word in _NEGATIONS)
        others = (stem for stem in heard.stems if stem in self._confusable or is_number(stem))
        return frozenset([*negations, *others, *(name for name in heard.names if name.startswith("term "))])


class Phrasebook:
    """What was taught in one server."""

    def __init__(self, listener: Listener, phrasings: Iterable[Taught]) -> None:
        self._listener = listener
        self._known = [(one, listener.gist(one.text)) for one in phrasings]
        self._having: dict[str, list[int]] = {}
        for place, (_, gist) in enumerate(self._known):
            for word in gist.content:
                self._having.setdefault(word, []).append(place)

    def __len__(self) -> int:
        return len(self._known)

    def nearest(self, message: str) -> tuple[Taught, float] | None:
        """The phrasing that says the same as the message, and how alike they are (`NEAR` to 1); None without one."""
        if not self._known or len(message) > LONGEST_HEARD:
            return None
        gist = self._listener.gist(message)
        places = sorted({place for word in gist.content for place in self._having.get(word, ())})
        alike = [(likeness(gist, self._known[place][1]), place) for place in places]
        score, place = max(alike, default=(0.0, 0), key=lambda pair: (pair[0], pair[1]))  # what was taught last
        return (self._known[place][0], score) if score >= NEAR else None


class TaughtTutor:
    """The tutor as one server has taught it."""

    def __init__(self, tutor: Decider, book: Phrasebook) -> None:
        self._tutor = tutor
        self._book = book

    def decide(self, message: str, context: Context | None = None) -> Decision:
        """As it was taught where the message is near enough; else as the tutor decides."""
        decision = self._tutor.decide(message, context)
        found = self._book.nearest(message)
        return _taught(*found, _ranked(decision)) if found else decision


def likeness(one: Gist, other: Gist) -> float:
    """How alike two phrasings are, 0 to 1."""
    if one.stems == other.stems:
        return _SURE
    if one.apart != other.apart:
        return 0.0
    shared = one.content & other.content
    left, right = list((one.content - shared).elements()), list((other.content - shared).elements())
    slips = _slips(left, right)
    light = len(one.light & other.light) * _LIGHTLY
    weight = one.content.total() + other.content.total() + (len(one.light) + len(other.light)) * _LIGHTLY
    return 2 * (shared.total() + slips * _SLIPPED + light) / weight if weight else 0.0


def _slips(left: Sequence[str], right: Sequence[str]) -> int:
    """How many words of one side are slips of words of the other."""
    rest, found = list(right), 0
    for word in left:
        meant = next((each for each in rest if _is_slip(word, each)), None)
        if meant is not None:
            rest.remove(meant)
            found += 1
    return found


def _is_slip(word: str, meant: str) -> bool:
    shorter = min(len(word), len(meant))
    return shorter >= _SHORTEST_SLIP and OSA.distance(word, meant) <= (2 if shorter >= _LONG else 1)


def _taught(phrasing: Taught, score: float, ranked: Sequence[Match]) -> Answer:
    """The answer as it was taught; a part that the tutor heard stands in for one that was not taught."""
    heard = next((match.parts for match in ranked if match.topic == phrasing.topic), ())
    others = [match for match in ranked if match.topic != phrasing.topic]
    return Answer((Match(phrasing.topic, score, phrasing.parts or heard),), tuple(others[:_MOST_OTHERS]))


def _ranked(decision: Decision) -> tuple[Match, ...]:
    match decision:
        case Answer(topics, others):
            return (*topics, *others)
        case Choose(candidates):
            return candidates
        case Decline(suggestions):
            return suggestions
