"""The real client on the loopback Discord, with the knowledge that the bot ships with."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.chat.client import TutorClient
from bot.curriculum.model import Curriculum
from bot.service.answering import Answering
from bot.service.teaching import Teaching
from bot.storage.database import Storage, open_storage
from bot.tutor.decision import Choose, Context, Decision, Match
from bot.tutor.taught import Listener
from bot.tutor.tutor import Tutor
from tests.discord_server import LoopbackDiscord
from tests.discord_server.fixtures import loopback
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person

__all__ = ["loopback"]

ASK = "can biases start at zero"  # an ask of bias-initialization, word for word
TITLE = "Bias terms starting at 0"
UNSURE = "the one about zero"
OFF_TOPIC = "which bakery near the station sells rye bread on sundays"


class SettableClock:
    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def now(self) -> float:
        return self.seconds


class UnsureAbout:
    """The real tutor, but unsure about one message: when it is depends on how good it is."""

    def __init__(self, tutor: Tutor, message: str) -> None:
        self._tutor = tutor
        self._message = message
        self.contexts: list[Context | None] = []

    def decide(self, message: str, context: Context | None = None) -> Decision:
        self.contexts.append(context)
        if message == self._message:
            return Choose((Match("bias-initialization", 0.5), Match("dropout", 0.4, ("training",))))
        return self._tutor.decide(message, context)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def decider(tutor: Tutor) -> UnsureAbout:
    return UnsureAbout(tutor, UNSURE)


@pytest.fixture
def answering(curriculum: Curriculum, decider: UnsureAbout, clock: SettableClock) -> Answering:
    return Answering(curriculum, decider, clock)


@pytest.fixture
async def storage(tmp_path: Path, clock: SettableClock) -> AsyncIterator[Storage]:
    opened = await open_storage(f"sqlite+aiosqlite:///{tmp_path / 'tutor.sqlite3'}", clock)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def listener(curriculum: Curriculum) -> Listener:
    return Listener(curriculum)


@pytest.fixture
def make_teaching(curriculum: Curriculum, listener: Listener, storage: Storage) -> Callable[[], Teaching]:
    """Makes the use case anew, as a restart does: what it knows then comes from the storage."""
    return lambda: Teaching(curriculum, listener, storage.taught)


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
def make_client(
    answering: Answering, make_teaching: Callable[[], Teaching], storage: Storage, tmp_path: Path
) -> Callable[[], TutorClient]:
    """Makes the client anew, as a restart does."""
    return lambda: TutorClient(answering, make_teaching(), storage, tmp_path / "heartbeat")


@pytest.fixture
async def bot(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], ana: Person
) -> AsyncIterator[TutorClient]:
    """The bot, online in Ana's server."""
    client = make_client()
    async with loopback.running(client):
        yield client
