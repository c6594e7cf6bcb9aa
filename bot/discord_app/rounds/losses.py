"""Rounds that have lost their channel: seen in what Discord tells, looked up, or told by what Discord refuses.

An open question without a clock may post nothing for a day, so nobody waits for a refusal.
"""

import logging
from collections.abc import Collection

import discord

from bot.discord_app import access, left_out, replies
from bot.quiz.round.events import ChannelLost, MessageDeleted
from bot.quiz.round.of_the_day import ChannelBack
from bot.quiz.round.state import Setup
from bot.service.rounds.carrying_out import ChannelGone, Unconfirmed
from bot.service.rounds.engine import Rounds

_log = logging.getLogger(__name__)


async def look(client: discord.Client, rounds: Rounds, server: int | None = None) -> None:
    """Ends the rounds (of a server) that have no channel any more, as far as the client's cache can tell; shows how a
    question of the day ended that could not be shown before."""
    for hosted in rounds.going_on():
        setup = hosted.round.setup
        if server not in {None, hosted.server}:
            continue
        if found := _lost(client, hosted.server, setup):
            await rounds.happened(hosted.id, found)
        if hosted.round.kept_until and (found is None or found.permission not in {"", "view_channel"}):
            await rounds.happened(hosted.id, ChannelBack())  # to edit what stands there it need not write
        if found is None and server is None and (guild := client.get_guild(hosted.server)) and _left_out(guild, setup):
            _log.warning("Round %s goes on, as far as Discord lets it, in a channel that cannot be read", hosted.id)


async def look_up(client: discord.Client, rounds: Rounds) -> None:
    """Asks Discord for the threads that the cache does not have: archived, or deleted while nobody listened."""
    for hosted in rounds.going_on():
        setup = hosted.round.setup
        if setup.parent is not None and client.get_channel(setup.channel) is None:
            try:
                thread = await client.fetch_channel(setup.channel)
            except discord.HTTPException as refusal:
                meant = meaning(client, hosted.server, setup, refusal)
                if isinstance(meant, ChannelGone):
                    await rounds.happened(hosted.id, ChannelLost(meant.why, meant.permission))
            except replies.UNREACHABLE as failure:
                _log.info("Could not look up where round %s is: %s", hosted.id, failure)
            except Exception as fault:  # what Discord says of it cannot be read: it is there
                replies.record(fault, f"looking up where round {hosted.id} is")
            else:
                if isinstance(thread, discord.Thread) and _locked(thread):
                    await rounds.happened(hosted.id, ChannelLost("thread-locked"))


async def deleted(rounds: Rounds, thread: int) -> None:
    """Ends the round of a thread that is gone."""
    if round_ := rounds.on(thread):
        await rounds.happened(round_.setup.id, ChannelLost("thread-gone"))
    await rounds.reviews_deleted(thread)


async def changed(client: discord.Client, rounds: Rounds, event: discord.RawThreadUpdateEvent) -> None:
    """Ends the round of a thread that was locked; one that is only archived opens again with the next post."""
    guild, parent = client.get_guild(event.guild_id), client.get_channel(event.parent_id)
    locked = event.data["thread_metadata"].get("locked")
    if locked and not _may_write(guild, event.parent_id, parent) and (round_ := rounds.on(event.thread_id)):
        await rounds.happened(round_.setup.id, ChannelLost("thread-locked"))


def _may_write(guild: discord.Guild | None, number: int, channel: object) -> bool:
    """Whether we may, or for all we know might, write in the locked threads of a channel."""
    if channel is None:
        return guild is not None and left_out.of(guild).has("channel", number)
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread) or left_out.rights_unknown(channel):
        return True
    permissions = access.permissions_in(channel)
    return permissions is not None and permissions.manage_threads  # None: the channel is hidden from us


