"""Messages that only the last answer explains: whether a message is one, and what of the answer it is after.

What speaks for a follow-up is the same for every topic: what the classifier says that was fitted to follow-ups, whether
the message asks the topic once it stands behind the question that was answered, and what it shares with a statement.
A message may also keep the question and change the subject ("and the weights?").
"""

import math
import re
from collections.abc import Collection, Sequence

import numpy as np

from bot.curriculum.model import Curriculum
from bot.matching.classifiers import probability
from bot.matching.decision import Context, Match
from bot.matching.fitted_model import Model
from bot.matching.lines import LIGHT, content
from bot.matching.names import Names
from bot.matching.pieces import Piece, Weigh
from bot.matching.statements import StatementFinder, terms
from bot.text.normalise import folded, plain, remembered
from bot.text.pipeline import ParsedText, TextPipeline
from bot.text.unwrapping import THANKS

# Parts that a message points at without naming them: "the second one", "any others?", "what else besides L1".
_PLACES = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "fourth": 3,
    "4th": 3,
    "fifth": 4,
    "5th": 4,
    "sixth": 5,
    "6th": 5,
    "last": -1,
    "final": -1,
}
_OTHERS = frozenset({"other", "others", "else", "another", "besides", "apart", "except", "instead"})
_EXCEPT = (("besides",), ("except",), ("apart", "from"), ("aside", "from"), ("other", "than"), ("others", "than"))
_EXCEPTING = frozenset(first for first, *_ in _EXCEPT)


def placed(words: Sequence[str], parts: Sequence[str]) -> tuple[str, ...]:
    """Return the parts that words count out, such as the second or the last."""
    found = []
    for before, word in zip(("", *words), words, strict=False):
        place = _PLACES.get(word)
        if place is not None and before != "at" and place < len(parts) and parts:
            found.append(parts[place])
    return tuple(dict.fromkeys(found))


def others(words: Sequence[str], parts: Sequence[str], shown: Sequence[str]) -> tuple[str, ...]:
    """Return the parts not shown yet, where that is what words ask for."""
    if not shown or not _OTHERS.intersection(words):
        return ()
    return tuple(part for part in parts if part not in shown)


def excepts(words: Sequence[str]) -> bool:
    """Return whether what is named soon is named to be left out."""
    if _EXCEPTING.isdisjoint(words):
        return False
    return any(
        tuple(words[i : i + len(phrase)]) == phrase and i + len(phrase) < len(words)
        for phrase in _EXCEPT
        for i in range(len(words))
    )


def parts_after(model: Model, topic: int, ids: Sequence[str], parsed: ParsedText) -> tuple[str, ...]:
    """Return the parts of a topic that a message is after, the likeliest first; `ids` are all of its parts."""
    if ids and excepts(parsed.words):
        left_out = model.named(topic, parsed)
        return tuple(part for part in ids if part not in left_out) if left_out else ()
    return model.parts(topic, parsed)


# Asks for an answer in few words: all of these words, in any order, beside none that say what it is about.
_IN_SHORT = (
    *({"tldr"}, {"tl", "dr"}, {"summarize"}, {"summarise"}, {"summary"}, {"sum", "up"}, {"nutshell"}, {"gist"}),
    *({"short", "version"}, {"short", "answer"}, {"in", "short"}, {"shorter"}, {"in", "brief"}, {"briefly"}),
    *({"one", "line"}, {"one", "sentence"}, {"single", "sentence"}, {"oneliner"}, {"takeaway"}, {"key", "point"}),
    *({"few", "words"}, {"five", "words"}, {"ten", "words"}, {"main", "point"}, {"boil", "down"}),
)
_LONGEST_IN_SHORT = 10  # words; a longer message asks something besides


def in_short(words: Sequence[str]) -> bool:
    """Return whether an answer is asked for in one line."""
    return len(words) <= _LONGEST_IN_SHORT and any(map(set(words).issuperset, _IN_SHORT))


# A message that leaves out what it is about begins so, or points at it, or is of few words.
_JOINS = (("and",), ("but",), ("or",), ("n",), ("same",), ("what", "about"), ("how", "about"), ("whats", "about"))
_POINTERS = frozenset({"it", "its", "that", "this", "they", "them", "those", "these", "there", "their", "one", "ones"})
_MOST_ELLIPTICAL, _FEW = 7, 3  # words
_WHAT_IS = {"what", "is"}  # begins a whole question


