"""Time zones by the names that people type, and the times of day that clock changes skip or give twice.

Zones are those of the IANA database. A wall time is what a clock in the zone shows. It is at the first moment at which
the clock has come to it: a time that a clock change skips is at the end of the gap, and of a time that comes twice the
first counts. So one wall time is one moment, and later wall times are never earlier moments.
"""

import math
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, process

from bot.errors import TutorError
from bot.text.normalise import folded

DAY_ENDS = 4  # the hour at which a day ends: what is done after midnight belongs to the evening before
LONGEST_ZONE = 64  # characters of the name of a zone; the longest of the IANA database has 32
MOST_NEAR = 3  # names that are suggested for one that is not known
_NEAR = 75.0  # of 100: from which likeness on; chosen: "brelin" finds Berlin, "cooking" finds nothing
_ONE_DAY = timedelta(days=1)
_REGIONS = {
    *("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"),
}
_NO_ZONES = {"Factory", "localtime"}
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2})?)?(?: ?uhr| ?h)?(?: ?([ap])\.? ?m\.?)?", re.ASCII)
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])\s*(\d{1,2})(?::?00)?")

# What people call their zone by, where that is no name of the IANA database. Short forms that are used on several
# continents (IST, BST, CST) are those of most people: what is answered names the zone.
_CALLED = {
    "America/Chicago": "Austin, Dallas, Houston, Minneapolis, Central Time, CDT, CST, CT",
    "America/Denver": "Salt Lake City, Mountain Time, MDT, MST, MT",
    "America/Los_Angeles": "San Francisco, San Diego, Seattle, Stanford, Berkeley, Pacific Time, PDT, PST, PT",
    "America/Mexico_City": "Mexico",
    "America/New_York": "Boston, Washington, Philadelphia, Atlanta, Miami, Pittsburgh, Eastern Time, EDT, EST, ET",
    "America/Puerto_Rico": "San Juan",
    "America/Sao_Paulo": "Rio de Janeiro, Brasilia, Brazil",
    "America/Toronto": "Montreal, Ottawa, Quebec",
    "Asia/Almaty": "Astana",
    "Asia/Dubai": "Abu Dhabi, UAE",
    "Asia/Ho_Chi_Minh": "Hanoi, Vietnam",
    "Asia/Jakarta": "Bandung",
    "Asia/Jerusalem": "Haifa",
    "Asia/Karachi": "Lahore, Islamabad, Pakistan",
    "Asia/Kolkata": "India, Mumbai, Bombay, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Hyderabad, Pune, IST",
    "Asia/Riyadh": "Jeddah, Saudi Arabia",
    "Asia/Shanghai": "Beijing, Peking, Shenzhen, Guangzhou, Hangzhou, China",
    "Asia/Tokyo": "Osaka, Kyoto, JST",
    "Asia/Seoul": "Korea, South Korea, KST",
    "Australia/Sydney": "AEST, AEDT",
    "Europe/Amsterdam": "Netherlands, Rotterdam, Utrecht, Delft",
    "Europe/Athens": "Greece",
    "Europe/Berlin": "Germany, Munich, München, Hamburg, Frankfurt, Cologne, Köln, Stuttgart, Tübingen, CEST",
    "Europe/Istanbul": "Ankara",
    "Europe/Kyiv": "Ukraine, Lviv",
    "Europe/London": "UK, England, Edinburgh, Manchester, Oxford, Cambridge, BST",
    "Europe/Madrid": "Spain, Barcelona",
    "Europe/Moscow": "St Petersburg, Saint Petersburg, MSK",
    "Europe/Paris": "France, Lyon",
    "Europe/Rome": "Italy, Milan, Turin",
    "Europe/Warsaw": "Krakow",
    "Europe/Vienna": "Austria, Graz",
    "Europe/Zurich": "Switzerland, Geneva, Lausanne, Bern, Basel",
    "UTC": "GMT, Z",
}
_OFTEN = (  # offered where nothing has been typed
    *("UTC", "Europe/London", "Europe/Berlin", "Europe/Kyiv", "Europe/Moscow", "America/New_York", "America/Chicago"),
    *("America/Denver", "America/Los_Angeles", "America/Sao_Paulo", "Africa/Lagos", "Africa/Nairobi", "Asia/Dubai"),
    *("Asia/Karachi", "Asia/Kolkata", "Asia/Jakarta", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney"),
)


class UnknownZone(TutorError):  # noqa: N818 - reads as what it is
    """There is no such zone; `near` are names that may be meant, the likeliest first."""

    def __init__(self, typed: str, near: tuple[str, ...]) -> None:
        super().__init__(typed)
        self.typed = typed
        self.near = near


class NotATime(TutorError):  # noqa: N818 - reads as what it is
    """What was typed is no time of day."""


def read_time(typed: str) -> int:
    """The time of day that is written "17:30", "17.30", "5:30 pm" or "17", in minutes from midnight. Raises
    NotATime."""
    found = _TIME.fullmatch(folded(typed))
    hour, minute, half = (int(found[1]), int(found[2] or 0), found[3]) if found else (-1, 0, None)
    if half:
        hour = hour % 12 + 12 * (half == "p") if 1 <= hour <= 12 else -1
    if hour == 24 and minute == 0:
        hour = 0
    if not 0 <= hour < 24 or minute >= 60:
        raise NotATime(typed)
    return hour * 60 + minute


def clock_time(minute: int) -> str:
    """A time of day, in minutes from midnight, as clocks show it: "08:05"."""
    return f"{minute // 60:02}:{minute % 60:02}"


def zone(name: str) -> ZoneInfo:
    """The zone that is called that: by its name ("Europe/Berlin", whatever its case, with spaces or underscores), by
    its city alone, by a large city or country of it, or by whole hours from UTC ("UTC+2"). Raises UnknownZone."""
    name, key = name.strip(), _key(name)
    if found := name if is_zone(name) else _known().get(key) or _by_offset(name):
        return ZoneInfo(found)
    raise UnknownZone(name, _near(key))


def is_zone(name: object) -> bool:
    """Whether that is the name of a zone, to the letter: what is kept is such a name."""
    return isinstance(name, str) and name in _names()


def called(name: str) -> str:
    """A zone's name as people are shown it: the names of fixed offsets have the sign that nobody expects."""
    sign, hours = name[7:8], name[8:]
    fixed = name.startswith("Etc/GMT") and hours
    return f"UTC{'-' if sign == '+' else '+'}{hours}" if fixed else name.replace("_", " ")


def completed(typed: str, most: int = 25) -> list[tuple[str, str]]:
    """What a name that is being typed may become: what is shown of each zone, and its name."""
    if name := _by_offset(typed):
        return [(called(name), name)]
    words = _key(typed).split()
    if not words:
        return [(called(one), one) for one in _OFTEN[:most]]
    found: dict[str, tuple[bool, bool, str]] = {}
    for key, name in _known().items():
        if all(any(one.startswith(word) for one in key.split()) for word in words):
            own = _key(name).endswith(key)
            shown = called(name) if own else f"{_shown().get(key, key)}: {called(name)}"
            rank = (not key.startswith(words[0]), not own, shown)
            found[name] = min(found.get(name, rank), rank)
    best = sorted(found.items(), key=lambda one: (one[1][0], one[0] not in _OFTEN, one[0]))
    return [(shown, name) for name, (_, _, shown) in best[:most]]


def moment(day: date, hour: int, minute: int, zone: ZoneInfo) -> float:
    """When the clock of a zone first comes to that time of that day."""
    wall = datetime.combine(day, time(hour, minute))
    first = math.floor(wall.replace(tzinfo=zone).timestamp())
    if _shows(first, zone) == wall:
        return float(first)
    # The time is skipped. Reckoned by the offset after the gap it is before the gap's end, by the one before it after.
    low, high = math.floor(wall.replace(tzinfo=zone, fold=1).timestamp()), first
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _shows(middle, zone) >= wall else (middle, high)
    return float(high)


def day_of(at: float, zone: ZoneInfo) -> date:
    """The day that a moment belongs to: a day lasts until the clock comes to 4 on the next."""
    day = _shows(at, zone).date() + _ONE_DAY
    while moment(day, DAY_ENDS, 0, zone) > at:
        day -= _ONE_DAY
    return day


def next_at(weekdays: Collection[int], hour: int, minute: int, zone: ZoneInfo, after: float) -> float:
    """The first moment after `after` at which the clock comes to that time on one of the weekdays (0 is Monday).

    Raises ValueError where there is no such weekday.
    """
    if not {*range(7)}.intersection(weekdays):
        raise ValueError("no weekday")
    day = _shows(after, zone).date() - 2 * _ONE_DAY  # clocks have been put back by a whole day
    while day.weekday() not in weekdays or (found := moment(day, hour, minute, zone)) <= after:
        day += _ONE_DAY
    return found


def _shows(at: float, zone: ZoneInfo) -> datetime:
    """What a clock in the zone shows, to the second."""
    return datetime.fromtimestamp(math.floor(at), UTC).astimezone(zone).replace(tzinfo=None, fold=0)


@cache
def _names() -> frozenset[str]:
    every = (files("tzdata") / "zones").read_text().split()
    return frozenset(every) - _NO_ZONES


@cache
def _known() -> Mapping[str, str]:
    """What a zone can be called, as `_key` makes it, and its name; what is named first has precedence."""
    known: dict[str, str] = {}
    for name, said in _CALLED.items():
        known |= dict.fromkeys(map(_key, said.split(",")), name)
    for name in sorted(_names(), key=lambda one: (one.count("/"), one)):
        if not _OFFSET.fullmatch(name.removeprefix("Etc/").lower()) and not name.endswith("GMT0"):
            known.setdefault(_key(name), name)
    for name in sorted(_names(), key=lambda one: (one.count("/"), one)):
        for key in _shorter(name):
            known.setdefault(key, name)
    return known


def _shorter(name: str) -> Iterator[str]:
    """Without its region, and without the state or country between."""
    region, *rest = name.split("/")
    if region in _REGIONS and rest:
        yield _key(" ".join(rest))
        yield _key(rest[-1])


@cache
def _shown() -> Mapping[str, str]:
    return {_key(one): one.strip() for said in _CALLED.values() for one in said.split(",")}


def _key(name: str) -> str:
    return " ".join(re.findall(r"\w+", folded(name).replace("_", " ")))


def _by_offset(typed: str) -> str | None:
    """The zone of an offset such as "UTC+2" or "-05:00"; the names of these have the other sign."""
    if not (found := _OFFSET.fullmatch(folded(typed))):
        return None
    sign, hours = found[1], int(found[2])
    name = f"Etc/GMT{'-' if sign == '+' else '+'}{hours}" if hours else "UTC"
    return name if name in _names() else None


def _near(key: str) -> tuple[str, ...]:
    known = _known()
    begun = [one for one in known if len(key) > 1 and one.startswith(key)]
    alike = process.extract(key, [*known], scorer=fuzz.ratio, score_cutoff=_NEAR, limit=20)
    found = dict.fromkeys(known[one] for one in (*sorted(begun), *(name for name, _, _ in alike)))
    return tuple(found)[:MOST_NEAR]
