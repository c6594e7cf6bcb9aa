"""What a server has set to begin by itself: rounds, and questions of the day, at a time of the week.

What is due is begun in one commit with when it is due next (`Rounds.start`), so a process that is killed at any moment
has begun it once or not at all, and the next one sees to the rest. What stands in the way is told once to whoever set
it, and the schedule pauses until somebody resumes it. Knows no Discord.
"""

import asyncio
import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from enum import Enum, StrEnum, auto
from typing import TYPE_CHECKING, Protocol

from bot.clock import DAY, Clock
from bot.curriculum.model import Curriculum
from bot.errors import StorageRefuses, TutorError
from bot.quiz.drawing import NothingToDraw, Wanted, fits
from bot.service.rounds.carrying_out import Unconfirmed
from bot.service.rounds.engine import AlreadyOn, NotRead, Rounds
from bot.service.rounds.hosted import NotKept, Start
from bot.service.topics import ServerTopics
from bot.service.weekly import Weekly
from bot.storage.rows import ScheduleBegun, ScheduleMoved, ScheduleRow

if TYPE_CHECKING:
    from bot.storage.schedules import ScheduleStore

_log = logging.getLogger(__name__)
MOST = 20  # of a server
QUESTIONS, PAUSE = 5, 10.0  # of a round, where they are not given
LOOK, LOOK_AGAIN = 0.5, 5.0  # seconds between two looks at the clock; until what could not be begun is tried again
HOUR = 3600.0
ROUND_LATE = 15 * 60.0  # seconds; a round that cannot begin by then is left out this time
SHORTEST_DAY = HOUR  # a question of the day that would stand for less is left out this time
READ_ANEW = 30.0  # seconds, where other processes may take out who set something


class Trouble(StrEnum):
    """What is, or was, in the way of something that is scheduled."""

    NOT_THERE = "not-there"  # I am no longer in that server
    CHANNEL = "channel"  # it is gone, or not one of text any more
    PERMISSION = "permission"  # `about` is the one that I lack there
    TOPICS = "topics"  # none of those it is to ask about is taught any more; `about` are they
    NOTHING = "nothing"  # there is no question like that
    SOME_TOPICS = "some-topics"  # so too, but others are left
    ROLE = "role"  # it cannot be called any more: it begins without that
    MISSED = "missed"  # it was not begun at `at`, since I was away
    BUSY = "busy"  # so too, since another round was on there
    FAULT = "fault"  # so too, since something is wrong that the log says
    CLOCKS = "clocks"  # they change: next time it begins at `at`, since its own time is skipped
    AGAIN = "again"  # it begins, with a question that was asked there before, as all like it were

    @property
    def pauses(self) -> bool:
        """Whether it has to be seen to before it can go on."""
        return self in {
            Trouble.NOT_THERE,
            Trouble.CHANNEL,
            Trouble.PERMISSION,
            Trouble.TOPICS,
            Trouble.NOTHING,
        }


@dataclass(frozen=True, slots=True)
class InTheWay:
    """A trouble, and what it is about."""

    trouble: Trouble
    about: str = ""
    at: float = 0.0
    until: float = 0.0  # of several that were left out the last one
    count: int = 1  # how many were left out


@dataclass(frozen=True, slots=True)
class Plan:
    """What is begun: a round as by `/quiz start`, or a question of the day."""

    of_the_day: bool = False
    questions: int = QUESTIONS
    seconds: float | None = 20.0  # for each answer; None: no clock
    pause: float = PAUSE
    topics: tuple[str, ...] = ()  # ids; none: all
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scheduled:
    """What a server has set to begin by itself."""

    id: int
    server: int
    channel: int
    when: Weekly
    plan: Plan
    role: int | None  # that is called
    by: int  # the member who set it; 0 where they wanted to be forgotten
    by_name: str
    set_at: float
    next_at: float
    paused: bool = False
    in_the_way: InTheWay | None = None
    told: bool = True  # whoever set it was told what is in the way

    def pressing_until(self, due: float) -> float:
        """Until when it can still be begun, should it not be when it is due."""
        return due + (DAY - SHORTEST_DAY if self.plan.of_the_day else ROUND_LATE)


class ScheduleRule(Enum):
    """Why something cannot be scheduled."""

    TOO_MANY = auto()
    GONE = auto()  # there is none of that number


