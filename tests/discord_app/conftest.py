"""The real client on the loopback Discord, with the knowledge that the bot ships with."""

import errno
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

import discord
import pytest

from bot import app
from bot.discord_app import connection, sessions
from bot.discord_app.client import TutorClient
from bot.matching.decision import Choose, Context, Decision, Match
from bot.matching.matcher import Matcher
from bot.service.application import App
from bot.service.experiment_queue import Runner
from bot.service.practice import Chances
from bot.service.taught import Learnt
from bot.settings import Settings
from bot.storage.database import Storage, open_storage
from tests.discord_app.playing import Play
from tests.discord_app.runners import HereRunner
from tests.discord_server import LoopbackDiscord
from tests.discord_server.fixtures import strict_loopback
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.storage import refusing
from tests.storage.refusing import Refusing

ASK = "can biases start at zero"  # an ask of bias-initialization, word for word
TITLE = "Bias terms starting at 0"
UNSURE = "the one about zero"
OFF_TOPIC = "which bakery near the station sells rye bread on sundays"


class UnsureAbout(Matcher):
    """The real matcher, but unsure about one message: when it is depends on how good it is."""

    def __init__(self, matcher: Matcher, message: str) -> None:
        vars(self).update(vars(matcher))  # learnt before
        self._message = message
        self.contexts: list[Context | None] = []

    def decide(self, message: str, context: Context | None = None) -> Decision:
        self.contexts.append(context)
        if message == self._message:
            return Choose((Match("bias-initialization", 0.5), Match("dropout", 0.4, ("training",))))
        return super().decide(message, context)


@pytest.fixture(autouse=True)
def _drawn_alike(drawn_alike: None) -> None:
    """What hangs on a draw hangs on the same one each time."""


@pytest.fixture
async def loopback() -> AsyncIterator[LoopbackDiscord]:
    """The loopback Discord, which knows what the bot does in tasks of its own because of something that happened."""
    async with strict_loopback() as discord:
        discord.ending_tasks += [
            "greeting server ",
            "reading the topics of server ",
            "preparing what server ",
            "removing topics that ",
            "answering an unreadable ",
            "journaling round ",
            "posting round ",
            "telling of a round",
            "counting what a group believes",
        ]
        yield discord


@pytest.fixture
def decider(matcher: Matcher) -> UnsureAbout:
    return UnsureAbout(matcher, UNSURE)


@pytest.fixture
async def storage(database: str, loopback: LoopbackDiscord) -> AsyncIterator[Storage]:
    opened = await open_storage(database, loopback.clock)
    yield opened
    await opened.close()


@pytest.fixture
def read_only(storage: Storage) -> Refusing:
    """While it is on, the database itself refuses whatever is written."""
    return refusing.read_only(storage)


@pytest.fixture
def gone(storage: Storage) -> Refusing:
    """While it is on, nothing can be written or read."""

    def fail(_: object, on: bool) -> None:
        if on:
            raise OSError(errno.EIO, "Input/output error")

    return refusing.refusing(storage, "begin", fail)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """No pause between attempts to get in is waited for; gives those that were meant."""
    meant: list[float] = []

    def at_once(_: float, longest: float) -> float:
        meant.append(longest)
        return 0.0

    async def unasked(*_: object, **__: object) -> None:
        """discord.py waits 5 s before each session but the first."""

    monkeypatch.setattr(connection, "Pauses", partial(connection.Pauses, chance=at_once))
    monkeypatch.setattr(discord.Client, "before_identify_hook", unasked)
    monkeypatch.setattr(sessions, "APART", 0.0)
    return meant


@pytest.fixture
def worker() -> Runner:
    """Runs experiments; tests of what a worker may do have one of their own."""
    return HereRunner()


@pytest.fixture
def chances() -> Chances:
    return Random(5).randrange


@pytest.fixture
def guild(loopback: LoopbackDiscord) -> Guild:
    return loopback.add_guild("Study group", bot_permissions=["send_messages"])


@pytest.fixture
def channel(guild: Guild) -> Channel:
    return guild.add_channel("general")


@pytest.fixture
def ana(guild: Guild, channel: Channel) -> Person:
    return guild.add_member("Ana")


@pytest.fixture
def ben(guild: Guild, channel: Channel) -> Person:
    return guild.add_member("Ben")


@pytest.fixture
def mo(guild: Guild, channel: Channel) -> Person:
    """A moderator, who may manage messages but not the server."""
    return guild.add_member("Mo", permissions=["manage_messages"])


@pytest.fixture
def play(loopback: LoopbackDiscord, channel: Channel, mo: Person) -> Play:
    """A round that Mo starts."""
    return Play(loopback, channel, mo)


@pytest.fixture
def head(guild: Guild, channel: Channel) -> Person:
    """Someone who may manage the server."""
    return guild.add_member("Head", permissions=["manage_guild"])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


@pytest.fixture
def make_app(  # noqa: PLR0917 - all that a test may put something else in for
    learnt: Learnt,
    decider: UnsureAbout,
    storage: Storage,
    worker: Runner,
    chances: Chances,
    loopback: LoopbackDiscord,
    settings: Settings,
) -> Callable[[], App]:
    """Wires the app anew, as a restart does. Its clock is Discord's; practice draws by known chances."""
    return lambda: app.build(
        settings,
        clock=loopback.clock,
        storage=storage,
        worker=worker,
        learnt=replace(learnt, matcher=lambda: decider),
        chances=chances,
    )


@pytest.fixture
def make_client(make_app: Callable[[], App], tmp_path: Path) -> Callable[[], TutorClient]:
    """Makes the client anew, as a restart does."""
    return lambda: TutorClient(make_app(), tmp_path / "heartbeat")


@pytest.fixture
async def bot(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], ana: Person
) -> AsyncIterator[TutorClient]:
    """The bot, online in Ana's server."""
    client = make_client()
    async with loopback.running(client):
        yield client
