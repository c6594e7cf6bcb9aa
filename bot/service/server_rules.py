"""What those who run a server have set for it."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import Enum, auto
from typing import Any, Protocol

from bot.errors import TutorError

MOST_CHANNELS = 25
LONGEST_COOLDOWN = 3600  # seconds
FEWEST_DAYS, MOST_DAYS = 1, 30
KEPT_SERVERS = 10_000  # in memory


@dataclass(frozen=True, slots=True)
class Rules:
    """`starter_role` may start rounds besides moderators; `review_channel` gets what members dispute. Members are
    answered for all to see in `answer_channels` (none: in all), by `/ask` only where answers are not private unless
    asked for; they ask again after `cooldown` seconds. Answers of a round are kept for `receipt_days`."""

    starter_role: int | None = None
    review_channel: int | None = None
    answer_channels: tuple[int, ...] = ()
    private_answers: bool = False
    cooldown: int = 0
    receipt_days: int = 7

    def answers_in(self, places: tuple[int, ...]) -> bool:
        """Whether members are answered for all to see there; `places` are the channel and what it belongs to."""
        return not self.answer_channels or not set(places).isdisjoint(self.answer_channels)


@dataclass(frozen=True, slots=True)
class Change:
    """What someone who runs a server wants set; None leaves it. With `reset` all else goes back to how it was."""

    starter_role: int | None = None
    review_channel: int | None = None
    answer_in: int | None = None
    no_longer_in: int | None = None
    private_answers: bool | None = None
    cooldown: int | None = None
    receipt_days: int | None = None
    reset: bool = False


class Fault(Enum):
    """Why something cannot be set."""

    TOO_MANY = auto()
    ANSWERS_EVERYWHERE = auto()  # there is no channel to take out
    NOT_LISTED = auto()
    BOTH = auto()


class CannotBeSet(TutorError):  # noqa: N818 - reads as what it is
    """Nothing was changed."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.name)
        self.fault = fault


class Kept(Protocol):
    """Where settings are kept."""

    async def of(self, server_id: int) -> str | None:
        """What the server has set, or None."""
        ...

    async def keep(self, server_id: int, settings: str) -> None:
        """In place of what was set before."""
        ...


class ServerRules:
    """Reads and changes them; those read lately stay in memory."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._read: OrderedDict[int, Rules] = OrderedDict()
        self._lock = asyncio.Lock()  # a change reads before it writes

    async def of(self, server: int) -> Rules:
        """Those of a server; what a later version has set is left out."""
        if server not in self._read:
            async with self._lock:
                self._note(server, read(await self._found(server)))
        self._read.move_to_end(server)
        return self._read[server]

    async def change(self, server: int, change: Change, seen: Callable[[Rules], Rules] = lambda rules: rules) -> Rules:
        """Changes them, as far as they are still to be `seen`, and gives what is set then. Raises CannotBeSet."""
        async with self._lock:
            found = {} if change.reset else await self._found(server)
            rules = changed(seen(read(found)), change)
            await self._keep(server, rules, found)
            return rules

    async def _keep(self, server: int, rules: Rules, beside: Mapping[str, Any]) -> None:
        await self._kept.keep(server, json.dumps({**beside, **asdict(rules)}))
        self._note(server, rules)

    async def _found(self, server: int) -> Mapping[str, Any]:
        try:
            found = json.loads(await self._kept.of(server) or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def _note(self, server: int, rules: Rules) -> None:
        self._read[server] = rules
        self._read.move_to_end(server)
        while len(self._read) > KEPT_SERVERS:
            self._read.popitem(last=False)


def changed(before: Rules, change: Change) -> Rules:
    """The rules with what is wanted. Raises CannotBeSet."""
    plain = {field.name: getattr(change, field.name, None) for field in fields(Rules)}
    wanted = {name: value for name, value in plain.items() if value is not None}
    channels = _channels(before.answer_channels, change.answer_in, change.no_longer_in)
    return replace(before, **wanted, answer_channels=channels)


def _channels(before: tuple[int, ...], more: int | None, less: int | None) -> tuple[int, ...]:
    if more is not None and more == less:
        raise CannotBeSet(Fault.BOTH)
    if less is not None and less not in before:
        raise CannotBeSet(Fault.NOT_LISTED if before else Fault.ANSWERS_EVERYWHERE)
    kept = tuple(one for one in before if one != less)
    if more is None or more in kept:
        return kept
    if len(kept) >= MOST_CHANNELS:
        raise CannotBeSet(Fault.TOO_MANY)
    return (*kept, more)


def read(found: Mapping[str, Any]) -> Rules:
    """The rules in what is kept. What this version could not have set itself counts as not set."""
    known = {name: value for name, value in found.items() if name in _FITS and _FITS[name](value)}
    if "answer_channels" in known:
        known["answer_channels"] = tuple(known["answer_channels"])
    return Rules(**known)


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _within(low: int, high: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


_FITS: Mapping[str, Callable[[Any], bool]] = {
    "starter_role": _is_id,
    "review_channel": _is_id,
    "answer_channels": lambda value: isinstance(value, list) and all(map(_is_id, value)),
    "private_answers": lambda value: isinstance(value, bool),
    "cooldown": _within(0, LONGEST_COOLDOWN),
    "receipt_days": _within(FEWEST_DAYS, MOST_DAYS),
}
