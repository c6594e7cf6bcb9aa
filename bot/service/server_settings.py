"""What those who run a server have set for it, and how soon a member may ask again because of it."""

import asyncio
import json
import math
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import Enum, auto
from typing import Any, Protocol

from cachetools import LRUCache, TTLCache

from bot.errors import StorageRefuses, TutorError
from bot.service.zones import is_zone

MOST_CHANNELS = 25
LONGEST_COOLDOWN = 3600  # seconds
FEWEST_DAYS, MOST_DAYS = 1, 30
KEPT_SERVERS = 10_000  # whose settings stay in memory: those of some 3,000 servers are 1 MB
OLD_AFTER = 5.0  # seconds after which what other processes may have changed is read anew
KEPT_MEMBERS = 10_000  # of whom it is remembered when they did something last


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What one server has set; the defaults are what holds where nothing is set."""

    starter_role: int | None = None  # may start rounds, besides moderators
    review_channel: int | None = None  # gets what members dispute; None: whoever started the round does
    answer_channels: tuple[int, ...] = ()  # where members are answered for all to see; none: everywhere
    private_answers: bool = False  # whether `/ask` answers only to the asker, where they do not say
    cooldown: int = 0  # seconds until a member may ask again
    receipt_days: int = 7  # for which the answers of a round are kept
    zone: str = "UTC"  # the name of its time zone
    own_topics_only: bool = False  # whether the topics of its own are all that is taught there
    reminder_channel: int | None = None  # gets a button where members cannot be reminded directly; None: nothing does

    try_channels: tuple[int, ...] = ()  # where what is asked is tried before the answer is shown

    def tries_in(self, channels: tuple[int, ...]) -> bool:
        """Whether what is asked there is tried before the answer is shown."""
        return not set(channels).isdisjoint(self.try_channels)

    def answers_in(self, channels: tuple[int, ...]) -> bool:
        """Whether members are answered for all to see there; `channels` are the channel and what it belongs to."""
        return not self.answer_channels or not set(channels).isdisjoint(self.answer_channels)


@dataclass(frozen=True, slots=True)
class Change:
    """What someone who runs a server wants set; None leaves it as it is."""

    starter_role: int | None = None
    review_channel: int | None = None
    answer_in: int | None = None  # one more of the `answer_channels`
    no_longer_in: int | None = None  # one of them less
    try_in: int | None = None  # one more of the `try_channels`
    no_longer_try_in: int | None = None  # one of them less
    private_answers: bool | None = None
    cooldown: int | None = None
    receipt_days: int | None = None
    zone: str | None = None
    own_topics_only: bool | None = None
    reminder_channel: int | None = None
    reset: bool = False  # all else goes back to how it was at first


class SettingRule(Enum):
    """Why something cannot be set."""

    TOO_MANY = auto()  # channels of one kind
    ANSWERS_EVERYWHERE = auto()  # there is no channel to take out
    NOT_LISTED = auto()  # the channel to take out is none of them
    BOTH = auto()  # one channel to add and to take out
    NOT_TRIED = auto()  # the channel to take out is none of those where questions are tried first
    NOTHING_LEFT = auto()  # it has no topics of its own that could be taught alone


class CannotBeSet(TutorError):  # noqa: N818 - reads as what it is
    """Nothing was changed, because of `rule`."""

    def __init__(self, rule: SettingRule) -> None:
        super().__init__(rule.name)
        self.rule = rule


class SettingsStorage(Protocol):
    """Where settings are kept, one JSON text a server."""

    async def of(self, server_id: int) -> str | None:
        """What the server has set, or None."""
        ...

    async def keep(self, server_id: int, settings: str) -> None:
        """Keep this in place of what was set before."""
        ...


class SettingsOfServers:
    """Reads and changes the settings of servers; those read lately stay in memory.

    Where other processes may change them they are read anew after `age` seconds, or as they were if that fails.
    """

    def __init__(
        self, storage: SettingsStorage, age: float = math.inf, timer: Callable[[], float] = time.monotonic
    ) -> None:
        self._storage = storage
        self._read: LRUCache[int, ServerSettings] = LRUCache(KEPT_SERVERS)
        self._fresh: TTLCache[int, bool] = TTLCache(KEPT_SERVERS, age, timer)  # the servers whose settings are so new
        self._lock = asyncio.Lock()  # a change reads before it writes

    async def of(self, server: int) -> ServerSettings:
        """The settings of a server; what a later version has set is left out."""
        if (settings := self._kept(server)) is None:
            async with self._lock:
                settings = self._kept(server) or await self._anew(server)
        return settings

    def known(self, server: int) -> ServerSettings | None:
        """The settings of a server as they were last read; None where that is not in memory."""
        return self._read.get(server)

    def _kept(self, server: int) -> ServerSettings | None:
        return self._read.get(server) if server in self._fresh else None

    async def _anew(self, server: int) -> ServerSettings:
        try:
            settings = read(await self._found(server))
        except StorageRefuses:
            if (before := self._read.get(server)) is None:
                raise
            return before
        self._read[server], self._fresh[server] = settings, True
        return settings

    async def change(
        self, server: int, change: Change, seen: Callable[[ServerSettings], ServerSettings] = lambda found: found
    ) -> ServerSettings:
        """Change what is set, as far as it is still to be `seen`, and return what is set then. Raises CannotBeSet."""
        async with self._lock:
            found = {} if change.reset else await self._found(server)
            settings = changed(seen(read(found)), change)
            await self._storage.keep(server, json.dumps({**found, **asdict(settings)}))
            self._read[server], self._fresh[server] = settings, True
            return settings

    async def _found(self, server: int) -> Mapping[str, Any]:
        try:
            found = json.loads(await self._storage.of(server) or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def changed(before: ServerSettings, change: Change) -> ServerSettings:
    """The settings with what is wanted. Raises CannotBeSet."""
    plain = {field.name: getattr(change, field.name, None) for field in fields(ServerSettings)}
    wanted = {name: value for name, value in plain.items() if value is not None}
    not_listed = SettingRule.NOT_LISTED if before.answer_channels else SettingRule.ANSWERS_EVERYWHERE
    answers = _channels(before.answer_channels, change.answer_in, change.no_longer_in, not_listed)
    tries = _channels(before.try_channels, change.try_in, change.no_longer_try_in, SettingRule.NOT_TRIED)
    return replace(before, **wanted, answer_channels=answers, try_channels=tries)


def _channels(before: tuple[int, ...], more: int | None, less: int | None, not_listed: SettingRule) -> tuple[int, ...]:
    if more is not None and more == less:
        raise CannotBeSet(SettingRule.BOTH)
    if less is not None and less not in before:
        raise CannotBeSet(not_listed)
    kept = tuple(one for one in before if one != less)
    if more is None or more in kept:
        return kept
    if len(kept) >= MOST_CHANNELS:
        raise CannotBeSet(SettingRule.TOO_MANY)
    return (*kept, more)


def read(found: Mapping[str, Any]) -> ServerSettings:
    """The settings in what is kept. What this version could not have set itself counts as not set."""
    known = {name: value for name, value in found.items() if name in _FITS and _FITS[name](value)}
    for name in {"answer_channels", "try_channels"} & known.keys():
        known[name] = tuple(known[name])
    return ServerSettings(**known)


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _are_ids(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_id, value))


def _within(low: int, high: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


_FITS: Mapping[str, Callable[[Any], bool]] = {
    "starter_role": _is_id,
    "review_channel": _is_id,
    "answer_channels": _are_ids,
    "try_channels": _are_ids,
    "private_answers": lambda value: isinstance(value, bool),
    "cooldown": _within(0, LONGEST_COOLDOWN),
    "receipt_days": _within(FEWEST_DAYS, MOST_DAYS),
    "zone": is_zone,
    "own_topics_only": lambda value: isinstance(value, bool),
    "reminder_channel": _is_id,
}


class Cooldown:
    """When each did something last. Of more than `most` those not heard of for longest may do it again at once."""

    def __init__(self, most: int = KEPT_MEMBERS) -> None:
        self._last: LRUCache[Hashable, float] = LRUCache(most)

    def __len__(self) -> int:
        return len(self._last)

    def tries(self, who: Hashable, seconds: float, now: float) -> float:
        """Return the seconds still to wait until `who` may do it; where that is 0 it counts as done `now`.

        Trying in vain makes nobody wait longer.
        """
        if seconds <= 0:
            return 0.0
        wait = left(self._last.get(who), seconds, now)
        if not wait:
            self._last[who] = now
        return wait


def left(last: float | None, seconds: float, now: float) -> float:
    """The seconds still to wait at `now`; 0 where it was `seconds` ago or longer, or never."""
    return 0.0 if last is None else max(0.0, last + seconds - now)
