"""Handing finished messages to Discord."""

from collections.abc import Sequence

import discord

from bot.chat.layout import Page, noted
from bot.chat.reception import Way


async def present(interaction: discord.Interaction, pages: Sequence[Page], way: Way) -> None:
    """Answers an interaction as the server wants it."""
    await respond(interaction, noted(pages, way.note) if way.note else pages, way.private)


async def respond(interaction: discord.Interaction, pages: Sequence[Page], private: bool = False) -> None:
    """Answers an interaction with new messages; with `private` only the person behind it sees them."""
    if interaction.response.is_done():  # deferred
        await _follow(interaction, pages, private)
        return
    first, *rest = pages
    await interaction.response.send_message(view=first, ephemeral=private)
    await _follow(interaction, rest, private)


async def replace(interaction: discord.Interaction, pages: Sequence[Page]) -> None:
    """Answers the press of a button by changing the message it is on; what does not fit follows."""
    first, *rest = pages
    await interaction.response.edit_message(view=first)
    await _follow(interaction, rest, bool(interaction.message and interaction.message.flags.ephemeral))


async def reply(message: discord.Message, pages: Sequence[Page]) -> None:
    """Answers a message below it, pinging nobody."""
    first, *rest = pages
    await message.reply(view=first)
    for page in rest:
        await message.channel.send(view=page)


async def _follow(interaction: discord.Interaction, pages: Sequence[Page], private: bool) -> None:
    for page in pages:
        await interaction.followup.send(view=page, ephemeral=private)
