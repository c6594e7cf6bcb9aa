"""`/quiz start`, `/quiz stop`, `/quiz scores`. Discord shows them to all; who may start is checked here."""

from typing import Any

import discord
from discord import app_commands

from bot import words
from bot.discord_app.access import anyone, moderates, rights_of, whom_the_round_lets
from bot.discord_app.actions import Call, Declaration, nothing
from bot.discord_app.commands import Command, Group
from bot.discord_app.layout import line
from bot.discord_app.reception import ChannelRules
from bot.discord_app.replies import in_time, respond
from bot.discord_app.rounds import playing, venues
from bot.discord_app.rounds.lists import as_titles, completed, kinds_of, topics_of
from bot.errors import TutorError
from bot.quiz.drawing import Wanted, fits
from bot.quiz.round.effects import Tell
from bot.quiz.round.events import Stopped
from bot.quiz.round.state import Ended
from bot.quiz.scoring import standing
from bot.service.application import App
from bot.service.rounds.engine import Rounds
from bot.service.rounds.hosted import Start

LONGEST_SEED = 60


async def who_may_start(interaction: discord.Interaction, _what: Any, app: App) -> None:
    """Lets moderators start a round, and those with the role that the server has set for it."""
    if moderates(rights_of(interaction)):
        return
    role = (await app.server_settings.of(_server(interaction))).starter_role
    if role == interaction.guild_id:  # the role that everyone has is named like the server, and on nobody's list
        return
    if not isinstance(interaction.user, discord.Member) or interaction.user.get_role(role or 0) is None:
        raise TutorError(words.rounds.ONLY_STARTERS)


async def _start(  # noqa: PLR0913, PLR0917 - its options
    interaction: discord.Interaction,
    call: Call,
    questions: app_commands.Range[int, 1, 20] = 5,
    seconds: app_commands.Range[int, 10, 300] = 20,
    untimed: bool = False,
    topics: str = "",
    kinds: str = "",
    pause: app_commands.Range[int, 3, 60] = 10,
    where: str = "here",
    seed: app_commands.Range[str, 1, LONGEST_SEED] | None = None,
) -> None:
    curriculum = call.app.curriculum
    wanted = Wanted(questions, topics_of(curriculum, topics), kinds_of(call.app.practice.kinds.names, kinds))
    fits(curriculum, wanted)  # before a thread is opened for nothing
    if where == "thread":
        titles = [topic.title for topic in curriculum.topics if topic.id in wanted.topics]
        venue = await venues.in_a_thread(interaction, words.rounds.round_thread(titles))
    else:
        venue = venues.here(interaction)
    window = None if untimed else float(seconds)
    asked = Start(
        _server(interaction), venue.place, interaction.user.id, wanted, window, float(pause), seed, venue.parent
    )
    round_ = await in_time(interaction, call.app.rounds.start(asked))
    begins = words.rounds.round_begins(f"<#{venue.place}>", len(round_.planned), questions)
    await respond(interaction, [line(begins)], private=True)


async def _stop(interaction: discord.Interaction, call: Call) -> None:
    rounds, channel = call.app.rounds, _channel(interaction)
    round_ = rounds.on(channel)
    if round_ is None:
        raise _none_here(_around(rounds, channel))
    stopped = rounds.happened(round_.setup.id, Stopped(playing.click_of(interaction)))
    for reply in await in_time(interaction, stopped):
        if isinstance(reply, Tell):
            await playing.tell(interaction, reply)


async def _scores(interaction: discord.Interaction, call: Call) -> None:
    channel, rounds = _channel(interaction), call.app.rounds
    if round_ := rounds.on(channel):
        await respond(interaction, [line(words.rounds.standing(standing(round_)))], private=True)
    elif not (around := _around(rounds, channel)) and (latest := await rounds.latest(channel)):
        await respond(interaction, [playing.table(latest, _server(interaction))], private=True)
    else:
        raise _none_here(around)


def _server(interaction: discord.Interaction) -> int:
    if interaction.guild_id is None:
        raise TutorError(words.rounds.ONLY_IN_SERVERS)
    return interaction.guild_id


def _channel(interaction: discord.Interaction) -> int:
    if interaction.channel_id is None:
        raise TutorError(words.rounds.ONLY_IN_SERVERS)
    return interaction.channel_id


def _around(rounds: Rounds, channel: int) -> list[str]:
    """The threads of a channel with a round on."""
    on = [hosted.round for hosted in rounds.going_on() if not isinstance(hosted.round.phase, Ended)]
    return [f"<#{round_.setup.channel}>" for round_ in on if round_.setup.parent == channel]


def _none_here(around: list[str]) -> TutorError:
    return TutorError(words.rounds.round_elsewhere(around) if around else words.rounds.NO_ROUND_HERE)


QUIZ = Group(
    name="quiz",
    description=words.rounds.QUIZ_COMMAND,
    commands=(
        Command(
            name="start",
            description=words.rounds.QUIZ_START,
            run=_start,
            declared=Declaration(who_may_start, nothing, ChannelRules.POSTED),
            describes={
                "questions": words.rounds.QUIZ_QUESTIONS,
                "seconds": words.rounds.QUIZ_SECONDS,
                "untimed": words.rounds.QUIZ_UNTIMED,
                "topics": words.rounds.QUIZ_TOPICS,
                "kinds": lambda app: words.rounds.quiz_kinds(app.practice.kinds.names),
                "pause": words.rounds.QUIZ_PAUSE,
                "where": words.rounds.QUIZ_WHERE,
                "seed": words.rounds.QUIZ_SEED,
            },
            choices={"where": lambda _app: [(name, key) for key, name in words.rounds.WHERE_CHOICES.items()]},
            completes={
                "topics": lambda app, _, typed: completed(typed, words.quiz.topic_choices(app.curriculum)),
                "kinds": lambda app, _, typed: completed(typed, as_titles(app.practice.kinds.names)),
            },
        ),
        Command(
            name="stop",
            description=words.rounds.QUIZ_STOP,
            run=_stop,
            declared=Declaration(whom_the_round_lets, nothing, ChannelRules.NONE),
        ),
        Command(
            name="scores",
            description=words.rounds.QUIZ_SCORES,
            run=_scores,
            declared=Declaration(anyone, nothing, ChannelRules.NONE),
        ),
    ),
)
COMMANDS = (QUIZ,)
