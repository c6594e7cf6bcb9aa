"""Time zones: their names, and what clock changes make of a time of day, against a clock that is watched."""

import math
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.service import zones
from bot.service.zones import DAY_ENDS, UnknownZone, called, completed, day_of, is_zone, moment, next_at, zone

ODD = (
    *("Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham", "Pacific/Kwajalein", "Asia/Kathmandu", "Asia/Kolkata"),
    *("Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Africa/Casablanca", "America/Scoresbysund", "UTC"),
    *("Antarctica/Troll", "Antarctica/Casey", "Asia/Gaza", "Asia/Tehran", "Africa/Cairo", "Europe/Dublin"),
)
ZONES = st.sampled_from(ODD) | st.sampled_from(sorted(zones._names()))
MINUTES = st.integers(0, 24 * 60 - 1)


def shows(at: float, where: ZoneInfo) -> datetime:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at)).astimezone(where).replace(tzinfo=None)


@st.composite
def near_a_change(draw: st.DrawFn) -> tuple[ZoneInfo, datetime]:
    """A zone, and a time of day shortly before or after its clocks are changed, where they ever are."""
    where, year = ZoneInfo(draw(ZONES)), draw(st.integers(1975, 2037))
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    noons = [datetime(day.year, day.month, day.day, 12, tzinfo=where) for day in days]
    changes = [b.date() for a, b in pairwise(noons) if a.utcoffset() != b.utcoffset()]
    day = draw(st.sampled_from(changes or days)) + timedelta(days=draw(st.integers(-1, 1)))
    return where, datetime.combine(day, datetime.min.time()) + timedelta(minutes=draw(MINUTES))


def watched(wall: datetime, where: ZoneInfo) -> float:
    """The first minute at which the clock shows that time or a later one."""
    at = math.floor(wall.replace(tzinfo=UTC).timestamp()) - 27 * 3600
    while shows(at, where) < wall:
        at += 60
    return float(at)


@settings(max_examples=80, deadline=None)
@given(near_a_change())
def test_a_time_of_day_is_when_the_clock_first_comes_to_it(found: tuple[ZoneInfo, datetime]) -> None:
    where, wall = found
    assert moment(wall.date(), wall.hour, wall.minute, where) == watched(wall, where)


