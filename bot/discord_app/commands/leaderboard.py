"""`/leaderboard [period]`."""

from typing import Any

import discord
from discord import app_commands

from bot import words
from bot.discord_app.desk import Desk
from bot.discord_app.quiz import scores


def command(desk: Desk) -> app_commands.Command[Any, ..., Any]:
    """Shows a server's leaderboard to all."""

    @app_commands.describe(period=words.scores.LEADERBOARD_PERIOD)
    @app_commands.choices(
        period=[app_commands.Choice(name=name, value=key) for key, name in words.scores.PERIOD_NAMES.items()]
    )
    async def leaderboard(interaction: discord.Interaction, period: str = "month") -> None:
        await scores.show_board(interaction, desk.app, period, await desk.reception.place(interaction))

    return app_commands.Command(
        name="leaderboard",
        description=words.scores.LEADERBOARD_COMMAND,
        callback=leaderboard,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
    )
