"""What a member may do in a channel, worked out as Discord documents it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from discord import Permissions

if TYPE_CHECKING:
    from .model import Channel, Guild, User

BITS: dict[str, int] = dict(Permissions.VALID_FLAGS)
ALL = Permissions.all().value
EVERYONE_BY_DEFAULT = (
    "view_channel", "send_messages", "send_messages_in_threads", "create_public_threads", "embed_links",
    "attach_files", "add_reactions", "read_message_history", "use_external_emojis",
    "use_application_commands", "use_external_apps", "change_nickname", "create_instant_invite",
)  # fmt: skip
FOR_APPS_OUTSIDE = ("attach_files", "embed_links", "mention_everyone", "use_external_emojis")


def bits(names: Iterable[str] | Permissions | int) -> int:
    """The bit field for permission names such as "send_messages"."""
    if isinstance(names, int):
        return names
    if isinstance(names, Permissions):
        return names.value
    if isinstance(names, str):
        names = [names]
    total = 0
    for name in names:
        total |= BITS[name]
    return total


def in_guild(guild: Guild, user: User) -> int:
    """Permissions from roles alone."""
    if guild.owner is user:
        return ALL
    member = guild.members[user.id]
    total = guild.everyone.permissions
    for role in member.roles:
        total |= role.permissions
    return ALL if total & BITS["administrator"] else total


def in_channel(channel: Channel, user: User) -> int:
    """Permissions with the channel's overwrites; 0 for who cannot see the channel."""
    guild, channel = channel.guild, channel.parent or channel
    if guild is None:
        return ALL
    if user.id not in guild.members:
        return 0
    base = in_guild(guild, user)
    if base == ALL:
        return ALL
    return _implied(_overwritten(channel, guild, user, base))


def _overwritten(channel: Channel, guild: Guild, user: User, base: int) -> int:
    allow, deny = channel.overwrites.get(guild.id, (0, 0))
    base = base & ~deny | allow
    allow = deny = 0
    for role in guild.members[user.id].roles:
        more_allow, more_deny = channel.overwrites.get(role.id, (0, 0))
        allow, deny = allow | more_allow, deny | more_deny
    base = base & ~deny | allow
    allow, deny = channel.overwrites.get(user.id, (0, 0))
    return base & ~deny | allow


def _implied(total: int) -> int:
    if not total & BITS["view_channel"]:
        return 0
    if not total & BITS["send_messages"]:
        total &= ~bits(("mention_everyone", "send_tts_messages", "attach_files", "embed_links"))
    return total


def may(channel: Channel, user: User, *names: str) -> bool:
    in_thread = channel.parent is not None
    wanted = bits("send_messages_in_threads" if in_thread and name == "send_messages" else name for name in names)
    return in_channel(channel, user) & wanted == wanted
