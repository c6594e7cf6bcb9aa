"""`/help`."""

from typing import Any

import discord
from discord import app_commands

from bot import words
from bot.discord_app.commands.everywhere import contexts, installs
from bot.discord_app.desk import Desk
from bot.discord_app.render import line
from bot.discord_app.replies import respond


def command(_: Desk) -> app_commands.Command[Any, ..., Any]:
    """Says how to ask, to the member who wants to know."""

    async def show(interaction: discord.Interaction) -> None:
        await respond(interaction, [line(words.discord.HELP)], private=True)

    return app_commands.Command(
        name="help",
        description=words.discord.HELP_COMMAND,
        callback=show,
        allowed_installs=installs(),
        allowed_contexts=contexts(),
    )
