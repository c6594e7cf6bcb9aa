"""The use case of review: what a member answered is asked again when it is about to be forgotten.

A card is a question by its key, drawn anew each time. Nothing of cards is kept: they follow from what was earned in
rounds, in review, and (of members who want that) in practice. A card of a server's own topic is there in requests from
that server alone, and a card whose question is asked no more is not there at all.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.errors import StorageRefuses, TutorError
from bot.quiz.kinds.base import Answer, DrawnQuestion
from bot.quiz.recall import MOST_A_DAY, Memory, Remembered
from bot.quiz.reveals import Feedback
from bot.service.gate import Asker, Gate
from bot.service.practice import Drawn, Practice
from bot.service.taught import Learnt, Taught
from bot.service.zones import DAY_ENDS, day_of, moment
from bot.storage.rows import PointsRow, ReviewRow

ZoneOf = Callable[[int, int | None], Awaitable[ZoneInfo]]
"""The time zone of a member who asks in a server, or (None) elsewhere. Raises StorageRefuses."""
LearntIn = Callable[[int | None], Awaitable[Learnt]]
"""What is taught in a server."""


class ReviewStorage(Protocol):
    """Where answers outside of rounds are kept; `bot.storage.stores.ReviewStore` is one."""

    async def of(self, member_id: int) -> tuple[ReviewRow, ...]:
        """All of a member, oldest first."""
        ...

    async def add(self, row: ReviewRow, *, practised: bool = False, known_at: float | None = None) -> bool:
        """Keep one; False where there is one of that day to that question, where it was practised, and practice does
        not count (any more), or where the answers by which its card was there at `known_at` are deleted."""
        ...

    async def remembers(self, member_id: int) -> bool:
        """Whether their practice counts."""
        ...

    async def remember(self, member_id: int, wanted: bool) -> None:
        """Have it count, or not any more."""
        ...

    async def forget(self, member_id: int) -> None:
        """Remove all of a member."""
        ...


class RoundPoints(Protocol):
    """Where the points of rounds are kept; `bot.storage.stores.Scores` is one."""

    async def of(self, member_id: int, server_id: int | None = None) -> tuple[PointsRow, ...]:
        """All of a member, oldest first."""
        ...


class AnsweredAlready(TutorError):  # noqa: N818 - reads as what it is
    """The card is not due (any more): it was answered since it was shown. It is due again at `again`."""

    def __init__(self, again: float) -> None:
        super().__init__("answered already")
        self.again = again


class CardGone(TutorError):  # noqa: N818 - what happened
    """There is no such card any more: what the member had answered was deleted, or does not count any more."""


@dataclass(frozen=True, slots=True)
class ReviewStanding:
    """What is due for a member, where they ask."""

    left: int  # cards that are to be asked today still
    more: int  # cards that are due beside them, and wait for another day
    done: int  # cards that were due today and have been answered
    cards: int  # in all
    next_at: float | None  # when the next are due that are not due now; None: there are none
    next_count: int  # how many that are
    tomorrow: float  # when the next day begins


@dataclass(frozen=True, slots=True)
class DueCard:
    """A card that is asked now."""

    drawn: Drawn
    standing: ReviewStanding


@dataclass(frozen=True, slots=True)
class NothingDue:
    """No card can be asked now."""

    standing: ReviewStanding
    withheld: int = 0  # cards that a quiz round is asking about
    unshown: int = 0  # cards whose picture cannot be shown
    elsewhere: bool = False  # asked directly: there are cards besides, of topics that servers have of their own


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What came of an answer."""

    feedback: Feedback
    again: float | None  # when the card is due again; None: it could not be judged, and stays
    standing: ReviewStanding


@dataclass(frozen=True, slots=True)
class Strength:
    """How well a topic is remembered."""

    topic: str
    cards: int
    known: float  # the mean chance that a card is known today; of what was answered today, that it is tomorrow


