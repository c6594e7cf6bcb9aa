"""Slash and message commands from the member's side: which they see, and the options they fill in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import payloads, permissions, using
from .model import Channel, Interaction, Message, Role, User
from .names import CannotUse
from .people import Person
from .routes.interactions import AUTOCOMPLETE, COMMAND

SLASH, ON_MESSAGE = 1, 3
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, NUMBER = 1, 2, 3, 4, 5, 6, 7, 8, 10
PYTHON_TYPES: dict[int, tuple[type, ...]] = {
    STRING: (str,), INTEGER: (int,), BOOLEAN: (bool,), USER: (User,), CHANNEL: (Channel,), ROLE: (Role,),
    NUMBER: (int, float),
}  # fmt: skip
Json = dict[str, Any]


@dataclass
class Usage:
    """One command as one member is about to use it in one channel."""

    person: Person
    channel: Channel
    command: Json
    path: list[str]  # names of the subcommands, outermost first
    owners: dict[str, str]

    @classmethod
    def find(cls, person: Person, written: str, channel: Channel) -> Usage:
        """`written` is "/quiz start" or the name of a message command. Raises CannotUse if it is not offered."""
        slash = written.startswith("/")
        name, *path = written[1:].split(" ") if slash else [written]
        wanted = name, SLASH if slash else ON_MESSAGE
        guild_id = channel.guild.id if channel.guild else None
        shelves = [person.world.commands.get(guild_id, {}) if guild_id else {}, person.world.commands[None]]
        for command in (command for shelf in shelves for command in shelf.values()):
            if (command["name"], command["type"]) == wanted:
                return cls(person, channel, command, path, _offered(person, channel, command))
        known = sorted(command["name"] for shelf in shelves for command in shelf.values())
        raise CannotUse(f"no command {written!r}; registered: {known}")

    def send(self, given: Json) -> Interaction:
        declared = self._declared()
        missing = [each["name"] for each in declared if each.get("required") and each["name"] not in given]
        if missing:
            raise CannotUse(f"{self.command['name']} needs {missing}")
        filled = [_filled(declared, name, value) for name, value in given.items()]
        resolved = _resolved(self.person, self.channel, list(given.values()))
        return self._send(COMMAND, self._nest(filled), **({"resolved": resolved} if resolved else {}))

    def send_typing(self, given: Json, focused: str) -> Interaction:
        declared = self._declared()
        if not _option(declared, focused).get("autocomplete"):
            raise CannotUse(f"option {focused!r} suggests nothing while typing")
        filled = [_typed(declared, name, value, name == focused) for name, value in given.items()]
        return self._send(AUTOCOMPLETE, self._nest(filled))

    def send_on(self, message: Message) -> Interaction:
        resolved = {"messages": {str(message.id): payloads.message(message)}}
        return self._send(COMMAND, None, target_id=str(message.id), resolved=resolved)

    def _send(self, kind: int, options: list[Json] | None, **more: Any) -> Interaction:
        data: Json = {"id": self.command["id"], "name": self.command["name"], "type": self.command["type"], **more}
        if options:
            data["options"] = options
        if "guild_id" in self.command:
            data["guild_id"] = self.command["guild_id"]
        return using.send(self.person, kind, self.channel, data, owners=self.owners)

    def _declared(self) -> list[Json]:
        """The options of the innermost subcommand."""
        options = self.command.get("options") or []
        for name in self.path:
            options = _option(options, name).get("options") or []
        if any(option["type"] in (SUBCOMMAND, GROUP) for option in options):
            raise CannotUse(f"/{self.command['name']} needs a subcommand of {[option['name'] for option in options]}")
        return options

    def _nest(self, filled: list[Json]) -> list[Json]:
        for depth, name in reversed(list(enumerate(self.path))):
            kind = SUBCOMMAND if depth == len(self.path) - 1 else GROUP
            filled = [{"name": name, "type": kind, "options": filled}]
        return filled


def _offered(person: Person, channel: Channel, command: Json) -> dict[str, str]:
    """Who authorised the use. Raises CannotUse where Discord would not show the command."""
    contexts = command.get("contexts")
    if contexts is not None and using.context(channel) not in contexts:
        raise CannotUse(f"{command['name']} is not offered in {channel}: contexts {contexts}")
    if contexts is None and not command["dm_permission"] and channel.guild is None:
        raise CannotUse(f"{command['name']} is not offered in direct messages")
    installs = {str(kind) for kind in command["integration_types"]}
    by = {kind: owner for kind, owner in using.owners(person, channel).items() if kind in installs}
    if not by:
        raise CannotUse(f"{command['name']} is not installed for {person} in {channel}: {sorted(installs)}")
    if channel.guild is not None:
        _check_permissions(person, channel, command)
    return by


def _check_permissions(person: Person, channel: Channel, command: Json) -> None:
    if not permissions.may(channel, person, "view_channel", "use_application_commands"):
        raise CannotUse(f"{person} may not use commands in {channel}")
    needed = command["default_member_permissions"]
    held = permissions.in_channel(channel, person)
    if needed is not None and held != permissions.ALL and (int(needed) == 0 or held & int(needed) != int(needed)):
        raise CannotUse(f"{person} is not offered {command['name']}: it needs permissions {needed}")


def _option(declared: list[Json], name: str) -> Json:
    for option in declared:
        if option["name"] == name:
            return option
    raise CannotUse(f"no option {name!r} among {[option['name'] for option in declared]}")


def _filled(declared: list[Json], name: str, value: Any) -> Json:
    option = _option(declared, name)
    for choice in option.get("choices") or ():
        if value in (choice["name"], choice["value"]):
            return {"name": name, "type": option["type"], "value": choice["value"]}
    if option.get("choices"):
        raise CannotUse(f"{value!r} is no choice of {name!r}: {option['choices']}")
    _check_value(option, value)
    sent = str(value.id) if isinstance(value, (User, Channel, Role)) else value
    return {"name": name, "type": option["type"], "value": sent}


def _check_value(option: Json, value: Any) -> None:
    expected = PYTHON_TYPES.get(option["type"], (object,))
    if not isinstance(value, expected) or (isinstance(value, bool) and bool not in expected and object not in expected):
        raise CannotUse(f"option {option['name']!r} takes {expected}, not {value!r}")
    kinds = option.get("channel_types")
    if isinstance(value, Channel) and kinds and value.type not in kinds:
        raise CannotUse(f"option {option['name']!r} takes channels of the types {kinds}, not {value}")
    size = len(value) if isinstance(value, str) else value
    low = option.get("min_length" if isinstance(value, str) else "min_value")
    high = option.get("max_length" if isinstance(value, str) else "max_value", 6000 if isinstance(value, str) else None)
    if (low is not None and size < low) or (high is not None and size > high):
        raise CannotUse(f"option {option['name']!r} takes {low} to {high}, not {value!r}")


def _typed(declared: list[Json], name: str, value: Any, focused: bool) -> Json:
    """While typing nothing is checked, and numbers may be half written."""
    typed = {"name": name, "type": _option(declared, name)["type"], "value": str(value) if focused else value}
    return typed | ({"focused": True} if focused else {})


def _resolved(person: Person, channel: Channel, values: list[Any]) -> Json:
    """What the ids in options stand for; of a channel with the permissions of who uses the command."""
    resolved: Json = {}
    for value in values:
        if isinstance(value, User):
            resolved.setdefault("users", {})[str(value.id)] = payloads.user(value)
            if channel.guild is not None and value.id in channel.guild.members:
                member = {**payloads.member(channel.guild.members[value.id]), "permissions": "0"}
                resolved.setdefault("members", {})[str(value.id)] = member
        elif isinstance(value, Channel):
            resolved.setdefault("channels", {})[str(value.id)] = payloads.interaction_channel(value, person)
        elif isinstance(value, Role) and channel.guild is not None:
            resolved.setdefault("roles", {})[str(value.id)] = payloads.placed_role(channel.guild, value)
    return resolved
