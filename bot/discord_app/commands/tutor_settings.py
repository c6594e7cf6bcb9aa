"""`/tutor settings`: shows and changes what is set in a server."""

from typing import Any

import discord
from discord import app_commands

from bot import words
from bot.discord_app import reception
from bot.discord_app.desk import Desk
from bot.discord_app.render import line
from bot.discord_app.replies import respond
from bot.discord_app.rights import managed_server
from bot.errors import TutorError
from bot.service.server_rules import FEWEST_DAYS, LONGEST_COOLDOWN, MOST_DAYS, CannotBeSet, Change

_KINDS = (
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.forum,
)


class Place(app_commands.Transformer):
    """Any channel that is written in; what is written in its threads is written in it."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """As Discord offers it."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Those that Discord offers."""
        return [*_KINDS]

    async def transform(self, interaction: discord.Interaction, value: Any, /) -> Any:
        """What was chosen, whether I see it or not."""
        return value


AnyPlace = app_commands.Transform[app_commands.AppCommandChannel, Place]


def command(desk: Desk) -> app_commands.Command[Any, ..., Any]:
    """Each option changes one thing; without any it shows what is set."""

    @app_commands.describe(
        starter_role=words.settings.SETTINGS_STARTER,
        review_channel=words.settings.SETTINGS_REVIEWS,
        answer_in=words.settings.SETTINGS_ANSWER_IN,
        no_longer_in=words.settings.SETTINGS_NO_LONGER_IN,
        private_answers=words.settings.SETTINGS_PRIVATE,
        cooldown=words.settings.SETTINGS_COOLDOWN,
        receipt_days=words.settings.SETTINGS_DAYS,
        reset=words.settings.SETTINGS_RESET,
    )
    async def settings(  # noqa: PLR0913, PLR0917 - its options
        interaction: discord.Interaction,
        starter_role: discord.Role | None = None,
        review_channel: discord.TextChannel | None = None,
        answer_in: AnyPlace | None = None,
        no_longer_in: AnyPlace | None = None,
        private_answers: bool | None = None,
        cooldown: app_commands.Range[int, 0, LONGEST_COOLDOWN] | None = None,
        receipt_days: app_commands.Range[int, FEWEST_DAYS, MOST_DAYS] | None = None,
        reset: bool = False,
    ) -> None:
        change = Change(
            starter_role=_id(starter_role),
            review_channel=_id(review_channel),
            answer_in=_id(answer_in),
            no_longer_in=_id(no_longer_in),
            private_answers=private_answers,
            cooldown=cooldown,
            receipt_days=receipt_days,
            reset=reset,
        )
        await _change(interaction, desk, change)

    return app_commands.Command(name="settings", description=words.settings.SETTINGS_COMMAND, callback=settings)


async def _change(interaction: discord.Interaction, desk: Desk, change: Change) -> None:
    """What is set and no longer there is forgotten with the next change."""
    managed_server(interaction)
    guild, rules = interaction.guild, desk.app.server_settings
    if guild is None:  # I am not in it any more
        raise TutorError(words.additions.ONLY_MANAGERS)
    if change == Change():
        found = reception.standing(await rules.of(guild.id), guild)
    else:
        try:
            found = await rules.change(guild.id, change, lambda before: reception.standing(before, guild))
        except CannotBeSet as fault:
            raise TutorError(words.settings.cannot_be_set(fault)) from fault
    await respond(interaction, [line(words.settings.rules(found, guild.id))], private=True)


def _id(named: discord.abc.Snowflake | None) -> int | None:
    return named.id if named else None
