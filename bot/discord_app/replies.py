"""Handing finished messages to Discord."""

import asyncio
import contextlib
from collections.abc import Awaitable, Sequence
from typing import TypeVar

import discord

from bot.discord_app.layout import Page, noted
from bot.discord_app.reception import Audience

T = TypeVar("T")
SLOW = 1.5  # seconds; Discord waits for three


async def present(interaction: discord.Interaction, pages: Sequence[Page], audience: Audience) -> None:
    """Answers an interaction as the server wants it."""
    await respond(interaction, noted(pages, audience.note) if audience.note else pages, audience.private)


async def in_time(interaction: discord.Interaction, work: Awaitable[T], private: bool = True) -> T:
    """Waits for `work`. Where that takes long Discord is told that the answer will come, before it gives up."""
    working = asyncio.ensure_future(work)
    done, _ = await asyncio.wait({working}, timeout=SLOW)
    if not done and not interaction.response.is_done():
        command = interaction.type is discord.InteractionType.application_command
        with contextlib.suppress(discord.HTTPException):  # what is done about it has to be known all the same
            await interaction.response.defer(ephemeral=private and command, thinking=command)
    return await working


async def respond(interaction: discord.Interaction, pages: Sequence[Page], private: bool = False) -> None:
    """Answers an interaction with new messages; with `private` only the person behind it sees them."""
    if interaction.response.is_done():  # deferred
        await _follow(interaction, pages, private)
        return
    first, *rest = pages
    await interaction.response.send_message(view=first, ephemeral=private)
    if rest:
        await _follow(interaction, rest, private)


async def replace(interaction: discord.Interaction, pages: Sequence[Page]) -> None:
    """Answers the press of a button by changing the message it is on; what does not fit follows."""
    first, *rest = pages
    if interaction.response.is_done():  # deferred
        await interaction.edit_original_response(view=first)
    else:
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
