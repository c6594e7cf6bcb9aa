"""`/quiz start`, `/quiz stop`, `/quiz scores`: who may start a round, and the channel or thread where it is played."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import discord
from discord import app_commands

from bot import words
from bot.curriculum.model import Curriculum, named
from bot.discord_app import access
from bot.discord_app.access import anyone, whom_the_round_lets
from bot.discord_app.actions import Call, Declaration, nothing
from bot.discord_app.commands import Command, Group, stands_in
from bot.discord_app.layout import LONGEST_OPTION, MOST_OPTIONS, line
from bot.discord_app.layout import typed as as_typed
from bot.discord_app.replies import ChannelRules, in_time, respond
from bot.discord_app.rounds import playing
from bot.errors import TutorError
from bot.quiz.drawing import Wanted, fits
from bot.quiz.round.events import Stopped
from bot.quiz.round.state import Ended
from bot.quiz.scoring import standing
from bot.service.application import App
from bot.service.rounds.engine import Rounds
from bot.service.rounds.hosted import Start
from bot.text.normalise import folded

LONGEST_SEED = 60


async def who_may_start(interaction: discord.Interaction, _what: Any, app: App) -> None:
    """Lets moderators start a round, and those with the role that the server has set for it."""
    if not await access.may_start(interaction, _server(interaction), app):
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
    of_kinds, pictures = kinds_of(call.app.practice.kinds.names, kinds), interaction.app_permissions.attach_files
    wanted = Wanted(questions, topics_of(curriculum, topics), of_kinds, pictures=pictures)
    fits(curriculum, wanted)  # before a thread is opened for nothing
    if where == "thread":
        await call.app.rounds.ready()  # no thread is opened for nothing
        titles = [topic.title for topic in curriculum.topics if topic.id in wanted.topics]
        channel = await thread_opened_here(interaction, words.rounds.round_thread(titles))
    else:
        channel = channel_here(interaction)
    window = None if untimed else float(seconds)
    asked = Start(
        _server(interaction), channel.id, interaction.user.id, wanted, window, float(pause), seed, channel.parent
    )
    round_ = await in_time(interaction, call.app.rounds.start(asked))
    begins = words.rounds.round_begins(f"<#{channel.id}>", len(round_.planned), questions)
    await respond(interaction, [line(begins)], private=True)


async def _stop(interaction: discord.Interaction, call: Call) -> None:
    rounds, channel = call.app.rounds, _channel(interaction)
    round_ = rounds.on(channel)
    if round_ is None:
        raise _none_here(_around(rounds, channel))
    stopped = playing.happens(interaction, call, round_.setup.id, Stopped(playing.click_of(interaction)))
    await playing.tell(interaction, await in_time(interaction, stopped))


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


_TOO_MANY = {160006, 160007}
_ARCHIVED_AFTER: Literal[1440] = 1440  # minutes without a message; an untimed question may be open for as long


@dataclass(frozen=True, slots=True)
class RoundChannel:
    """Where a round is played."""

    id: int
    parent: int | None = None  # of a thread: the channel that it belongs to


def channel_here(interaction: discord.Interaction) -> RoundChannel:
    """Where the command was used. Raises TutorError where the bot may not post."""
    channel = interaction.channel
    if interaction.guild_id is None or channel is None:
        raise TutorError(words.rounds.ONLY_IN_SERVERS)
    thread = channel if isinstance(channel, discord.Thread) else None
    if lacking := access.lacking_of(interaction.app_permissions, thread is not None):
        raise TutorError(words.discord.lacking(lacking, f"<#{channel.id}>"))
    if thread and thread.locked and not interaction.app_permissions.manage_threads:
        raise TutorError(words.rounds.LOCKED_HERE)
    return RoundChannel(channel.id, thread.parent_id if thread else None)


async def thread_opened_here(interaction: discord.Interaction, name: str) -> RoundChannel:
    """A public thread, opened where the command was used; that takes a while, so the answer is deferred.

    Raises TutorError where there can be none, and what Discord refuses it with.
    """
    channel = interaction.channel
    if isinstance(channel, discord.Thread):
        raise TutorError(words.rounds.NO_THREAD_IN_A_THREAD)
    if not isinstance(channel, discord.TextChannel):
        raise TutorError(words.rounds.NO_THREADS_HERE)
    if lacking := access.lacking_for_a_thread(interaction.app_permissions):
        raise TutorError(words.discord.lacking(lacking, f"<#{channel.id}>"))
    await interaction.response.defer(ephemeral=True, thinking=True)
    kind = discord.ChannelType.news_thread if channel.is_news() else discord.ChannelType.public_thread
    try:
        thread = await channel.create_thread(name=name, type=kind, auto_archive_duration=_ARCHIVED_AFTER)
    except discord.HTTPException as refusal:
        if refusal.code in _TOO_MANY:
            raise TutorError(words.rounds.TOO_MANY_THREADS) from refusal
        raise
    return RoundChannel(thread.id, channel.id)


Find = Callable[[str], str | None]  # the id that a name stands for


def topics_of(curriculum: Curriculum, typed: str) -> tuple[str, ...]:
    """The ids of the topics named, by id or title. Raises TutorError for an unknown one."""

    def found(name: str) -> str | None:
        topic = named(curriculum.topics, name)
        return topic.id if topic else None

    return _looked_up(typed, found, words.quiz.NO_SUCH_TOPIC)


def kinds_of(kinds: Sequence[str], typed: str) -> tuple[str, ...]:
    """Those of these kinds that are named. Raises TutorError for an unknown one."""
    return _looked_up(typed, _names(as_titles(kinds)), words.rounds.no_such_kind(kinds))


def as_titles(kinds: Sequence[str]) -> list[tuple[str, str]]:
    """Kinds as `completed` takes them: they have no other name than their own."""
    return [(kind, kind) for kind in kinds]


def completed(typed: str, choices: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The name being typed is completed, those before it stay. `choices`: titles and ids."""
    before: list[str] = []
    last = _parts(typed)
    while len(last) > 1 and (found := _next(last, _names(choices))):
        (one, taken) = found
        before, last = [*before, one], last[taken:] or [""]
    wanted, titles = ", ".join(last), {id_: title for title, id_ in choices}
    fitting = [id_ for title, id_ in choices if id_ not in before and stands_in(wanted, f"{title} {id_}")]
    return [_choice([*before, id_], titles) for id_ in fitting][:MOST_OPTIONS]