class CannotBeScheduled(TutorError):  # noqa: N818 - reads as what it is
    """Nothing was changed, because of `rule`."""

    def __init__(self, rule: ScheduleRule) -> None:
        super().__init__(rule.name)
        self.rule = rule


class NotKnownYet(TutorError):  # noqa: N818
    """Whether it can begin there cannot be told just now: Discord has not described the server, or has an outage."""


class Channels(Protocol):
    """Where it is begun, and how whoever set it is told."""

    def blocked(self, one: Scheduled) -> InTheWay | None:
        """What keeps it from beginning in its channel. Raises NotKnownYet."""
        ...

    def may_call(self, one: Scheduled) -> bool:
        """Whether its role can be called there."""
        ...

    def may_attach(self, one: Scheduled) -> bool:
        """Whether pictures can be posted there."""
        ...

    async def tell(self, one: Scheduled) -> bool:
        """Tell whoever set it what is in the way; False where nobody can be told. Raises Unconfirmed."""
        ...


class Schedules:
    """What is scheduled in the servers of this process: set, listed, taken back, begun when it is due."""

    def __init__(
        self, store: "ScheduleStore", rounds: Rounds, topics: ServerTopics, clock: Clock, alone: bool = True
    ) -> None:
        """`alone`: no other process changes who set what."""
        self._store = store
        self._rounds = rounds
        self._topics = topics
        self._clock = clock
        self._alone = alone
        self._all: dict[int, Scheduled] = {}
        self._read_at: float | None = None
        self._lock = asyncio.Lock()  # between what is read and what is changed
        self.looks = 0  # how many looks at the clock there were
        self._again_at: dict[int, float] = {}  # when that which could not be begun is tried again
        self._held: dict[int, Trouble] = {}  # why what is due could not be begun when it was last tried

    # Setting

    async def of(self, server: int) -> Sequence[Scheduled]:
        """All of a server, in the order in which they were set. Raises StorageRefuses."""
        await self._read()
        return [one for one in self._all.values() if one.server == server]

    def known(self, server: int) -> Sequence[Scheduled]:
        """As `of`, as far as it has been read."""
        return [one for one in self._all.values() if one.server == server]

    async def add(self, wanted: Scheduled) -> Scheduled:
        """Set something; return it with its number. Raises CannotBeScheduled, StorageRefuses."""
        await self._read()
        now = self._clock.now()
        wanted = replace(wanted, set_at=now, next_at=wanted.when.next_after(now))
        async with self._lock:
            if len(self.known(wanted.server)) >= MOST:
                raise CannotBeScheduled(ScheduleRule.TOO_MANY)
            added = _scheduled(await self._store.add(_row(wanted)))
            self._all[added.id] = added
        return added

    async def remove(self, server: int, number: int) -> Scheduled:
        """Take something back. Raises CannotBeScheduled where it is gone, and StorageRefuses."""
        one = await self._found(server, number)
        async with self._lock:
            if not await self._store.remove(server, number):
                raise CannotBeScheduled(ScheduleRule.GONE)
            self._all.pop(number, None)
        return one

    async def resume(self, server: int, number: int) -> Scheduled:
        """Let something that has paused go on from its next time. Raises CannotBeScheduled, StorageRefuses."""
        one = await self._found(server, number)
        next_at = one.when.next_after(self._clock.now())
        return await self._moved(replace(one, paused=False, in_the_way=None, told=True, next_at=next_at))

    async def _found(self, server: int, number: int) -> Scheduled:
        one = next((one for one in await self.of(server) if one.id == number), None)
        if one is None:
            raise CannotBeScheduled(ScheduleRule.GONE)
        return one

    async def by(self, member: int) -> Sequence[Scheduled]:
        """All that a member has set, in all servers. Raises StorageRefuses."""
        return [*_readable(await self._store.by(member))]

    async def forget(self, member: int) -> None:
        """Leave what a member has set without their id and name. Raises StorageRefuses."""
        async with self._lock:
            await self._store.forget(member)
            for number, one in [*self._all.items()]:
                if one.by == member:
                    self._all[number] = replace(one, by=0, by_name="")

    # Beginning

    async def serve(self, channels: Channels) -> None:
        """Begin what is due, and tell what is in the way; never return."""
        while True:
            try:
                await self.look(channels)
            except (StorageRefuses, NotKept):  # the log has it
                pass
            except Exception:
                _log.exception("A look at the schedule failed")
                await self._clock.sleep(LOOK_AGAIN)
            await self._clock.sleep(LOOK)

    async def look(self, channels: Channels) -> None:
        """Begin what is due by now, one after the other; tell what is to be told. Raises StorageRefuses."""
        await self._read()
        now = self._clock.now()
        for number in [*self._all]:
            one = self._all.get(number)  # None: it was taken back while another one was begun
            due = one is not None and not one.paused and one.next_at <= now
            if one is None or (one.told and not due) or self._again_at.get(number, 0.0) > now:
                continue
            self._again_at[number] = now + LOOK_AGAIN
            if await self._seen_to(channels, one, now, due):
                self._again_at.pop(number, None)
                self._held.pop(number, None)
        for number in self._again_at.keys() - self._all.keys():
            self._again_at.pop(number)
            self._held.pop(number, None)
        self.looks += 1

    async def _seen_to(self, channels: Channels, one: Scheduled, now: float, due: bool) -> bool:
        """Begin it, or tell what is in its way; False where that is tried again. Nothing of it keeps others waiting."""
        try:
            await (self._begin(channels, one, now) if due else self._tell(channels, one))
        except AlreadyOn:
            self._held[one.id] = Trouble.BUSY
        except (NotKnownYet, NotRead):  # it is tried again, until it is too late
            pass
        except (StorageRefuses, NotKept):  # the log has it
            self._read_at = None  # it may have begun all the same, or it was changed by another process
        except Exception:
            if self._held.get(one.id) is not Trouble.FAULT:
                _log.exception("Schedule %d of server %d cannot be seen to", one.id, one.server)
            self._held[one.id] = Trouble.FAULT
        else:
            return True
        return False

    async def _begin(self, channels: Channels, one: Scheduled, now: float) -> None:
        """Begin what is due, or note why it cannot be. Raises AlreadyOn, NotRead, NotKnownYet, StorageRefuses, NotKept
        where that may be otherwise in a while."""
        *missed, due = _times(one, now)
        if now > one.pressing_until(due):
            await self._left_out(one, _missed([*missed, due], self._held.get(one.id, Trouble.MISSED)), now)
            return
        if blocked := channels.blocked(one):
            await self._left_out(one, blocked, now)
            return
        plan, pictures = one.plan, channels.may_attach(one)
        curriculum = (await self._topics.read(one.server)).curriculum
        note = unaskable(plan, curriculum, pictures)
        if note and note.trouble.pauses:
            await self._left_out(one, note, now)
            return
        called = one.role is None or channels.may_call(one)
        if missed:
            note = _missed(missed, Trouble.MISSED)
        elif note is None and not called:
            note = InTheWay(Trouble.ROLE)
        following = self._following(one, note, now)
        count, window = (1, due + DAY - now) if plan.of_the_day else (plan.questions, plan.seconds)
        left = tuple(topic for topic in plan.topics if curriculum.topic(topic))
        asked = Start(
            one.server,
            one.channel,
            one.by,
            Wanted(count, left, plan.kinds, pictures=pictures),
            window,
            plan.pause,
            scheduled=True,
            ping=one.role if called else None,
            of_the_day=plan.of_the_day,
        )
        try:
            # Refused where it was changed since `one` was read, so also where it has begun and that was not heard.
            begun = await self._rounds.start(asked, ScheduleBegun(_move(following), one.next_at, one.by))
        except NothingToDraw:
            await self._left_out(one, InTheWay(Trouble.NOTHING), now)
            return
        self._keep(following)
        if begun.setup.again and following.in_the_way is None:
            again = InTheWay(Trouble.AGAIN)
            await self._moved(replace(following, in_the_way=again, told=one.in_the_way == again))

    async def _left_out(self, one: Scheduled, why: InTheWay, now: float) -> None:
        await self._moved(self._following(one, why, now))

    def _following(self, one: Scheduled, why: InTheWay | None, now: float) -> Scheduled:
        """What is scheduled, for the time after the one that is due. What was told before is not told again."""
        next_at = one.when.next_after(max(now, one.next_at))
        if why is None and one.when.shifted(next_at):
            why = InTheWay(Trouble.CLOCKS, at=next_at)
        told = why is None or (one.in_the_way is not None and one.in_the_way == why)
        paused = why is not None and why.trouble.pauses
        return replace(one, next_at=next_at, paused=paused, in_the_way=why, told=told)

    async def _tell(self, channels: Channels, one: Scheduled) -> None:
        """Tell it once: the post has a nonce, and is made again only if it is not known to be there."""
        try:
            if not await channels.tell(one):
                _log.info("Nobody could be told what is in the way of schedule %d of server %d", one.id, one.server)
        except Unconfirmed as fault:
            _log.warning("Telling of schedule %d is tried again: %s", one.id, fault)
            raise NotKnownYet from fault
        await self._moved(replace(one, told=True))

    async def _moved(self, one: Scheduled) -> Scheduled:
        async with self._lock:
            await self._store.move(_move(one))
            self._keep(one)
        return one

    def _keep(self, one: Scheduled) -> None:
        """Note it, unless it was taken back meanwhile; who set it may have been forgotten."""
        if before := self._all.get(one.id):
            self._all[one.id] = replace(one, by=before.by, by_name=before.by_name)

    async def _read(self) -> None:
        async with self._lock:
            now = self._clock.now()
            if self._read_at is None or (not self._alone and now - self._read_at > READ_ANEW):
                rows = await self._store.all()
                self._all, self._read_at = {one.id: one for one in _readable(rows)}, now


