"""Topics by name: a message that is nothing but a name, and names that stand in a longer one.

The names of a topic are what its file lists under `names`, its id as words, the content words of its title, and the
titles and ids of its parts. A name is looked up by the stems of its words, so that ten thousand topics cost no more
than ten.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from cachetools import LRUCache
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.curriculum.model import Curriculum, Topic
from bot.matching.regression import Floats
from bot.text.normalise import plain, stem, word_set
from bot.text.pipeline import ParsedText, TextPipeline, misplaced

# What only says that a name is asked about: "what is X", "explain X to me", "help with X", "X meaning".
_BEFORE_A_NAME = word_set(
    "what whats wat wats who whos is are s r was does do define explain describe meaning definition tell more "
    "something anything me about of the a an this that these those please can could would will you u help with "
    "understand understanding stuck confused lost on im i am info information learn learning teach question "
    "questions eli5 summary summarize intro introduction to give know need get dont don not what's basics concept "
    "term word idea topic show some any quickly briefly short overview on us just again and so have regarding "
    "concerning want wanna like read was ist sind que es o e qu est ce un une le la el los las cos apa itu ce este "
    "kya hai nedir ne demek ki chto takoe что такое это как 什么是 解释 とは 是什么 什么 란 이란 은 는 뭐야 ما هو क्या है"
)
_AFTER_A_NAME = word_set(
    "mean means meaning definition do does is are about again exactly please to me for in deep learning ml ai dl "
    "machine neural network networks nets simple words terms explained explanation dummies eli5 basics 101 intro "
    "help kya hai nedir 是什么 什么 とは 이란 란 뭐야 무엇인가요 "
    "뭔가요 ما هو the a an topic overview and us ne demek adalah"
)
_MOST_AROUND = 8  # words around a bare name
_FUNCTION_WORDS = word_set(
    "a an the of to in on for with by at from and or as is are was be it its this that these those my our your his "
    "her their when what which why how who where do does did can could should would may might will shall must if so "
    "than but not no too very all any each some more most other same one two three i you we they vs versus over "
    "into about between near close use using used way ways good bad value values up out off"
)
MOST = 3  # topics that a name leads to


_EVERYDAY = word_set(
    "people person folks guys anyone someone everyone everybody nobody want need think say says said see got get go "
    "make thing things stuff lot really still even just only also always never ever actually like try tried work "
    "works good better best bad worse matter okay ok yes no hi new old now then here there today time times day"
)
_ABOUT = word_set("on about over of for")
_EMPTY_STEMS = frozenset(map(stem, _FUNCTION_WORDS | _BEFORE_A_NAME | _AFTER_A_NAME | _EVERYDAY))
_VOCABULARIES, _VOCABULARIES_MORE = 64, 8  # topics whose words are kept; of those beside the topics of a base
# Chance from which a topic that is named is meant, and the share of the words around a name that must be its topic's
# where it is less likely. With these 7 of 59 chatting messages that hold a name are pointed to it (5 of them ask for a
# quiz or an experiment) and 110 of 133 near misses: `ask-dev`, `ask-real-dev`, `people-dev` and the lines of chatter.
_LIKELY, _KNOWN = 0.1, 0.5
_FEW = 40  # phrasings
_TIMES_CHATTED = 3  # from so many times as often in its lines as in lines of chatter a word is one of a topic
_SLIPPED, _SLIPPED_FAR = 6, 8  # letters of a name with a letter too many, too few or swapped, and with another letter
_KNOWN_WORD = 12  # times that a word is met in phrasings, from which it is no slip of a name
_SHARED = 1  # words that a message must share with a likely topic that it does not name; with another one more


@dataclass(frozen=True, slots=True)
class Owner:
    """A topic, and the part of it, that a name is of."""

    topic: int  # its number
    part: str = ""  # the part's id; empty where the name is the topic's own
    weak: bool = False  # only one word of the name, which may mean something else


class Names:
    """The names of all topics of a curriculum."""

    def __init__(self, curriculum: Curriculum, pipeline: TextPipeline, base: "Names | None" = None) -> None:
        """Take all topics; the first of them may be those of `base`, whose names are taken over."""
        self._pipeline = pipeline
        self._topics = curriculum.topics
        self._base = base
        self._chatted: Mapping[str, int] = (
            base._chatted
            if base
            else Counter(word for line in curriculum.language.chatter for word in set(map(stem, plain(line))))
        )  # how many lines of chatter have a stem
        known = len(base._topics) if base else 0
        self._owners: dict[tuple[str, ...], Sequence[Owner]] = dict(base._owners) if base else {}
        self._words: dict[tuple[str, ...], Sequence[Owner]] = dict(base._words) if base else {}  # words of the ids
        self._spelt: set[str] = set()  # the words of names as they are written that the base has not
        for number, topic in enumerate(curriculum.topics[known:], known):
            for name in _own_names(topic):
                self._add(self._owners, name, Owner(number))
            for part in topic.parts:
                for name in (part.title, *_either(part.title)):
                    self._add(self._owners, name, Owner(number, part.id))
            for word in _content(topic.id.replace("-", " ")):
                self._add(self._words, word, Owner(number, weak=True))
        self._longest = max(map(len, self._owners), default=0)
        self._vocabularies: LRUCache[int, frozenset[str]] = LRUCache(_VOCABULARIES_MORE if base else _VOCABULARIES)

    @cached_property
    def words(self) -> frozenset[str]:
        """The stems of the words of all names."""
        return frozenset(word for key in self._owners for word in key)

    def put_right(self, parsed: ParsedText) -> ParsedText:
        """Return a text with long names put right that hold a slip or a blank, as members' phrasings may do too."""
        words = tuple(map(self._meant, self._joined(parsed.words)))
        return parsed if words == parsed.words else replace(parsed, words=words, stems=tuple(map(stem, words)))

    def _joined(self, words: Sequence[str]) -> Iterator[str]:
        """Words, with two that are one word of a name in one: "drop out"."""
        rest = iter(range(len(words)))
        for i in rest:
            both = "".join(words[i : i + 2])
            joins = len(both) >= _SLIPPED and both != words[i] and self._is_spelt(both)
            yield both if joins else words[i]
            if joins:
                next(rest)

    def _is_spelt(self, word: str) -> bool:
        """Whether a word stands in a name as it is written."""
        return word in self._spelt or (self._base is not None and self._base._is_spelt(word))

    def _all_spelt(self) -> list[str]:
        """The words of all names as they are written."""
        return [*(self._base._all_spelt() if self._base else ()), *self._spelt]

    def _meant(self, word: str) -> str:
        """The one word of a name that a word is a slip of, or the word itself."""
        often = self._pipeline.speller.frequencies.get(word, 0) >= _KNOWN_WORD
        if len(word) < _SLIPPED or not word.isalpha() or self._is_spelt(word) or often:
            return word
        near = process.extract(word, self._all_spelt(), scorer=OSA.distance, score_cutoff=1, limit=2)
        found = [one for one, *_ in near if one[0] == word[0] and (misplaced(word, one) or len(word) >= _SLIPPED_FAR)]
        return found[0] if len(found) == len(near) == 1 and stem(found[0]) != stem(word) else word

    def bare(self, parsed: ParsedText, asked_before: int | None = None) -> tuple[Owner, ...]:
        """Return whose name a message is that says nothing besides "what is" and the like; none where it says more.

        At most three; a topic whose own name it is stands alone, without those that only have a part of that name.
        Of the topic `asked_before` it is the part that is meant, if it has one of that name, and a single word of
        another's name is none.
        """
        words, stems = parsed.words, parsed.stems
        if len(words) > self._longest + _MOST_AROUND:
            return ()
        starts = range(_run(words, _BEFORE_A_NAME) + 1)
        ends = range(len(words), len(words) - _run(words[::-1], _AFTER_A_NAME) - 1, -1)
        spans = sorted(
            ((start, end) for start in starts for end in ends if start < end), key=lambda span: span[0] - span[1]
        )
        return next(filter(None, (self._owned(stems[start:end], asked_before) for start, end in spans)), ())

    def within(self, parsed: ParsedText, chances: Floats, foreign: bool = False) -> tuple[Owner, ...]:
        """Return whose names stand in a message in their own sense, at most three: rare names before common ones, and
        what stands first before the rest.

        `chances` are those of the topics to be asked. In a message in another language (`foreign`) a name is a term
        that was taken over, and means its topic.
        """
        hits: dict[int, tuple[int, int, Owner]] = {}
        for start, end, owners in self._standing(parsed.stems):
            everyday = not foreign and all(self._chatted.get(word, 0) > 1 for word in parsed.stems[start:end])
            for owner in owners:
                if not everyday or self.means(owner.topic, parsed, chances, slice(start, end)):
                    hit = (len(owners), start, owner)
                    hits[owner.topic] = min(hits.get(owner.topic, hit), hit, key=lambda one: one[:2])
        return tuple(owner for _, _, owner in sorted(hits.values(), key=lambda one: one[:2])[:MOST])

    def means(self, topic: int, parsed: ParsedText, chances: Floats, name: slice) -> bool:
        """Return whether a topic's name is used in its own sense: the topic is likely asked, or half of the words
        around the name are said of it too and not only in chat."""
        around = _content_stems((*parsed.stems[: name.start], *parsed.stems[name.stop :]))
        return chances[topic] >= _LIKELY or len(around & self._said_of(topic)) >= _KNOWN * len(around)

    def comes_near(self, topic: int, parsed: ParsedText, chances: Floats) -> bool:
        """Return whether a message that may not name a topic is about its subject: half of its words are said of it
        too, or one where it is likely asked. Of a topic with few phrasings too little is known to tell."""
        if len(self._topics[topic].asks) < _FEW:
            return True
        around = _content_stems(parsed.stems)
        shared = len(around & self._said_of(topic))
        return shared >= (_SHARED if chances[topic] >= _LIKELY else max(_SHARED + 1, _KNOWN * len(around)))

    def _standing(self, stems: tuple[str, ...]) -> Iterator[tuple[int, int, Sequence[Owner]]]:
        """Where names stand in a message, the longest first, none within another."""
        taken: set[int] = set()
        for size in range(min(self._longest, len(stems)), 0, -1):
            for start in range(len(stems) - size + 1):
                span = range(start, start + size)
                owners = self._owners.get(stems[start : start + size], ())
                if owners and taken.isdisjoint(span):
                    taken.update(span)
                    yield start, start + size, [one for one in owners if not one.part] or owners

    def _said_of(self, topic: int) -> frozenset[str]:
        """The stems of what is written about a topic, without those that people chat with more often."""
        if self._base and topic < len(self._base._topics):
            return self._base._said_of(topic)
        if topic not in self._vocabularies:
            one = self._topics[topic]
            asked = (one.question, one.answer, *(ask.text for ask in one.asks), *one.not_asks)
            terms = (text for term, variants in one.terms.items() for text in (term, *variants))
            words = plain(" ".join((*asked, *terms, *(term for part in one.parts for term in part.terms))))
            said = Counter(map(stem, words))
            self._vocabularies[topic] = frozenset(
                word for word, times in said.items() if times > _TIMES_CHATTED * self._chatted.get(word, 0)
            )
        return self._vocabularies[topic]

    def mentioned(self, parsed: ParsedText) -> tuple[Owner, ...]:
        """Return whose names stand in a message, in whatever sense, at most three: rare names first."""
        hits = [(len(owners), start, one) for start, _, owners in self._standing(parsed.stems) for one in owners]
        found: dict[int, Owner] = {}
        for _, _, owner in sorted(hits, key=lambda hit: hit[:2]):
            found.setdefault(owner.topic, owner)
        return tuple(found.values())[:MOST]

    def after_about(self, parsed: ParsedText) -> tuple[Owner, ...]:
        """Return whose names one word is of that ends a message after "on" or "about": "quiz me on sourdough"."""
        ends = len(parsed.words) > 1 and parsed.words[-2] in _ABOUT
        owners = self._words.get(parsed.stems[-1:], ()) if ends else []
        return tuple(owners) if len(owners) <= MOST else ()

    def _owned(self, stems: tuple[str, ...], asked_before: int | None) -> tuple[Owner, ...]:
        owners = self._owners.get(stems, ())
        before = [owner for owner in owners if owner.topic == asked_before]
        own = [owner for owner in owners if not owner.part]
        weak = self._words.get(stems, ()) if asked_before is None else ()
        found = tuple(before or own or owners or weak)
        return found if len(found) <= MOST else ()

    def _add(self, names: dict[tuple[str, ...], Sequence[Owner]], name: str, owner: Owner) -> None:
        parsed = self._pipeline.parse(name)
        key = parsed.stems
        self._spelt.update(word for word in parsed.words if word.isalpha() and not self._is_spelt(word))
        if key and owner.topic not in {one.topic for one in names.get(key, ())}:
            names[key] = (*names.get(key, ()), owner)


def _own_names(topic: Topic) -> tuple[str, ...]:
    return (*topic.names, topic.id.replace("-", " "), topic.title, " ".join(_content(topic.title)))


def _content_stems(stems: Iterable[str]) -> set[str]:
    return {word for word in stems if len(word) > 1 and word not in _EMPTY_STEMS}


def _either(title: str) -> list[str]:
    """Both names of a title such as "Logistic (sigmoid)"."""
    return [name for name in re.split(r"[()]", title) if name.strip()] if "(" in title else []


def _content(text: str) -> list[str]:
    return [word for word in plain(text) if word not in _FUNCTION_WORDS and len(word) > 1 and word[0].isalpha()]


def _run(words: Sequence[str], of: frozenset[str]) -> int:
    """How many words in front are of a set."""
    return next((i for i, word in enumerate(words) if word not in of), len(words))
