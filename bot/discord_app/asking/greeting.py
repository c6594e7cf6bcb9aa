"""Saying hello on joining a server: once, where the bot may write, with what it lacks."""

import logging
from collections.abc import Iterator

import discord

from bot import words
from bot.discord_app import access
from bot.discord_app.layout import line
from bot.storage.stores import Greetings

_log = logging.getLogger(__name__)


async def greet(guild: discord.Guild, greetings: Greetings) -> None:
    """Greets the server unless it has been greeted before; silent where the bot may write nowhere."""
    if not await greetings.claim(guild.id):
        return
    for channel in _writable(guild):
        lacking = access.lacking_anywhere(channel.permissions_for(guild.me))
        text = "\n".join([words.discord.GREETING, *([words.discord.greeting_lacks(lacking)] if lacking else [])])
        try:
            await channel.send(view=line(text))
        except discord.Forbidden:
            continue
        except BaseException:
            await greetings.release(guild.id)
            raise
        return
    _log.info("No channel of server %s to greet in", guild.id)
    await greetings.release(guild.id)


def _writable(guild: discord.Guild) -> Iterator[discord.TextChannel]:
    first = [guild.system_channel] if guild.system_channel else []
    for channel in [*first, *(one for one in guild.text_channels if one != guild.system_channel)]:
        rights = channel.permissions_for(guild.me)
        if rights.view_channel and rights.send_messages:
            yield channel
