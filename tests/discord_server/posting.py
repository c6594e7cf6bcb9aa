"""Messages of the bot come to be, change and go: what the message, callback and webhook routes share."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass
from typing import Any

from . import permissions
from .echo import echoed
from .errors import Refusal, refused
from .forms.components import each
from .forms.message import check_message
from .model import COMPONENTS_V2, EPHEMERAL, LOADING, Attachment, Channel, Guild, Interaction, Message, Role, User
from .requests import Call
from .world import World

MAY_SET = 1 << 2 | 1 << 12 | COMPONENTS_V2  # suppress embeds, silent, components
REPLY = 19  # a message type
LARGEST_UPLOAD = 10 * 1024 * 1024  # bytes
MENTION = re.compile(r"<@!?(\d+)>")
ROLE_MENTION = re.compile(r"<@&(\d+)>")


@dataclass
class Draft:
    """A message body with the files that came along. `root` is where the body stands in the request."""

    body: dict[str, Any]
    call: Call
    root: tuple[str, ...] = ()


def post(
    draft: Draft,
    channel: Channel,
    interaction: Interaction | None = None,
    *,
    hidden: bool = False,
    reply_to: Message | None = None,
    kind: int = 0,
) -> Message:
    """A new message of the bot; `hidden` is ephemeral. The bot's permissions are the caller's business."""
    world, body = channel.world, draft.body
    uploaded = _uploaded(draft, world)
    check_message(body, {file.filename for file in uploaded}, draft.root)
    draft.call.check_documented()
    message = Message(world.clock.snowflake(), channel, world.bot, world.clock.now(), interaction=interaction)
    message.flags, message.reply_to = (body.get("flags") or 0) & MAY_SET, reply_to
    message.type = REPLY if reply_to is not None else kind
    message.nonce = None if body.get("nonce") is None else str(body["nonce"])
    if hidden and interaction is not None:
        message.flags |= EPHEMERAL
        message.seen_by = interaction.user
    _fill(message, body, uploaded)
    add(message)
    return message


def loading(interaction: Interaction, *, hidden: bool) -> Message:
    """The "is thinking..." message of a deferred response."""
    world = interaction.channel.world
    message = Message(
        world.clock.snowflake(), interaction.channel, world.bot, world.clock.now(), interaction=interaction
    )
    message.flags = LOADING | (EPHEMERAL if hidden else 0)
    message.seen_by = interaction.user if hidden else None
    add(message)
    return message


def add(message: Message) -> None:
    message.channel.messages[message.id] = message
    world = message.channel.world
    if message.author is world.bot:
        world.said.append(message)
    world.tell_message("MESSAGE_CREATE", message)


def edit(draft: Draft, message: Message) -> Message:
    world, body = message.channel.world, draft.body
    uploaded = _uploaded(draft, world)
    kept = _kept(body, message)
    check_message(body, {file.filename for file in [*uploaded, *kept]}, draft.root, message)
    draft.call.check_documented()
    was_loading = bool(message.flags & LOADING)  # then this is the first text, not an edit
    message.flags = message.flags & ~LOADING | (body.get("flags") or 0) & MAY_SET
    message.attachments = kept
    _fill(message, body, uploaded)
    if not was_loading:
        message.edited = world.clock.now()
        message.edits += 1
    if message not in world.said:
        world.said.append(message)
    world.tell_message("MESSAGE_UPDATE", message)
    return message


def delete(message: Message) -> None:
    message.deleted = True
    message.channel.messages.pop(message.id, None)
    message.channel.world.tell_message("MESSAGE_DELETE", message)


EVERYONE = re.compile(r"@(?:everyone|here)\b")


def mentioned(world: World, content: str) -> list[User]:
    ids = dict.fromkeys(int(found) for found in MENTION.findall(content))
    return [world.users[number] for number in ids if number in world.users]


def mentioned_roles(guild: Guild | None, content: str) -> list[Role]:
    ids = dict.fromkeys(int(found) for found in ROLE_MENTION.findall(content)) if guild else {}
    return [guild.roles[number] for number in ids if number in guild.roles] if guild else []


def _fill(message: Message, body: dict[str, Any], uploaded: list[Attachment]) -> None:
    world = message.channel.world
    message.attachments = [*message.attachments, *uploaded]
    if "content" in body:
        message.content = (body["content"] or "").strip()
    if "embeds" in body:
        message.embeds = [{"type": "rich", **embed} for embed in body["embeds"] or []]
    if "components" in body:
        message.components = echoed(message, body["components"] or [])
    text = message.content + "\n".join(one.get("content") or "" for _, one in each(message.components))
    allowed = body.get("allowed_mentions")
    message.mentions = _pinged(world, text, allowed, message.reply_to)
    if message.author is world.bot and message.id not in message.channel.messages:  # an edit calls nobody
        message.role_mentions = _called(message, text, allowed)
        everyone = allowed is None or "everyone" in allowed.get("parse", ())
        message.calls_everyone = everyone and EVERYONE.search(text) is not None and _may_call_all(message)


def _pinged(world: World, text: str, allowed: dict[str, Any] | None, reply_to: Message | None) -> list[User]:
    """Whom the message pings, as far as `allowed_mentions` lets it."""
    found = mentioned(world, text)
    if allowed is not None and "users" not in allowed.get("parse", ()):
        listed = {int(number) for number in allowed.get("users") or ()}
        found = [user for user in found if user.id in listed]
    pings_author = reply_to is not None and (allowed is None or allowed.get("replied_user", False))
    return [*found, reply_to.author] if pings_author and reply_to and reply_to.author not in found else found


def _called(message: Message, text: str, allowed: dict[str, Any] | None) -> list[Role]:
    """The roles that a message of the bot's pings: those that it may mention, as far as `allowed_mentions` lets it."""
    found = mentioned_roles(message.channel.guild, text)
    if allowed is not None and "roles" not in allowed.get("parse", ()):
        listed = {int(number) for number in allowed.get("roles") or ()}
        found = [role for role in found if role.id in listed]
    return [role for role in found if role.mentionable or _may_call_all(message)]


def _may_call_all(message: Message) -> bool:
    return bool(permissions.in_channel(message.channel, message.author) & permissions.BITS["mention_everyone"])


def _uploaded(draft: Draft, world: World) -> list[Attachment]:
    described = {str(each["id"]): each for each in draft.body.get("attachments") or []}
    files = []
    for field, (filename, _, data) in draft.call.files.items():
        if len(data) > LARGEST_UPLOAD:
            raise refused(Refusal.TOO_LARGE)
        about = described.get(field.removeprefix("files[").removesuffix("]"), {})
        guessed = mimetypes.guess_type(filename)[0] or "application/octet-stream"
        files.append(Attachment(world.clock.snowflake(), filename, data, about.get("description"), guessed))
    return files


def _kept(body: dict[str, Any], message: Message) -> list[Attachment]:
    """Attachments that an edit leaves in place: all, unless it lists those to keep."""
    if body.get("attachments") is None:
        return [] if "attachments" in body else list(message.attachments)
    listed = {str(each["id"]) for each in body["attachments"]}
    return [file for file in message.attachments if str(file.id) in listed]
