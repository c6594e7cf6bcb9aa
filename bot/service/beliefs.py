"""The use case of what a group believes, and of what it asks in vain: people counted by the week.

What is counted comes from rounds that are over, in the commit of their points; from practice and review in a server;
and from questions there that no topic answers, of which are kept the topics that were suggested and the terms of our
own vocabulary that stand in them, never a word of the text. How people are counted without anybody's id is for
`bot.storage.weekly`.

**The week that is going on is not shown**, in no form. Whoever could look at its numbers before and after one answer
would know whose it was: any number that follows single answers tells of one of them, however it is rounded, and so does
one of the day before where nobody else has answered since. The numbers of a week are made once, when it is over, of all
who answered in it, and never change. So what is shown changes by the calendar alone.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from bot.clock import Clock, week_begins, week_of
from bot.errors import StorageRefuses, TutorError
from bot.matching.decision import Decline, Intent
from bot.quiz.beliefs import KnownBelief, Occurrence, Showing, place_of
from bot.quiz.reveals import Feedback
from bot.quiz.round.state import Round
from bot.service.gate import Asker, Gate
from bot.service.taught import Learnt, Taught
from bot.storage.rows import FEWEST, Noticed, NoticedIn, Standing, WeeklyCount
from bot.tasks import Tasks

if TYPE_CHECKING:
    from bot.storage.weekly import WeeklyPeople

BELIEF, VAIN, TOPIC, TERM = "belief", "vain", "topic", "term"  # kinds of what is counted; "vain": any such question
# Of a misconception that several topics can show, in which it was; of one that several questions can, in which. How
# many have there is told nobody: beside the number of all it would tell of fewer than three.
IN_TOPIC, IN_QUESTION = "in-topic", "in-quest"
EXACT, STEP = 10, 5  # larger numbers of people than the first are told in steps of the second
SHOWN_WEEKS = 8
RANKED_BY = 4  # weeks, the last ones: what most people showed in them stands first
MOST_SHOWN = 5  # misconceptions on a page
MOST_GAPS = 6  # topics, and terms, of a week
ABOUT_IT = 5  # questions of a round about a misconception, if there are so many
LATE = 300.0  # seconds from the end of a week in which what was on its way is still counted
LOOK_AGAIN, AFTER_REFUSAL = 3600.0, 60.0  # seconds between two looks for weeks that are over, at most; after a refusal
_CLOSING = 3.0  # seconds for what is being written at a stop

_log = logging.getLogger(__name__)


class Share(IntEnum):
    """How many of those who could have shown something have, coarsely: no exact number follows from it."""

    FEW = 0
    QUARTER = 1
    THIRD = 2
    HALF = 3
    TWO_THIRDS = 4
    THREE_QUARTERS = 5
    NEARLY_ALL = 6


_BELOW = ((0.18, Share.FEW), (0.29, Share.QUARTER), (0.42, Share.THIRD), (0.58, Share.HALF), (0.71, Share.TWO_THIRDS),
          (0.85, Share.THREE_QUARTERS))  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShownCount:
    """What is told of a number of people: never an exact one above ten, and nothing of fewer than three."""

    people: int  # as `rounded`
    asked: int  # likewise, those who could have shown it; 0: not told, as fewer than three of them have not
    share: Share | None  # None: likewise


def rounded(people: int) -> int:
    """A number of people as it is told."""
    return people if people <= EXACT else (people + STEP // 2) // STEP * STEP


def shown(count: WeeklyCount) -> ShownCount:
    """What is told of a number. Where fewer than three have not shown it, nothing is told of these either."""
    if count.asked - count.people < FEWEST:
        return ShownCount(rounded(count.people), 0, None)
    ratio = count.people / count.asked
    share = next((share for limit, share in _BELOW if ratio < limit), Share.NEARLY_ALL)
    return ShownCount(rounded(count.people), rounded(count.asked), share)


@dataclass(frozen=True, slots=True)
class BeliefSeen:
    """A misconception of a server."""

    known: KnownBelief
    refuted: Occurrence  # where what refutes it is named
    topics: tuple[
        str, ...
    ]  # the ids of those in whose questions three or more have shown it, in the curriculum's order
    weeks: Mapping[int, ShownCount]  # by the number of the week; in those that are left out too few people showed it


@dataclass(frozen=True, slots=True)
class BeliefsSeen:
    """What a server believes."""

    first: int  # the first week that is looked at
    last: int  # the last one, which was over last
    found: tuple[BeliefSeen, ...]  # most believed first
    more: int  # misconceptions that are not among them
    kept_back: int  # those that a round is asking about
    next_at: float  # when the week that is going on is over, and counted


@dataclass(frozen=True, slots=True)
class GapsOfWeek:
    """What was asked in vain in a week, each with its people."""

    week: int
    people: int  # who asked anything in vain; 0: not told, as it would tell of fewer than three
    topics: tuple[tuple[str, int], ...]  # ids of what was suggested
    terms: tuple[tuple[str, int], ...]  # of our vocabulary, that stood in the questions


@dataclass(frozen=True, slots=True)
class GapsSeen:
    """What a server asks in vain, the last week first."""

    weeks: tuple[GapsOfWeek, ...]
    next_at: float


class BeliefGone(TutorError):  # noqa: N818 - what happened
    """No question shows that misconception any more."""


def noticed(learnt: Learnt, server: int, round_: Round, now: float) -> tuple[NoticedIn, ...]:
    """What a round that is over tells of those who answered in it, in the week in which its last question closed: the
    same whenever a dispute is decided. Nothing of a week that has been counted by now."""
    week = week_of(max((turn.closes or turn.opens for turn in round_.turns), default=0.0))
    if week < week_of(now - LATE):
        return ()
    found = learnt.beliefs.shown_in(round_)
    rows = [_noticed(learnt, member, showing) for member, showing in found.items() if showing.asked]
    return (NoticedIn(server, week, tuple(row for each in rows for row in each), round_.setup.id),)


def _noticed(learnt: Learnt, member: int, showing: Showing) -> tuple[Noticed, ...]:
    """What a member has shown, and where, if that follows from nothing else."""
    known = {id_: learnt.beliefs.get(id_) for id_ in showing.shown}
    of_several = {id_ for id_, one in known.items() if one and len(one.topics) > 1}
    of_many = {id_ for id_, one in known.items() if one and len(one.questions) > 1}
    topics = frozenset(_in_topic(key.partition("/")[0], id_) for id_, key in showing.at if id_ in of_several)
    places = frozenset(place_of(key, id_) for id_, key in showing.at if id_ in of_many)
    where = (
        Noticed(member, kind, there, there) for kind, there in ((IN_TOPIC, topics), (IN_QUESTION, places)) if there
    )
    return (Noticed(member, BELIEF, showing.asked, showing.shown), *where)


def _in_topic(topic: str, id_: str) -> str:
    return f"{topic}/{id_}"


class GroupBeliefs:
    """Counts, and shows what was counted."""

    def __init__(self, taught: Taught, people: "WeeklyPeople", gate: Gate, clock: Clock) -> None:
        self._taught = taught
        self._people = people
        self._gate = gate
        self._clock = clock
        self._writing = Tasks()
        self._on_their_way: set[Any] = set()

    # Counting

    def practised(self, asker: Asker, told: Feedback) -> None:
        """Count what an answer in practice or review shows, where it was given in a server."""
        if asker.server is None or not asker.at_home:
            return
        showing = self._taught.now.beliefs.shown(told.question, told.answer, told.key, told.grade)
        if showing.asked and not (told.grade and told.grade.accepted):
            self._write(asker.server, *_noticed(self._taught.now, asker.id, showing))

    def asked_in_vain(self, asker: Asker, text: str, declined: Decline) -> None:
        """Count a question of a server that no topic answered. What comes near to no topic and has none of our terms is
        none of ours, and is not counted."""
        if asker.server is None or not asker.at_home or declined.intent is not Intent.QUESTION:
            return
        terms = self._terms_in(text)
        topics = frozenset(one.topic for one in declined.suggestions)
        if terms or topics:
            about = ((VAIN, frozenset({""})), (TOPIC, topics), (TERM, terms))
            self._write(asker.server, *(Noticed(asker.id, kind, found, found) for kind, found in about if found))

    def _terms_in(self, text: str) -> frozenset[str]:
        """The terms of our vocabulary in a text, as we write them; of one within a longer one, the longer."""
        learnt = self._taught.now
        said = learnt.matcher().pipeline.parse(text).stems
        found = {stems for stems in learnt.terms if _within(stems, said)}
        whole = (one for one in found if not any(one != other and _within(one, other) for other in found))
        return frozenset(learnt.terms[stems] for stems in whole)

    def _write(self, server: int, *rows: Noticed) -> None:
        """Keep it beside everything else: who waits for an answer does not wait for this."""
        entry = NoticedIn(server, week_of(self._clock.now()), rows)

        async def written() -> None:
            with suppress(StorageRefuses):  # the log has it; one answer more or less
                await self._people.notice(entry)

        task = self._writing.start(written(), "counting what a group believes")
        self._on_their_way.add(task)
        task.add_done_callback(self._on_their_way.discard)

    async def written(self) -> None:
        """Return when what was counted by now is kept."""
        for task in [*self._on_their_way]:
            with suppress(Exception):  # it has been told
                await task

    async def close(self) -> None:
        """Let what is being written be written."""
        await self._writing.stop(_CLOSING)

    # The end of a week

    async def keep_closing(self) -> None:
        """End each week soon after it is over, and at the start those that were over by then; never return."""
        while True:
            now = self._clock.now()
            pause = min(LOOK_AGAIN, self._next_at() - now + 1.0)
            try:
                await self._people.close(self._open(now))
            except StorageRefuses:  # the log has it
                pause = AFTER_REFUSAL
            except Exception:
                _log.exception("The weeks that are over could not be ended; I try again")
            await self._clock.sleep(pause)

    @staticmethod
    def _open(now: float) -> int:
        """The first week that is not to be ended yet."""
        return week_of(now - LATE)

    def _next_at(self) -> float:
        return week_begins(self._open(self._clock.now()) + 1) + LATE

    # Looking

    async def seen(self, asker: Asker, topic: str = "") -> BeliefsSeen:
        """What the asker's server believes, shown in questions of all topics or of one. Raises StorageRefuses.

        What a round is asking about is left out for whom it is kept from.
        """
        counts, first, last = await self._counts(asker, [BELIEF, IN_TOPIC, IN_QUESTION])
        weeks: dict[str, dict[int, WeeklyCount]] = {}
        people: Counter[str] = Counter()
        for count in counts:
            if count.kind == BELIEF:
                weeks.setdefault(count.about, {})[count.week] = count
            else:
                people[count.about] += count.people
        every = [one for one in self._taught.now.beliefs if one.id in weeks]
        shown_in = {one.id: self._shown_in(one, people) for one in every}
        known = [one for one in every if not topic or topic in shown_in[one.id]]
        hidden = set(self._gate.hidden_topics(asker))
        told = [one for one in known if not one.topics & hidden]
        told.sort(key=lambda one: _rank(weeks[one.id], last))
        found = tuple(
            BeliefSeen(
                one,
                one.refuted(topic, people),
                shown_in[one.id],
                {week: shown(count) for week, count in weeks[one.id].items()},
            )
            for one in told[:MOST_SHOWN]
        )
        return BeliefsSeen(first, last, found, len(told) - len(found), len(known) - len(told), self._next_at())

    def _shown_in(self, known: KnownBelief, people: Mapping[str, int]) -> tuple[str, ...]:
        """The ids of the topics in whose questions it was shown; none where fewer than three have in each."""
        every = [one.id for one in self._taught.now.curriculum.topics if one.id in known.topics]
        return tuple(one for one in every if len(every) == 1 or _in_topic(one, known.id) in people)

    async def gaps(self, asker: Asker) -> GapsSeen:
        """What was asked in vain in the asker's server. Raises StorageRefuses."""
        counts, first, last = await self._counts(asker, [VAIN, TOPIC, TERM])
        known = [one for one in counts if self._is_taught(one.kind, one.about)]
        weeks = (_gaps(week, [one for one in known if one.week == week]) for week in reversed(range(first, last + 1)))
        return GapsSeen(tuple(week for week in weeks if week.topics or week.terms or week.people), self._next_at())

    def _is_taught(self, kind: str, about: str) -> bool:
        """Whether that is something of what is taught here: nothing of another server is ever named."""
        learnt = self._taught.now
        match kind:
            case "belief":
                return learnt.beliefs.get(about) is not None
            case "topic" | "in-topic" | "in-quest":
                return learnt.curriculum.topic(about.partition("/")[0]) is not None
            case "term":
                return about in learnt.terms.values()
        return True

    async def _counts(self, asker: Asker, kinds: Sequence[str]) -> tuple[Sequence[WeeklyCount], int, int]:
        """The numbers of the asker's server in the weeks that are shown; the first and the last of these. Those over
        are ended first, whether or not anybody was there to do it."""
        server, before = asker.server or 0, self._open(self._clock.now())
        await self._people.close(before, server)
        first = before - SHOWN_WEEKS
        return await self._people.counts(server, first, kinds), first, before - 1

    def known(self, wanted: Callable[[str], bool]) -> KnownBelief:
        """The misconception whose id is the wanted one. Raises BeliefGone."""
        found = next((one for one in self._taught.now.beliefs if wanted(one.id)), None)
        if found is None:
            raise BeliefGone("no question shows that any more")
        return found

    # Of one member

    async def export(self, asker: Asker) -> list[dict[str, Any]]:
        """What is counted of a member in weeks that are not ended: where they ask, or (directly) everywhere. Of
        what servers teach of their own, only that there is some is said elsewhere; what a round is asking about is not
        spelt out. Raises StorageRefuses."""
        await self.written()
        here = [one for one in await self._people.standing(asker.id) if asker.server in {None, one.server_id}]
        taught = [one for one in here if self._is_taught(one.kind, one.about)]
        said = [{**_when(one), **self._said(asker, one), "shown": one.shown} for one in taught]
        return [*said, *([{"more_in_their_servers": len(here) - len(taught)}] if len(here) > len(taught) else [])]

    def _said(self, asker: Asker, one: Standing) -> dict[str, Any]:
        if one.kind in {IN_TOPIC, IN_QUESTION}:
            return {"misconception_in": one.about}
        belief = self._taught.now.beliefs.get(one.about) if one.kind == BELIEF else None
        if belief is None:
            return {"asked_in_vain": one.kind, "about": one.about}
        told = not belief.topics & set(self._gate.hidden_topics(asker))
        return {"misconception": one.about, "says": belief.belief.says if told else None}

    async def forget(self, member: int) -> None:
        """Remove what still says of a member what they have shown. Raises StorageRefuses."""
        await self.written()
        await self._people.forget(member)


