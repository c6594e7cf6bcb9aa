"""`/tutor ...`, for those who run the server: what is set in it, and the lists of what was added; and for those who run
the bot: to have its knowledge read anew."""

from io import BytesIO
from typing import Any

import discord
from discord import app_commands, ui

from bot import words
from bot.discord_app import access, additions, replies, scheduling, topics
from bot.discord_app.access import who_owns_the_application, who_runs_the_server
from bot.discord_app.actions import Call, Declaration, nothing
from bot.discord_app.commands import SERVERS_AND_DMS, Command, Group
from bot.discord_app.layout import LONGEST_TYPED, line, typed
from bot.discord_app.replies import ChannelRules, respond
from bot.errors import KnowledgeError, TutorError
from bot.service import zones
from bot.service.server_settings import FEWEST_DAYS, LONGEST_COOLDOWN, MOST_DAYS, Change
from bot.service.zones import LONGEST_ZONE

_FEW = 10  # faults that are shown; where there are more, a file has all
_WRITTEN_IN = (
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.forum,
)


class AnyChannel(app_commands.Transformer):
    """Any channel that is written in; what is written in its threads is written in it."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """The type of the option, as Discord has it."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """The types of channels that Discord offers."""
        return [*_WRITTEN_IN]

    async def transform(self, interaction: discord.Interaction, value: Any, /) -> Any:
        """Give what was chosen, whether I see it or not."""
        return value


WrittenIn = app_commands.Transform[app_commands.AppCommandChannel, AnyChannel]


async def _settings(  # noqa: PLR0913, PLR0917 - its options
    interaction: discord.Interaction,
    call: Call,
    starter_role: discord.Role | None = None,
    review_channel: discord.TextChannel | None = None,
    answer_in: WrittenIn | None = None,
    no_longer_in: WrittenIn | None = None,
    try_in: WrittenIn | None = None,
    no_longer_try_in: WrittenIn | None = None,
    private_answers: bool | None = None,
    cooldown: app_commands.Range[int, 0, LONGEST_COOLDOWN] | None = None,
    receipt_days: app_commands.Range[int, FEWEST_DAYS, MOST_DAYS] | None = None,
    zone: app_commands.Range[str, 1, LONGEST_ZONE] | None = None,
    own_topics_only: bool | None = None,
    reminder_channel: discord.TextChannel | None = None,
    reset: bool = False,
) -> None:
    """Each option changes one thing; without any it shows what is set. What is set and no longer there is forgotten
    with the next change."""
    change = Change(
        starter_role=_id(starter_role),
        review_channel=_id(review_channel),
        answer_in=_id(answer_in),
        no_longer_in=_id(no_longer_in),
        try_in=_id(try_in),
        no_longer_try_in=_id(no_longer_try_in),
        private_answers=private_answers,
        cooldown=cooldown,
        receipt_days=receipt_days,
        zone=zones.zone(zone).key if zone else None,
        own_topics_only=own_topics_only,
        reminder_channel=_id(reminder_channel),
        reset=reset,
    )
    guild, rules = interaction.guild, call.app.server_settings
    if guild is None:  # I am not in it any more
        raise TutorError(words.additions.ONLY_MANAGERS)
    if own_topics_only:
        await call.app.topics.require_some(guild.id)
    if change == Change():
        found = replies.standing(await rules.of(guild.id), guild)
    else:
        found = await rules.change(guild.id, change, lambda before: replies.standing(before, guild))
    lacking, lacking_reminders = (
        access.lacking_to_post(guild.get_channel(one or 0)) for one in (found.review_channel, found.reminder_channel)
    )
    said = [words.settings.rules(found, guild.id, lacking, lacking_reminders)]
    if zone and any(one.when.zone != found.zone for one in call.app.schedules.known(guild.id)):
        said.append(words.schedule.KEEPS_ITS_ZONE)
    await respond(interaction, [line("\n".join(said))], private=True)
    if change.review_channel:
        await call.app.rounds.reviewers_found(guild.id)


async def _reload(interaction: discord.Interaction, call: Call) -> None:
    """Has the files of the topics read anew; it takes as long as it takes, beside everything else."""
    files: list[discord.File] = []
    try:
        page = line(words.running.reloaded(await call.app.reloads.order()))
    except KnowledgeError as error:
        every = [str(fault) for fault in error.faults]
        all_shown = len(every) <= _FEW and max(map(len, every)) <= LONGEST_TYPED
        page = line(words.running.faults([typed(one) for one in every[:_FEW]], len(every), all_shown))
        if not all_shown:
            files = [discord.File(BytesIO("\n".join(every).encode()), words.running.FAULTS_FILE)]
            page.add_item(ui.File(files[0]))
    await respond(interaction, [page], private=True, files=lambda: files)


def _id(named: discord.abc.Snowflake | None) -> int | None:
    return named.id if named else None


TUTOR = Group(
    name="tutor",
    description=words.additions.TUTOR_COMMAND,
    available=SERVERS_AND_DMS,  # who owns the application need not manage any server
    shown_to=discord.Permissions(manage_guild=True),
    commands=(
        *additions.COMMANDS,
        scheduling.SCHEDULE,
        topics.TOPICS,
        Command(
            name="settings",
            description=words.settings.SETTINGS_COMMAND,
            run=_settings,
            declared=Declaration(who_runs_the_server, nothing, ChannelRules.NONE),
            describes={
                "starter_role": words.settings.SETTINGS_STARTER,
                "review_channel": words.settings.SETTINGS_REVIEWS,
                "answer_in": words.settings.SETTINGS_ANSWER_IN,
                "no_longer_in": words.settings.SETTINGS_NO_LONGER_IN,
                "try_in": words.settings.SETTINGS_TRY_IN,
                "no_longer_try_in": words.settings.SETTINGS_NO_LONGER_TRY_IN,
                "private_answers": words.settings.SETTINGS_PRIVATE,
                "cooldown": words.settings.SETTINGS_COOLDOWN,
                "receipt_days": words.settings.SETTINGS_DAYS,
                "zone": words.settings.SETTINGS_ZONE,
                "own_topics_only": words.settings.SETTINGS_OWN_ONLY,
                "reminder_channel": words.settings.SETTINGS_REMINDERS,
                "reset": words.settings.SETTINGS_RESET,
            },
            completes={"zone": lambda _app, _interaction, typed: zones.completed(typed)},
        ),
        Command(
            name="reload",
            description=words.running.RELOAD_COMMAND,
            run=_reload,
            declared=Declaration(who_owns_the_application, nothing, ChannelRules.NONE),
        ),
    ),
)
