"""The real client on the loopback Discord, with the knowledge that the bot ships with."""

from collections.abc import AsyncIterator, Callable
from functools import cache
from pathlib import Path
from random import Random

import pytest

from bot.curriculum.model import Curriculum
from bot.discord_app.client import TutorClient
from bot.matching.decision import Choose, Context, Decision, Match
from bot.matching.taught import Listener
from bot.matching.tutor import Tutor
from bot.service.additions import Additions
from bot.service.answering import Answering
from bot.service.experiment_queue import ExperimentQueue, Runner
from bot.service.expiry import Expiry
from bot.service.findings import Findings
from bot.service.grading import Grading
from bot.service.laboratory import Laboratory
from bot.service.ledger import Ledger
from bot.service.practice import Chances, Practice
from bot.service.quizzes import Quizzes
from bot.service.rounds import Rounds
from bot.service.runs import Runs
from bot.service.scores import Scoring
from bot.service.server_rules import ServerRules
from bot.service.use_cases import UseCases
from bot.simulations.experiments import catalogue
from bot.storage.database import Storage, open_storage
from tests.discord_app.runners import HereRunner
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
def make_additions(
    curriculum: Curriculum, listener: Listener, grading: Callable[[], Grading], storage: Storage
) -> Callable[[], Additions]:
    """Makes the use case anew, as a restart does: what it knows then comes from the storage."""
    return lambda: Additions(curriculum, lambda: listener, grading, storage.additions)


@pytest.fixture(scope="session")
def grading(curriculum: Curriculum) -> Callable[[], Grading]:
    """Made once, when first needed: it takes a moment."""
    return cache(lambda: Grading(curriculum))


@pytest.fixture
def quizzes(make_quizzes: Callable[[], Quizzes]) -> Quizzes:
    return make_quizzes()


@pytest.fixture
def make_quizzes(
    grading: Callable[[], Grading],
    chances: Chances,
    storage: Storage,
    loopback: LoopbackDiscord,
    *,
    curriculum: Curriculum,
    make_additions: Callable[[], Additions],
) -> Callable[[], Quizzes]:
    """Makes the use cases anew, as a restart does. Questions of practice are drawn by known chances, the experiments
    run in this process, and the host's clock is Discord's."""
    runs = Runs(ExperimentQueue(HereRunner()))

    def make() -> Quizzes:
        rules = ServerRules(storage.settings)
        additions = make_additions()
        expiry = Expiry(storage.journal, rules)
        rounds = Rounds(
            curriculum, storage.journal, Findings(grading, runs, additions.accepted_wordings), loopback.clock, expiry
        )
        scores = Scoring(storage.scores, rounds, loopback.clock, additions)
        return Quizzes(Practice(curriculum, grading, runs, chances), rounds, scores, rules, additions.accepted_wordings)

    return make


@pytest.fixture
def laboratory(curriculum: Curriculum, worker: Runner) -> Laboratory:
    return Laboratory(ExperimentQueue(worker), Ledger(curriculum, catalogue()))


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
def make_use_cases(
    answering: Answering, make_additions: Callable[[], Additions], quizzes: Quizzes, laboratory: Laboratory
) -> Callable[[], UseCases]:
    laboratory.gate = quizzes.gate
    return lambda: UseCases(answering, make_additions(), quizzes, laboratory)


@pytest.fixture
def mo(guild: Guild, channel: Channel) -> Person:
    """A moderator, who may manage messages but not the server."""
    return guild.add_member("Mo", permissions=["manage_messages"])


@pytest.fixture
def head(guild: Guild, channel: Channel) -> Person:
    """Someone who may manage the server."""
    return guild.add_member("Head", permissions=["manage_guild"])


@pytest.fixture
def make_client(make_use_cases: Callable[[], UseCases], storage: Storage, tmp_path: Path) -> Callable[[], TutorClient]:
    """Makes the client anew, as a restart does."""
    return lambda: TutorClient(make_use_cases(), storage, tmp_path / "heartbeat")


@pytest.fixture
async def bot(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], ana: Person
) -> AsyncIterator[TutorClient]:
    """The bot, online in Ana's server."""
    client = make_client()
    async with loopback.running(client):
        yield client
