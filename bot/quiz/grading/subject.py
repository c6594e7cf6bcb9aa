"""Which of the topic's subjects each stretch of an answer speaks of."""

from collections.abc import Mapping

from bot.curriculum.key_points import KeyPoints
from bot.quiz.grading import english, stretches
from bot.quiz.grading.finding import Finder
from bot.quiz.grading.reading import Reading, Word
from bot.quiz.grading.stretches import Mention

_MOST_AT_ONCE = 3  # whoever says something of more subjects in one breath says nothing of any


class Subjects:
    """Finds what is spoken of."""

    def __init__(self, names: Mapping[str, Finder], shadows: Finder, points: KeyPoints) -> None:
        """`names` find each subject's forms, `shadows` the phrases that only seem to name one."""
        self._names, self._shadows = names, shadows
        self._about, self._stays = points.about, points.last_named_stays

    def mark(self, reading: Reading) -> None:
        """Gives every word the subjects it is said of."""
        if not self._names:
            return
        mentions = self._mentions(reading)
        start = frozenset([self._about] if self._about else [])
        current = start
        for sentence in reading.sentences():
            if self._about and not self._stays and sentence[0].text not in english.PRONOUNS:
                current = start
            current = self._mark_sentence(reading, sentence, mentions, current)

    def _mark_sentence(
        self, reading: Reading, sentence: list[Word], mentions: list[Mention], current: frozenset[str]
    ) -> frozenset[str]:
        first = next(i for i, word in enumerate(reading.words) if word is sentence[0])
        last = first + len(sentence)
        groups = stretches.compounds(reading.words, [m for m in mentions if first <= m[0] < last])
        for word in sentence:
            word.subjects = current
        cuts = stretches.cuts(reading.words, groups, self._begins(reading.words, groups, first), last)
        for (start, end), (_, _, names) in zip(cuts, groups, strict=True):
            current = names if len(names) <= _MOST_AT_ONCE else frozenset()
            for word in reading.words[start:end]:
                word.subjects = current
        return current

    def _begins(self, words: list[Word], groups: list[stretches.Group], first: int) -> int:
        """Where the stretch of the first subject named begins: with its clause, if another is meant anyway."""
        if not groups or not self._about:
            return first
        named = groups[0][0]
        begins = next(i for i in range(first, len(words)) if words[i].clause == words[named].clause)
        return named if begins > first and words[begins].text in english.REASONS else begins

    def _mentions(self, reading: Reading) -> list[Mention]:
        hits = [(hit, "") for hit in self._shadows.find(reading)]
        hits += [(hit, name) for name, finder in self._names.items() for hit in finder.find(reading)]
        hits.sort(key=lambda pair: (pair[0].start - pair[0].end, pair[0].start, pair[1]))
        taken: set[int] = set()
        kept = []
        for hit, name in hits:
            places = set(range(hit.start, hit.end))
            if not places & taken:
                taken |= places
                kept.append((hit.start, hit.end, name))
        kept.sort()
        named: list[Mention] = []
        for mention in kept:
            if mention[2] and not self._compared(reading.words, mention, named):
                named.append(mention)
        return named

    def _compared(self, words: list[Word], mention: Mention, named: list[Mention]) -> bool:
        place = mention[0]
        earlier = [word.text for word in words[max(0, place - 3) : place] if word.sentence == words[place].sentence]
        earlier = [word for word in earlier if word not in english.LIGHT][-2:]
        if earlier and (earlier[-1] in english.COMPARING or tuple(earlier) in english.COMPARING_PAIRS):
            return True
        same = any(words[other[0]].sentence == words[place].sentence for other in named)
        if self._about and (mention[2] == self._about) == self._stays:
            if not self._leads(words, place):
                return True
            if self._stays and same and (not earlier or earlier[-1] not in english.CONTRASTS):
                return True
        return same and bool(earlier) and earlier[-1] in english.CONDITIONS

    def _leads(self, words: list[Word], place: int) -> bool:
        """Whether it is among the first words of its clause."""
        early = [word for word in words[max(0, place - 3) : place] if word.clause == words[place].clause]
        return len(early) < 3 or early[-1].text in {"and", "or"}
