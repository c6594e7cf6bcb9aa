"""Reminders of reviews: who wants them and when, one a day at most, and what becomes of those that cannot be sent.

A member is reminded by direct message, at the time of day that they wish, when reviews of the host's topics are due;
what a server has of its own is counted in that server only. Where their direct messages are closed, the server in which
they reviewed last gets a button in its channel, at the same hour whoever it is for, so that nobody can tell.

That a reminder is sent is written before it is. Where the process ends in between, the next one looks whether it is
there, and else sends it with the same nonce: it is sent once.
"""

import logging
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from bot import metrics
from bot.clock import Clock
from bot.errors import StorageRefuses, TutorError
from bot.service import zones
from bot.service.rounds.carrying_out import NotReached, Unconfirmed
from bot.service.server_settings import SettingsOfServers
from bot.service.taught import Taught
from bot.service.topics import ServerTopics
from bot.service.zones import DAY_ENDS, day_of, is_zone, moment, next_at
from bot.storage.rows import RemindedServerRow, ReminderRow

if TYPE_CHECKING:
    from bot.storage.reminders import ReminderStore

MOST_UNANSWERED = 3  # reminders in a row, after which there are no more
LATE = 6 * 3600.0  # seconds after the time wished for; what could not be sent by then is left out that day
IN_CHANNELS_AT = 17 * 60  # minutes from midnight, in the zone of the server
LOOKS_EVERY = 30.0  # seconds
AT_ONCE = 100  # members that are read together
FAILURES = 10  # in a row, after which the next look goes on
_EVERY_DAY = range(7)
_TO = re.compile(r"\s*(?:[-–—]|\b(?:to|until|till)\b)\s*", re.IGNORECASE)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reminder:
    """What a member is told."""

    due: int  # reviews that are to be asked that day; at least one
    more: int  # those that are due beside them and wait for another day
    day: int  # the ordinal of the day that it is for, in the member's time zone
    unanswered: int  # those before it, in a row

    @property
    def last(self) -> bool:
        """Whether there are no more, unless the member answers."""
        return self.unanswered + 1 >= MOST_UNANSWERED


@dataclass(frozen=True, slots=True)
class ReminderNews:
    """What a member is told of their reminders when they review next."""

    closed: bool = False  # the last one could not be sent
    resumed: bool = False  # there were no more, and from now on there are


class ReminderRule(Enum):
    """Why something cannot be set."""

    QUIET = auto()  # the time wished for lies in the quiet hours


class CannotRemind(TutorError):  # noqa: N818 - reads as what it is
    """Nothing was changed, because of `rule`."""

    def __init__(self, rule: ReminderRule) -> None:
        super().__init__(rule.name)
        self.rule = rule


@dataclass(frozen=True, slots=True)
class OwnReminders:
    """What a member has set, and the zone that their days go by."""

    row: ReminderRow
    zone: str

    @property
    def paused(self) -> bool:
        """Whether there are no more reminders until they review again."""
        return self.row.wanted and self.row.unanswered >= MOST_UNANSWERED


class Due(Protocol):
    """Counts the reviews that are due; questions are not drawn for it."""

    async def due(self, member: int, at: float) -> tuple[int, int]:
        """Of the host's topics alone: how many are to be asked that day still, and how many are due beside them and
        wait for another day."""
        ...

    async def due_in(self, member: int, server: int, at: float) -> int:
        """Those that the member is shown in a server."""
        ...


class Door(Protocol):
    """Where reminders are shown. With `look_first` it is looked whether an earlier try is there already."""

    async def remind(self, member: int, reminder: Reminder, nonce: str, look_first: bool) -> None:
        """Send a direct message. Raises NotReached where the member takes none, and Unconfirmed."""
        ...

    async def remind_all(self, channel: int, server: int, day: int, nonce: str, look_first: bool) -> None:
        """Post the button in a channel. Raises NotReached where that is not possible, and Unconfirmed."""
        ...

    def fault(self, error: Exception, doing: str) -> None:
        """Log a fault of ours."""
        ...


