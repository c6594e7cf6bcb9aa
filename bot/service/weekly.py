"""Times of the week as people write them: "mon 18:30", "weekdays at 8", "tue, thu 6 pm", "every day at noon"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from rapidfuzz import fuzz, process

from bot.errors import TutorError
from bot.service import zones
from bot.text.normalise import folded

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EVERY_DAY = tuple(range(7))
_SHORT = {  # besides the first three letters
    "tues": 1,
    "weds": 2,
    "thur": 3,
    "thurs": 3,
}
_SETS = {
    **dict.fromkeys(("daily", "day", "days", "everyday"), EVERY_DAY),
    **dict.fromkeys(("weekday", "weekdays", "workday", "workdays"), EVERY_DAY[:5]),
    **dict.fromkeys(("weekend", "weekends"), EVERY_DAY[5:]),
}
_MORNING, _EVENING = {"morning", "mornings"}, {"afternoon", "afternoons", "evening", "evenings", "night", "nights"}
_FILLERS = {"a", "all", "and", "at", "by", "clock", "each", "every", "from", "h", "in", "oclock", "on", "once", "per"}
_FILLERS |= {"the", "week", "weekly", "weeks", *_MORNING, *_EVENING}
_NOT_WEEKLY = re.compile(
    r"\b(?:bi-?weekly|fortnight\w*|alternat\w*|(?:bi-?)?month\w*|yearly|annual\w*"
    r"|(?:every|each)\s+(?:other|second|third|fourth|2nd|3rd|4th)|(?:[2-9]|two|three|four)\s*(?:weeks|months))\b"
)
_NAMED_TIMES = {"noon": (12, 0), "midday": (12, 0), "midnight": (0, 0)}
_TIME = r"(?P<hour>\d{1,2})(?:\s*[:.]\s*(?P<minute>\d{2})|\s*h\s*(?P<after_h>\d{2}))?\s*(?P<half>[ap]\.?\s?m\b\.?)?"
_CLOCK = re.compile(rf"(?<![\w:.])(?:{_TIME}|(?P<four>\d{{4}}))(?![\d:])")
_RANGE = re.compile(r"([a-z]+)\s*(?:-|–|—|\bto\b|\btill\b|\bthrough\b|\buntil\b)\s*([a-z]+)")
_NEAR = 70.0  # of 100: "modnay" is near Monday, "tomorrow" near none


class TimeRule(Enum):
    """Why a time of the week cannot be read."""

    NO_DAY = auto()
    NO_TIME = auto()
    TWO_TIMES = auto()
    NO_SUCH_TIME = auto()  # such as 25:00
    UNKNOWN = auto()  # a word
    NOT_WEEKLY = auto()  # such as every second week


class UnreadTime(TutorError):  # noqa: N818 - reads as what it is
    """It is no time of the week: `part` is what is wrong in it, `near` the weekday that may be meant; `zone`: that
    may be a zone."""

    def __init__(self, rule: TimeRule, part: str = "", near: str = "", zone: bool = False) -> None:
        super().__init__(rule.name)
        self.rule = rule
        self.part = part
        self.near = near
        self.zone = zone


@dataclass(frozen=True, slots=True)
class Weekly:
    """A time on some days of the week, by the clock of a zone."""

    weekdays: tuple[int, ...]  # 0 is Monday; in order, at least one
    hour: int
    minute: int
    zone: str  # the name of a zone

    def next_after(self, at: float) -> float:
        """The first moment after `at` at which the clock comes to that time on one of the days."""
        return zones.next_at(self.weekdays, self.hour, self.minute, zones.zone(self.zone), at)

    def shifted(self, at: float) -> bool:
        """Whether that moment is not at the time itself, as a clock change skips it."""
        shown = datetime.fromtimestamp(at, zones.zone(self.zone))
        return (shown.hour, shown.minute) != (self.hour, self.minute)

    def meets(self, other: "Weekly", at: float) -> bool:
        """Whether there is a moment in the week after `at` that both come to."""
        return not {*self._week_after(at)}.isdisjoint(other._week_after(at))

    def _week_after(self, at: float) -> Iterator[float]:
        moment = at
        for _ in self.weekdays:
            moment = self.next_after(moment)
            yield moment


def read(typed: str, zone: str) -> Weekly:
    """The time of the week that somebody has typed. Raises UnreadTime."""
    text = folded(typed).replace("o'clock", " ").replace("o’clock", " ")
    if found := _NOT_WEEKLY.search(text):
        raise UnreadTime(TimeRule.NOT_WEEKLY, found[0])
    hour, minute, rest = _time_in(text)
    days = sorted({*_days_in(rest)})
    if not days:
        raise UnreadTime(TimeRule.NO_DAY)
    return Weekly(tuple(days), hour, minute, zone)


def _time_in(text: str) -> tuple[int, int, str]:
    """The time, and the text without it."""
    found = [*_CLOCK.finditer(text)]
    named = [word for word in re.findall(r"[a-z]+", text) if word in _NAMED_TIMES]
    if len(found) + len(named) > 1:
        raise UnreadTime(TimeRule.TWO_TIMES)
    if named:
        return (*_NAMED_TIMES[named[0]], text.replace(named[0], " "))
    if not found:
        raise UnreadTime(TimeRule.NO_TIME)
    one = found[0]
    hour, minute = _hour_and_minute(one)
    if not one["half"] and 1 <= hour < 12 and not _EVENING.isdisjoint(re.findall(r"[a-z]+", text)):
        hour += 12
    return hour, minute, f"{text[: one.start()]} {text[one.end() :]}"


def _hour_and_minute(found: re.Match[str]) -> tuple[int, int]:
    four, said = found["four"], found[0].strip()
    hour = int(four[:2] if four else found["hour"])
    minute = int(four[2:] if four else found["minute"] or found["after_h"] or 0)
    half = (found["half"] or "")[:1]
    if (half and not hour) or (half == "a" and hour > 12) or hour > 23 or minute > 59:
        raise UnreadTime(TimeRule.NO_SUCH_TIME, said)
    if half == "p" and hour < 12:
        hour += 12
    return (0 if half == "a" and hour == 12 else hour), minute


def _days_in(text: str) -> Iterator[int]:
    for one in _RANGE.finditer(text):
        first, last = _day(one[1]), _day(one[2])
        yield from ((first + at) % 7 for at in range((last - first) % 7 + 1))
    for word in re.findall(r"[^\W\d_]+|\d+|[^\w\s,;.&+/:'-]", _RANGE.sub(" ", text)):
        if word in _SETS:
            yield from _SETS[word]
        elif word not in _FILLERS:
            yield _day(word)


def _day(word: str) -> int:
    """The weekday of that name. Raises UnreadTime."""
    name = word.removesuffix("s") if len(word) > 4 else word
    for at, day in enumerate(WEEKDAYS):
        if name in (day, day[:3], day[:2]):
            return at
    if name in _SHORT or word in _SHORT:
        return _SHORT.get(name, _SHORT.get(word, 0))
    near = process.extractOne(word, WEEKDAYS, scorer=fuzz.ratio, score_cutoff=_NEAR)
    raise UnreadTime(TimeRule.UNKNOWN, word, near[0] if near else "", bool(zones.completed(word)))


def days_said(weekdays: Sequence[int]) -> str:
    """Which of the sets of days with a name of their own these are; empty: none."""
    named = {EVERY_DAY: "daily", EVERY_DAY[:5]: "weekdays", EVERY_DAY[5:]: "weekends"}
    return named.get(tuple(weekdays), "")
