"""Which questions a round asks.

A given seed repeats a draw exactly; without one a draw avoids what the channel had lately.
"""

from collections import ChainMap
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from bot.curriculum.model import Curriculum, Question, Topic
from bot.errors import UsageError
from bot.quiz.chance import Chance
from bot.quiz.kinds import Kinds
from bot.quiz.kinds.base import DrawnQuestion, key_of

SPARES = 3  # questions that stand by for those that are voided; more than that in one round is an outage
# Of so many questions of a topic the next is chosen, for variety. Of rounds of ten from one topic of forty 8 % then
# have a kind twice in a row (79 % by chance), 1.1 mistakes come again (3.0), and each kind keeps about its share of the
# bank; with 5 the questions with many wrong options would come half as often as they should.
AHEAD = 3
Pair = tuple[Topic, Question]


class NothingToDraw(UsageError):  # noqa: N818 - what happened, not that it is an error
    """No question fits what was asked for; `bare`: since topics that were asked for have none at all."""

    def __init__(self, why: str, bare: bool = False) -> None:
        super().__init__(why)
        self.bare = bare


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which questions are asked for."""

    count: int  # 1 to 20
    topics: Collection[str] = ()  # ids; none means all
    kinds: Collection[str] = ()  # as members call them; none means all
    withheld: Collection[str] = ()  # ids of topics that are left out
    pictures: bool = True  # whether there may be pictures with them
    among: Collection[str] = ()  # the keys of those that are meant; none means all


@dataclass(frozen=True, slots=True)
class Drawing:
    """What was drawn for a round."""

    questions: tuple[DrawnQuestion, ...]  # in the order asked; fewer than wanted where there are no more
    spares: tuple[DrawnQuestion, ...]  # stand by for those that are voided


@dataclass(frozen=True)
class QuestionPool:
    """All that can be asked: the questions of a curriculum, drawn by the kinds that they are of."""

    curriculum: Curriculum
    kinds: Kinds
    base: "QuestionPool | None" = None  # a pool whose questions are among these

    def draw(self, wanted: Wanted, chance: Chance, recent: Sequence[str] = (), session: Sequence[str] = ()) -> Drawing:
        """Draw at most one question a topic before the next of any, no question twice, and no two that explain each
        other away.

        `recent` are the keys of what this channel was asked, oldest first: they come last, the oldest of them first.
        Leave it out where a seed was given. Those that the `session` so far (keys, too) gives away come last of all.
        Raises NothingToDraw where no question fits.
        """
        fitting = fits(self.curriculum, wanted)
        last_asked = {key: at for at, key in enumerate(recent)}
        fresh = [pair for pair in fitting if key_of(*pair) not in last_asked]
        stale = sorted((pair for pair in fitting if key_of(*pair) in last_asked), key=lambda p: last_asked[key_of(*p)])
        before = [pair for key in session if (pair := self._pairs.get(key))]
        first = _varied(_apart(_spread(fresh, chance), before), before)
        chosen = _apart([*first, *stale], before)[: wanted.count + SPARES]
        drawn = [self.kinds.draw(topic, question, chance) for topic, question in chosen]
        return Drawing(tuple(drawn[: wanted.count]), tuple(drawn[wanted.count :]))

    def redrawn(self, key: str, chance: Chance) -> DrawnQuestion:
        """One question by its key, as `chance` draws it. Raises NothingToDraw where it is no longer there."""
        if key not in self._pairs:
            raise NothingToDraw("That question is no longer asked here.")
        return self.kinds.draw(*self._pairs[key], chance)

    def has(self, key: str) -> bool:
        """Whether a question of that key is asked."""
        return key in self._pairs

    @cached_property
    def _pairs(self) -> Mapping[str, Pair]:
        """Every question with its topic, by its key."""
        base = self.base
        topics = [topic for topic in self.curriculum.topics if base is None or not base.curriculum.topic(topic.id)]
        mine = {key_of(topic, q): (topic, q) for topic in topics for q in topic.questions}
        return ChainMap(mine, base._pairs) if base else mine  # type: ignore[arg-type]  # nobody writes into it


def fits(curriculum: Curriculum, wanted: Wanted) -> Sequence[Pair]:
    """All questions that may be drawn. Raises NothingToDraw where there is none."""
    fitting = tuple(_fitting(curriculum, wanted))
    if not fitting:
        bare = [topic for topic in curriculum.topics if topic.id in wanted.topics and not topic.questions]
        raise NothingToDraw(_reason(curriculum, wanted, bare), bool(bare))
    return fitting


def fewest(pairs: Sequence[Pair]) -> int:
    """Of how many of these a round can be made at least: each keeps those out that it explains away, or they it."""
    ids = {key_of(*pair) for pair in pairs}
    rivals = [sum(f"{topic.id}/{rival}" in ids for rival in topic.rivals[question.id]) for topic, question in pairs]
    return -(-len(pairs) // (1 + max(rivals, default=0)))


def _fitting(curriculum: Curriculum, wanted: Wanted) -> Iterable[Pair]:
    for topic in curriculum.topics:
        if (topic.id in wanted.topics or not wanted.topics) and topic.id not in wanted.withheld:
            of_kind = (one for one in topic.questions if one.kind in wanted.kinds or not wanted.kinds)
            meant = (one for one in of_kind if not wanted.among or key_of(topic, one) in wanted.among)
            yield from ((topic, one) for one in meant if wanted.pictures or not one.has_picture)


def _spread(pairs: Iterable[Pair], chance: Chance) -> list[Pair]:
    """In an order of chance, the topics taking turns."""
    turns: dict[str, int] = {}
    ranked = []
    for topic, question in chance.shuffled(pairs, "questions", lambda pair: key_of(*pair)):
        turn = turns[topic.id] = turns.get(topic.id, -1) + 1
        ranked.append((turn, chance.number(f"turn {turn}/{topic.id}", 1 << 62), topic, question))
    return [(topic, question) for _, _, topic, question in sorted(ranked, key=lambda r: r[:2])]


def _varied(pairs: Sequence[Pair], before: Sequence[Pair]) -> list[Pair]:
    """In nearly the same order, and the topics in the same turns, but of the next few questions of the topic whose turn
    it is comes first the one that is of another kind than the last, and whose wrong options show mistakes that have not
    been shown yet.

    So each kind comes as often as it is in the bank. `before` is what was asked just now.
    """
    left, varied = [*pairs], [*before]
    shown = {mistake for _, question in before for mistake in question.mistakes}
    for turn, _ in pairs:
        window = islice((at for at, (topic, _) in enumerate(left) if topic is turn), AHEAD)
        last = varied[-1][1].kind if varied else ""
        chosen = min(window, key=lambda at: (left[at][1].kind == last, _known(left[at][1], shown), at))
        varied.append(left.pop(chosen))
        shown |= varied[-1][1].mistakes
    return varied[len(before) :]


def _known(question: Question, shown: Collection[str]) -> float:
    """The share of its mistakes that have been shown."""
    return sum(mistake in shown for mistake in question.mistakes) / max(1, len(question.mistakes))


def _apart(pairs: Iterable[Pair], before: Sequence[Pair]) -> list[Pair]:
    """Those that no earlier one explains away, nor is explained away by; last come those where one of `before` does."""
    kept: dict[str, Pair] = {}
    given_away = {f"{topic.id}/{rival}" for topic, question in before for rival in topic.rivals[question.id]}
    for topic, question in sorted(pairs, key=lambda pair: key_of(*pair) in given_away):
        if not any(f"{topic.id}/{rival}" in kept for rival in topic.rivals[question.id]):
            kept[key_of(topic, question)] = (topic, question)
    return [*kept.values()]


def _reason(curriculum: Curriculum, wanted: Wanted, bare: Sequence[Topic]) -> str:
    known = {topic.id for topic in curriculum.topics}
    if unknown := sorted(set(wanted.topics) - known):
        return f"There is no topic {unknown[0]}."
    if wanted.withheld and set(wanted.topics or known) <= set(wanted.withheld):
        return "That is being asked in a quiz round right now. Try again after the round, or choose another topic."
    titles = [topic.title for topic in curriculum.topics if topic.id in wanted.topics]
    about = f" about {' or '.join(titles)}" if titles else ""
    of_kind = f" of the kind {' or '.join(sorted(wanted.kinds))}" if wanted.kinds else ""
    if not any(topic.questions for topic in curriculum.topics):
        return "None of my topics has quiz questions yet."
    if len(bare) == len({*wanted.topics}) > 0:
        return f"I have no question{about}: {'it has' if len(bare) == 1 else 'they have'} no quiz questions yet."
    if not wanted.pictures and any(_fitting(curriculum, replace(wanted, pictures=True))):
        return "Those questions come with a picture, and I may not attach files here."
    return f"I have no question{of_kind}{about}. Choose other topics or kinds."
