"""`/quiz start`, `/quiz stop`, `/quiz scores`: who may start a round, and the channel or thread where it is played."""

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import discord
from discord import app_commands

from bot import words
from bot.curriculum.model import Curriculum, entries
from bot.discord_app import access
from bot.discord_app.access import anyone, whom_the_round_lets
from bot.discord_app.actions import Call, Declaration, nothing
from bot.discord_app.commands import Choices, Command, Group, stands_in, unknown_of
from bot.discord_app.layout import LONGEST_OPTION, MOST_OPTIONS, line
from bot.discord_app.replies import ChannelRules, in_time, is_denied, respond
from bot.discord_app.rounds import playing
from bot.discord_app.rounds.of_the_day import ask_to_stop
from bot.errors import StorageRefuses, TutorError
from bot.quiz.drawing import NothingToDraw, Wanted, fewest, fits
from bot.quiz.round.events import Stopped
from bot.quiz.round.state import Ended, Round
from bot.quiz.scoring import standing
from bot.service.application import App
from bot.service.rounds.engine import NotRead, Rounds
from bot.service.rounds.hosted import NotKept, Start
from bot.text.lists import Entries, Entry

LONGEST_SEED = 60
SECONDS, PAUSE = 20, 10  # for each answer, and after each reveal, where they are not given


async def who_may_start(interaction: discord.Interaction, _what: Any, app: App) -> None:
    """Lets moderators start a round, and those with the role that the server has set for it."""
    if not await access.may_start(interaction, _server(interaction), app):
        raise TutorError(words.rounds.ONLY_STARTERS)


async def _start(  # noqa: PLR0913, PLR0917 - its options
    interaction: discord.Interaction,
    call: Call,
    questions: app_commands.Range[int, 1, 20] = 5,
    seconds: app_commands.Range[int, 10, 300] | None = None,
    untimed: bool = False,
    topics: str = "",
    kinds: str = "",
    pause: app_commands.Range[int, 3, 60] = PAUSE,
    where: str = "here",
    seed: app_commands.Range[str, 1, LONGEST_SEED] | None = None,
) -> None:
    curriculum = call.app.curriculum
    of_kinds, pictures = kinds_of(call.app.practice.kinds.names, kinds), interaction.app_permissions.attach_files
    wanted = Wanted(questions, topics_of(curriculum, topics), of_kinds, pictures=pictures)
    titles = [topic.title for topic in curriculum.topics if topic.id in wanted.topics]
    with _round_meant():
        fitting = fits(curriculum, wanted)
        if where == "thread":
            await call.app.rounds.ready()  # no thread is opened for nothing
    if where == "thread":
        sure = questions if questions <= fewest(fitting) else None
        channel = await thread_opened_here(interaction, words.rounds.round_thread(titles, sure))
    else:
        channel = channel_here(interaction)
    window = None if untimed else float(seconds or SECONDS)
    asked = Start(
        _server(interaction), channel.id, interaction.user.id, wanted, window, float(pause), seed, channel.parent
    )
    with _round_meant():
        round_, before = await in_time(interaction, _started(call.app.rounds, asked))
    count, unused = len(round_.planned), untimed and seconds is not None
    begins = words.rounds.round_begins(f"<#{channel.id}>", count, questions, titles, of_kinds, unused)
    await respond(interaction, [line("\n".join(filter(None, [begins, before])))], private=True)


async def begin_here(interaction: discord.Interaction, call: Call, wanted: Wanted, titles: Sequence[str]) -> None:
    """Start a round of these questions where somebody pressed for it, with the times that `/quiz start` has by itself;
    `titles` are those of its topics that are said. Raises TutorError where it cannot be."""
    with _round_meant():
        fits(call.app.curriculum, wanted)
    channel = channel_here(interaction)
    server, member = _server(interaction), interaction.user.id
    asked = Start(server, channel.id, member, wanted, float(SECONDS), float(PAUSE), None, channel.parent)
    with _round_meant():
        round_, before = await in_time(interaction, _started(call.app.rounds, asked))
    begins = words.rounds.round_begins(f"<#{channel.id}>", len(round_.planned), wanted.count, titles)
    await respond(interaction, [line("\n".join(filter(None, [begins, before])))], private=True)


async def _started(rounds: Rounds, asked: Start) -> tuple[Round, str]:
    """The round that is started, and why the last one of its channel ended, if nobody could be told."""
    round_ = await rounds.start(asked)
    with contextlib.suppress(TutorError):  # the round is on all the same
        if lost := await rounds.lost_before(round_):
            return round_, words.rounds.lost_before(lost)
    return round_, ""


@contextlib.contextmanager
def _round_meant() -> Iterator[None]:
    """What keeps a round from beginning is told as that. Raises TutorError."""
    try:
        yield
    except (NothingToDraw, NotKept, NotRead, StorageRefuses) as refusal:
        raise TutorError(words.refusals.not_started(refusal)) from refusal


async def _stop(interaction: discord.Interaction, call: Call) -> None:
    rounds, channel = call.app.rounds, _channel(interaction)
    round_ = rounds.on(channel)
    if round_ is None and (stands := rounds.of_the_day(channel)):
        await ask_to_stop(interaction, call, stands)
        return
    if round_ is None:
        raise await _none_here(interaction, call, _around(rounds, channel))
    stopped = playing.happens(interaction, call, round_.setup.id, Stopped(playing.click_of(interaction)))
    await playing.tell(interaction, await in_time(interaction, stopped))


