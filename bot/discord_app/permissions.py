"""Which permissions the bot needs where, and which of them it lacks."""

from collections.abc import Iterable

import discord

from bot.words.discord import PERMISSIONS

# A reply refers to the message it answers, and Discord lets only those do that who may read the history.
NEEDED = ("view_channel", "send_messages", "read_message_history")
NEEDED_FOR_A_THREAD = ("view_channel", "create_public_threads", "send_messages_in_threads", "read_message_history")
NEEDED_IN_THREADS = ("view_channel", "send_messages_in_threads", "read_message_history")


def lacking_of(permissions: discord.Permissions, in_thread: bool = False) -> list[str]:
    """The names (as in `words.PERMISSIONS`) of what is needed and not there."""
    return _missing(permissions, NEEDED_IN_THREADS if in_thread else NEEDED)


def lacking_for_a_thread(permissions: discord.Permissions) -> list[str]:
    """What is missing in a channel to open a thread there and to write in it."""
    return _missing(permissions, NEEDED_FOR_A_THREAD)


def lacking_in(channel: object) -> list[str]:
    """What the bot lacks in a channel it was spoken to in; nothing where there are no permissions (DMs)."""
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return []
    try:
        return lacking_of(channel.permissions_for(channel.guild.me), isinstance(channel, discord.Thread))
    except discord.ClientException:  # a thread whose channel the bot does not see: Discord will say what it thinks
        return []


def lacking_to_post(channel: object) -> list[str]:
    """What the bot lacks of what it cannot post without in a channel."""
    return [name for name in lacking_in(channel) if name != "read_message_history"]


class LacksPermission(Exception):  # noqa: N818 - what is found, before Discord has to say it
    """The bot may not answer there."""


def require(channel: object) -> None:
    """Raises LacksPermission where the bot may not answer."""
    if lacking := lacking_in(channel):
        raise LacksPermission(", ".join(lacking))


def lacking_anywhere(permissions: discord.Permissions) -> list[str]:
    """What the bot lacks of all it can say the name of, for the greeting."""
    return _missing(permissions, PERMISSIONS)


def _missing(permissions: discord.Permissions, needed: Iterable[str]) -> list[str]:
    return [name for name in needed if not getattr(permissions, name)]
