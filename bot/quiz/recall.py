"""When a question is due again: FSRS, replayed over what a member answered, at the member's own pace.

FSRS (the package `fsrs`; Ye, Su and Cao 2022, A Stochastic Shortest Path Algorithm for Optimizing Spaced Repetition
Scheduling) keeps of each card how long it is remembered (its stability: the days after which nine in ten still know it)
and how difficult it is. Its parameters were fitted to many people. How much longer or shorter this member remembers is
one factor on all stabilities, their pace, which is estimated from how often they still knew what they were asked again.

A day is a whole number that grows by one; of several answers to a card on one day the first counts, so that what was
read off a solution a minute ago tells nothing. Nothing is left to chance: the same answers give the same days.
"""

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from fsrs import Card as FsrsCard
from fsrs import Rating, Scheduler

WANTED = 0.9  # of what is asked again is to be known still
MOST_A_DAY = 10  # what has piled up is asked over several days
LONGEST = 365  # days from an answer to the next
_SCHEDULER = Scheduler(
    desired_retention=WANTED,
    learning_steps=(),  # the days are the unit: nothing is asked twice on one
    relearning_steps=(),
    maximum_interval=LONGEST,
    enable_fuzzing=False,
)
_DECAY = -_SCHEDULER.parameters[20]
_FACTOR = 0.9 ** (1 / _DECAY) - 1  # so that at t = stability nine in ten are known
_FIRST_DAY = datetime(1, 1, 1, tzinfo=UTC)  # day 1, as `date.toordinal` counts
# The logarithm of the pace: a tenth to ten times as long, at first as likely as by a normal distribution around what
# FSRS expects of anybody. A spread of .7 says that one member in three is off by more than a factor of two, as half of
# the people are whose own parameters differ from the common ones. Chosen with `python -m tests.bench review`: with .5
# what is known too well is asked for longer, and with 1 the first weeks are a matter of luck.
_PACES = tuple(i / 5 for i in range(-12, 13))
_SPREAD = 0.7
_LUCK = 0.1  # of the answers of who does not know are right all the same; between an open question and one of options

AnyKey = TypeVar("AnyKey", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Remembered(Generic[AnyKey]):
    """A card, and how well it is remembered."""

    key: AnyKey
    last: int  # the day of the last answer
    due: int  # the day from which it is to be asked again
    stability: float  # days after the last answer when the chance to know it has fallen to .9

    def chance(self, day: int) -> float:
        """The chance that it is known on that day, from 0 to 1."""
        return _chance(max(0, day - self.last), self.stability)


class Memory(Generic[AnyKey]):
    """What a member's answers say of what they remember. Cards are called by any key."""

    def __init__(self) -> None:
        self._cards: dict[AnyKey, FsrsCard] = {}
        self._last: dict[AnyKey, int] = {}
        self._likely = [-0.5 * (pace / _SPREAD) ** 2 for pace in _PACES]  # logarithms, of each pace

    @classmethod
    def of(cls, answers: Iterable[tuple[int, AnyKey, float]]) -> "Memory[AnyKey]":
        """What these answers (day, card, points from 0 to 1) say; they are taken in the order of their days, and of two
        to a card on one day the first that is given here."""
        memory = cls()
        for day, key, points in sorted(answers, key=lambda one: one[0]):
            memory.note(key, day, points)
        return memory

    def note(self, key: AnyKey, day: int, points: float) -> bool:
        """Take in an answer that is later than all before; False where it does not count: there is one of that day."""
        if (last := self._last.get(key)) is not None:
            if day <= last:
                return False
            self._learn_pace(day - last, self._stability(key), points > 0)
        self._last[key] = day
        card = self._cards.get(key) or FsrsCard(card_id=0)
        self._cards[key], _ = _SCHEDULER.review_card(card, rating(points), _FIRST_DAY + timedelta(day - 1))
        return True

    @property
    def pace(self) -> float:
        """How many times as long as FSRS expects of anybody this member remembers."""
        most = max(self._likely)
        weights = [math.exp(one - most) for one in self._likely]
        return math.exp(sum(w * pace for w, pace in zip(weights, _PACES, strict=True)) / sum(weights))

    def due(self, day: int) -> tuple[Remembered[AnyKey], ...]:
        """The cards that are due on that day, the most overdue first; of those that are so alike what is forgotten most
        likely."""
        found = [card for card in self.cards().values() if card.due <= day]
        return tuple(sorted(found, key=lambda card: (card.due, card.chance(day), str(card.key))))

    def cards(self) -> Mapping[AnyKey, Remembered[AnyKey]]:
        """Every card that was answered, as it is remembered by all that is known of the member now."""
        pace = self.pace
        return {key: self._remembered(key, pace) for key in self._cards}

    def _remembered(self, key: AnyKey, pace: float) -> Remembered[AnyKey]:
        last, stability = self._last[key], pace * self._stability(key)
        return Remembered(key, last, last + interval(stability), stability)

    def _stability(self, key: AnyKey) -> float:
        return self._cards[key].stability or 0.0

    def _learn_pace(self, days: int, stability: float, known: bool) -> None:
        """Weigh every pace by how likely it made what came of asking a card again after so many days."""
        for at, pace in enumerate(_PACES):
            chance = _chance(days, stability * math.exp(pace))
            chance += (1 - chance) * _LUCK
            self._likely[at] += math.log(chance if known else 1 - chance)


def rating(points: float) -> Rating:
    """The rating of a measured answer: wrong again, partly right hard, right good. Nobody is asked how it felt."""
    return Rating.Good if points >= 1 else Rating.Hard if points > 0 else Rating.Again


def interval(stability: float) -> int:
    """After how many days the chance to know it has fallen to what is wanted; a day at least."""
    days: float = stability / _FACTOR * (WANTED ** (1 / _DECAY) - 1)
    return min(max(1, round(days)), LONGEST)


def _chance(days: int, stability: float) -> float:
    """The curve of forgetting of FSRS-6."""
    return float((1 + _FACTOR * days / stability) ** _DECAY)
