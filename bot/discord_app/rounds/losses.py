"""Rounds that have lost their place: seen in what Discord tells of servers, channels, threads and roles, or looked up.

A post that is refused would tell as well, but an open question without a clock may post nothing for a day.
"""

import logging

import discord

from bot.discord_app import access, faults
from bot.discord_app.rounds import refusals
from bot.quiz.round.events import ChannelLost
from bot.quiz.round.state import Setup
from bot.service.rounds.engine import Rounds
from bot.service.rounds.posting import ChannelGone

_log = logging.getLogger(__name__)


async def look(client: discord.Client, rounds: Rounds, server: int | None = None) -> None:
    """Ends the rounds (of a server) that have no place any more, as far as the client's cache can tell."""
    for hosted in rounds.going_on():
        if server in {None, hosted.server} and (found := _lost(client, hosted.server, hosted.round.setup)):
            await rounds.happened(hosted.id, found)


async def look_up(client: discord.Client, rounds: Rounds) -> None:
    """Asks Discord for the threads that the cache does not have: archived, or deleted while nobody listened."""
    for hosted in rounds.going_on():
        setup = hosted.round.setup
        if setup.parent is not None and client.get_channel(setup.channel) is None:
            try:
                thread = await client.fetch_channel(setup.channel)
            except discord.HTTPException as refusal:
                meant = refusals.meaning(client, hosted.server, setup, refusal)
                if isinstance(meant, ChannelGone):
                    await rounds.happened(hosted.id, ChannelLost(meant.why, meant.permission))
            except faults.UNREACHABLE as failure:
                _log.info("Could not look up where round %s is: %s", hosted.id, failure)
            else:
                if isinstance(thread, discord.Thread) and _locked(thread):
                    await rounds.happened(hosted.id, ChannelLost("thread-locked"))


async def deleted(rounds: Rounds, thread: int) -> None:
    """Ends the round of a thread that is gone."""
    if round_ := rounds.on(thread):
        await rounds.happened(round_.setup.id, ChannelLost("thread-gone"))


async def changed(client: discord.Client, rounds: Rounds, event: discord.RawThreadUpdateEvent) -> None:
    """Ends the round of a thread that was locked; one that is only archived opens again with the next post."""
    parent = client.get_channel(event.parent_id)
    may_write = isinstance(parent, discord.abc.GuildChannel) and parent.permissions_for(parent.guild.me).manage_threads
    if event.data["thread_metadata"].get("locked") and not may_write and (round_ := rounds.on(event.thread_id)):
        await rounds.happened(round_.setup.id, ChannelLost("thread-locked"))


def _lost(client: discord.Client, server: int, setup: Setup) -> ChannelLost | None:
    guild = client.get_guild(server)
    if guild is None:
        return ChannelLost("removed")
    if guild.unavailable:  # Discord has an outage
        return None
    place = guild.get_channel_or_thread(setup.channel)
    if place is None and setup.parent is not None:
        known = guild.get_channel(setup.parent) is not None  # an archived thread is not in the cache
        return None if known else ChannelLost("thread-gone")
    if place is None:
        return ChannelLost("channel-gone")
    if isinstance(place, discord.Thread) and _locked(place):
        return ChannelLost("thread-locked")
    lacking = access.lacking_to_post(place)
    return ChannelLost("permission", lacking[0]) if lacking else None


def _locked(thread: discord.Thread) -> bool:
    return thread.locked and not refusals.may_open(thread)