def unaskable(plan: Plan, curriculum: Curriculum, pictures: bool) -> InTheWay | None:
    """Why not all of what is to be asked can be, by what its server is taught; `pictures`: they may be posted there."""
    gone = ", ".join(topic for topic in plan.topics if not curriculum.topic(topic))
    left = tuple(topic for topic in plan.topics if curriculum.topic(topic))
    if gone and not left:
        return InTheWay(Trouble.TOPICS, gone)
    try:
        fits(curriculum, Wanted(1, left, plan.kinds, pictures=pictures))
    except NothingToDraw:
        return InTheWay(Trouble.NOTHING)
    return InTheWay(Trouble.SOME_TOPICS, gone) if gone else None


def _times(one: Scheduled, now: float) -> Sequence[float]:
    """When it was due since it was last seen to, up to now; the last one is the one that is due now."""
    times = [one.next_at]
    while (following := one.when.next_after(times[-1])) <= now:
        times.append(following)
    return times


def _missed(times: Sequence[float], why: Trouble) -> InTheWay:
    return InTheWay(why, at=times[0], until=times[-1] if len(times) > 1 else 0.0, count=len(times))


def _move(one: Scheduled) -> ScheduleMoved:
    trouble = json.dumps(asdict(one.in_the_way)) if one.in_the_way else None
    return ScheduleMoved(one.id, one.next_at, one.paused, trouble, one.told)