class Reminders:
    """Who wants to be reminded; and, of this shard, the reminding."""

    def __init__(
        self,
        store: "ReminderStore",
        settings: SettingsOfServers,
        topics: ServerTopics,
        taught: Taught,
        clock: Clock,
    ) -> None:
        self._store = store
        self._settings = settings
        self._topics = topics
        self._taught = taught
        self._clock = clock
        self._failures = 0  # of Discord, in a row

    async def of(self, member: int, server: int | None = None) -> OwnReminders:
        """What a member has set; their zone is that of the server as long as they have not said. Raises
        StorageRefuses."""
        row = await self._store.of(member) or ReminderRow(member, server_id=server)
        return OwnReminders(row, (await self._zone(row, server)).key)

    async def zone_of(self, member: int, server: int | None) -> ZoneInfo:
        """The time zone that a member's days go by: their own, else that of the server, else UTC. Raises
        StorageRefuses."""
        return await self._zone(await self._store.of(member) or ReminderRow(member), server)

    async def _zone(self, row: ReminderRow, server: int | None = None) -> ZoneInfo:
        server = server or row.server_id
        name = row.zone or ((await self._settings.of(server)).zone if server else "UTC")
        return ZoneInfo(name) if is_zone(name) else ZoneInfo("UTC")

    async def turn(self, member: int, server: int | None, on: bool) -> OwnReminders:
        """Turn a member's reminders on, from the next time that they wish for, or off. Raises StorageRefuses."""
        shown = await self.of(member, server)
        values: dict[str, Any] = {"wanted": on, "unanswered": 0, "closed": False, "in_channel": False}
        if on:
            values |= {"due_at": self._next(shown.row, ZoneInfo(shown.zone)), **_where(server)}
        await self._store.change(member, **values)
        return await self.of(member, server)

    async def change(
        self, member: int, server: int | None, *, zone: str, minute: int, quiet: tuple[int, int]
    ) -> OwnReminders:
        """Set a member's zone and times of day (minutes from midnight); quiet hours that begin as they end are none.
        Raises CannotRemind or StorageRefuses."""
        row = ReminderRow(member, zone=zone, minute=minute, quiet_from=quiet[0], quiet_until=quiet[1])
        if _is_quiet(row, minute):
            raise CannotRemind(ReminderRule.QUIET)
        values = {name: getattr(row, name) for name in ("zone", "minute", "quiet_from", "quiet_until")}
        await self._store.change(member, **values, due_at=self._next(row, ZoneInfo(zone)))
        return await self.of(member, server)

    async def answered(self, member: int, server: int | None) -> ReminderNews:
        """Note that a member reviews, there or in direct messages: what was unanswered is answered, and who had no more
        reminders has them again. Raises StorageRefuses."""
        row = await self._store.of(member)
        if row is None or not row.wanted:
            return ReminderNews()
        news = ReminderNews(row.closed, row.unanswered >= MOST_UNANSWERED)
        if row.unanswered or row.closed or row.in_channel or server not in {None, row.server_id}:
            values = {"unanswered": 0, "closed": False, "in_channel": False, **_where(server)}
            if news.resumed:
                values["due_at"] = self._next(row, await self._zone(row))
            if not await self._store.answered(member, **values):  # who deletes all meanwhile has none
                return ReminderNews()
        return news

    def _next(self, row: ReminderRow, zone: ZoneInfo) -> float:
        return next_at(_EVERY_DAY, *divmod(row.minute, 60), zone, self._clock.now())

    async def forget(self, member: int) -> None:
        """Remove all that is kept of a member here. Raises StorageRefuses."""
        await self._store.forget(member)

    async def kept(self, member: int, server: int | None) -> Mapping[str, Any] | None:
        """All that is kept of a member here, in plain values; in a server nothing of another one. Raises
        StorageRefuses."""
        if (row := await self._store.of(member)) is None:
            return None
        plain = asdict(row) | {
            "minute": zones.clock_time(row.minute),
            "quiet_from": zones.clock_time(row.quiet_from),
            "quiet_until": zones.clock_time(row.quiet_until),
            "server_id": row.server_id if server in {None, row.server_id} else None,
            "due_at": datetime.fromtimestamp(row.due_at, UTC).isoformat(timespec="seconds"),
            "last_day": date.fromordinal(row.last_day).isoformat() if row.last_day else None,
        }
        return {"at" if name == "minute" else name: value for name, value in plain.items() if name != "member_id"}

    async def go(self, door: Door, reviews: Due) -> None:
        """Remind whom it is time to remind; never return."""
        while True:
            more = False
            try:
                more = await self.look(door, reviews)
            except StorageRefuses:  # the log has it; what was being sent is looked for when it works again
                pass
            except Exception as error:
                door.fault(error, "looking for whom to remind")
            if not more:
                await self._clock.sleep(LOOKS_EVERY)

    async def look(self, door: Door, reviews: Due) -> bool:
        """Do what `go` does, once, for up to `AT_ONCE` members; return whether there may be more. Raises
        StorageRefuses."""
        self._failures = 0
        for row in await self._store.under_way(AT_ONCE):
            await self._again(row, door, reviews)
        found = await self._store.due(self._clock.now(), MOST_UNANSWERED, AT_ONCE)
        waits: list[tuple[ReminderRow, float]] = []
        for row in found:
            if self._failures >= FAILURES:
                break
            try:
                until = await self._reminded(row, door, reviews)
            except StorageRefuses:
                raise
            except Exception as error:  # of this member's row: it must not be the first of every look
                door.fault(error, "reminding a member")
                until = self._clock.now() + LATE
            if until is not None:
                waits.append((row, until))
        await self._store.later(waits)
        for server in await self._store.waiting_servers():
            await self._in_channel(server, door, reviews)
        return len(found) == AT_ONCE and self._failures < FAILURES

    async def _reminded(self, row: ReminderRow, door: Door, reviews: Due) -> float | None:
        """Remind a member, if there is something to remind them of; else return when to look again. Raises
        StorageRefuses."""
        zone, now = await self._zone(row), self._clock.now()
        if (until := waits_until(row, now, zone)) is not None:
            if now > wished(row, day_of(now, zone), zone) + LATE and row.last_day < day_of(now, zone).toordinal():
                metrics.REMINDERS.one("late")
            return until
        day = day_of(now, zone)
        again = wished(row, day + timedelta(days=1), zone)
        due, more = await self._count(row, door, reviews)
        if not due:
            return again
        nonce = secrets.token_hex(12)
        if await self._store.claim(row, day.toordinal(), again, nonce):
            await self._send(row, Reminder(due, more, day.toordinal(), row.unanswered), nonce, door, look_first=False)
        return None

    async def _count(self, row: ReminderRow, door: Door, reviews: Due) -> tuple[int, int]:
        """The reviews that are due for a member; for whom they cannot be counted there are none. Raises
        StorageRefuses."""
        try:
            return await reviews.due(row.member_id, self._clock.now())
        except StorageRefuses:
            raise
        except Exception as error:  # of this member's rows: the others are to be reminded all the same
            door.fault(error, "counting the reviews of a member")
            return 0, 0

    async def _again(self, row: ReminderRow, door: Door, reviews: Due) -> None:
        """Finish a reminder that was being sent, and may be there. Raises StorageRefuses."""
        zone, now, nonce = await self._zone(row), self._clock.now(), row.nonce or ""
        day = date.fromordinal(row.last_day)
        due, more = await self._count(row, door, reviews)
        if now > wished(row, day, zone) + LATE or not due or not row.wanted:
            return await self._store.done(row, nonce)
        if self._failures < FAILURES and not _is_quiet(row, _minute_of(now, zone)):
            reminder = Reminder(due, more, row.last_day, max(0, row.unanswered - 1))
            await self._send(row, reminder, nonce, door, look_first=True)
        return None

    async def _send(self, row: ReminderRow, reminder: Reminder, nonce: str, door: Door, *, look_first: bool) -> None:
        try:
            await door.remind(row.member_id, reminder, nonce, look_first)
        except NotReached:
            self._failures = 0
            metrics.REMINDERS.one("closed")
            await self._store.done(row, nonce, closed=True)
        except Unconfirmed as unknown:  # the next look finds out
            self._failures += 1
            metrics.REMINDERS.one("not_confirmed")
            _log.info("A reminder is not confirmed: %s", unknown)
        except Exception as error:
            door.fault(error, "sending a reminder")
            await self._store.done(row, nonce, counts=False)
        else:
            self._failures = 0
            metrics.REMINDERS.one("sent")
            await self._store.done(row, nonce)

    async def _in_channel(self, server: int, door: Door, reviews: Due) -> None:
        """Post the button in a server's channel, if it is time to, and somebody there has reviews due. Raises
        StorageRefuses."""
        settings, now = await self._settings.of(server), self._clock.now()
        zone = zones.zone(settings.zone)
        day, before = day_of(now, zone), await self._store.posted_in(server)
        at = moment(day, *divmod(IN_CHANNELS_AT, 60), zone)
        if before and before.nonce is not None:
            if now <= at + LATE and before.last_day == day.toordinal():
                return await self._post(before, door, look_first=True)
            await self._store.put(_over(before))
        if not settings.reminder_channel or not at <= now <= at + LATE:
            return None
        if before and before.last_day >= day.toordinal():
            return None
        waiting = [row for row in await self._store.waiting_in(server) if await self._was_due(row) <= at]
        if not await self._anybody(server, waiting, door, reviews):
            return await self._store.not_in_channel([one.member_id for one in waiting])
        row = RemindedServerRow(server, day.toordinal(), settings.reminder_channel, secrets.token_hex(12))
        await self._store.put(row, [one.member_id for one in waiting])
        return await self._post(row, door, look_first=False)

    async def _was_due(self, row: ReminderRow) -> float:
        """When a member was to be reminded last. Whom that was after the hour of channels waits for the next day: the
        button comes at that hour, whoever it is for."""
        return wished(row, date.fromordinal(row.last_day), await self._zone(row))

    async def _anybody(self, server: int, waiting: Sequence[ReminderRow], door: Door, reviews: Due) -> bool:
        """Whether one of these members has reviews due in that server. Raises StorageRefuses."""
        with self._taught.steady(await self._topics.learnt(server)):
            for row in waiting:
                try:
                    if await reviews.due_in(row.member_id, server, self._clock.now()):
                        return True
                except StorageRefuses:
                    raise
                except Exception as error:
                    door.fault(error, "counting the reviews of a member in a server")
        return False

    async def _post(self, row: RemindedServerRow, door: Door, *, look_first: bool) -> None:
        try:
            await door.remind_all(row.channel_id, row.server_id, row.last_day, row.nonce or "", look_first)
        except Unconfirmed as unknown:
            metrics.REMINDERS.one("not_confirmed")
            _log.info("The button that reminds in server %s is not confirmed: %s", row.server_id, unknown)
            return
        except NotReached as refusal:
            metrics.REMINDERS.one("closed")
            _log.info("The button that reminds cannot be posted in server %s: %s", row.server_id, refusal)
        except Exception as error:
            door.fault(error, "posting the button that reminds")
        else:
            metrics.REMINDERS.one("posted")
        await self._store.put(_over(row))