@dataclass(frozen=True, slots=True)
class _Looked:
    """All cards of a member, where they ask."""

    memory: Memory[str]
    today: int
    zone: ZoneInfo
    due: tuple[Remembered[str], ...]  # at the beginning of the day: what is answered meanwhile takes nothing from it
    done: frozenset[str]  # keys of those among them that were answered since

    @property
    def waiting(self) -> tuple[Remembered[str], ...]:
        """The cards that are due still."""
        return tuple(card for card in self.due if card.key not in self.done)

    @property
    def today_still(self) -> tuple[Remembered[str], ...]:
        """As many of them as a day has room for."""
        return self.waiting[: max(0, MOST_A_DAY - len(self.done))]

    def begins(self, day: int) -> float:
        """When a day begins, that is, when the one before it ends."""
        return moment(date.fromordinal(day), DAY_ENDS, 0, self.zone)

    def again(self, card: Remembered[str]) -> int:
        """The day from which a card that is not due now is; what is known of the member since the day began may have
        moved it to an earlier one."""
        return max(card.due, self.today + 1)

    def standing(self) -> ReviewStanding:
        waiting = {card.key for card in self.waiting}
        cards = self.memory.cards()
        days = sorted(self.again(card) for key, card in cards.items() if key not in waiting)
        return ReviewStanding(
            len(self.today_still),
            len(waiting) - len(self.today_still),
            len(self.done),
            len(cards),
            self.begins(days[0]) if days else None,
            days.count(days[0]) if days else 0,
            self.begins(self.today + 1),
        )


