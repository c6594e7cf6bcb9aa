"""Servers, channels, members, and opening a direct conversation."""

from __future__ import annotations

from .. import payloads, permissions
from ..errors import Refusal, refused
from ..forms import Form
from ..model import ANNOUNCEMENT, ANNOUNCEMENT_THREAD, DM, TEXT, THREAD, Channel, Guild
from ..requests import Call
from ..routing import Answer, Routes
from ..world import World

routes = Routes()
PRIVATE_THREAD = 12


def visible_channel(world: World, call: Call) -> Channel:
    """The channel of the path, if the bot is let in. Raises 404/10003 or 403/50001."""
    channel = world.channels.get(call.number("channel_id"))
    if channel is None:
        raise refused(Refusal.UNKNOWN_CHANNEL)
    if not world.bot_hears(channel):
        raise refused(Refusal.MISSING_ACCESS)
    return channel


def joined_guild(world: World, call: Call) -> Guild:
    guild = world.guilds.get(call.number("guild_id"))
    if guild is None:
        raise refused(Refusal.UNKNOWN_GUILD)
    if not guild.has_bot:
        raise refused(Refusal.MISSING_ACCESS)
    return guild


@routes.on("GET", "/guilds/{guild_id}")
def guild(world: World, call: Call) -> Answer:
    return 200, payloads.guild(joined_guild(world, call))


@routes.on("GET", "/guilds/{guild_id}/channels")
def channels(world: World, call: Call) -> Answer:
    found = joined_guild(world, call).channels.values()
    return 200, [payloads.channel(each) for each in found]


@routes.on("GET", "/guilds/{guild_id}/members/{user_id}")
def member(world: World, call: Call) -> Answer:
    found = joined_guild(world, call).members.get(call.number("user_id"))
    if found is None:
        raise refused(Refusal.UNKNOWN_MEMBER)
    return 200, payloads.full_member(found)


@routes.on("GET", "/users/@me/guilds")
def own_guilds(world: World, call: Call) -> Answer:
    allowed = {each.id: permissions.in_guild(each, world.bot) for each in world.guilds.values() if each.has_bot}
    joined = [payloads.guild(world.guilds[number]) for number in allowed]
    keys = ("id", "name", "icon", "features")
    return 200, [
        {
            **{key: each[key] for key in keys},
            "owner": False,
            "permissions": str(allowed[int(each["id"])]),
            "banner": None,
        }
        for each in joined
    ]


@routes.on("DELETE", "/users/@me/guilds/{guild_id}")
def leave(world: World, call: Call) -> Answer:
    world.leave(joined_guild(world, call))
    return 204, None


@routes.on("GET", "/channels/{channel_id}")
def channel(world: World, call: Call) -> Answer:
    return 200, payloads.channel(visible_channel(world, call))


@routes.on("POST", "/channels/{channel_id}/threads")
def open_thread(world: World, call: Call) -> Answer:
    """A thread without a message."""
    place = visible_channel(world, call)
    if place.parent is not None or place.type not in (TEXT, ANNOUNCEMENT):
        raise refused(Refusal.NOT_IN_THIS_CHANNEL)
    if not permissions.may(place, world.bot, "create_public_threads"):
        raise refused(Refusal.MISSING_PERMISSIONS)
    form = Form()
    if form.required(("name",), call.body.get("name")):
        form.length(("name",), call.body["name"], 1, 100)
    if call.body.get("type", PRIVATE_THREAD) != (ANNOUNCEMENT_THREAD if place.type == ANNOUNCEMENT else THREAD):
        form.fault(("type",), "CHANNEL_TYPE", "This server has public threads only.")
    form.check()
    call.check_documented()
    return 201, payloads.channel(place.add_thread(call.body["name"]))


@routes.on("PATCH", "/channels/{channel_id}")
def change_thread(world: World, call: Call) -> Answer:
    """Only what is needed here: an archived thread is opened again."""
    place = visible_channel(world, call)
    if place.parent is None:
        raise refused(Refusal.MISSING_PERMISSIONS)
    if set(call.body) != {"archived"} or not permissions.may(place, world.bot, "send_messages"):
        raise refused(Refusal.MISSING_PERMISSIONS)
    if place.locked and not permissions.may(place, world.bot, "manage_threads"):
        raise refused(Refusal.ARCHIVED)
    call.check_documented()
    place.close(archived=call.body["archived"])
    return 200, payloads.channel(place)


@routes.on("POST", "/channels/{channel_id}/typing")
def typing(world: World, call: Call) -> Answer:
    place = visible_channel(world, call)
    if place.type != DM and not permissions.may(place, world.bot, "send_messages"):
        raise refused(Refusal.MISSING_PERMISSIONS)
    return 204, None


@routes.on("GET", "/users/{user_id}")
def user(world: World, call: Call) -> Answer:
    found = world.users.get(call.number("user_id"))
    if found is None:
        raise refused(Refusal.UNKNOWN_USER)
    return 200, payloads.user(found)


@routes.on("POST", "/users/@me/channels")
def open_dm(world: World, call: Call) -> Answer:
    """Opening works also where the person takes no messages; sending is what fails then."""
    found = world.users.get(int(call.body["recipient_id"]))
    if found is None or found is world.bot:
        raise refused(Refusal.DMS_CLOSED if found else Refusal.UNKNOWN_USER)
    return 200, payloads.channel(world.dm_channel(found))