async def _scores(interaction: discord.Interaction, call: Call) -> None:
    channel, rounds = _channel(interaction), call.app.rounds
    if round_ := rounds.on(channel):
        await respond(interaction, [line(words.rounds.standing(standing(round_)))], private=True)
    elif not (around := _around(rounds, channel)) and (latest := await rounds.latest(channel)):
        await respond(interaction, [playing.table(latest, _server(interaction))], private=True)
    else:
        raise await _none_here(interaction, call, around)


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


async def _none_here(interaction: discord.Interaction, call: Call, around: list[str]) -> TutorError:
    """Says where rounds are on; else where they are played, or, to those who may, how one is started."""
    if around:
        return TutorError(words.rounds.round_elsewhere(around))
    stands = call.app.rounds.of_the_day(_channel(interaction))
    said = [words.rounds.ONLY_OF_THE_DAY if stands else words.rounds.NO_ROUND_HERE]
    with contextlib.suppress(StorageRefuses):  # the log has it; the rest can be said
        server = _server(interaction)
        rules = await call.app.server_settings.of(server)
        if not rules.answers_in(access.channels_of(interaction)):
            said.append(words.settings.rounds_elsewhere(rules.answer_channels))
        elif await access.may_start(interaction, server, call.app):
            said.append(words.rounds.START_ONE)
    return TutorError(" ".join(said))


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
        raise TutorError(words.rounds.lacking(lacking, f"<#{channel.id}>"))
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
        raise TutorError(words.rounds.lacking(lacking, f"<#{channel.id}>", thread=True))
    await interaction.response.defer(ephemeral=True, thinking=True)
    kind = discord.ChannelType.news_thread if channel.is_news() else discord.ChannelType.public_thread
    try:
        thread = await channel.create_thread(name=name, type=kind, auto_archive_duration=_ARCHIVED_AFTER)
    except discord.HTTPException as refusal:
        if refusal.code in _TOO_MANY:
            raise TutorError(words.rounds.TOO_MANY_THREADS) from refusal
        if is_denied(refusal):
            raise TutorError(words.rounds.lacking([], f"<#{channel.id}>", thread=True)) from refusal
        raise
    return RoundChannel(thread.id, channel.id)


def topics_of(curriculum: Curriculum, typed: str) -> tuple[str, ...]:
    """The ids of the topics that are listed; none: all. Raises TutorError where one of them is not known."""
    found = entries(curriculum.topics).read(typed)
    if found.unknown:
        titles = {topic.id: topic.title for topic in curriculum.topics}
        raise TutorError(words.quiz.unknown_topics(unknown_of(found, titles)))
    return found.ids


def kinds_of(kinds: Sequence[str], typed: str) -> tuple[str, ...]:
    """Those of these kinds that are listed; none: all. Raises TutorError where one of them is not known."""
    found = _kind_entries(kinds).read(typed)
    if found.unknown:
        raise TutorError(words.rounds.unknown_kinds(unknown_of(found, {kind: kind for kind in kinds}), kinds))
    return found.ids


def _kind_entries(kinds: Sequence[str]) -> Entries:
    return Entries([Entry(kind, (words.kinds.named(kind).name,)) for kind in kinds])


_LAST = re.compile(r"(.*(?:[,;\n]|\sand\s))\s*(.*)", re.DOTALL | re.IGNORECASE)


def completed(typed: str, known: Entries, titles: Mapping[str, str]) -> list[tuple[str, str]]:
    """The name being typed is completed, those before it stay; where nothing holds it, by what it is like."""
    before, wanted = (), typed  # type: tuple[str, ...], str
    if (parted := _LAST.fullmatch(typed)) and not (found := known.read(parted[1])).unknown:
        before, wanted = found.ids, parted[2]
    left = {id_: title for id_, title in titles.items() if id_ not in before}
    fitting = [id_ for id_, title in left.items() if stands_in(wanted, f"{title} {id_}")]
    if not fitting:
        read = known.read(wanted)
        near = (*read.ids, *(id_ for one in read.unknown for id_ in one.near))
        fitting = [id_ for id_ in dict.fromkeys(near) if id_ in left]
    return [_choice([*before, id_], titles) for id_ in fitting][:MOST_OPTIONS]


def _choice(ids: Sequence[str], titles: Mapping[str, str]) -> tuple[str, str]:
    """Shown by titles while they fit. Whoever types on after it has what is shown to type on from."""
    value, shown = ", ".join(ids), ", ".join(titles[id_] for id_ in ids)
    return (shown if len(shown) <= LONGEST_OPTION else value[:LONGEST_OPTION]), value


def topics_typed(app: App, _: discord.Interaction, typed: str) -> Choices:
    """Completes a list of topics."""
    titles = {id_: title for title, id_ in words.quiz.topic_choices(app.curriculum)}
    return completed(typed, entries(app.curriculum.topics), titles)


def kinds_typed(app: App, _: discord.Interaction, typed: str) -> Choices:
    """Completes a list of kinds of question."""
    kinds = app.practice.kinds.names
    return completed(typed, _kind_entries(kinds), {kind: kind for kind in kinds})


QUIZ = Group(
    name="quiz",
    description=words.rounds.QUIZ_COMMAND,
    commands=(
        Command(
            name="start",
            description=words.rounds.QUIZ_START,
            run=_start,
            declared=Declaration(who_may_start, nothing, ChannelRules.PLAYED),
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
                "topics": topics_typed,
                "kinds": kinds_typed,
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
