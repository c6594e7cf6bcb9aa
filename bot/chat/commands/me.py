"""`/me`."""

from typing import Any

import discord
from discord import app_commands

from bot.chat.desk import Desk
from bot.chat.quiz import scores
from bot.words import english as words


def command(desk: Desk) -> app_commands.Command[Any, ..., Any]:
    """Shows members their own scores, privately."""

    async def me(interaction: discord.Interaction) -> None:
        await scores.show_mine(interaction, desk.quizzes)

    return app_commands.Command(
        name="me",
        description=words.ME_COMMAND,
        callback=me,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
    )
