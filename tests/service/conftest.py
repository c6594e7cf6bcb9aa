"""Rounds on a real database, with a clock that is told and a stage of a few lines."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot import app
from bot.quiz.drawing import Wanted
from bot.quiz.round.effects import Message, News, Post
from bot.quiz.round.events import Pressed
from bot.quiz.round.state import Asking, Click, Round
from bot.service.application import App
from bot.service.rounds.engine import Rounds
from bot.service.rounds.hosted import HostedRound, Start
from bot.service.taught import Learnt
from bot.settings import Settings
from bot.storage.database import Storage, open_storage
from tests.discord_app.runners import HereRunner

STARTER, ANA, BEN, FLAGGER, JUDGE = 777001, 777002, 777003, 777004, 777005


class Hours:
    """A clock that goes on when told."""

    def __init__(self) -> None:
        self.time = 1_700_000_000.0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        """By the machine's clock: what waits looks at this one by itself, and tests let it look."""
        await asyncio.sleep(seconds)


class Boards:
    """Shows whatever it is given, at once."""

    def __init__(self, clock: Hours) -> None:
        self._clock = clock
        self._ids = itertools.count(1)
        self.posts: list[Post] = []
        self.told: list[News] = []
        self.faults: list[Exception] = []

    async def post(self, hosted: HostedRound, post: Post, nonce: str, look_first: bool) -> Message:
        self.posts.append(post)
        return Message(next(self._ids), self._clock.now())

    def given_up(self, hosted: HostedRound, post: Post, why: Exception) -> str:
        return "incident"

    async def tell(self, hosted: HostedRound, what: News, nonce: str, look_first: bool) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.told.append(what)

    async def has_reviews(self, server: int) -> bool:
        return True

    async def stands_still(self, hosted: HostedRound) -> bool:
        return False


class Group:
    """Those who play, and what they do."""

    def __init__(self, rounds: Rounds, clock: Hours) -> None:
        self.rounds, self.clock = rounds, clock
        self.id = ""
        self._ids = itertools.count(1000)

    @property
    def round(self) -> Round:
        return self.hosted.round

    @property
    def hosted(self) -> HostedRound:
        found = self.rounds.in_memory(self.id)
        assert found
        return found

    async def start(self, questions: int = 1, place: int = 5, server: int = 1) -> None:
        asked = Start(server, place, STARTER, Wanted(questions, kinds=["choice"]), 20.0, 10.0)
        self.id = (await self.rounds.start(asked)).setup.id

    async def asked(self) -> None:
        self.clock.time += 16
        await self.until(lambda: isinstance(self.round.phase, Asking) and self.round.turns[-1].message is not None)

    async def closed(self) -> None:
        turn = len(self.round.turns) - 1
        self.clock.time += 25
        await self.until(lambda: self.round.turns[turn].revealed)

    async def over(self) -> None:
        await self.closed()
        await self.until(lambda: self.hosted.over)

    def click(self, member: int, moderator: bool = False) -> Click:
        return Click(next(self._ids), self.clock.now(), member, f"m{member}", moderator)

    async def press(self, member: int, right: bool = True) -> None:
        options = self.round.turns[-1].question.options
        pick = next(i for i, option in enumerate(options) if option.right is right)
        await self.rounds.happened(self.id, Pressed(len(self.round.turns) - 1, self.click(member), (pick,)))

    async def until(self, there: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not there():
                self.rounds.tick()
                await asyncio.sleep(0.005)


@pytest.fixture(autouse=True)
def _drawn_alike(drawn_alike: None) -> None:
    """What hangs on a draw hangs on the same one each time."""


@pytest.fixture
def clock() -> Hours:
    return Hours()


@pytest.fixture
async def storage(database: str, clock: Hours) -> AsyncIterator[Storage]:
    opened = await open_storage(database, clock)
    yield opened
    await opened.close()


@pytest.fixture
def boards(clock: Hours) -> Boards:
    return Boards(clock)


@pytest.fixture
def make_app(learnt: Learnt, storage: Storage, clock: Hours, tmp_path: Path) -> Callable[[], App]:
    """Wires the app anew, as a restart does; experiments run in this process."""
    settings = Settings(data_dir=tmp_path)
    return lambda: app.build(settings, clock=clock, storage=storage, worker=HereRunner(), learnt=replace(learnt))


@pytest.fixture
def make_rounds(make_app: Callable[[], App]) -> Callable[[], Rounds]:
    return lambda: make_app().rounds


@pytest.fixture
async def killed(
    make_rounds: Callable[[], Rounds], clock: Hours, boards: Boards, storage: Storage
) -> tuple[Rounds, Group]:
    """A round with an open question, of a process that is no more, and the rounds of the next one."""
    rounds = make_rounds()
    await rounds.open(boards)
    group = Group(rounds, clock)
    await group.start()
    await group.asked()
    await group.until(lambda: group.hosted.idle)  # or what is being written would be after the next process has read
    await rounds.abandon()
    return make_rounds(), group


@pytest.fixture
async def group(make_rounds: Callable[[], Rounds], clock: Hours, boards: Boards) -> AsyncIterator[Group]:
    rounds = make_rounds()
    await rounds.open(boards)
    yield Group(rounds, clock)
    await rounds.close()
