"""Puts items in order: by fact, or as an experiment, run after the close, will measure them. Right pairs count."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, permutations
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints

from bot.curriculum.beliefs import Belief, Misconception
from bot.curriculum.document import Location
from bot.curriculum.model import Experiments, Found, Setting, Topic
from bot.quiz.chance import Chance
from bot.quiz.grading import Grade
from bot.quiz.kinds.base import LETTERS, Answer, DrawnQuestion, Key, Option, Runs, Way, shared_by_all
from bot.quiz.kinds.compare import Case, Measured, measured_cases, numbers_of, own_metrics, own_settings
from bot.quiz.kinds.predict import MeasuredQuestion, asked_with
from bot.text.normalise import folded

FEWEST, MOST = 3, 5  # items: of two a guess is a coin toss, and more than five are not sorted while a clock runs
SAME = 0.01  # relative: measured numbers this near read alike to two digits, and nobody could tell which is first
_LISTED = re.compile(r"(?:\s*\d\s*[.):]\s*[^\W\d_]\s*[,;]?)+")  # 1. B 2. A 3. C
_JOINING = {"THEN", "AND", "BEFORE"}


def _as_item(value: Any) -> Any:
    """A bare text is an item that has its place by fact."""
    return {"text": value} if isinstance(value, str) else value


class OrderQuestion(MeasuredQuestion):
    """`items` stand in the right order; with `most` a run decides, and they stand in the order expected of it."""

    kind: Literal["order"]
    items: Annotated[tuple[Annotated[Case, BeforeValidator(_as_item)], ...], Field(min_length=FEWEST, max_length=MOST)]
    most: Literal["first", "last"] | None = None  # where the item with the largest number comes
    # By two items, as "3 before 1", what whoever puts them so believes; they are counted from 1, in the right order.
    misconceptions: Mapping[Annotated[str, StringConstraints(pattern=r"^[1-5] before [1-5]$")], Misconception] = Field(
        default_factory=dict
    )

    def broken_rules(self, topic: Topic, experiments: Experiments | None) -> Found:
        """No item stands twice; either all are measured or none is."""
        yield from super().broken_rules(topic, experiments)
        seen: set[str] = set()
        for i, item in enumerate(self.items):
            if folded(item.text) in seen:
                yield ("items", i), "says the same as an earlier item"
            seen.add(folded(item.text))
            if item.misconception:
                yield ("items", i, "misconception"), "is of two items: write `misconceptions: {3 before 1: ...}`"
            if self.most and not (item.metric or self.metric):
                yield ("items", i), "has no metric, which decides its place"
            if not self.most and (item.metric or item.settings):
                yield ("items", i), "is measured, so the question needs `most: first` or `most: last`"
        for first, then in map(_items, self.misconceptions):
            if first >= len(self.items) or then >= first:
                rule = "must name two items, the later one first: what is believed there is a wrong order"
                yield ("misconceptions", f"{first + 1} before {then + 1}"), rule
        if self.most and not self.experiment:
            yield ("most",), "needs an experiment that measures the items"
        if not self.most and (self.metric or self.settings):
            yield ("items",), "are ordered by fact: only with `most` has a question a metric and settings"

    def swaps(self) -> Iterator[tuple[int, int, Belief]]:
        """Each wrong order of two items that shows something: which is put first, which after it, and what it shows.

        All that the file names, and each two that follow one another: of these every wrong order turns some round.
        """
        named = {_items(pair): said for pair, said in self.misconceptions.items()}
        for then, first in pairwise(range(len(self.items))):
            named.setdefault((first, then), "")
        for (first, then), said in named.items():
            yield first, then, self.believed(f"{self.items[first].text} → {self.items[then].text}", said)

    def beliefs(self, topic: Topic) -> Iterator[Belief]:
        """Those of its wrong orders."""
        yield from (belief for _, _, belief in self.swaps())

    def texts(self) -> Sequence[str]:
        """The question and its items."""
        return (self.ask, *(item.text for item in self.items))

    def metrics(self) -> Iterator[tuple[Location, str]]:
        """The metric of the question, and those of items that have their own."""
        yield from super().metrics()
        yield from own_metrics(self.items, "items")

    def set_to(self) -> Iterator[tuple[Location, tuple[Setting, ...]]]:
        """The settings of the question, and those of the items."""
        yield from super().set_to()
        yield from own_settings(self.items, "items")


def _items(pair: str) -> tuple[int, int]:
    """The places of the items in "3 before 1", from 0."""
    first, _, then = pair.partition(" before ")
    return int(first) - 1, int(then) - 1


@dataclass(frozen=True, slots=True)
class Swap:
    """Two options in a wrong order, by their places, and what whoever puts them so believes."""

    first: int
    then: int
    shows: str  # as `Belief.says` has it


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnOrder(DrawnQuestion):
    """The items are the options, shuffled. An answer's text is the letters of all of them, first to last: "CABD"."""

    kind: ClassVar[str] = "order"
    schema: ClassVar[type[OrderQuestion]] = OrderQuestion
    way: ClassVar[Way] = Way.TEXT
    brief: ClassVar[bool] = True

    right: tuple[int, ...] = ()  # the places of the options from first to last; empty where the runs will tell
    measured: tuple[Measured, ...] = ()  # of each option, where the runs tell
    most: Literal["first", "last"] | None = None
    unit: str = ""
    scale: float = 1.0
    cap: float | None = None  # a count beyond it did not end
    swaps: tuple[Swap, ...] = ()

    @classmethod
    def draw(cls, topic: str, question: OrderQuestion, chance: Chance) -> Self:
        """Draw the settings, and an order of the items that is neither that of the file nor its reverse."""
        of_file = tuple(range(len(question.items)))
        told = {of_file, of_file[::-1]}
        order = chance.pick([one for one in permutations(of_file) if one not in told], "order")
        settings = question.draw_settings(chance)
        items = [question.items[place] for place in order]
        swaps = tuple(Swap(order.index(one), order.index(two), shown.says) for one, two, shown in question.swaps())
        drawn: dict[str, Any] = shared_by_all(topic, question) | asked_with(question, settings) | {"swaps": swaps}
        if not question.most:
            return cls(
                **drawn,
                options=tuple(Option(item.text) for item in items),
                right=tuple(order.index(place) for place in of_file),
            )
        return cls(
            **drawn | measured_cases(question, items, settings),
            most=question.most,
            unit=question.unit,
            scale=question.scale,
            cap=question.capped_at(settings),
        )

    def read(self, picks: tuple[int, ...], text: str) -> Answer | None:
        """The letters of all options, each once, in any writing: `BACD`, `b, a, c, d`, `2 1 3 4`, `B > A > C > D`."""
        letters = _letters(text)
        return Answer(text=letters) if sorted(letters) == list(self.letters) else None

    def unread(self, text: str) -> Mapping[str, str]:
        """Which letters are `unknown`, stand `twice` or are `missing`, and which there are (`letters`)."""
        given = _letters(text)
        if not given:
            return {}
        wrong = {
            "unknown": [one for one in dict.fromkeys(given) if one not in self.letters],
            "twice": [one for one in self.letters if given.count(one) > 1],
            "missing": [one for one in self.letters if one not in given],
        }
        return {"letters": self.letters, **{what: ", ".join(which) for what, which in wrong.items() if which}}

    def samples(self) -> Sequence[tuple[tuple[int, ...], str]]:
        """The right order, or what is shown."""
        return [((), "".join(LETTERS[place] for place in self.right) or self.letters)]

    def find_key(self, runs: Runs = ()) -> Key | None:
        """The right order; with what was measured of each option where the runs tell."""
        if not self.measured:
            return Key(order=self.right)
        numbers = numbers_of(self.measured, runs, self.scale)
        if not numbers:
            return None
        sign = -1 if self.most == "first" else 1
        return Key(numbers=numbers, order=tuple(sorted(range(len(numbers)), key=lambda place: sign * numbers[place])))

    def could_show(self, key: Key, topic: Topic | None) -> frozenset[str]:
        """Of the wrong orders of two options those that are wrong."""
        pairs = set(counting(key))
        return frozenset(swap.shows for swap in self.swaps if (swap.then, swap.first) in pairs)

    def shown_by(self, answer: Answer, key: Key, grade: Grade | None = None) -> frozenset[str]:
        """Those that the answer has."""
        given, pairs = places(answer.text), set(counting(key))
        wrong = (swap for swap in self.swaps if (swap.then, swap.first) in pairs)
        return frozenset(swap.shows for swap in wrong if given.index(swap.first) < given.index(swap.then))

    def mark(self, answer: Answer, runs: Runs = (), grade: Grade | None = None) -> float | None:
        """max(0, 2 right pairs / all pairs - 1), so that the right and the wrong pairs of a guess cancel out.

        Options that were measured the same may stand in either order: such pairs do not count.
        """
        key = self.find_key(runs)
        if key is None:
            return None
        right, pairs = pairs_right(key, places(answer.text))
        return max(0.0, 2 * right / pairs - 1) if pairs else 1.0

    @property
    def letters(self) -> str:
        """What the options are called."""
        return LETTERS[: len(self.options)]