def elliptical(words: Sequence[str], pointing: bool = True) -> bool:
    """Return whether a message has the shape of one that only the last answer completes: "and for RNNs?", "tanh?".

    Without `pointing` not one that only points at something: "is it needed there?".
    """
    spoken = [word for word in words if word[0].isalnum()]
    leads_back = any(tuple(spoken[: len(begun)]) == begun for begun in _JOINS)
    leads_back |= pointing and not _POINTERS.isdisjoint(spoken)
    return len(spoken) <= (_MOST_ELLIPTICAL if leads_back else _FEW) and not set(spoken) >= _WHAT_IS


# Words with which a message goes on from what was said: at its begin, at its end, anywhere, and to whoever said it.
_GOES_ON = frozenset({"and", "or", "n", "so", "then", "also", "same", "even"})
_ENDS_ON = frozenset({"then", "too", "instead", "though", "either", "anyway", "well", "again", "afterwards"})
_REFERS = _PLACES.keys() | {"such", "above"}
_FILLERS = frozenset({"ok", "okay", "wait", "hm", "hmm", "ah", "oh", "yes", "no", "right", "well", "fine", "but", "um"})
_TELLS = frozenset({"say", "said", "mean", "meant", "mention", "mentioned", "list", "listed", "wrote", "told", "have"})
_IS = frozenset({"is", "are", "was", "were", "be", "arent", "isnt"})
# Rare words that a topic does not have, with which a message is about something else, and how rare at least, of the
# rarity of a word that was never met. Of tests/data/standing.jsonl, half "tune", .21 of the questions about other
# subjects were taken for follow-ups without this, now .05; in the conversations no follow-up is lost (at .55 three).
_ENOUGH_STRANGE, _TELLING = 2, 0.65


def leads_back(words: Sequence[str], stems: Sequence[str], strange: Collection[str]) -> bool:
    """Return whether words go on from what was said, or point at it: not at what they name themselves before, by as
    many `strange` words as it takes. `stems` are those of the words."""
    spoken = [(word, stem) for word, stem in zip(words, stems, strict=True) if word[0].isalnum()]
    begun = [word for word, _ in spoken if word not in _FILLERS]
    if not begun or begun[0] in _GOES_ON or begun[-1] in _ENDS_ON:
        return True
    seen, before = set[str](), ""
    for (word, stem), (after, _) in zip(spoken, [*spoken[1:], ("", "")], strict=True):
        if word in _REFERS or (before == "you" and word in _TELLS):
            return True
        exists = word == "there" and (before in _IS or after in _IS)
        counts = word == "one" and after[:1].isalpha() and after not in LIGHT
        points = word in _POINTERS | _OTHERS and not (exists or counts or (before, word) == ("one", "another"))
        if points and len(seen) < _ENOUGH_STRANGE:
            return True
        seen |= {stem} & set(strange)
        before = word
    return False


def says_so(parsed: ParsedText) -> bool:
    """Return whether a message itself shows that it is about what was said before."""
    return elliptical(parsed.words) or not content(parsed) or leads_back(parsed.words, parsed.stems, ())


def _thanks(message: str) -> bool:
    """Whether a word of thanks stands in a message."""
    return not THANKS.isdisjoint(re.findall(r"\w+", folded(message)))


# How much each input of `FollowUps.evidence` speaks for a follow-up, and the constant: of a topic with follow-ups of
# its own to learn from, and of one without. Fitted to the conversations of tests/bench/conversations.py about the seven
# topics, as they are and stripped: `python -m tests.bench conversations --fit` fits them again and prints them.
_TAUGHT = np.array([1.14, 0.28, 1.10, 0.31, 0.62, -1.26, 0.48, 1.82, -1.89, -1.83])
_UNTAUGHT = np.array([0.76, 0.31, 2.67, 0.47, 1.08, -1.21, 1.03, 1.44, -2.45, -1.90])
_FEWEST_TAUGHT = 10  # follow-ups of a topic from which there is something to learn from
_FOLLOWS = 0.5  # chance from which a message follows up; of the same conversations
_ELSEWHERE = 0.5  # chance of another topic with which a message is about that one, and not about the last answer
_OWN = 0.3  # chance of the last topic with which a message is not about something else
_TURNED = 0.3  # chance of another topic that is named, once the question before is asked of it
_ELSEWHERE_PERHAPS = 0.3  # ... where it is whole, and asks the last topic less by itself
_SURELY_ELSEWHERE = 0.9  # ... even where it is incomplete and names a part of the last answer
_PART_NAMED = 0.9  # chance that an incomplete message follows up which names a part of the last answer
_SAYS_NOTHING = 0.9  # ... that a question does in which no word says what it is about: "and why is that?"
_TURNED_TO = 5  # topics, the likeliest first, that a message may have turned to
_MOST_WORDS = 3  # more words in a statement say no more
_LEAST = 0.01  # chance under which it does not matter how small it is


