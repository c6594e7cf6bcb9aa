"""Whom to remind, and when: by the rules alone."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.service.reminders import LATE, read_quiet, waits_until, wished
from bot.service.zones import NotATime, day_of, read_time
from bot.storage.rows import ReminderRow
from tests.service.test_zones import ODD

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
