"""`/help`."""

from typing import Any

import discord
from discord import app_commands

from bot.chat.commands.everywhere import contexts, installs
from bot.chat.desk import Desk
from bot.chat.render import line
from bot.chat.replies import respond
from bot.words import english as words


def command(_: Desk) -> app_commands.Command[Any, ..., Any]:
    """Says how to ask, to the member who wants to know."""

    async def show(interaction: discord.Interaction) -> None:
        await respond(interaction, [line(words.HELP)], private=True)

    return app_commands.Command(
        name="help",
        description=words.HELP_COMMAND,
        callback=show,
        allowed_installs=installs(),
        allowed_contexts=contexts(),
    )
