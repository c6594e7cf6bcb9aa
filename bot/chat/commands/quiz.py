"""`/quiz start`, `/quiz stop`, `/quiz scores`. Discord shows them to all; who may is checked here."""

from typing import Any

import discord
from discord import app_commands

from bot.chat import permissions
from bot.chat.desk import Desk
from bot.chat.quiz.lists import completed, kinds_of, topics_of
from bot.chat.quiz.playing import click_of, moderates, tell
from bot.chat.render import line
from bot.chat.replies import respond
from bot.curriculum.questions import KINDS
from bot.errors import TutorError
from bot.quiz.drawing import Wanted
from bot.quiz.round.effects import Tell
from bot.quiz.round.events import Stopped
from bot.quiz.scoring import standing
from bot.service.starting import Start
from bot.words import english as words

LONGEST_SEED = 60


def command(desk: Desk) -> app_commands.Group:
    """The group; its commands are for servers only."""
    group = app_commands.Group(
        name="quiz",
        description=words.QUIZ_COMMAND,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
    )
    for made in (_start(desk), _stop(desk), _scores(desk)):
        group.add_command(made)
    return group


def _start(desk: Desk) -> app_commands.Command[Any, ..., Any]:
    @app_commands.describe(
        questions=words.QUIZ_QUESTIONS,
        seconds=words.QUIZ_SECONDS,
        untimed=words.QUIZ_UNTIMED,
        topics=words.QUIZ_TOPICS,
        kinds=words.QUIZ_KINDS,
        pause=words.QUIZ_PAUSE,
        seed=words.QUIZ_SEED,
    )
    async def start(  # noqa: PLR0913, PLR0917 - its options
        interaction: discord.Interaction,
        questions: app_commands.Range[int, 1, 20] = 5,
        seconds: app_commands.Range[int, 10, 300] = 20,
        untimed: bool = False,
        topics: str = "",
        kinds: str = "",
        pause: app_commands.Range[int, 3, 60] = 10,
        seed: app_commands.Range[str, 1, LONGEST_SEED] | None = None,
    ) -> None:
        place, server = _place(interaction), _server(interaction)
        if not moderates(interaction) and not await _has_the_role(interaction, desk, server):
            raise TutorError(words.ONLY_STARTERS)
        if elsewhere := (await desk.reception.place(interaction)).note:
            raise TutorError(elsewhere)
        if lacking := permissions.lacking_of(interaction.app_permissions, _in_thread(interaction)):
            raise TutorError(words.lacking(lacking, f"<#{place}>"))
        wanted = Wanted(questions, topics_of(desk.curriculum, topics), kinds_of(kinds))
        window = None if untimed else float(seconds)
        await desk.quizzes.rounds.start(Start(server, place, interaction.user.id, wanted, window, float(pause), seed))
        await respond(interaction, [line(words.ROUND_BEGINS)], private=True)

    made: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name="start", description=words.QUIZ_START, callback=start
    )

    @made.autocomplete("topics")
    async def _topics(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return completed(typed, [name for _, name in words.topic_choices(desk.curriculum)])

    @made.autocomplete("kinds")
    async def _kinds(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return completed(typed, KINDS)

    return made


def _stop(desk: Desk) -> app_commands.Command[Any, ..., Any]:
    async def stop(interaction: discord.Interaction) -> None:
        round_ = desk.quizzes.rounds.on(_place(interaction))
        if round_ is None:
            raise TutorError(words.NO_ROUND_HERE)
        for reply in await desk.quizzes.rounds.happened(round_.setup.id, Stopped(click_of(interaction))):
            if isinstance(reply, Tell):
                await tell(interaction, reply)

    return app_commands.Command(name="stop", description=words.QUIZ_STOP, callback=stop)


def _scores(desk: Desk) -> app_commands.Command[Any, ..., Any]:
    async def scores(interaction: discord.Interaction) -> None:
        round_ = desk.quizzes.rounds.on(_place(interaction))
        if round_ is None:
            raise TutorError(words.NO_ROUND_HERE)
        await respond(interaction, [line(words.standing(standing(round_)))], private=True)

    return app_commands.Command(name="scores", description=words.QUIZ_SCORES, callback=scores)


async def _has_the_role(interaction: discord.Interaction, desk: Desk, server: int) -> bool:
    role = (await desk.quizzes.rules.of(server)).starter_role
    return isinstance(interaction.user, discord.Member) and interaction.user.get_role(role or 0) is not None


def _server(interaction: discord.Interaction) -> int:
    if interaction.guild_id is None:
        raise TutorError(words.ONLY_IN_SERVERS)
    return interaction.guild_id


def _place(interaction: discord.Interaction) -> int:
    if interaction.channel_id is None:
        raise TutorError(words.ONLY_IN_SERVERS)
    return interaction.channel_id


def _in_thread(interaction: discord.Interaction) -> bool:
    return isinstance(interaction.channel, discord.Thread)
