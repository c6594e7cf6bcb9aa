"""Where a round is played: where it was asked for, or in a thread that is opened for it."""

from dataclasses import dataclass
from typing import Literal

import discord

from bot import words
from bot.discord_app import access
from bot.errors import TutorError

_TOO_MANY = {160006, 160007}
_ARCHIVED_AFTER: Literal[1440] = 1440  # minutes without a message; an untimed question may be open for as long


@dataclass(frozen=True, slots=True)
class Venue:
    """A channel or thread; `parent` is the channel of a thread."""

    place: int
    parent: int | None = None


def here(interaction: discord.Interaction) -> Venue:
    """Where the command was used. Raises TutorError where the bot may not post."""
    channel = interaction.channel
    if interaction.guild_id is None or channel is None:
        raise TutorError(words.rounds.ONLY_IN_SERVERS)
    thread = channel if isinstance(channel, discord.Thread) else None
    if lacking := access.lacking_of(interaction.app_permissions, thread is not None):
        raise TutorError(words.discord.lacking(lacking, f"<#{channel.id}>"))
    if thread and thread.locked and not interaction.app_permissions.manage_threads:
        raise TutorError(words.rounds.LOCKED_HERE)
    return Venue(channel.id, thread.parent_id if thread else None)


async def in_a_thread(interaction: discord.Interaction, name: str) -> Venue:
    """A public thread, opened where the command was used; that takes a while, so the answer is deferred.

    Raises TutorError where there can be none, and what Discord refuses it with.
    """
    channel = interaction.channel
    if isinstance(channel, discord.Thread):
        raise TutorError(words.rounds.NO_THREAD_IN_A_THREAD)
    if not isinstance(channel, discord.TextChannel):
        raise TutorError(words.rounds.NO_THREADS_HERE)
    if lacking := access.lacking_for_a_thread(interaction.app_permissions):
        raise TutorError(words.discord.lacking(lacking, f"<#{channel.id}>"))
    await interaction.response.defer(ephemeral=True, thinking=True)
    kind = discord.ChannelType.news_thread if channel.is_news() else discord.ChannelType.public_thread
    try:
        thread = await channel.create_thread(name=name, type=kind, auto_archive_duration=_ARCHIVED_AFTER)
    except discord.HTTPException as refusal:
        if refusal.code in _TOO_MANY:
            raise TutorError(words.rounds.TOO_MANY_THREADS) from refusal
        raise
    return Venue(thread.id, channel.id)
