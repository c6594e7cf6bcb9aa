"""`/quiz start`, `/quiz stop`, `/quiz scores`. Discord shows them to all; who may is checked here."""

from typing import Any

import discord
from discord import app_commands

from bot import words
from bot.discord_app.desk import Desk
from bot.discord_app.quiz import round_pages, venues
from bot.discord_app.quiz.lists import as_titles, completed, kinds_of, topics_of
from bot.discord_app.quiz.playing import click_of, tell
from bot.discord_app.render import line
from bot.discord_app.replies import in_time, respond
from bot.discord_app.rights import moderates, rights_of
from bot.errors import TutorError
from bot.quiz.drawing import Wanted, fits
from bot.quiz.round.effects import Tell
from bot.quiz.round.events import Stopped
from bot.quiz.round.state import Ended
from bot.quiz.scoring import standing
from bot.service.rounds.hosted import Start

LONGEST_SEED = 60


def command(desk: Desk) -> app_commands.Group:
    """The group; its commands are for servers only."""
    group = app_commands.Group(
        name="quiz",
        description=words.rounds.QUIZ_COMMAND,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
    )
    for made in (_start(desk), _stop(desk), _scores(desk)):
        group.add_command(made)
    return group


def _start(desk: Desk) -> app_commands.Command[Any, ..., Any]:
    @app_commands.describe(
        questions=words.rounds.QUIZ_QUESTIONS,
        seconds=words.rounds.QUIZ_SECONDS,
        untimed=words.rounds.QUIZ_UNTIMED,
        topics=words.rounds.QUIZ_TOPICS,
        kinds=words.rounds.quiz_kinds(desk.app.practice.kinds.names),
        pause=words.rounds.QUIZ_PAUSE,
        where=words.rounds.QUIZ_WHERE,
        seed=words.rounds.QUIZ_SEED,
    )
    @app_commands.choices(
        where=[app_commands.Choice(name=name, value=key) for key, name in words.rounds.WHERE_CHOICES.items()]
    )
    async def start(  # noqa: PLR0913, PLR0917 - its options
        interaction: discord.Interaction,
        questions: app_commands.Range[int, 1, 20] = 5,
        seconds: app_commands.Range[int, 10, 300] = 20,
        untimed: bool = False,
        topics: str = "",
        kinds: str = "",
        pause: app_commands.Range[int, 3, 60] = 10,
        where: str = "here",
        seed: app_commands.Range[str, 1, LONGEST_SEED] | None = None,
    ) -> None:
        server, starter = _server(interaction), interaction.user.id
        if not moderates(rights_of(interaction)) and not await _has_the_role(interaction, desk, server):
            raise TutorError(words.rounds.ONLY_STARTERS)
        if elsewhere := (await desk.reception.place(interaction)).note:
            raise TutorError(elsewhere)
        wanted = Wanted(questions, topics_of(desk.curriculum, topics), kinds_of(desk.app.practice.kinds.names, kinds))
        fits(desk.curriculum, wanted)  # before a thread is opened for nothing
        venue = await _venue(interaction, desk, where, wanted)
        window = None if untimed else float(seconds)
        asked = Start(server, venue.place, starter, wanted, window, float(pause), seed, venue.parent)
        round_ = await in_time(interaction, desk.app.rounds.start(asked))
        begins = words.rounds.round_begins(f"<#{venue.place}>", len(round_.planned), questions)
        await respond(interaction, [line(begins)], private=True)

    made: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name="start", description=words.rounds.QUIZ_START, callback=start
    )

    _complete(made, desk)
    return made


def _complete(start: app_commands.Command[Any, ..., Any], desk: Desk) -> None:
    @start.autocomplete("topics")
    async def _topics(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return completed(typed, words.quiz.topic_choices(desk.curriculum))

    @start.autocomplete("kinds")
    async def _kinds(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return completed(typed, as_titles(desk.app.practice.kinds.names))


def _stop(desk: Desk) -> app_commands.Command[Any, ..., Any]:
    async def stop(interaction: discord.Interaction) -> None:
        round_ = desk.app.rounds.on(_place(interaction))
        if round_ is None:
            raise _none_here(_around(desk, _place(interaction)))
        stopped = desk.app.rounds.happened(round_.setup.id, Stopped(click_of(interaction)))
        for reply in await in_time(interaction, stopped):
            if isinstance(reply, Tell):
                await tell(interaction, reply)

    return app_commands.Command(name="stop", description=words.rounds.QUIZ_STOP, callback=stop)


def _scores(desk: Desk) -> app_commands.Command[Any, ..., Any]:
    async def scores(interaction: discord.Interaction) -> None:
        place, rounds = _place(interaction), desk.app.rounds
        if round_ := rounds.on(place):
            await respond(interaction, [line(words.rounds.standing(standing(round_)))], private=True)
        elif not (around := _around(desk, place)) and (latest := await rounds.latest(place)):
            await respond(interaction, [round_pages.table(latest, _server(interaction))], private=True)
        else:
            raise _none_here(around)

    return app_commands.Command(name="scores", description=words.rounds.QUIZ_SCORES, callback=scores)


async def _has_the_role(interaction: discord.Interaction, desk: Desk, server: int) -> bool:
    role = (await desk.app.server_settings.of(server)).starter_role
    if role == server:  # the role that everyone has is named like the server, and on nobody's list
        return True
    return isinstance(interaction.user, discord.Member) and interaction.user.get_role(role or 0) is not None


def _server(interaction: discord.Interaction) -> int:
    if interaction.guild_id is None:
        raise TutorError(words.rounds.ONLY_IN_SERVERS)
    return interaction.guild_id


def _place(interaction: discord.Interaction) -> int:
    if interaction.channel_id is None:
        raise TutorError(words.rounds.ONLY_IN_SERVERS)
    return interaction.channel_id


async def _venue(interaction: discord.Interaction, desk: Desk, where: str, wanted: Wanted) -> venues.Venue:
    if where != "thread":
        return venues.here(interaction)
    titles = [topic.title for topic in desk.curriculum.topics if topic.id in wanted.topics]
    return await venues.in_a_thread(interaction, words.rounds.round_thread(titles))


def _around(desk: Desk, channel: int) -> list[str]:
    """The threads of a channel with a round on."""
    on = [hosted.round for hosted in desk.app.rounds.going_on() if not isinstance(hosted.round.phase, Ended)]
    return [f"<#{round_.setup.place}>" for round_ in on if round_.setup.parent == channel]


def _none_here(around: list[str]) -> TutorError:
    return TutorError(words.rounds.round_elsewhere(around) if around else words.rounds.NO_ROUND_HERE)
