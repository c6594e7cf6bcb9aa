"""The message command "Ask the tutor": a helper has anyone's question answered in place."""

import discord
from discord import app_commands

from bot.chat.commands.everywhere import contexts, installs
from bot.chat.desk import Desk, asker_of
from bot.chat.links import link_to
from bot.chat.replies import present
from bot.words import english as words


def command(desk: Desk) -> app_commands.ContextMenu:
    """Answers the message it is used on, with a link to it."""

    async def ask(interaction: discord.Interaction, message: discord.Message) -> None:
        way = await desk.reception.command(interaction)
        pages = await desk.answer(message.content, asker_of(interaction), link_to(interaction, message.id))
        await present(interaction, pages, way)

    return app_commands.ContextMenu(
        name=words.ASK_THE_TUTOR, callback=ask, allowed_installs=installs(), allowed_contexts=contexts()
    )