class FollowUps:
    """Decides messages in the light of the last answer."""

    def __init__(
        self, curriculum: Curriculum, pipeline: TextPipeline, model: Model, names: Names, statements: StatementFinder
    ) -> None:
        self._topics = {topic.id: number for number, topic in enumerate(curriculum.topics)}
        self._known = curriculum.topics
        self._pipeline = pipeline
        self._model = model
        self._names = names
        self._statements = statements
        self._called = remembered(self._words_for)

    def found(self, message: str, whole: Piece, context: Context, weigh: Weigh) -> Match | None:
        """Return the topic that a message asks in the light of `context`; None where it stands on its own, or asks
        nothing. `whole` is the message without its wrapping."""
        topic = self._topics.get(context.topic)
        if topic is None:
            return None
        if (in_short(whole.parsed.words) or in_short(plain(whole.text))) and self._elsewhere(whole) < _ELSEWHERE:
            return Match(context.topic, 1.0, context.parts, in_short=True)
        named = bool(self._model.named(topic, whole.parsed))
        if not (whole.asks or named) and _thanks(message):
            return None
        if self._stands(whole, topic):
            return None
        turned = self._turned(whole, context, topic, weigh) if not named else None
        return turned or self._same(whole, context, topic, weigh)

    def _stands(self, whole: Piece, topic: int) -> bool:
        """Whether a message is about something else than a topic, in words of its own, and points at nothing."""
        if float(whole.chances[topic]) >= _OWN or self._speaks_of(whole.parsed, topic):
            return False
        strange = [word for word, rare in self._model.strange(whole.parsed, topic).items() if rare >= _TELLING]
        return len(strange) >= _ENOUGH_STRANGE and not leads_back(whole.parsed.words, whole.parsed.stems, strange)

    def _same(self, whole: Piece, context: Context, topic: int, weigh: Weigh) -> Match | None:
        """The topic of the last answer, where a message asks more of it."""
        words, named = whole.parsed.words, bool(self._model.named(topic, whole.parsed))
        own, elsewhere = float(whole.chances[topic]), self._elsewhere(whole)
        incomplete = elliptical(words) or not _POINTERS.isdisjoint(words)
        names_a_part = named and elliptical(words) and elsewhere < _SURELY_ELSEWHERE
        empty = not names_a_part and whole.asks and not content(whole.parsed)
        if elsewhere > max(own, _ELSEWHERE_PERHAPS) and not (incomplete or names_a_part or empty):
            return None  # whatever the chance, which takes as long to tell as all the rest
        chance = self.chance(whole, context, weigh)
        if names_a_part:
            chance = chance if self._model.foreign(whole.parsed) else max(chance, _PART_NAMED)
        elif empty:
            chance = max(chance, _SAYS_NOTHING)
        elif elsewhere > max(chance, own):
            return None
        parts = self._parts(whole, context, topic)
        # Where something else was asked since, a mere "why?" is after that.
        clear = not context.faded or named or self._says(whole, topic, parts)
        return Match(context.topic, max(chance, own), parts) if chance >= _FOLLOWS and clear else None

    def lost(self, whole: Piece, context: Context) -> bool:
        """Return whether a message after an answer is too incomplete to ask anything else, and names nothing else."""
        says_little = whole.sure < _SURELY_ELSEWHERE or len(content(whole.parsed)) <= 1
        incomplete = elliptical(whole.parsed.words) and says_little
        return context.topic in self._topics and incomplete and self._elsewhere(whole) == 0

    def _elsewhere(self, whole: Piece) -> float:
        """The chance that a message asks the likeliest topic by itself: none of an incomplete one that does not name
        it."""
        if whole.best < 0 or (elliptical(whole.parsed.words) and not self._speaks_of(whole.parsed, whole.best)):
            return 0.0
        return whole.sure

    def points_back(self, whole: Piece, context: Context) -> Match | None:
        """Return the topic of the last answer where a message that it does not answer asks about it: "who made it?"."""
        topic = self._topics.get(context.topic)
        if topic is None or context.faded or not whole.asks or _POINTERS.isdisjoint(whole.parsed.words):
            return None
        return Match(context.topic, float(whole.chances[topic]), context.parts)

    def _says(self, whole: Piece, topic: int, parts: Sequence[str]) -> bool:
        """Whether a statement of the answer has a word of the message that the topic's name has not."""
        met = self._statements.addressed(topic, whole.parsed, parts)
        return met is not None and met.count > 0

    def _turned(self, whole: Piece, context: Context, topic: int, weigh: Weigh) -> Match | None:
        """Another topic that is asked what was asked before: "and the weights?" after a question about biases.

        It is found by the question before, without the words that name its topic, in front of the message.
        """
        if not context.question or not elliptical(whole.parsed.words, pointing=False):
            return None
        before = context.question.split()
        alone = whole.chances
        for other in np.argsort(-alone, kind="stable")[:_TURNED_TO].tolist():
            if other == topic or not self._speaks_of(whole.parsed, other):
                continue
            dropped = self._called(topic) - self._called(other)
            kept = [word for word in before if dropped.isdisjoint(_things(self._pipeline.parse(word)))]
            chance = float(weigh(" ".join([*kept, whole.text])).chances[other])
            if chance >= _TURNED and alone[other] >= alone[topic]:
                return Match(
                    self._known[other].id, chance, parts_after(self._model, other, self._ids(other), whole.parsed)
                )
        return None

    def _speaks_of(self, parsed: ParsedText, topic: int) -> bool:
        """Whether a text has a name of a topic, a word that it is called by, or another word for one."""
        if any(owner.topic == topic for owner in self._names.mentioned(parsed)):
            return True
        return not self._called(topic).isdisjoint(_things(parsed))

    def _words_for(self, topic: int) -> frozenset[str]:
        """The stems and concepts of a topic's id, and of those of its names that are a single word."""
        known = self._known[topic]
        single = [name for name in known.names if len(name.split()) == 1]
        return _things(self._pipeline.parse(" ".join([known.id.replace("-", " "), *single])))

    def _ids(self, topic: int) -> tuple[str, ...]:
        return tuple(part.id for part in self._known[topic].parts)

    def chance(self, whole: Piece, context: Context, weigh: Weigh) -> float:
        """Return how likely a message follows up the answer of `context`, 0 to 1."""
        topic = self._topics.get(context.topic)
        if topic is None:
            return 0.0
        taught = len(self._known[topic].follow_ups) >= _FEWEST_TAUGHT
        inputs = np.array([self.evidence(whole, context, topic, weigh)])
        return float(probability(inputs, _TAUGHT if taught else _UNTAUGHT)[0])

    def evidence(self, whole: Piece, context: Context, topic: int, weigh: Weigh) -> list[float]:
        """Return what speaks for a follow-up, the same for every topic.

        What the fitted classifier says; the chance that the message asks the topic behind the question that was
        answered, and by itself; how much of it, and how many words, the statement has that it is most about; whether it
        speaks of other things; whether it is a question; its length; and whether it asks for something that the
        answer has none of.
        """
        chances, parsed = whole.chances, whole.parsed
        own = float(chances[topic])
        question = context.question or self._known[topic].question
        behind = float(weigh(f"{question}\n{whole.text}").chances[topic])
        met = self._statements.addressed(topic, parsed, context.parts)
        return [
            _odds(self._model.follows(parsed, chances, topic)),
            _odds(behind),
            own**0.5,
            met.rest if met else 0.0,
            min(met.count, _MOST_WORDS) if met else 0,
            float(self._model.foreign(parsed)),
            float(whole.asks),
            math.log1p(len(parsed.words)),
            float(self._statements.lacks(topic, parsed)),
        ]

    def _parts(self, whole: Piece, context: Context, topic: int) -> tuple[str, ...]:
        ids, words = self._ids(topic), whole.parsed.words
        return (
            placed(words, ids)
            or others(words, ids, context.parts)
            or parts_after(self._model, topic, ids, whole.parsed)
            or context.parts
        )


def _things(parsed: ParsedText) -> frozenset[str]:
    """The stems of a text that say something, and its concepts."""
    return frozenset(content(parsed)) | terms(parsed)


def _odds(chance: float) -> float:
    """The logarithm of the odds, bounded at both ends."""
    return math.log((chance + _LEAST) / (1 + _LEAST - chance))
