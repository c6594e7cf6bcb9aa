"""What of a server's description could not be read: it is left out, and remembered.

discord.py 2.7 makes a server in one go (`Guild._from_data`): one channel, role or thread that it cannot read, and there
is no server. What can be read of it makes a server too. But then a channel that is not in the cache need not be gone,
and a role that is not there may have given the bot its rights: whoever concludes something from what is missing asks
here first.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import discord
from discord.state import ConnectionState

State = ConnectionState[Any]
Json = Mapping[str, Any]

# The lists in the description of a server, those that are needed most first, and what one of each is called.
KINDS = {
    "roles": "role",
    "channels": "channel",
    "members": "member",
    "threads": "thread",
    "stage_instances": "stage",
    "guild_scheduled_events": "scheduled event",
    "voice_states": "voice state",
    "emojis": "emoji",
    "stickers": "sticker",
    "soundboard_sounds": "sound",
    "presences": "presence",
}
OVERWRITES = "permission overwrites"  # of a channel
_LONGEST_ID = 19  # digits, of 63 bits
_IDS = ("id", "sound_id", "user_id")  # where a part has its own
_NEEDED = {"GUILD_CREATE": ("roles", "channels", "members"), "GUILD_UPDATE": ("roles",)}


class Unread(NamedTuple):
    """Something that was left out."""

    kind: str
    id: int | None  # None: all of that kind, or one whose id cannot be read
    why: str


@dataclass
class LeftOut:
    """What was left out of one server."""

    parts: set[tuple[str, int | None]] = field(default_factory=set)

    def has(self, kind: str, number: int | None) -> bool:
        """Whether that one was, or may have been, left out."""
        return (kind, number) in self.parts or (kind, None) in self.parts

    def any(self, kind: str) -> bool:
        """Whether one of that kind was."""
        return any(one == kind for one, _ in self.parts)


_REMEMBERED: WeakKeyDictionary[State, dict[int, LeftOut]] = WeakKeyDictionary()


def of(guild: discord.Guild) -> LeftOut:
    """What was left out of a server."""
    return _REMEMBERED.get(guild._state, {}).get(guild.id) or LeftOut()


def kept(state: State, server: int) -> LeftOut:
    """The same, to be added to."""
    return _REMEMBERED.setdefault(state, {}).setdefault(server, LeftOut())


def forgotten(state: State, server: int) -> None:
    """Nothing of that server is left out any more."""
    _REMEMBERED.get(state, {}).pop(server, None)


def rights_unknown(channel: discord.abc.GuildChannel | discord.Thread) -> bool:
    """Whether nobody here can say what the bot may do in a channel; Discord will say it."""
    guild = channel.guild
    around = channel.parent_id if isinstance(channel, discord.Thread) else channel.id
    left = of(guild)
    unread = left.any("role") or left.has("member", guild._state.self_id) or left.has(OVERWRITES, around)
    return unread or guild.me is None or guild.default_role is None


def named(fault: BaseException, within: object) -> str:
    """What was wrong, for the log: the key that is missing, else the kind of fault and where the library met it.

    Nothing that stands in the data is shown: a KeyError may also be about a value of it.
    """
    kind, key = type(fault).__name__, next(iter(getattr(fault, "__notes__", ())), None)
    if isinstance(fault, KeyError) and fault.args:
        key = fault.args[0]
    elif isinstance(fault, AttributeError):
        key = fault.name
    told = f"{kind} {key!r}" if isinstance(key, str) and key.isidentifier() and key not in _texts(within) else kind
    if told != kind and not isinstance(fault, AttributeError):
        return told
    place = ""
    trace = fault.__traceback__
    while trace is not None:
        place = f" in {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return told + place


def about(key: str, fault: BaseException) -> BaseException:
    """A fault with the key that it is about, for `named`."""
    fault.add_note(key)
    return fault


def _texts(data: object) -> set[str]:
    """All that is said in some data; not its keys."""
    found, waiting = set(), [data]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            found.add(one)
        elif isinstance(one, Mapping):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return found


def id_of(data: object) -> int | None:
    """The id of a part, if it can be read."""
    for key in _IDS:
        if isinstance(data, Mapping) and key in data:
            return number_in(data[key])
    user = data.get("user") if isinstance(data, Mapping) else None
    return number_in(user.get("id")) if isinstance(user, Mapping) else None


def number_in(value: object) -> int | None:
    """An id as Discord writes it; None where it is none."""
    known = isinstance(value, int) and not isinstance(value, bool)
    if not known and not (isinstance(value, str) and value.isdecimal() and len(value) <= _LONGEST_ID):
        return None
    number = int(value)  # type: ignore[call-overload]
    return number if 0 <= number < 2**63 else None


def rights(role: Any) -> int:
    """What a role allows. Raises KeyError, TypeError or ValueError: discord.py takes a role that does not say so for
    one that allows nothing."""
    return int(role["permissions"])


def is_whole(event: str, data: Any) -> bool:
    """Whether the description says all that must not be taken for empty where it is missing."""
    if any(not isinstance(data.get(key), list) for key in _NEEDED[event]):
        return False
    try:
        for role in data["roles"]:
            rights(role)
    except (KeyError, TypeError, ValueError):
        return False
    return True


def readable(state: State, event: str, data: Json) -> tuple[dict[str, Any], list[Unread]]:
    """As much of the description of a server as can be read, and what was left out.

    Raises whatever its id raises where not even that can be read.
    """
    bare = {"id": data["id"]}
    discord.Guild(data=bare, state=state)  # type: ignore[arg-type]
    clean: dict[str, Any] = dict(bare)
    left: list[Unread] = []
    for key in data.keys() - KINDS.keys():
        if fault := _fault(state, {**bare, key: data[key]}):
            left.append(Unread(f"its key {key!r}", None, fault))
        else:
            clean[key] = data[key]
    for key, kind in KINDS.items():
        if isinstance(data.get(key), list):
            around = {**bare, "members": clean["members"]} if key == "presences" and "members" in clean else bare
            parts = _each(state, around, key, data[key])
            clean[key] = [one for one, fault in parts if fault is None]
            left += [Unread(kind, id_of(one), fault) for one, fault in parts if fault is not None]
        elif key in data or key in _NEEDED[event]:
            why = f"{type(data[key]).__name__} instead of a list" if key in data else f"KeyError {key!r}"
            left.append(Unread(kind, None, why))
    for key in reversed(KINDS):  # each part for itself can be read, and still not all together
        if (fault := _fault(state, clean)) is None:
            break
        left.append(Unread(KINDS[key], None, fault))
        clean.pop(key, None)
    return clean, left


def _each(state: State, around: Json, key: str, parts: list[Any]) -> list[tuple[Any, str | None]]:
    """Each part with what keeps discord.py from reading it: by halves, since most of thousands are sound."""
    fault = _fault(state, {**around, key: parts})
    if fault is None or len(parts) < 2:
        return [(one, fault) for one in parts]
    half = len(parts) // 2
    return [*_each(state, around, key, parts[:half]), *_each(state, around, key, parts[half:])]


def _fault(state: State, data: dict[str, Any]) -> str | None:
    """What keeps discord.py from making a server of that; None: nothing."""
    try:
        for role in data.get("roles", ()):
            rights(role)
        discord.Guild(data=data, state=state)  # type: ignore[arg-type]
    except Exception as fault:
        return named(fault, data)
    return None


@contextlib.contextmanager
def unchanged(thing: object) -> Iterator[None]:
    """Inside, a thing of discord.py's cache is updated; where that fails halfway, it is again as it was before.

    Relies on that those things keep all of themselves in slots.
    """
    slots = [slot for kind in type(thing).__mro__ for slot in _slots(kind)]
    before = {slot: getattr(thing, slot) for slot in slots if hasattr(thing, slot)}
    try:
        yield
    except Exception:
        for slot, value in before.items():
            setattr(thing, slot, value)
        raise


def _slots(kind: type) -> Iterable[str]:
    slots = vars(kind).get("__slots__", ())
    return [slot for slot in ([slots] if isinstance(slots, str) else slots) if slot != "__weakref__"]
