"""`/tutor ...`, for those who run the server."""

from typing import Any

import discord
from discord import app_commands

from bot.chat import teaching
from bot.chat.desk import Desk
from bot.chat.render import line
from bot.chat.replies import respond
from bot.errors import TutorError
from bot.service.server_rules import Rules
from bot.words import english as words


def command(desk: Desk) -> app_commands.Group:
    """Shown to who may manage the server, unless the server says otherwise; checked again in what each does."""
    group = app_commands.Group(
        name="tutor",
        description=words.TUTOR_COMMAND,
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
    )
    group.add_command(_taught(desk))
    group.add_command(_settings(desk))
    return group


def _taught(desk: Desk) -> app_commands.Command[Any, ..., Any]:
    async def taught(interaction: discord.Interaction) -> None:
        await teaching.show(interaction, desk)

    return app_commands.Command(name="taught", description=words.TAUGHT_COMMAND, callback=taught)


def _settings(desk: Desk) -> app_commands.Command[Any, ..., Any]:
    @app_commands.describe(
        starter_role=words.SETTINGS_STARTER, review_channel=words.SETTINGS_REVIEWS, reset=words.SETTINGS_RESET
    )
    async def settings(
        interaction: discord.Interaction,
        starter_role: discord.Role | None = None,
        review_channel: discord.TextChannel | None = None,
        reset: bool = False,
    ) -> None:
        rights, server = interaction.permissions, interaction.guild_id
        if server is None or not (rights.manage_guild or rights.administrator):
            raise TutorError(words.ONLY_MANAGERS)
        before = Rules() if reset else await desk.quizzes.rules.of(server)
        role = starter_role.id if starter_role else before.starter_role
        channel = review_channel.id if review_channel else before.review_channel
        await desk.quizzes.rules.keep(server, Rules(role, channel))
        await respond(interaction, [line(words.rules(Rules(role, channel)))], private=True)

    return app_commands.Command(name="settings", description=words.SETTINGS_COMMAND, callback=settings)
