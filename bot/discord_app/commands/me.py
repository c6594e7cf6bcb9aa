"""`/me`."""

from typing import Any

import discord
from discord import app_commands

from bot import words
from bot.discord_app.desk import Desk
from bot.discord_app.quiz import scores


def command(desk: Desk) -> app_commands.Command[Any, ..., Any]:
    """Shows members their own scores, privately."""

    async def me(interaction: discord.Interaction) -> None:
        await scores.show_mine(interaction, desk.app)

    return app_commands.Command(
        name="me",
        description=words.scores.ME_COMMAND,
        callback=me,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
    )