def _choice(ids: Sequence[str], titles: Mapping[str, str]) -> tuple[str, str]:
    """Shown by titles while they fit. Whoever types on after it has what is shown to type on from."""
    value, shown = ", ".join(ids), ", ".join(titles[id_] for id_ in ids)
    return (shown if len(shown) <= LONGEST_OPTION else value[:LONGEST_OPTION]), value


def _looked_up(typed: str, find: Find, unknown: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_each(typed, find, unknown)))


def _each(typed: str, find: Find, unknown: str) -> Iterator[str]:
    parts = list(filter(None, _parts(typed)))
    while parts:
        found = _next(parts, find)
        if found is None:
            raise TutorError(f"{as_typed(parts[0])}: {unknown}")
        one, taken = found
        yield one
        parts = parts[taken:]


def _next(parts: Sequence[str], find: Find) -> tuple[str, int] | None:
    """The id that the list begins with, and how many parts its name takes: the longest name that fits."""
    for taken in range(len(parts), 0, -1):
        if one := find(", ".join(parts[:taken])):
            return one, taken
    return None


def _names(choices: Sequence[tuple[str, str]]) -> Find:
    """Finds an id by itself or by its title."""
    known = {folded(name): id_ for title, id_ in choices for name in (title, id_)}
    return lambda typed: known.get(folded(typed))


def _parts(typed: str) -> list[str]:
    return [part.strip() for part in typed.split(",")]


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