@settings(max_examples=20, deadline=None)
@given(near_a_change(), st.sets(st.integers(0, 6), min_size=1), MINUTES, st.floats(0, 59.9))
@pytest.mark.slow
def test_the_next_is_the_first_of_those_days_after_it(
    found: tuple[ZoneInfo, datetime], weekdays: set[int], minute: int, seconds: float
) -> None:
    where, wall = found
    after = wall.replace(tzinfo=UTC).timestamp() + seconds
    days = [wall.date() + timedelta(days=n) for n in range(-3, 12)]
    times = [datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute) for day in days]
    every = [watched(one, where) for one in times if one.weekday() in weekdays]
    assert next_at(weekdays, minute // 60, minute % 60, where, after) == min(one for one in every if one > after)


@settings(max_examples=60, deadline=None)
@given(near_a_change(), st.floats(0, 59.9))
def test_a_day_lasts_until_the_clock_comes_to_4(found: tuple[ZoneInfo, datetime], seconds: float) -> None:
    where, wall = found
    at = wall.replace(tzinfo=UTC).timestamp() + seconds
    latest = max(shows(math.floor(at / 60) * 60 - 60 * n, where) for n in range(30 * 60))
    assert day_of(at, where) == (latest - timedelta(hours=4)).date()
    ends = moment(day_of(at, where) + timedelta(days=1), DAY_ENDS, 0, where)
    assert day_of(ends - 0.001, where) == day_of(at, where) < day_of(ends, where)


@pytest.mark.parametrize(
    ("name", "wall", "is_at"),
    [
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:00"),  # there is no half past two: at three
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30"),  # twice: the first, by summer time
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30"),  # half an hour is skipped
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45"),  # and comes twice
        ("Pacific/Apia", "2011-12-30 10:00", "2011-12-30 10:00"),  # the day that was skipped: as the next one begins
        ("America/Sao_Paulo", "2018-11-04 00:00", "2018-11-04 03:00"),  # at midnight
        ("Asia/Kolkata", "2026-03-29 02:30", "2026-03-28 21:00"),
    ],
)
def test_known_clock_changes(name: str, wall: str, is_at: str) -> None:
    local = datetime.fromisoformat(wall)
    found = moment(local.date(), local.hour, local.minute, ZoneInfo(name))
    assert datetime.fromtimestamp(found, UTC).replace(tzinfo=None) == datetime.fromisoformat(is_at)


def test_without_a_weekday_there_is_no_next() -> None:
    for none in ([], [7], [-1]):
        with pytest.raises(ValueError, match="weekday"):
            next_at(none, 0, 0, ZoneInfo("UTC"), 0)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        *(("berlin", "Europe/Berlin"), ("  EUROPE/berlin ", "Europe/Berlin"), ("europe berlin", "Europe/Berlin")),
        *(("new york", "America/New_York"), ("America/New_York", "America/New_York"), ("est", "America/New_York")),
        *(("Köln", "Europe/Berlin"), ("mumbai", "Asia/Kolkata"), ("são paulo", "America/Sao_Paulo")),
        *(("buenos aires", "America/Buenos_Aires"), ("port au prince", "America/Port-au-Prince")),
        *(("utc", "UTC"), ("UTC+2", "Etc/GMT-2"), ("gmt -5", "Etc/GMT+5"), ("+05:00", "Etc/GMT-5"), ("utc+0", "UTC")),
        *(("Etc/GMT-2", "Etc/GMT-2"), ("san juan", "America/Puerto_Rico")),
    ],
)
def test_a_zone_is_found_by_what_people_call_it(typed: str, name: str) -> None:
    assert zone(typed).key == name


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        *(("brelin", "Europe/Berlin"), ("Tokio", "Asia/Tokyo"), ("los angles", "America/Los_Angeles")),
        *(("cooking", None), ("", None), ("/", None), ("UTC+25", None), ("+05:30", None), ("../etc/passwd", None)),
        *(("Factory", None), ("localtime", None), ("\0", None), ("x" * 6000, None)),
    ],
)
def test_for_another_name_those_that_are_near_are_named(typed: str, near: str | None) -> None:
    with pytest.raises(UnknownZone) as raised:
        zone(typed)
    assert raised.value.near[:1] == ((near,) if near else ())
    assert len(raised.value.near) <= 3


def test_every_zone_is_found_by_its_name_and_offered_as_it_is_typed() -> None:
    for name in zones._names():
        assert zone(name).key == name
        assert is_zone(name)
        assert len(name) <= zones.LONGEST_ZONE
    for name in zones._OFTEN:
        assert name in [found for _, found in completed(name.replace("_", " "))]
    assert not is_zone("berlin")
    assert not is_zone(5)
    assert not is_zone(["UTC"])


def test_what_is_offered() -> None:
    assert completed("")[0] == ("UTC", "UTC")
    assert completed("ber")[0][1] in {"Europe/Berlin", "America/Los_Angeles"}
    assert ("Europe/Berlin", "Europe/Berlin") in completed("ber")
    assert completed("mum") == [("Mumbai: Asia/Kolkata", "Asia/Kolkata")]
    assert completed("new y") == [("America/New York", "America/New_York")]
    assert completed("utc+3") == [("UTC+3", "Etc/GMT-3")]
    assert not completed("zzz")
    assert len(completed("a")) == 25
    assert (called("Etc/GMT+5"), called("Etc/GMT"), called("Europe/Berlin")) == ("UTC-5", "Etc/GMT", "Europe/Berlin")