def places(text: str) -> tuple[int, ...]:
    """The places of the options whose letters an answer is."""
    return tuple(map(LETTERS.index, text))


def counting(key: Key) -> list[tuple[int, int]]:
    """The pairs of options that count, the one that comes first in front: all whose numbers are not the same."""
    return [pair for pair in combinations(key.order, 2) if not _same(key.numbers, *pair)]


def pairs_right(key: Key, given: Sequence[int]) -> tuple[int, int]:
    """How many pairs an answer has in the right order, and of how many."""
    pairs = counting(key)
    return sum(given.index(first) < given.index(second) for first, second in pairs), len(pairs)


def _same(numbers: Sequence[float], one: int, two: int) -> bool:
    if not numbers:
        return False
    a, b = numbers[one], numbers[two]
    return abs(a - b) <= SAME * max(abs(a), abs(b))


def _letters(text: str) -> str:
    """The options that a text names, as their letters where it has numbers; empty where it is something else."""
    plain = unicodedata.normalize("NFKC", text).upper()
    if _LISTED.fullmatch(plain):
        plain = re.sub(r"\d", "", plain)
    words = [word for word in re.findall(r"[^\W_]+", plain) if word not in _JOINING]
    one_by_one = len(words) == 1 or all(len(word) == 1 for word in words)
    if not one_by_one and not all(set(word) <= set(LETTERS) for word in words):
        return ""
    return "".join(map(_letter, "".join(words)[: 2 * len(LETTERS)]))


def _letter(sign: str) -> str:
    number = int(sign) if sign.isdecimal() else 0
    return LETTERS[number - 1] if 1 <= number <= len(LETTERS) else sign