class Reviews:
    """Says what is due, asks it, and measures the answer."""

    def __init__(  # noqa: PLR0913, PLR0917 - where what counts is kept, and what a question needs to be asked
        self,
        taught: Taught,
        practice: Practice,
        storage: ReviewStorage,
        gate: Gate,
        clock: Clock,
        points: RoundPoints | None,
        zone_of: ZoneOf,
        learnt_in: LearntIn,
    ) -> None:
        """`points` is None where there are no rounds."""
        self._taught = taught
        self._practice = practice
        self._storage = storage
        self._points = points
        self._gate = gate
        self._clock = clock
        self._zone_of = zone_of
        self._learnt_in = learnt_in

    async def due(self, member: int, at: float) -> tuple[int, int]:
        """How many cards a member is to be asked on the day of that time still, outside of servers, by what all are
        taught; and how many are due beside them and wait for another day. Raises StorageRefuses."""
        looked = await self._look(member, None, self._taught.latest, at)
        return len(looked.today_still), len(looked.waiting) - len(looked.today_still)

    async def due_in(self, member: int, server: int, at: float) -> int:
        """How many cards they are to be asked that day still in a server, with its own topics. Raises
        StorageRefuses."""
        return len((await self._look(member, server, await self._learnt_in(server), at)).today_still)

    async def standing(self, asker: Asker) -> ReviewStanding:
        """What is due. Raises StorageRefuses."""
        return (await self._look_for(asker)).standing()

    async def next(self, asker: Asker, after: str | None = None, *, pictures: bool = True) -> DueCard | NothingDue:
        """The card that is to be asked next, drawn anew, with its picture: the most overdue, or the first that comes
        after the one of that key. What a quiz round asks is not asked; nor, without `pictures`, what has one, or where
        that cannot be drawn. Raises StorageRefuses."""
        looked = await self._look_for(asker)
        await self._gate.look(asker)
        withheld = unshown = 0
        for card in _from(looked.today_still, after):
            drawn = self._practice.anew(card.key)
            question = drawn.question
            if self._gate.is_asked(asker, question):
                withheld += 1
                continue
            if question.picture and not pictures:
                unshown += 1
                continue
            try:
                question, png = await self._practice.pictured(asker, question)
            except TutorError:
                unshown += 1
                continue
            return DueCard(Drawn(question, drawn.seed, png), looked.standing())
        standing = looked.standing()
        elsewhere = asker.server is None and not standing.left and await self._has_elsewhere(asker.id)
        return NothingDue(standing, withheld, unshown, elsewhere)

    async def judge(self, asker: Asker, question: DrawnQuestion, answer: Answer) -> Reviewed:
        """Judge an answer to a card that is due, and keep what it was worth.

        Raises AnsweredAlready, also to the later of two that come at once; CardGone where what makes it a card was
        deleted by then, also in another process while it was judged; StorageRefuses; what `Practice.judge` raises.
        """
        known_at = self._clock.now()
        looked = await self._look_for(asker)
        self._hold_due(looked, question.key)
        told = await self._practice.judge(asker, question, answer)
        if told.points is None:
            return Reviewed(told, None, looked.standing())
        new = await self._storage.add(self._row(asker, question, looked.today, told.points), known_at=known_at)
        looked = await self._look_for(asker)
        if not new:
            self._hold_due(looked, question.key)
            raise CardGone("deleted")  # and there again since
        card = looked.memory.cards().get(question.key)
        return Reviewed(told, looked.begins(looked.again(card)) if card else None, looked.standing())

    async def hold_due(self, asker: Asker, key: str) -> None:
        """Raises AnsweredAlready where that card is not due any more, CardGone where there is none."""
        self._hold_due(await self._look_for(asker), key)

    async def practised(self, asker: Asker, question: DrawnQuestion, answer: Answer) -> Feedback:
        """Judge an answer in practice; of a member who wants that, keep what it was worth. Where that cannot be kept
        they are told all the same. Raises what `Practice.judge` raises."""
        told = await self._practice.judge(asker, question, answer)
        try:  # who deletes meanwhile what is kept of them has switched this off too
            if told.points is not None and await self._storage.remembers(asker.id):
                today = day_of(self._clock.now(), await self._zone_of(asker.id, asker.server)).toordinal()
                await self._storage.add(self._row(asker, question, today, told.points), practised=True)
        except StorageRefuses:  # the log has it
            pass
        return told

    async def strengths(self, asker: Asker) -> tuple[Strength, ...]:
        """How well each topic is remembered, the weakest first; of topics that a quiz round asks about too, since what
        is said of them tells nothing of a question. Raises StorageRefuses."""
        looked = await self._look_for(asker)
        by_topic: dict[str, list[float]] = {}
        for key, card in looked.memory.cards().items():
            by_topic.setdefault(_topic(key), []).append(card.chance(max(looked.today, card.last + 1)))
        found = [Strength(topic, len(known), sum(known) / len(known)) for topic, known in by_topic.items()]
        return tuple(sorted(found, key=lambda one: (one.known, one.topic)))

    async def remembers_practice(self, member: int) -> bool:
        """Whether practice counts for review; False too where that cannot be looked up."""
        try:
            return await self._storage.remembers(member)
        except StorageRefuses:  # the log has it
            return False

    async def remember_practice(self, member: int, wanted: bool) -> None:
        """Have practice count from now on, or not any more; what counted before stays. Raises StorageRefuses."""
        await self._storage.remember(member, wanted)

    async def export(self, asker: Asker) -> Mapping[str, Any]:
        """What is kept of a member, for JSON: of the topics of a server's own in that server alone."""
        rows = await self._storage.of(asker.id)
        shown = [row for row in rows if row.server_id in {0, asker.server}]
        plain = [{name: value for name, value in asdict(row).items() if name != "member_id"} for row in shown]
        return {
            "practice_is_remembered": await self._storage.remembers(asker.id),
            "review_answers": [
                one
                | {
                    "day": date.fromordinal(one["day"]).isoformat(),
                    "at": datetime.fromtimestamp(one["at"], UTC).isoformat(timespec="seconds"),
                }
                for one in plain
            ],
            "review_answers_about_topics_of_other_servers": len(rows) - len(shown),
        }

    async def forget(self, member: int) -> None:
        """Remove all that is kept of a member. So that what they have answered and is being judged is not kept either,
        in any process, their points are to be removed before. Raises StorageRefuses."""
        await self._storage.forget(member)

    async def _look_for(self, asker: Asker) -> _Looked:
        return await self._look(asker.id, asker.server, self._taught.now, self._clock.now())

    async def _look(self, member: int, server: int | None, learnt: Learnt, at: float) -> _Looked:
        zone = await self._zone_of(member, server)
        earned = await self._points.of(member) if self._points else ()
        kept = await self._storage.of(member)
        return await asyncio.to_thread(_History(learnt, server, zone, earned, kept).looked, at)

    async def _has_elsewhere(self, member: int) -> bool:
        """Whether a member has cards of topics that servers have of their own."""
        earned = {row.server_id for row in await self._points.of(member) if row.own} if self._points else set()
        kept = {row.server_id for row in await self._storage.of(member) if row.server_id}
        for server in sorted(earned | kept):
            learnt = await self._learnt_in(server)
            cards = (await self._look(member, server, learnt, self._clock.now())).memory.cards()
            if any(_topic(key) in learnt.own for key in cards):
                return True
        return False

    def _hold_due(self, looked: _Looked, key: str) -> None:
        if any(card.key == key for card in looked.waiting):
            return
        card = looked.memory.cards().get(key)
        if card is None:
            raise CardGone("no such card")
        raise AnsweredAlready(looked.begins(looked.again(card)))

    def _row(self, asker: Asker, question: DrawnQuestion, today: int, points: float) -> ReviewRow:
        own = asker.server if question.topic in self._taught.now.own else None
        return ReviewRow(asker.id, own or 0, question.key, today, points, self._clock.now())