def _left_out(guild: discord.Guild, setup: Setup) -> bool:
    """Whether the channel of a round is not known only because its description, or that around it, cannot be read."""
    left = left_out.of(guild)
    if setup.parent is not None:
        return left.has("channel", setup.parent) or left.has("thread", setup.channel)
    return left.has("channel", setup.channel)


async def unposted(rounds: Rounds, channel: int, messages: Collection[int]) -> None:
    """Tells the round of a channel which of its messages were deleted, and whoever was asked to decide by them."""
    for hosted in rounds.going_on():
        turn = hosted.round.current
        if hosted.round.setup.channel == channel and turn and turn.message and turn.message.id in messages:
            await rounds.happened(hosted.id, MessageDeleted(turn.message.id))
    await rounds.reviews_deleted(channel, [*messages])


async def look_for_reviews(client: discord.Client, rounds: Rounds) -> None:
    """Looks whether the messages by which somebody is asked to decide are still there: as `look_for_questions`."""
    for channel, message in await rounds.asked_at():
        if code := await _gone(client, channel, message):
            await rounds.reviews_deleted(channel, [message] if code == MESSAGE_GONE else [])


async def look_for_questions(client: discord.Client, rounds: Rounds) -> None:
    """Looks whether the messages of open questions are still there: they may be deleted while nobody listens."""
    for hosted in rounds.going_on():
        turn = hosted.round.current
        if turn is None or turn.message is None:
            continue
        if await _gone(client, hosted.round.setup.channel, turn.message.id) == MESSAGE_GONE:
            await rounds.happened(hosted.id, MessageDeleted(turn.message.id))


async def _gone(client: discord.Client, channel: int, message: int) -> int | None:
    """The code by which Discord says that a message, or its channel, is gone; None: it is there, for all it says."""
    try:
        await client.get_partial_messageable(channel).fetch_message(message)
    except discord.NotFound as refusal:
        return refusal.code if refusal.code in (MESSAGE_GONE, CHANNEL_GONE) else None
    except (discord.HTTPException, *replies.UNREACHABLE) as failure:
        _log.info("Could not look up message %d in channel %d: %s", message, channel, failure)
    except Exception as fault:  # what Discord says of it cannot be read: it is there
        replies.record(fault, f"looking up message {message} in channel {channel}")
    return None


def _lost(client: discord.Client, server: int, setup: Setup) -> ChannelLost | None:
    guild = client.get_guild(server)
    if guild is None:
        return ChannelLost("removed")
    channel = guild.get_channel_or_thread(setup.channel)
    if guild.unavailable or (channel is None and _left_out(guild, setup)):  # Discord has an outage; it may be there
        return None
    if channel is None and setup.parent is not None:
        known = guild.get_channel(setup.parent) is not None  # an archived thread is not in the cache
        return None if known else ChannelLost("thread-gone")
    if channel is None:
        return ChannelLost("channel-gone")
    if isinstance(channel, discord.Thread) and _locked(channel):
        return ChannelLost("thread-locked")
    lacking = access.lacking_to_post(channel)
    return ChannelLost("permission", lacking[0]) if lacking else None


def _locked(thread: discord.Thread) -> bool:
    return thread.locked and not may_open(thread)


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
            return ChannelGone("permission", _lacking(client.get_channel(setup.channel), code))
        case code if code in (CHANNEL_GONE, SERVER_GONE):
            return ChannelGone("thread-gone" if setup.parent else "channel-gone")
        case code if code in (ARCHIVED, LOCKED):
            return ChannelGone("thread-locked")
    return None


def _lacking(channel: object, code: int) -> str:
    """The permission that a refusal is about, as far as it can be told: who may not see a channel is told so, whatever
    else is missing, and whatever the cache knows."""
    lacking = access.lacking_to_post(channel)
    return "view_channel" if code == access.NO_ACCESS else next(iter(lacking), "")


def may_open(thread: discord.Thread) -> bool:
    """Whether we may write in a thread although it is locked."""
    return _may_write(thread.guild, thread.parent_id, thread)
