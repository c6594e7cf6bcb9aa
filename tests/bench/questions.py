"""How far the form of the options gives the right ones away: a guesser that reads no word of what they say.

It sees of each option how long it is beside the others, whether it alone begins with Yes or with No, absolute words and
hedges, numbers, and where it stands; a logistic regression is fitted on six topics and picks in the seventh. In a
question with several right options it is told how many, and each of its picks counts. Draws differ in the options that
they show, so each question is drawn several times; standard errors are over questions.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.curriculum.model import Curriculum
from bot.matching.classifiers import fit_logistic, probability
from bot.quiz.chance import Chance
from bot.quiz.kinds import Kinds
from bot.quiz.kinds.base import DrawnFromPool, Option
from bot.text.normalise import word_set

Floats = NDArray[np.float64]
DRAWS = 16  # of each question: the figures then move by some 0.3 points with other draws
MOST_OVERALL, MOST_BY_CUE = 0.03, 0.05  # what the guesser, and each cue alone, may have beyond chance
MOST_BY_TOPIC = 2.0  # standard errors

ABSOLUTE = word_set("""
    all always any anything cannot completely entirely every everything everywhere exactly fully impossible must never
    no nobody none nothing nowhere only whatever wherever whenever wholly""")
HEDGES = word_set("""
    about almost approximately around can could few hardly likely mainly many may might most mostly nearly often partly
    perhaps rather roughly several some sometimes somewhat tend tends typically usually""")
_YES, _NO = word_set("yes"), word_set("no none neither nothing nowhere nobody not never")


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def _begins(text: str, words: frozenset[str]) -> bool:
    return bool(found := _words(text)) and found[0] in words


def _has(text: str, words: frozenset[str]) -> bool:
    return not words.isdisjoint(_words(text))


def _alone(marks: Sequence[bool]) -> list[float]:
    """1 for the one option that has the mark, -1 for the one that lacks it; 0 where it is not alone."""
    having = sum(marks)
    if len(marks) < 3 or having not in (1, len(marks) - 1):
        return [0.0] * len(marks)
    odd = having == 1
    return [(1.0 if odd else -1.0) if mark is odd else 0.0 for mark in marks]


def cues(texts: Sequence[str]) -> Mapping[str, Sequence[float]]:
    """What the form of each option shows, by the name of the cue."""
    lengths = [len(text) for text in texts]
    ranks = [sum(other < one for other in lengths) + (lengths.count(one) - 1) / 2 for one in lengths]
    marks: Mapping[str, list[bool]] = {
        "yes": [_begins(text, _YES) for text in texts],
        "no or none": [_begins(text, _NO) for text in texts],
        "absolute words": [_has(text, ABSOLUTE) for text in texts],
        "hedges": [_has(text, HEDGES) for text in texts],
        "a number": [bool(re.search(r"\d", text)) for text in texts],
        "begins with a number": [bool(re.match(r"\W*\d", text)) for text in texts],
        "several clauses": [bool(re.search(r"[,;:]", text)) for text in texts],
    }
    found: dict[str, Sequence[float]] = {
        "length rank": [rank / (len(texts) - 1) if len(texts) > 1 else 0.0 for rank in ranks],
        "longest": [float(one == max(lengths)) for one in lengths],
        "shortest": [float(one == min(lengths)) for one in lengths],
        "first": [float(i == 0) for i in range(len(texts))],
        "last": [float(i == len(texts) - 1) for i in range(len(texts))],
    }
    for name, having in marks.items():
        found[name] = [float(mark) for mark in having]
        found[f"alone: {name}"] = _alone(having)
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """One draw of a question, as the guesser sees it."""

    topic: str
    key: str
    seen: Floats  # a row an option, a column a cue, from which the mean over the options is taken
    right: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Beyond:
    """How much more often than chance a guesser is right."""

    accuracy: float
    chance: float
    error: float  # the standard error over questions

    @property
    def gain(self) -> float:
        """The share of its picks that it has beyond chance."""
        return self.accuracy - self.chance


@dataclass(frozen=True, slots=True)
class Giveaways:
    """What form gives away in a bank of questions."""

    overall: Beyond
    topics: Mapping[str, Beyond]
    cues: Mapping[str, Beyond]  # picking by that cue alone, the way that it gains more
    questions: Mapping[str, float]  # by their keys: the gain of the guesser, averaged over draws

    @property
    def faults(self) -> Sequence[str]:
        """What is beyond the bars."""
        found = [] if self.overall.gain <= MOST_OVERALL else [f"over the bank {self.overall.gain:+.3f}"]
        found += [
            f"{topic} {one.gain:+.3f}, standard error {one.error:.3f}"
            for topic, one in self.topics.items()
            if one.gain > MOST_BY_TOPIC * one.error
        ]
        return [*found, *(f"{cue} {one.gain:+.3f}" for cue, one in self.cues.items() if one.gain > MOST_BY_CUE)]


def shown(curriculum: Curriculum, draws: int = DRAWS) -> list[Shown]:
    """The questions whose right options the file knows and which are put in words, each drawn so many times."""
    kinds, found = Kinds(), []
    for topic in curriculum.topics:
        for question in topic.questions:
            for n in range(draws):
                drawn = kinds.draw(topic, question, Chance(f"form {n}"))
                if not isinstance(drawn, DrawnFromPool) or not getattr(question, "wrong", ()):  # or lines, or curves
                    break
                found.append(Shown(topic.id, drawn.key, _seen(drawn.options), _right(drawn.options)))
    return found


def _seen(options: Sequence[Option]) -> Floats:
    columns = np.array([*cues([option.text for option in options]).values()], dtype=float).T
    centred: Floats = columns - columns.mean(axis=0)
    return centred


def _right(options: Sequence[Option]) -> NDArray[np.bool_]:
    return np.array([option.right for option in options])


def hits(scores: Floats, right: NDArray[np.bool_]) -> float:
    """How many of as many picks as there are right options are right: those with the highest scores, ties by chance."""
    count = int(right.sum())
    bar = np.sort(scores)[-count]
    above, tied = scores > bar, scores == bar
    return float(right[above].sum() + right[tied].sum() * (count - above.sum()) / tied.sum())


def giveaways(bank: Sequence[Shown]) -> Giveaways:
    """Fits on six topics, guesses in the seventh; and each cue by itself over all."""
    topics = list(dict.fromkeys(one.topic for one in bank))
    guessed: list[tuple[Shown, float]] = []
    for topic in topics:
        others = [one for one in bank if one.topic != topic]
        inputs = np.vstack([one.seen for one in others])
        weights = fit_logistic(inputs, np.concatenate([one.right for one in others]))
        own = [one for one in bank if one.topic == topic]
        guessed += [(one, hits(np.round(probability(one.seen, weights), 9), one.right)) for one in own]
    names = list(cues(["a", "b"]))
    return Giveaways(
        _beyond(guessed),
        {topic: _beyond([pair for pair in guessed if pair[0].topic == topic]) for topic in topics},
        {name: _by_cue(bank, at) for at, name in enumerate(names)},
        {key: gain for key, (gain, _) in _by_question(guessed).items()},
    )


def _by_cue(bank: Sequence[Shown], at: int) -> Beyond:
    ways = [_beyond([(one, hits(np.round(sign * one.seen[:, at], 9), one.right)) for one in bank]) for sign in (1, -1)]
    return max(ways, key=lambda way: way.gain)


def _by_question(guessed: Sequence[tuple[Shown, float]]) -> Mapping[str, tuple[float, float]]:
    """By key the picks beyond chance and the picks, averaged over draws."""
    sums: Counter[str] = Counter()
    picks: Counter[str] = Counter()
    draws = Counter(one.key for one, _ in guessed)
    for one, hit in guessed:
        sums[one.key] += hit - one.right.sum() ** 2 / len(one.right)
        picks[one.key] += one.right.sum()
    return {key: (sums[key] / draws[key], picks[key] / draws[key]) for key in draws}


def _beyond(guessed: Sequence[tuple[Shown, float]]) -> Beyond:
    each = _by_question(guessed)
    picks = sum(count for _, count in each.values())
    gain = sum(extra for extra, _ in each.values()) / picks
    spread = sum((extra - gain * count) ** 2 for extra, count in each.values())
    accuracy = sum(hit for _, hit in guessed) / sum(int(one.right.sum()) for one, _ in guessed)
    error = math.sqrt(spread * len(each) / max(1, len(each) - 1)) / picks
    return Beyond(accuracy, accuracy - gain, error)


def run(curriculum: Curriculum, worst: int) -> int:
    """Prints all of it, with the questions that give most away."""
    found = giveaways(shown(curriculum))
    print("\n".join(_lines(found, worst)))
    return 0


def _lines(found: Giveaways, worst: int) -> Iterator[str]:
    yield f"{'guessing by form alone':<32}{'right':>8}{'chance':>8}{'gain':>8}{'error':>8}"
    rows = {"the whole bank": found.overall, **found.topics, **found.cues}
    for name, one in rows.items():
        yield f"{name:<32}{one.accuracy:>8.3f}{one.chance:>8.3f}{one.gain:>+8.3f}{one.error:>8.3f}"
    yield from (f"! {fault}" for fault in found.faults)
    for key, gain in sorted(found.questions.items(), key=lambda pair: -pair[1])[:worst]:
        yield f"  {key:<44}{gain:+.2f}"
