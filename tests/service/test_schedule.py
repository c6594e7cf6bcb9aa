"""What servers have set begins once: whatever fails, is taken back or is missed while it is due."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot import words
from bot.clock import DAY
from bot.curriculum.model import Curriculum
from bot.errors import StorageRefuses
from bot.quiz.drawing import Wanted, fits
from bot.quiz.kinds.base import key_of
from bot.service.application import App
from bot.service.rounds.hosted import Start
from bot.service.schedule import LOOK_AGAIN, InTheWay, Plan, Scheduled, Trouble
from bot.service.weekly import read
from bot.storage.database import Storage
from bot.storage.rows import Entry, ScheduleBegun
from bot.storage.tables import QUIZ_ROUNDS
from tests.service.conftest import STARTER, Boards, Group, Hours

DAILY = Plan(of_the_day=True, kinds=("choice",))


class Channels:
    """All is there, and whoever is to be told is."""

    def __init__(self) -> None:
        self.told: list[InTheWay | None] = []

    def blocked(self, one: Scheduled) -> InTheWay | None:
        return None

    def may_call(self, one: Scheduled) -> bool:
        return True

    def may_attach(self, one: Scheduled) -> bool:
        return True

    async def tell(self, one: Scheduled) -> bool:
        self.told.append(one.in_the_way)
        return True


@pytest.fixture
async def app(make_app: Callable[[], App], boards: Boards) -> AsyncIterator[App]:
    made = make_app()
    await made.rounds.open(boards)
    yield made
    await made.rounds.close()


@pytest.fixture
def channels() -> Channels:
    return Channels()


async def add(app: App, plan: Plan = DAILY, server: int = 1, channel: int = 10) -> Scheduled:
    when = read("daily 18:30", "UTC")
    return await app.schedules.add(Scheduled(0, server, channel, when, plan, None, STARTER, "Mo", 0.0, 0.0))


def begun(app: App) -> list[tuple[int, int]]:
    """The server and who has set it, of each round that is on."""
    return [(one.server, one.round.setup.starter) for one in app.rounds.going_on()]


@pytest.mark.parametrize("plan", [DAILY, Plan(questions=1, kinds=("choice",))])
async def test_it_begins_once_where_it_was_kept_and_that_was_not_heard(  # noqa: PLR0917 - what it needs
    app: App, storage: Storage, clock: Hours, channels: Channels, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await add(app, plan)
    clock.time = one.next_at + 1
    write, lost = storage.journal.write, [1, 2]

    async def unheard(*entries: Entry) -> None:
        await write(*entries)
        if lost and any(isinstance(entry, ScheduleBegun) for entry in entries):
            lost.pop()
            raise StorageRefuses("the connection was lost after the commit was sent")

    monkeypatch.setattr(storage.journal, "write", unheard)
    for _ in range(3):
        await app.schedules.look(channels)
        clock.time += 6
    rows = await storage.access.found(select(QUIZ_ROUNDS.c.round_id))
    await Group(app.rounds, clock).until(lambda: bool(app.rounds.going_on()))
    assert [row["round_id"] for row in rows] == [hosted.id for hosted in app.rounds.going_on()]


async def test_what_cannot_be_seen_to_keeps_no_other_waiting_and_is_told_as_what_it_is(
    app: App, clock: Hours, channels: Channels, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await add(app, Plan(questions=1))
    await add(app, server=2)
    clock.time = one.next_at + 1
    topics = app.schedules._topics.read

    async def unmade(server: int) -> object:
        if server == 1:
            raise RecursionError
        return await topics(server)

    monkeypatch.setattr(app.schedules._topics, "read", unmade)
    await app.schedules.look(channels)
    assert begun(app) == [(2, STARTER)]
    clock.time += 1000
    await app.schedules.look(channels)
    await app.schedules.look(channels)
    assert channels.told == [InTheWay(Trouble.FAULT, at=one.next_at)]


async def test_what_is_taken_back_or_forgotten_while_others_begin_does_not_begin_by_that(
    app: App, clock: Hours, channels: Channels, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await add(app)
    taken_back, others = await add(app, server=2), await add(app, server=3)
    clock.time = one.next_at + 1
    topics = app.schedules._topics.read

    async def meanwhile(server: int) -> object:
        if len(app.schedules.known(2)):
            await app.schedules.remove(2, taken_back.id)
            await app.schedules.forget(others.by)
        return await topics(server)

    monkeypatch.setattr(app.schedules._topics, "read", meanwhile)
    for _ in range(2):
        await app.schedules.look(channels)
        clock.time += 6
    assert sorted(begun(app)) == [(1, 0), (3, 0)]


async def test_another_process_that_does_not_know_that_it_is_taken_back_begins_nothing(
    app: App, storage: Storage, clock: Hours, channels: Channels
) -> None:
    one = await add(app)
    await storage.schedules.remove(1, one.id)
    clock.time = one.next_at + 1
    await app.schedules.look(channels)
    assert begun(app) == []
    assert await app.schedules.of(1) == []


@pytest.mark.parametrize(("late", "begins", "left_out"), [(600, True, 3), (DAY - 600, False, 4)])
async def test_after_several_that_were_missed_the_one_that_is_due_still_begins(  # noqa: PLR0917 - its cases
    app: App, clock: Hours, channels: Channels, late: float, begins: bool, left_out: int
) -> None:
    one = await add(app)
    clock.time = one.next_at + 3 * DAY + late
    for _ in range(2):
        await app.schedules.look(channels)
    assert bool(begun(app)) == begins
    last = one.next_at + (left_out - 1) * DAY
    assert channels.told == [InTheWay(Trouble.MISSED, at=one.next_at, until=last, count=left_out)]
    said = words.schedule.told(replace(one, in_the_way=channels.told[0]), "a server")
    assert f"left out {left_out} times, from <t:{one.next_at:.0f}:F> to <t:{last:.0f}:F>: I was away." in said
    assert [one.next_at for one in app.schedules.known(1)] == [one.next_at + 4 * DAY]


@pytest.mark.slow
async def test_a_question_of_the_day_is_none_of_before_while_there_are_others(app: App, curriculum: Curriculum) -> None:
    count = 28  # more than the rounds by which other questions are drawn
    keys = [key_of(*pair) for pair in fits(curriculum, Wanted(1))][:count]
    day = Start(1, 10, STARTER, Wanted(1, among=keys), DAY, 10.0, scheduled=True, of_the_day=True)
    asked = [(await app.rounds.start(day)).planned[0].key for _ in range(count)]
    assert len({*asked}) == count


async def test_that_all_questions_were_asked_and_come_again_is_said_there_and_told_once(
    app: App, clock: Hours, channels: Channels, curriculum: Curriculum
) -> None:
    await add(app, Plan(of_the_day=True, topics=("activation-functions",), kinds=("calculate",)))
    few = len(fits(curriculum, Wanted(1, ("activation-functions",), ("calculate",))))
    again = []
    for _ in range(few + 2):
        (one,) = await app.schedules.of(1)
        clock.time = one.next_at + 1
        for _ in range(2):
            await app.schedules.look(channels)
            clock.time += LOOK_AGAIN + 1
        again.append(app.rounds.going_on()[-1].round.setup.again)
    assert again == [False] * few + [True, True]
    assert channels.told == [InTheWay(Trouble.AGAIN)]
    (one,) = await app.schedules.of(1)
    assert "come again, the oldest first" in words.schedule.listed(curriculum, 1, one, "Mo")


@pytest.mark.parametrize(
    ("questions", "said"),
    [(1, "only 1 question like that, so it is the same one each time"), (3, "only 3 questions like that"), (30, "")],
)
def test_it_is_said_that_a_question_of_the_day_comes_again_soon(
    curriculum: Curriculum, questions: int, said: str
) -> None:
    one = Scheduled(0, 1, 10, read("daily 18:30", "UTC"), DAILY, None, STARTER, "Mo", 0.0, 0.0)
    told = words.schedule.added(curriculum, one, questions=questions)
    assert said in told
    assert bool(said) == ("I have only" in told)
    assert "I have only" not in words.schedule.added(curriculum, replace(one, plan=Plan()), questions=questions)
