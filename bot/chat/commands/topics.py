"""`/topics`."""

from typing import Any

import discord
from discord import app_commands

from bot.chat import render
from bot.chat.commands.everywhere import contexts, installs
from bot.chat.desk import Desk
from bot.chat.replies import respond
from bot.words import english as words


def command(desk: Desk) -> app_commands.Command[Any, ..., Any]:
    """Lists what is taught, to the member who wants to know."""

    async def topics(interaction: discord.Interaction) -> None:
        await respond(interaction, render.topics(desk.curriculum, interaction.user.id), private=True)

    return app_commands.Command(
        name="topics",
        description=words.TOPICS_COMMAND,
        callback=topics,
        allowed_installs=installs(),
        allowed_contexts=contexts(),
    )