def read_quiet(typed: str) -> tuple[int, int]:
    """The hours in "22:00-08:00" or "10 pm to 8", in minutes from midnight; for nothing, or "none", the same twice.

    Raises NotATime.
    """
    if typed.strip().lower() in {"", "-", "no", "none", "never"}:
        return 0, 0
    begins, _, ends = _TO.sub("|", typed, count=1).partition("|")
    return zones.read_time(begins), zones.read_time(ends)


def wished(row: ReminderRow, day: date, zone: ZoneInfo) -> float:
    """When a member wants to be reminded on a day, which ends at 4 in the morning of the next."""
    hour, minute = divmod(row.minute, 60)
    return moment(day + timedelta(days=1) if hour < DAY_ENDS else day, hour, minute, zone)


def waits_until(row: ReminderRow, now: float, zone: ZoneInfo) -> float | None:
    """When to look again whether to remind a member; None where they are to be reminded now.

    What is late waits for the end of quiet hours, and is left out that day where it is too late.
    """
    day = day_of(now, zone)
    at = wished(row, day, zone)
    if now < at and row.last_day < day.toordinal():
        return at
    if row.last_day >= day.toordinal() or now > at + LATE:
        return wished(row, day + timedelta(days=1), zone)
    if _is_quiet(row, _minute_of(now, zone)):
        return next_at(_EVERY_DAY, *divmod(row.quiet_until, 60), zone, now)
    return None


def _minute_of(now: float, zone: ZoneInfo) -> int:
    shown = datetime.fromtimestamp(now, zone)
    return shown.hour * 60 + shown.minute


def _is_quiet(row: ReminderRow, minute: int) -> bool:
    if row.quiet_from <= row.quiet_until:
        return row.quiet_from <= minute < row.quiet_until
    return minute >= row.quiet_from or minute < row.quiet_until


def _where(server: int | None) -> dict[str, Any]:
    """Where they review: what was there before stays where it is in direct messages."""
    return {} if server is None else {"server_id": server}


def _over(row: RemindedServerRow) -> RemindedServerRow:
    return RemindedServerRow(row.server_id, row.last_day, row.channel_id)
