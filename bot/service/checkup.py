"""What may keep the tutor from working in one server, as plain values: looked up by a door, told by `words.checkup`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that was looked at."""

    check: str  # what of: "permissions", "commands" ...
    status: Status
    message: str  # what was seen
    advice: str = ""  # the one thing to do; empty where nothing is


@dataclass(frozen=True, slots=True)
class Lacking:
    """Permissions that the bot lacks in some channels."""

    permissions: tuple[str, ...]  # named as in `words.discord.PERMISSIONS`
    channels: tuple[str, ...]  # as they are shown
    role: bool  # its role lacks them; otherwise the permissions of these channels deny them


@dataclass(frozen=True, slots=True)
class ServerSeen:
    """What Discord says of a server."""

    name: str  # as it is shown
    channels: int  # in which members can write
    usable: int  # of these, in which the bot can answer
    lacking: tuple[Lacking, ...] = ()
    review: str = ""  # the channel for reviews, as it is shown; empty: none is set
    review_lacking: tuple[str, ...] = ()  # permissions to post there
    reminders: str = ""  # the channel for the button that reminds of reviews, likewise
    reminders_lacking: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()  # what is set and no longer there, by the names of the options: "review_channel" ...
    everywhere: bool = True  # members are answered in all channels: none is set that is still there
    commands: tuple[str, ...] | None = ()  # those that Discord has not, or otherwise; None: that could not be looked at


@dataclass(frozen=True, slots=True)
class HostSeen:
    """What the database says of the processes that serve Discord."""

    shard: str  # the one that serves the server: "k/N"
    served: bool  # whether a process has that shard
    holder: str = ""  # which; for those who host it alone
    others: int = 0  # processes that teach something else than this one, or than the files
    refuses: bool = False  # the storage cannot be written or read
    twin: bool = False  # another process with the same token was seen lately


def grouped(found: Iterable[tuple[str, Sequence[str], bool]]) -> tuple[Lacking, ...]:
    """The channels by what is lacking in them and why: what the role lacks first, then most channels first.

    `found` has of each channel how it is shown, what is lacking there, and whether it is the role that lacks it.
    """
    groups: dict[tuple[tuple[str, ...], bool], list[str]] = {}
    for channel, names, role in found:
        if names:
            groups.setdefault((tuple(names), role), []).append(channel)
    made = [Lacking(names, tuple(channels), role) for (names, role), channels in groups.items()]
    return tuple(sorted(made, key=lambda one: (not one.role, -len(one.channels))))
