"""`/tutor ...`, for those who run the server."""

from typing import Any

import discord
from discord import app_commands

from bot import words
from bot.discord_app import teaching
from bot.discord_app.commands import tutor_settings
from bot.discord_app.desk import Desk
from bot.discord_app.quiz import wordings


def command(desk: Desk) -> app_commands.Group:
    """Shown to who may manage the server, unless the server says otherwise; checked again in what each does."""
    group = app_commands.Group(
        name="tutor",
        description=words.additions.TUTOR_COMMAND,
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
    )
    group.add_command(_taught(desk))
    group.add_command(_accepted(desk))
    group.add_command(tutor_settings.command(desk))
    return group


def _taught(desk: Desk) -> app_commands.Command[Any, ..., Any]:
    async def taught(interaction: discord.Interaction) -> None:
        await teaching.show(interaction, desk)

    return app_commands.Command(name="taught", description=words.additions.TAUGHT_COMMAND, callback=taught)


def _accepted(desk: Desk) -> app_commands.Command[Any, ..., Any]:
    async def accepted(interaction: discord.Interaction) -> None:
        await wordings.show(interaction, desk.app)

    return app_commands.Command(name="accepted", description=words.additions.ACCEPTED_COMMAND, callback=accepted)
