"""Times of the week as people write them, and what is said of those that are none."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import words
from bot.service.weekly import EVERY_DAY, WEEKDAYS, TimeRule, UnreadTime, Weekly, read

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("typed", "days", "at"),
    [
        ("mon 18:30", [0], (18, 30)),
        ("Monday 18.30", [0], (18, 30)),
        ("mondays at 6 pm", [0], (18, 0)),
        ("6:30pm on Tuesday", [1], (18, 30)),
        ("tue, thu 6 p.m.", [1, 3], (18, 0)),
        ("every Wednesday and Friday, 9h30", [2, 4], (9, 30)),
        ("mon-fri 8", [0, 1, 2, 3, 4], (8, 0)),
        ("fri to mon at noon", [0, 4, 5, 6], (12, 0)),
        ("daily 18.30", EVERY_DAY, (18, 30)),
        ("every day at midnight", EVERY_DAY, (0, 0)),
        ("weekdays 8 am", [0, 1, 2, 3, 4], (8, 0)),
        ("Weekends 12 am", [5, 6], (0, 0)),
        ("sat & sun 1830", [5, 6], (18, 30)),
        ("thurs 18 o'clock", [3], (18, 0)),
        ("wed/sun 7:05", [2, 6], (7, 5)),
        ("12 pm SUNDAY", [6], (12, 0)),
        ("Tu Th 18:30", [1, 3], (18, 30)),
        ("mon., wed. 18:30", [0, 2], (18, 30)),
        ("weekly sat 10", [5], (10, 0)),
        ("every week sat 10", [5], (10, 0)),
        ("once a week Saturday 10am", [5], (10, 0)),
        ("monday evening 18:30", [0], (18, 30)),
        ("monday evenings 6:30", [0], (18, 30)),
        ("sunday morning 9", [6], (9, 0)),
    ],
)
def test_it_is_read_however_it_is_written(typed: str, days: list[int], at: tuple[int, int]) -> None:
    found = read(typed, BERLIN)
    assert (found.weekdays, (found.hour, found.minute)) == (tuple(days), at)


@pytest.mark.parametrize(
    ("typed", "rule", "part", "near"),
    [
        ("18:30", TimeRule.NO_DAY, "", ""),
        ("monday", TimeRule.NO_TIME, "", ""),
        ("", TimeRule.NO_TIME, "", ""),
        ("mon 18:30 and 20:00", TimeRule.TWO_TIMES, "", ""),
        ("mon 8 or noon", TimeRule.TWO_TIMES, "", ""),
        ("mon 25:00", TimeRule.NO_SUCH_TIME, "25:00", ""),
        ("mon 18:75", TimeRule.NO_SUCH_TIME, "18:75", ""),
        ("mon 13 am", TimeRule.NO_SUCH_TIME, "13 am", ""),
        ("modnay 18:30", TimeRule.UNKNOWN, "modnay", "monday"),
        ("tomorrow 18:30", TimeRule.UNKNOWN, "tomorrow", ""),
        ("mon 18:30 berlin", TimeRule.UNKNOWN, "berlin", ""),
        ("mon-foo 18:30", TimeRule.UNKNOWN, "foo", ""),
        ("montag 18:30", TimeRule.UNKNOWN, "montag", ""),
        ("every 2 weeks mon 18:30", TimeRule.NOT_WEEKLY, "2 weeks", ""),
        ("biweekly mon 18:30", TimeRule.NOT_WEEKLY, "biweekly", ""),
        ("every other monday 8", TimeRule.NOT_WEEKLY, "every other", ""),
        ("first monday of the month 8", TimeRule.NOT_WEEKLY, "month", ""),
    ],
)
def test_a_refusal_names_what_is_wrong(typed: str, rule: TimeRule, part: str, near: str) -> None:
    with pytest.raises(UnreadTime) as refusal:
        read(typed, BERLIN)
    assert (refusal.value.rule, refusal.value.part) == (rule, part)
    assert refusal.value.near in {near, "monday"}
    said = words.schedule.unread_time(refusal.value)
    assert part in said
    assert "\n" not in said
    assert ("The time zone has an option" in said) == (part == "berlin")


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    try:
        found = read(typed, BERLIN)
    except UnreadTime:
        return
    assert found.weekdays
    assert 0 <= found.hour < 24
    assert 0 <= found.minute < 60


@given(
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, 23),
    st.integers(0, 59),
    st.floats(1.6e9, 2.2e9),
)
def test_what_is_said_of_a_time_is_read_as_that_time(days: set[int], hour: int, minute: int, after: float) -> None:
    at = Weekly(tuple(sorted(days)), hour, minute, BERLIN)
    assert read(words.schedule.when(at).split(" (")[0], BERLIN) == at
    assert read(words.schedule.short_when(at), BERLIN) == at
    found = at.next_after(after)
    shown = datetime.fromtimestamp(found, ZoneInfo(BERLIN))
    assert found > after
    assert at.shifted(found) or (shown.weekday() in days and (shown.hour, shown.minute) == (hour, minute))
    assert found - after <= 8 * 86400


def test_a_time_that_a_clock_change_skips_is_shifted_and_one_that_comes_twice_comes_once() -> None:
    zone, sunday = ZoneInfo(BERLIN), (6,)
    skipped = Weekly(sunday, 2, 30, BERLIN)
    eve = datetime(2027, 3, 27, 12, tzinfo=zone).timestamp()
    at = skipped.next_after(eve)
    assert datetime.fromtimestamp(at, zone) == datetime(2027, 3, 28, 3, 0, tzinfo=zone)
    assert skipped.shifted(at)
    assert not skipped.shifted(skipped.next_after(at))
    eve = datetime(2027, 10, 30, 12, tzinfo=zone).timestamp()
    first = skipped.next_after(eve)
    assert datetime.fromtimestamp(first, zone).isoformat() == "2027-10-31T02:30:00+02:00"
    assert skipped.next_after(first) - first > 6 * 86400
    assert len(WEEKDAYS) == 7


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("weekdays 8", "daily 8", True),
        ("mon 8", "tue 8", False),
        ("mon 8", "daily 9", False),
        ("mon, fri 8", "fri 8:00", True),
    ],
)
def test_two_meet_that_come_to_a_moment_of_the_week(one: str, other: str, meet: bool) -> None:
    sunday = datetime(2026, 11, 29, 12, tzinfo=UTC).timestamp()
    assert read(one, "UTC").meets(read(other, "UTC"), sunday) is meet
    assert read(other, "UTC").meets(read(one, "UTC"), sunday) is meet
    assert not read(one, "UTC").meets(read(other, "Asia/Tokyo"), sunday)
