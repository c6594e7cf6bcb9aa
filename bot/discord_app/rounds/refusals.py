"""What Discord's refusals mean for a round: its place is gone, it may work later, or it never will."""

import discord

from bot.discord_app import access
from bot.quiz.round.state import Setup
from bot.service.rounds.posting import ChannelGone, Unconfirmed

CHANNEL_GONE, SERVER_GONE, MESSAGE_GONE, ARCHIVED, LOCKED = 10003, 10004, 10008, 50083, 160005
_DENIED = {50001, 50013}
_LATER = {  # codes that say themselves that it may work later
    20016,  # slow mode
    20028,  # too many writes in this channel
    30046,  # too many edits of old messages
    130000,  # overloaded
}
_TEMPORARY = {408, 425, 429}  # and all of 500 and above


def temporary(refusal: discord.HTTPException) -> bool:
    """Whether it says itself that it may work later."""
    return refusal.status >= 500 or refusal.status in _TEMPORARY or refusal.code in _LATER


def meaning(
    client: discord.Client, server: int, setup: Setup, refusal: discord.HTTPException
) -> ChannelGone | Unconfirmed | None:
    """What is to be thought of it; None: it is meant for this post, and final."""
    if temporary(refusal):
        return Unconfirmed(str(refusal))
    if client.get_guild(server) is None and refusal.status in (403, 404):
        return ChannelGone("removed")
    return _of_code(client, setup, refusal)


def _of_code(client: discord.Client, setup: Setup, refusal: discord.HTTPException) -> ChannelGone | Unconfirmed | None:
    match refusal.code:
        case 0:  # not Discord's own words, or none about this post: a proxy, a token that is no longer good
            return Unconfirmed(str(refusal), odd=True)
        case code if code in _DENIED:
            lacking = access.lacking_to_post(client.get_channel(setup.channel))
            return ChannelGone("permission", lacking[0] if lacking else "")
        case code if code in (CHANNEL_GONE, SERVER_GONE):
            return ChannelGone("thread-gone" if setup.parent else "channel-gone")
        case code if code in (ARCHIVED, LOCKED):
            return ChannelGone("thread-locked")
    return None


def may_open(thread: discord.Thread) -> bool:
    """Whether we may write in a thread although it is locked."""
    try:
        return thread.permissions_for(thread.guild.me).manage_threads
    except discord.ClientException:  # its channel is hidden from us
        return False
