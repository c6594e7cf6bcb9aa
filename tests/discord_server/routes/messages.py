"""Messages in channels."""

from __future__ import annotations

from .. import payloads, permissions, posting
from ..errors import Refusal, refused
from ..forms import Form
from ..model import Channel, Message
from ..posting import Draft
from ..requests import Call
from ..routing import Answer, Routes
from ..world import World
from .places import visible_channel

routes = Routes()
NONCE_LASTS = 300.0  # seconds


def visible_message(world: World, call: Call) -> Message:
    """The message of the path; ephemeral ones are not there for the channel routes."""
    message = visible_channel(world, call).messages.get(call.number("message_id"))
    if message is None or message.seen_by is not None:
        raise refused(Refusal.UNKNOWN_MESSAGE)
    return message


@routes.on("POST", "/channels/{channel_id}/messages")
def create(world: World, call: Call) -> Answer:
    channel = visible_channel(world, call)
    _may_send(world, channel, call)
    _open_thread(world, channel)
    if (before := _same_nonce(world, channel, call)) is not None:
        return 200, payloads.message(before)
    reply_to = _reply_to(world, channel, call)
    message = posting.post(Draft(call.body, call), channel, reply_to=reply_to)
    if message.nonce is not None:
        channel.nonces[message.nonce] = (world.clock.now(), message)
    return 200, payloads.message(message)


def _may_send(world: World, channel: Channel, call: Call) -> None:
    if channel.guild is None:
        person = channel.recipients[0]
        if not person.dms_open or not (person.installed or world.shares_a_guild(person)):
            raise refused(Refusal.DMS_CLOSED)
        return
    needed = ["send_messages"]
    if call.body.get("embeds"):
        needed.append("embed_links")
    if call.files:
        needed.append("attach_files")
    if not permissions.may(channel, world.bot, *needed):
        raise refused(Refusal.MISSING_PERMISSIONS)


def _open_thread(world: World, channel: Channel) -> None:
    """Whoever writes in an archived thread opens it again, unless it is locked."""
    if channel.locked and not permissions.may(channel, world.bot, "manage_threads"):
        raise refused(Refusal.ARCHIVED)
    if channel.archived:
        channel.close(archived=False)


def _same_nonce(world: World, channel: Channel, call: Call) -> Message | None:
    """A message sent twice with an enforced nonce is there once."""
    if not call.body.get("enforce_nonce"):
        return None
    when, message = channel.nonces.get(str(call.body.get("nonce")), (0.0, None))
    return message if world.clock.now() - when <= NONCE_LASTS else None


def _reply_to(world: World, channel: Channel, call: Call) -> Message | None:
    reference = call.body.get("message_reference")
    if not reference:
        return None
    if channel.guild is not None and not permissions.may(channel, world.bot, "read_message_history"):
        raise refused(Refusal.CANNOT_REPLY)
    message = channel.messages.get(int(reference["message_id"]))
    if message is None and reference.get("fail_if_not_exists", True):
        form = Form()
        form.fault(("message_reference",), "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
        form.check(bots_fault=False)  # the member may have deleted it a moment ago
    return message


@routes.on("GET", "/channels/{channel_id}/messages")
def history(world: World, call: Call) -> Answer:
    channel = visible_channel(world, call)
    if channel.guild is not None and not permissions.may(channel, world.bot, "read_message_history"):
        return 200, []
    found = [message for message in channel.messages.values() if message.seen_by is None]
    if "before" in call.query:
        found = [message for message in found if message.id < int(call.query["before"])]
    limit = int(call.query.get("limit", 50))
    if "after" in call.query:
        found = [message for message in found if message.id > int(call.query["after"])][:limit]
    return 200, [payloads.message(message, withheld=True) for message in reversed(found[-limit:])]


@routes.on("GET", "/channels/{channel_id}/messages/{message_id}")
def get(world: World, call: Call) -> Answer:
    channel = visible_channel(world, call)
    if channel.guild is not None and not permissions.may(channel, world.bot, "read_message_history"):
        raise refused(Refusal.MISSING_ACCESS)
    return 200, payloads.message(visible_message(world, call), withheld=True)


@routes.on("PATCH", "/channels/{channel_id}/messages/{message_id}")
def edit(world: World, call: Call) -> Answer:
    message = visible_message(world, call)
    if message.author is not world.bot:
        raise refused(Refusal.NOT_YOUR_MESSAGE)
    locked = message.channel.locked and not permissions.may(message.channel, world.bot, "manage_threads")
    if message.channel.archived or locked:
        raise refused(Refusal.ARCHIVED)
    if call.files and not permissions.may(message.channel, world.bot, "attach_files"):
        raise refused(Refusal.MISSING_PERMISSIONS)
    return 200, payloads.message(posting.edit(Draft(call.body, call), message))


@routes.on("DELETE", "/channels/{channel_id}/messages/{message_id}")
def delete(world: World, call: Call) -> Answer:
    message = visible_message(world, call)
    in_guild = message.channel.guild is not None
    may_manage = in_guild and permissions.may(message.channel, world.bot, "manage_messages")
    if message.author is not world.bot and not may_manage:
        raise refused(Refusal.MISSING_PERMISSIONS)
    posting.delete(message)
    return 204, None