def _within(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether these stand one after the other in there."""
    return any(tuple(whole[at : at + len(part)]) == tuple(part) for at in range(len(whole) - len(part) + 1))


def _when(one: Standing) -> dict[str, Any]:
    return {
        "server_id": one.server_id,
        "week_begins": datetime.fromtimestamp(week_begins(one.week), UTC).date().isoformat(),
    }


def _rank(weeks: Mapping[int, WeeklyCount], last: int) -> tuple[Any, ...]:
    """Sorts what more people have shown first: in the last weeks, then at all; then by share, then by name."""
    lately = [count for week, count in weeks.items() if week > last - RANKED_BY]
    share = sum(one.people for one in lately) / max(1, sum(one.asked for one in lately))
    everybody = sum(count.people for count in weeks.values())
    return -sum(count.people for count in lately), -everybody, -share, next(iter(weeks.values())).about


def _gaps(week: int, counts: Iterable[WeeklyCount]) -> GapsOfWeek:
    of_kind: dict[str, list[WeeklyCount]] = {VAIN: [], TOPIC: [], TERM: []}
    for one in sorted(counts, key=lambda one: (-one.people, one.about)):
        of_kind[one.kind].append(one)
    everybody = sum(one.people for one in of_kind[VAIN])
    told = all(
        one.people == everybody or everybody - one.people >= FEWEST for kind in (TOPIC, TERM) for one in of_kind[kind]
    )
    listed = {
        kind: tuple((one.about, rounded(one.people)) for one in of_kind[kind][:MOST_GAPS]) for kind in (TOPIC, TERM)
    }
    return GapsOfWeek(week, rounded(everybody) if told else 0, listed[TOPIC], listed[TERM])
