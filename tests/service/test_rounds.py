"""Rounds from event to event, on a real database and a stage of a few lines."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from functools import cache
from pathlib import Path

import pytest

from bot.curriculum.model import Curriculum
from bot.quiz.drawing import Wanted
from bot.quiz.round.effects import AskReview, Post, TellStarter
from bot.quiz.round.events import Click, Flagged, FlagJudged, Message, Pressed
from bot.quiz.round.state import Asking, Round
from bot.service.experiments import Experiments
from bot.service.findings import Findings
from bot.service.grading import Grading
from bot.service.live import Live
from bot.service.round_rows import Unreadable
from bot.service.rounds import Rounds
from bot.service.runs import Runs
from bot.service.starting import AlreadyOn, Start
from bot.service.steps import NotKept
from bot.storage.database import Storage, open_storage
from bot.storage.entries import EventRow, RoundRow
from tests.chat.runners import HereRunner

STARTER, ANA, BEN, FLAGGER, JUDGE = 777001, 777002, 777003, 777004, 777005


class Hours:
    """A clock that goes on when told."""

    def __init__(self) -> None:
        self.time = 1_700_000_000.0

    def now(self) -> float:
        return self.time


class Boards:
    """Shows whatever it is given, at once."""

    def __init__(self, clock: Hours) -> None:
        self._clock = clock
        self._ids = itertools.count(1)
        self.told: list[TellStarter | AskReview] = []

    async def post(self, live: Live, post: Post, nonce: str, look_first: bool) -> Message:
        return Message(next(self._ids), self._clock.now())

    def given_up(self, live: Live, post: Post, why: Exception) -> str:
        return "incident"

    async def tell(self, live: Live, what: TellStarter | AskReview, nonce: str, look_first: bool) -> None:
        self.told.append(what)


class Group:
    """Those who play, and what they do."""

    def __init__(self, rounds: Rounds, clock: Hours) -> None:
        self.rounds, self.clock = rounds, clock
        self.id = ""
        self._ids = itertools.count(1000)

    @property
    def round(self) -> Round:
        return self.rounds._live[self.id].round

    async def start(self, questions: int = 1, place: int = 5) -> None:
        asked = Start(1, place, STARTER, Wanted(questions, kinds=["choice"]), 20.0, 10.0)
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
        await self.until(lambda: self.rounds._live[self.id].over)

    def click(self, member: int, moderator: bool = False) -> Click:
        return Click(next(self._ids), self.clock.now(), member, f"m{member}", moderator)

    async def press(self, member: int, right: bool = True) -> None:
        options = self.round.turns[-1].posed.options
        pick = next(i for i, option in enumerate(options) if option.right is right)
        await self.rounds.happened(self.id, Pressed(len(self.round.turns) - 1, self.click(member), (pick,)))

    async def until(self, there: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not there():
                self.rounds.tick()
                await asyncio.sleep(0.005)


@pytest.fixture
def clock() -> Hours:
    return Hours()


@pytest.fixture
async def storage(tmp_path: Path, clock: Hours) -> AsyncIterator[Storage]:
    opened = await open_storage(f"sqlite+aiosqlite:///{tmp_path / 't.sqlite3'}", clock)
    yield opened
    await opened.close()


@pytest.fixture
def boards(clock: Hours) -> Boards:
    return Boards(clock)


@pytest.fixture
def make_rounds(curriculum: Curriculum, storage: Storage, clock: Hours) -> Callable[[], Rounds]:
    findings = Findings(cache(lambda: Grading(curriculum)), Runs(Experiments(HereRunner())))
    return lambda: Rounds(curriculum, storage.journal, findings, clock)


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
    await rounds._errands.stop()
    return make_rounds(), group


@pytest.fixture
async def group(make_rounds: Callable[[], Rounds], clock: Hours, boards: Boards) -> AsyncIterator[Group]:
    rounds = make_rounds()
    await rounds.open(boards)
    yield Group(rounds, clock)
    await rounds.close()


@pytest.mark.parametrize("member", [STARTER, ANA, FLAGGER, JUDGE])
async def test_whoever_had_any_part_in_a_round_is_forgotten(group: Group, storage: Storage, member: int) -> None:
    await group.start()
    await group.asked()
    await group.press(ANA)
    await group.press(BEN)
    await group.over()
    await group.rounds.happened(group.id, Flagged(0, group.click(FLAGGER)))
    await group.rounds.happened(group.id, FlagJudged(0, group.click(JUDGE, moderator=True), accepted=False))
    await group.until(lambda: group.rounds._live[group.id].over)
    group.clock.time += 100
    await group.until(lambda: group.id not in group.rounds._live)
    await group.rounds.forget(member)
    row = await storage.journal.round(group.id)
    assert row
    assert await storage.journal.events(row) == ()
    assert str(member) not in row.state
    assert str(BEN) in row.state


async def test_a_dispute_decided_days_later_does_not_move_the_points_of_a_round(group: Group, storage: Storage) -> None:
    await group.start(questions=2)
    for end in (group.closed, group.over):
        await group.asked()
        await group.press(ANA)
        await group.press(BEN)
        await end()
    before = {(row.turn, row.at) for row in await storage.scores.of(ANA)}
    group.clock.time += 5 * 24 * 3600
    await group.rounds.happened(group.id, Flagged(0, group.click(FLAGGER)))
    await group.rounds.happened(group.id, FlagJudged(0, group.click(JUDGE, moderator=True), accepted=True))
    after = {(row.turn, row.at) for row in await storage.scores.of(ANA)}
    assert after == {(turn, at) for turn, at in before if turn == 1}


async def test_no_round_starts_and_no_answer_is_given_before_those_of_an_earlier_run_are_known(
    killed: tuple[Rounds, Group],
) -> None:
    rounds, before = killed
    again = Start(1, 5, ANA, Wanted(1), 20.0, 10.0)
    with pytest.raises(NotKept):
        await rounds.start(again)
    await rounds.recall()
    assert [one.topic for one in rounds.withheld(BEN, [5])] == [before.round.turns[0].posed.topic]
    with pytest.raises(AlreadyOn):
        await rounds.start(again)
    await rounds.close()


async def test_a_round_that_cannot_be_read_keeps_no_other_from_going_on(
    killed: tuple[Rounds, Group], storage: Storage, boards: Boards, caplog: pytest.LogCaptureFixture
) -> None:
    rounds, group = killed
    group.rounds = rounds
    state = f'{{"phase": {{"phase": "of another version"}}, "names": {{"{ANA}": "a name"}}}}'
    await storage.journal.write(RoundRow("odd", 1, 6, 1.0, None, "[]", state, 0), EventRow("odd", 1, 1.0, "{}"))
    async with asyncio.timeout(5):
        await rounds.open(boards)
    await group.over()
    with pytest.raises(Unreadable):
        await rounds.find("odd")
    assert (await storage.journal.ended_with(ANA)) == ("odd",)
    await rounds.forget(ANA)
    assert await storage.journal.round("odd") is None
    assert "a name" not in caplog.text
    await rounds.close()
