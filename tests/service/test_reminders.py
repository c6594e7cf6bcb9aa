"""Whom to remind, and when: by the rules alone, then over days on a real database."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.curriculum.model import Curriculum
from bot.errors import StorageRefuses
from bot.service.reminders import LATE, Reminder, ReminderNews, Reminders, read_quiet, waits_until, wished
from bot.service.rounds.carrying_out import NotReached, Unconfirmed
from bot.service.server_settings import Change, SettingsOfServers
from bot.service.taught import Learnt, Taught
from bot.service.zones import NotATime, day_of, next_at, read_time
from bot.shard import Shard
from bot.storage.database import Storage
from bot.storage.reminders import ReminderStore
from bot.storage.rows import ReminderRow
from tests.service.conftest import Hours
from tests.service.own_topics import topics_of
from tests.service.test_zones import ODD
from tests.storage.refusing import read_only

ZONES = st.sampled_from(ODD).map(ZoneInfo)
MINUTES = st.integers(0, 24 * 60 - 1)
ROWS = st.builds(ReminderRow, st.just(1), st.just(True), minute=MINUTES, quiet_from=MINUTES, quiet_until=MINUTES)
BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str, zone: ZoneInfo = BERLIN) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


def minute_shown(when: float, zone: ZoneInfo) -> int:
    shown = datetime.fromtimestamp(when, UTC).astimezone(zone)
    return shown.hour * 60 + shown.minute


def in_quiet(row: ReminderRow, minute: int) -> bool:
    """Counted minute by minute from the beginning of the quiet hours."""
    length = (row.quiet_until - row.quiet_from) % (24 * 60)
    return (minute - row.quiet_from) % (24 * 60) < length


@settings(max_examples=150, deadline=None)
@given(ROWS, ZONES, st.integers(0, 400), st.floats(0, 86400))
def test_nobody_is_reminded_early_late_or_in_quiet_hours(
    row: ReminderRow, zone: ZoneInfo, days: int, seconds: float
) -> None:
    now = at("2026-01-01 00:00", ZoneInfo("UTC")) + 86400 * days + seconds
    until = waits_until(row, now, zone)
    due = wished(row, day_of(now, zone), zone)
    may = due <= now <= due + LATE and not in_quiet(row, minute_shown(now, zone))
    assert (until is None) is may
    assert until is None or until > now


@settings(max_examples=60, deadline=None)
@given(ROWS, ZONES, st.integers(0, 400), st.lists(st.floats(60, 90_000), max_size=40))
def test_one_a_day_at_most_however_it_is_looked(
    row: ReminderRow, zone: ZoneInfo, first: int, pauses: Sequence[float]
) -> None:
    now, days = at("2026-01-01 00:00", ZoneInfo("UTC")) + 86400 * first, []
    for pause in pauses:
        now += pause
        if waits_until(row, now, zone) is None:
            day = day_of(now, zone)
            days.append(day)
            row = ReminderRow(1, True, None, row.minute, row.quiet_from, row.quiet_until, last_day=day.toordinal())
    assert len({*days}) == len(days)


@settings(max_examples=40, deadline=None)
@given(st.builds(ReminderRow, st.just(1), st.just(True), minute=MINUTES), ZONES, st.integers(0, 400))
def test_looking_when_it_says_finds_every_day(row: ReminderRow, zone: ZoneInfo, first: int) -> None:
    """Without quiet hours there is one reminder a day; but where clocks skip the time that ends the day before."""
    row = ReminderRow(1, True, minute=row.minute, quiet_from=0, quiet_until=0)
    start = now = at("2026-01-01 12:00", ZoneInfo("UTC")) + 86400 * first
    days: list[date] = []
    while now < start + 10 * 86400:
        until = waits_until(row, now, zone)
        if until is None:
            days.append(day_of(now, zone))
            row = ReminderRow(1, True, None, row.minute, 0, 0, last_day=days[-1].toordinal())
        else:
            now = until
    gaps = [b - a for a, b in pairwise(days)]
    assert len(days) >= 8
    assert sum(gap != timedelta(days=1) for gap in gaps) <= 1


@pytest.mark.parametrize(
    ("minute", "now", "until"),
    [
        (17 * 60, "2026-06-01 16:59", "2026-06-01 17:00"),
        (17 * 60, "2026-06-01 17:00", None),
        (17 * 60, "2026-06-01 21:59", None),  # late, after a stop
        (17 * 60, "2026-06-01 22:01", "2026-06-02 08:00"),  # quiet hours have begun: looked at again after them,
        (17 * 60, "2026-06-02 08:00", "2026-06-02 17:00"),  # when it is too late for that day
        (17 * 60, "2026-06-01 23:01", "2026-06-02 17:00"),  # six hours are over
        (17 * 60, "2026-06-02 03:59", "2026-06-02 17:00"),  # still the evening before
        (8 * 60, "2026-03-29 08:00", None),  # by summer time since this morning
        (150, "2026-03-29 00:30", "2026-03-29 03:00"),  # there is no half past two
    ],
)
def test_when_it_is_looked_again(minute: int, now: str, until: str | None) -> None:
    found = waits_until(ReminderRow(1, True, minute=minute), at(now), BERLIN)
    assert found == (at(until) if until else None)


def test_a_time_after_midnight_belongs_to_the_day_before() -> None:
    row = ReminderRow(1, True, minute=60, quiet_from=0, quiet_until=0)
    assert wished(row, date(2026, 6, 1), BERLIN) == at("2026-06-02 01:00")
    assert waits_until(row, at("2026-06-02 01:00"), BERLIN) is None


def test_quiet_hours_as_people_write_them() -> None:
    assert read_quiet("22:00-08:00") == (22 * 60, 8 * 60)
    assert read_quiet("10 pm to 8") == (22 * 60, 8 * 60)
    assert read_quiet("21.30 – 7 am") == (21 * 60 + 30, 7 * 60)
    assert read_quiet("") == read_quiet("none") == (0, 0)
    for bad in ("22", "22-", "late to early", "22-8-9", "25-8"):
        with pytest.raises(NotATime):
            read_quiet(bad)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        *(("17", 1020), ("17:30", 1050), ("5 pm", 1020), ("5:30pm", 1050), ("12am", 0), ("12 pm", 720), ("24:00", 0)),
        *(("17h30", 1050), ("17 Uhr", 1020), ("5 p.m.", 1020), ("0:05", 5)),
        *(("25", None), ("24:01", None), ("17:60", None), ("noon", None), ("", None), ("13 pm", None), ("-1", None)),
    ],
)
def test_times_as_people_write_them(typed: str, minutes: int | None) -> None:
    if minutes is None:
        with pytest.raises(NotATime):
            read_time(typed)
    else:
        assert read_time(typed) == minutes


def shown(when: float) -> str:
    return f"{datetime.fromtimestamp(when, BERLIN):%d %H:%M}"


class Discord:
    """What was sent to whom, when; tells apart nonces, as Discord does, and does what a test asks for."""

    def __init__(self, clock: Hours) -> None:
        self.clock = clock
        self.sent: list[tuple[int, Reminder, float]] = []
        self.posted: list[tuple[int, int, float]] = []
        self.there: set[tuple[int, int]] = set()  # whom, and which day: what can be seen in a conversation
        self.nonces: set[str] = set()
        self.closed: set[int] = set()
        self.before: Callable[[], object] = lambda: None  # raises what comes in between
        self.after: Callable[[], object] = lambda: None
        self.faults: list[str] = []

    async def remind(self, member: int, reminder: Reminder, nonce: str, look_first: bool) -> None:
        self.before()
        if member in self.closed:
            raise NotReached("50007")
        if not (look_first and (member, reminder.day) in self.there) and nonce not in self.nonces:
            self.sent.append((member, reminder, self.clock.now()))
            self.there.add((member, reminder.day))
            self.nonces.add(nonce)
        self.after()

    async def remind_all(self, channel: int, server: int, day: int, nonce: str, look_first: bool) -> None:
        self.before()
        if not (look_first and (channel, day) in self.there) and nonce not in self.nonces:
            self.posted.append((channel, server, self.clock.now()))
            self.there.add((channel, day))
            self.nonces.add(nonce)
        self.after()

    def fault(self, error: Exception, doing: str) -> None:
        self.faults.append(doing)


class Counted:
    """How many reviews are due; 3 for everybody unless it is said."""

    def __init__(self) -> None:
        self.of: dict[int, tuple[int, int]] = {}
        self.asked: list[int] = []

    async def due(self, member: int, at: float) -> tuple[int, int]:
        self.asked.append(member)
        if member == ODD_ONE:
            raise KeyError(member)
        return self.of.get(member, (3, 0))

    async def due_in(self, member: int, server: int, at: float) -> int:
        return sum(self.of.get(member, (3, 0)))


class Days:
    """Reminders on a real database, days of which pass by a clock that is told."""

    def __init__(self, storage: Storage, clock: Hours, curriculum: Curriculum) -> None:
        self.storage, self.clock = storage, clock
        self.settings, taught = SettingsOfServers(storage.settings), Taught(Learnt.of(curriculum))
        self.reminders = Reminders(storage.reminders, self.settings, topics_of(taught, {}), taught, clock)
        self.discord, self.counted = Discord(clock), Counted()

    async def look(self) -> None:
        while await self.reminders.look(self.discord, self.counted):
            pass

    async def until(self, text: str) -> None:
        """Look until that time in Berlin: when it is said to be time to, at the hour of channels, and now and then."""
        while self.clock.time < at(text):
            found = [row for member in MEMBERS if (row := await self.storage.reminders.of(member))]
            now, times = self.clock.time, [row.due_at for row in found]
            times += [next_at(range(7), 17, 0, BERLIN, now), now + 3 * 3600 + 60, at(text)]
            self.clock.time = min(one for one in times if one > now)
            await self.look()

    def days_of(self, member: int) -> list[str]:
        return [
            f"{datetime.fromtimestamp(when, BERLIN):%d %H:%M}" for who, _, when in self.discord.sent if who == member
        ]


ANA, BEN, ODD_ONE, SERVER, CHANNEL = 1 << 22, 2 << 22, -7, 5 << 22, 99
MEMBERS = (ANA, BEN, ODD_ONE)


@pytest.fixture
async def days(storage: Storage, clock: Hours, curriculum: Curriculum) -> Days:
    clock.time = at("2026-06-01 12:00")
    days = Days(storage, clock, curriculum)
    await days.settings.change(SERVER, Change(zone="Europe/Berlin"))
    return days


async def test_once_a_day_at_the_hour_wished_for_and_only_when_something_is_due(days: Days) -> None:
    days.counted.of[BEN] = (0, 0)
    for member in (ANA, BEN):
        await days.reminders.turn(member, SERVER, on=True)
    await days.until("2026-06-02 23:00")
    assert days.days_of(ANA) == ["01 17:00", "02 17:00"]
    assert days.days_of(BEN) == []
    days.counted.of |= {BEN: (10, 13)}
    await days.reminders.turn(ANA, SERVER, on=False)
    await days.until("2026-06-03 23:00")
    assert [(who, one.due, one.more) for who, one, _ in days.discord.sent[2:]] == [(BEN, 10, 13)]


@pytest.mark.slow
async def test_after_three_unanswered_there_are_no_more_until_a_review(days: Days) -> None:
    await days.reminders.turn(ANA, SERVER, on=True)
    await days.until("2026-06-06 12:00")
    assert days.days_of(ANA) == ["01 17:00", "02 17:00", "03 17:00"]
    assert [one.last for _, one, _ in days.discord.sent] == [False, False, True]
    assert (await days.reminders.of(ANA)).paused
    assert await days.reminders.answered(ANA, None) == ReminderNews(resumed=True)
    assert await days.reminders.answered(ANA, None) == ReminderNews()
    await days.until("2026-06-07 12:00")
    assert days.days_of(ANA)[3:] == ["06 17:00"]
    await days.reminders.answered(ANA, None)  # in between, so that these are never three in a row
    await days.until("2026-06-09 12:00")
    assert days.days_of(ANA)[4:] == ["07 17:00", "08 17:00"]
    assert not any(one.last for _, one, _ in days.discord.sent[3:])


async def test_a_review_that_is_under_way_brings_nothing_back_of_who_deletes_all_meanwhile(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = days.storage.reminders
    await store.change(ANA, wanted=True, unanswered=3, server_id=SERVER)
    found = store.of

    async def then_deleted(member: int) -> ReminderRow | None:
        row = await found(member)
        await store.forget(member)
        return row

    monkeypatch.setattr(store, "of", then_deleted)
    assert await days.reminders.answered(ANA, SERVER + 1) == ReminderNews()
    assert await found(ANA) is None


async def test_what_was_missed_is_made_up_for_within_hours_and_once(days: Days) -> None:
    await days.reminders.turn(ANA, SERVER, on=True)
    days.clock.time = at("2026-06-01 21:30")  # it did not run meanwhile
    await days.look()
    days.clock.time = at("2026-06-02 23:30")  # six hours and more
    await days.look()
    await days.until("2026-06-04 12:00")
    assert days.days_of(ANA) == ["01 21:30", "03 17:00"]


@pytest.mark.on_postgresql
async def test_a_change_holds_at_once_and_what_has_passed_is_not_made_up_for(days: Days) -> None:
    await days.reminders.turn(ANA, SERVER, on=True)
    await days.reminders.change(ANA, SERVER, zone="America/New_York", minute=11 * 60, quiet=(0, 0))
    await days.until("2026-06-01 16:50")
    await days.reminders.change(ANA, SERVER, zone="Europe/Berlin", minute=16 * 60, quiet=(0, 0))  # an hour ago
    await days.until("2026-06-02 16:10")
    assert days.days_of(ANA) == ["02 16:00"]
    await days.reminders.change(ANA, SERVER, zone="Europe/Berlin", minute=20 * 60, quiet=(0, 0))
    await days.until("2026-06-03 20:00")
    assert days.days_of(ANA)[1:] == ["03 20:00"]  # one a day: today there was one


async def test_clocks_that_are_changed_move_no_reminder(days: Days) -> None:
    await days.reminders.turn(ANA, SERVER, on=True)
    await days.reminders.change(ANA, SERVER, zone="Europe/Berlin", minute=150, quiet=(0, 0))
    days.clock.time = at("2026-10-23 12:00")
    for day in ("24", "25", "26"):  # on the 25th half past two comes twice
        await days.until(f"2026-10-{day} 12:00")
        await days.reminders.answered(ANA, None)
    assert days.days_of(ANA) == ["24 02:30", "25 02:30", "26 02:30"]


class Killed(BaseException):
    """The process ends here."""


def kill() -> None:
    raise Killed


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_reminder_that_was_being_sent_when_the_process_ended_is_sent_once(days: Days, when: str) -> None:
    await days.reminders.turn(ANA, SERVER, on=True)
    days.clock.time = at("2026-06-01 17:00")
    setattr(days.discord, when, kill)
    with pytest.raises(Killed):
        await days.look()
    setattr(days.discord, when, lambda: None)
    days.discord.nonces.clear()  # Discord forgets them after some minutes
    await days.until("2026-06-02 12:00")
    assert len(days.discord.sent) == 1
    assert (await days.storage.reminders.under_way(10)) == ()


async def test_what_discord_does_not_confirm_is_looked_for(days: Days) -> None:
    await days.reminders.turn(ANA, SERVER, on=True)

    def lost() -> None:
        raise Unconfirmed("reset")

    days.clock.time = at("2026-06-01 17:00")
    days.discord.before = lost
    await days.look()
    assert not days.discord.sent
    days.discord.before, days.discord.after = (lambda: None), lost
    await days.look()
    days.discord.after = lambda: None
    await days.until("2026-06-02 12:00")
    assert days.days_of(ANA) == ["01 17:00"]


async def test_a_storage_that_refuses_in_between_makes_no_second_one(days: Days) -> None:
    await days.reminders.turn(ANA, SERVER, on=True)
    days.clock.time = at("2026-06-01 17:00")
    refusing = read_only(days.storage)
    with ExitStack() as refused:
        days.discord.after = lambda: refused.enter_context(refusing())
        with pytest.raises(StorageRefuses):
            await days.look()
    days.discord.after = lambda: None
    days.discord.nonces.clear()
    await days.until("2026-06-02 12:00")
    assert days.days_of(ANA) == ["01 17:00"]


async def test_one_member_who_cannot_be_counted_keeps_nobody_else_waiting(days: Days) -> None:
    for member in (ODD_ONE, ANA):
        await days.reminders.turn(member, SERVER, on=True)
    await days.until("2026-06-01 18:00")
    assert days.days_of(ANA) == ["01 17:00"]
    assert days.discord.faults == ["counting the reviews of a member"]


@pytest.mark.slow
async def test_one_member_whose_row_is_faulty_keeps_nobody_else_waiting(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    for member in (ANA, BEN):
        await days.reminders.turn(member, SERVER, on=True)
    judged = waits_until

    def faulty(row: ReminderRow, now: float, zone: ZoneInfo) -> float | None:
        if row.member_id == ANA:
            raise ValueError(row)
        return judged(row, now, zone)

    monkeypatch.setattr("bot.service.reminders.waits_until", faulty)
    await days.until("2026-06-01 23:00")
    assert days.days_of(BEN) == ["01 17:00"]
    assert days.discord.faults
    monkeypatch.undo()
    await days.until("2026-06-02 23:00")
    assert days.days_of(ANA) == ["02 17:00"]


async def test_where_direct_messages_are_closed_the_server_has_one_button_at_its_own_hour(days: Days) -> None:
    for member, minute in ((ANA, 10 * 60), (BEN, 20 * 60)):
        await days.reminders.turn(member, SERVER, on=True)
        await days.reminders.change(member, SERVER, zone="Europe/Berlin", minute=minute, quiet=(0, 0))
    days.discord.closed = {ANA, BEN}
    await days.until("2026-06-02 12:00")  # no channel is set: nothing is posted
    assert days.discord.posted == []
    assert await days.reminders.answered(BEN, SERVER) == ReminderNews(closed=True)
    await days.settings.change(SERVER, Change(reminder_channel=CHANNEL))
    await days.until("2026-06-04 23:00")
    posted = [shown(when) for _, _, when in days.discord.posted]
    assert posted == ["02 17:00", "03 17:00", "04 17:00"]  # for Ana, then for both
    await days.until("2026-06-08 23:00")  # three were answered by neither
    assert len(days.discord.posted) == 4
    assert days.discord.sent == []
    assert await days.reminders.answered(ANA, SERVER) == ReminderNews(closed=True, resumed=True)
    days.discord.closed = set()
    await days.until("2026-06-09 12:00")
    assert days.days_of(ANA) == ["09 10:00"]


async def test_no_button_for_who_has_nothing_due_in_that_server(days: Days) -> None:
    await days.settings.change(SERVER, Change(reminder_channel=CHANNEL))
    await days.reminders.turn(ANA, SERVER, on=True)
    await days.reminders.change(ANA, SERVER, zone="Europe/Berlin", minute=16 * 60, quiet=(0, 0))
    days.discord.closed = {ANA}
    await days.until("2026-06-01 16:30")
    days.counted.of[ANA] = (0, 0)  # reviewed without us hearing of it
    await days.until("2026-06-01 23:00")
    assert days.discord.posted == []


async def test_the_button_tells_nothing_of_the_hour_that_somebody_wished_for(days: Days) -> None:
    await days.settings.change(SERVER, Change(reminder_channel=CHANNEL))
    await days.reminders.turn(ANA, SERVER, on=True)
    await days.reminders.change(ANA, SERVER, zone="Europe/Berlin", minute=20 * 60, quiet=(0, 0))
    days.discord.closed = {ANA}
    await days.until("2026-06-02 18:00")
    assert [shown(when) for _, _, when in days.discord.posted] == ["02 17:00"]


@pytest.mark.parametrize("when", ["before", "after"])
async def test_the_button_is_posted_once_though_the_process_ends_meanwhile(days: Days, when: str) -> None:
    await days.settings.change(SERVER, Change(reminder_channel=CHANNEL))
    await days.reminders.turn(ANA, SERVER, on=True)
    await days.reminders.change(ANA, SERVER, zone="Europe/Berlin", minute=16 * 60, quiet=(0, 0))
    days.discord.closed = {ANA}
    await days.until("2026-06-01 16:30")
    days.clock.time = at("2026-06-01 17:00")
    setattr(days.discord, when, kill)
    with pytest.raises(Killed):
        await days.look()
    setattr(days.discord, when, lambda: None)
    days.discord.nonces.clear()
    await days.until("2026-06-01 23:00")
    assert len(days.discord.posted) == 1


@pytest.mark.on_postgresql
async def test_members_and_servers_belong_to_their_shards(days: Days) -> None:
    mine = ReminderStore(days.storage.access, Shard(1, 2))
    for number in range(6):
        await days.reminders.turn(number << 22, SERVER, on=True)
    found = await mine.due(at("2026-07-01 12:00"), 3, 100)
    assert [row.member_id >> 22 for row in found] == [1, 3, 5]
    for row in found:
        assert await mine.claim(row, 739_000, 1.0, "n")
    assert [row.member_id >> 22 for row in await mine.under_way(10)] == [1, 3, 5]
    assert await ReminderStore(days.storage.access, Shard(0, 2)).under_way(10) == ()
    for row in found:
        await mine.done(row, "n", closed=True)
    assert await mine.waiting_servers() == (SERVER,)
    assert await ReminderStore(days.storage.access, Shard(0, 2)).waiting_servers() == ()


@pytest.mark.on_postgresql
async def test_what_changes_between_reading_and_writing_wins(days: Days) -> None:
    await days.reminders.turn(ANA, SERVER, on=True)
    (row,) = await days.storage.reminders.due(at("2026-07-01 12:00"), 3, 100)
    await days.reminders.change(ANA, SERVER, zone="UTC", minute=60, quiet=(0, 0))
    assert not await days.storage.reminders.claim(row, 739_000, 1.0, "n")
    await days.storage.reminders.later([(row, 5.0)])
    assert (await days.reminders.of(ANA)).row.due_at != 5.0
    await days.reminders.forget(ANA)
    assert not await days.storage.reminders.claim(row, 739_000, 1.0, "n")
    assert await days.reminders.kept(ANA, None) is None
