"""`/topics`."""

from typing import Any

import discord
from discord import app_commands

from bot import words
from bot.discord_app import render
from bot.discord_app.commands.everywhere import contexts, installs
from bot.discord_app.desk import Desk
from bot.discord_app.replies import respond


def command(desk: Desk) -> app_commands.Command[Any, ..., Any]:
    """Lists what is taught, to the member who wants to know."""

    async def topics(interaction: discord.Interaction) -> None:
        await respond(interaction, render.topics(desk.curriculum, interaction.user.id), private=True)

    return app_commands.Command(
        name="topics",
        description=words.discord.TOPICS_COMMAND,
        callback=topics,
        allowed_installs=installs(),
        allowed_contexts=contexts(),
    )