def _row(one: Scheduled) -> ScheduleRow:
    when = one.when
    return ScheduleRow(
        one.id,
        one.server,
        one.channel,
        one.role,
        "".join(map(str, when.weekdays)),
        when.hour,
        when.minute,
        when.zone,
        json.dumps(asdict(one.plan)),
        one.by,
        one.by_name,
        one.set_at,
        one.next_at,
        one.paused,
        json.dumps(asdict(one.in_the_way)) if one.in_the_way else None,
        one.told,
    )


def _readable(rows: Iterable[ScheduleRow]) -> Iterator[Scheduled]:
    """What these rows say; what another version has set, and this one cannot read, is left out."""
    for row in rows:
        try:
            yield _scheduled(row)
        except (ValueError, TypeError, KeyError):
            _log.error("What server %d has scheduled as %d cannot be read", row.server_id, row.schedule_id)


def _scheduled(row: ScheduleRow) -> Scheduled:
    plan, trouble = json.loads(row.what), json.loads(row.trouble) if row.trouble else None
    plan |= {name: tuple(plan[name]) for name in ("topics", "kinds")}
    return Scheduled(
        row.schedule_id,
        row.server_id,
        row.channel_id,
        Weekly(tuple(map(int, row.weekdays)), row.hour, row.minute, row.zone),
        Plan(**plan),
        row.role_id,
        row.member_id,
        row.member,
        row.set_at,
        row.next_at,
        row.paused,
        InTheWay(**trouble | {"trouble": Trouble(trouble["trouble"])}) if trouble else None,
        row.told,
    )
