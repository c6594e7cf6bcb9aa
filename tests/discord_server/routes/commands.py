"""The application's commands, global and of one server."""

from __future__ import annotations

from typing import Any

from ..errors import Refusal, refused
from ..forms.commands import check_command, check_set
from ..requests import Call
from ..routing import Answer, Routes
from ..world import World

routes = Routes()
GLOBAL = "/applications/{application_id}/commands"
LOCAL = "/applications/{application_id}/guilds/{guild_id}/commands"
CHAT_INPUT = 1


def _shelf(world: World, call: Call) -> dict[int, dict[str, Any]]:
    if call.number("application_id") != world.application_id:
        raise refused(Refusal.MISSING_ACCESS)
    guild_id = call.number("guild_id") if "guild_id" in call.ids else None
    if guild_id is not None and guild_id not in world.guilds:
        raise refused(Refusal.MISSING_ACCESS)
    return world.commands.setdefault(guild_id, {})


def _key(command: dict[str, Any]) -> tuple[str, int]:
    return command["name"], command.get("type") or CHAT_INPUT


def _registered(world: World, call: Call, body: dict[str, Any], number: int) -> dict[str, Any]:
    permissions = body.get("default_member_permissions")
    shown: dict[str, Any] = {
        "id": str(number), "application_id": str(world.application_id), "version": str(world.clock.snowflake()),
        "default_member_permissions": None if permissions is None else str(permissions),
        "type": body.get("type") or CHAT_INPUT, "name": body["name"], "description": body.get("description") or "",
        "name_localizations": body.get("name_localizations"), "nsfw": bool(body.get("nsfw")),
        "description_localizations": body.get("description_localizations"),
        "dm_permission": body.get("dm_permission") is not False,
        "contexts": body.get("contexts"), "integration_types": body.get("integration_types") or [0, 1],
    }  # fmt: skip
    if body.get("options"):
        shown["options"] = body["options"]
    if "guild_id" in call.ids:
        shown["guild_id"] = call.ids["guild_id"]
    return shown


def _one(world: World, call: Call) -> dict[str, Any]:
    command = _shelf(world, call).get(call.number("command_id"))
    if command is None:
        raise refused(Refusal.UNKNOWN_COMMAND)
    return command


def listed(world: World, call: Call) -> Answer:
    return 200, list(_shelf(world, call).values())


def replace_all(world: World, call: Call) -> Answer:
    """A command that is known by name and type keeps its id."""
    shelf = _shelf(world, call)
    check_set(call.body)
    call.check_documented()
    known = {_key(command): int(command["id"]) for command in shelf.values()}
    numbers = [known.get(_key(body)) or world.clock.snowflake() for body in call.body]
    fresh = {number: _registered(world, call, body, number) for number, body in zip(numbers, call.body, strict=True)}
    shelf.clear()
    shelf.update(fresh)
    world.changed()
    return 200, list(fresh.values())


def create(world: World, call: Call) -> Answer:
    shelf = _shelf(world, call)
    check_command(call.body)
    call.check_documented()
    known = {_key(command): number for number, command in shelf.items()}
    number = known.get(_key(call.body)) or world.clock.snowflake()
    shelf[number] = _registered(world, call, call.body, number)
    return 200 if _key(call.body) in known else 201, shelf[number]


def get(world: World, call: Call) -> Answer:
    return 200, _one(world, call)


def edit(world: World, call: Call) -> Answer:
    before = _one(world, call)
    body = {**before, **call.body}
    check_command(body)
    shelf = _shelf(world, call)
    shelf[int(before["id"])] = _registered(world, call, body, int(before["id"]))
    return 200, shelf[int(before["id"])]


def delete(world: World, call: Call) -> Answer:
    del _shelf(world, call)[int(_one(world, call)["id"])]
    return 204, None


for _all in (GLOBAL, LOCAL):
    for _method, _handler in (("GET", listed), ("PUT", replace_all), ("POST", create)):
        routes.on(_method, _all)(_handler)
    for _method, _handler in (("GET", get), ("PATCH", edit), ("DELETE", delete)):
        routes.on(_method, _all + "/{command_id}")(_handler)