@dataclass(frozen=True, slots=True)
class _History:
    """The rows of a member, and where they ask."""

    learnt: Learnt
    server: int | None
    zone: ZoneInfo
    earned: Sequence[PointsRow]
    kept: Sequence[ReviewRow]

    def looked(self, at: float) -> _Looked:
        """What they say on the day of that time."""
        today, memory = self._day(at), Memory[str]()
        answers = sorted(self._answers())
        for day, _, key, points in answers:
            if day < today:
                memory.note(key, day, points)
        due = memory.due(today)
        answered = {key for day, _, key, points in answers if day >= today and memory.note(key, today, points)}
        return _Looked(memory, today, self.zone, due, frozenset(answered & {card.key for card in due}))

    def _answers(self) -> Iterator[tuple[int, float, str, float]]:
        """The day, the time, the card and the points of every answer that counts there. A row about a topic of a
        server's own counts in that server alone, and one whose question is not asked there nowhere."""
        asked, own = self.learnt.pool.has, self.learnt.own
        for one in self.earned:
            here = one.server_id == self.server if one.own else True
            if asked(one.question) and here and one.own == (_topic(one.question) in own):
                yield self._day(one.at), one.at, one.question, one.points
        for other in self.kept:
            whose = self.server if _topic(other.question) in own else None
            if asked(other.question) and other.server_id == (whose or 0):
                yield other.day, other.at, other.question, other.points

    def _day(self, at: float) -> int:
        return day_of(at, self.zone).toordinal()


def _from(cards: Sequence[Remembered[str]], after: str | None) -> Sequence[Remembered[str]]:
    """The cards in their order, begun after the one of that key, where it is among them."""
    at = next((at for at, card in enumerate(cards, 1) if card.key == after), 0)
    return [*cards[at:], *cards[:at]]


def _topic(key: str) -> str:
    return key.partition("/")[0]


class ForTheSession:
    """Keeps answers in memory, for whoever tries this in a terminal."""

    def __init__(self) -> None:
        self._rows: dict[tuple[int, int, str, int], ReviewRow] = {}

    async def of(self, member_id: int) -> tuple[ReviewRow, ...]:
        """All of a member."""
        return tuple(row for row in self._rows.values() if row.member_id == member_id)

    async def add(self, row: ReviewRow, *, practised: bool = False, known_at: float | None = None) -> bool:
        """Keep one; False where there is one of that day to that question."""
        key = (row.member_id, row.server_id, row.question, row.day)
        return self._rows.setdefault(key, row) is row

    async def remembers(self, member_id: int) -> bool:
        """True: all practice counts, as nothing is kept anyway."""
        return True

    async def remember(self, member_id: int, wanted: bool) -> None:
        """Nothing changes: all practice counts."""

    async def forget(self, member_id: int) -> None:
        """Remove all of a member."""
        self._rows = {key: row for key, row in self._rows.items() if row.member_id != member_id}
