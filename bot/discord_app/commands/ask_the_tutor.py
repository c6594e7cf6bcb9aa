"""The message command "Ask the tutor": a helper has anyone's question answered in place."""

import discord
from discord import app_commands

from bot import words
from bot.discord_app.commands.everywhere import contexts, installs
from bot.discord_app.desk import Desk, asker_of
from bot.discord_app.links import link_to
from bot.discord_app.replies import present


def command(desk: Desk) -> app_commands.ContextMenu:
    """Answers the message it is used on, with a link to it."""

    async def ask(interaction: discord.Interaction, message: discord.Message) -> None:
        way = await desk.reception.command(interaction)
        pages = await desk.answer(message.content, asker_of(interaction), link_to(interaction, message.id))
        await present(interaction, pages, way)

    return app_commands.ContextMenu(
        name=words.discord.ASK_THE_TUTOR, callback=ask, allowed_installs=installs(), allowed_contexts=contexts()
    )
