"""Posts are spread in time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.discord_app.client import TutorClient
from bot.discord_app.rounds.stage import A_SECOND, DiscordStage, Pace
from bot.service.application import App
from bot.shard import Shard


async def test_those_who_come_at_once_go_one_after_the_other_in_order() -> None:
    clock, pace, gone = asyncio.get_running_loop().time, Pace(a_second=500), []

    async def go(number: int) -> None:
        await pace.turn()
        gone.append((number, clock()))

    began = clock()
    await asyncio.gather(*(go(number) for number in range(10)))
    assert [number for number, _ in gone] == [*range(10)]
    assert all(at - began >= 0.95 * number / 500 for number, at in gone)


async def test_who_goes_after_all_lets_those_go_first_who_come_meanwhile() -> None:
    pace, gone = Pace(a_second=100), []

    async def go(name: str, turn: Callable[[], Awaitable[None]]) -> None:
        await turn()
        gone.append(name)

    await pace.turn()  # so that all have to wait
    last = asyncio.create_task(go("reminder", pace.after_all))
    await asyncio.sleep(0)  # it came first
    await asyncio.gather(*(go("round", pace.turn) for _ in range(5)), last)
    assert gone == [*["round"] * 5, "reminder"]


async def test_who_comes_alone_does_not_wait() -> None:
    pace = Pace(a_second=0.01)
    await asyncio.wait_for(pace.turn(), 5)


@pytest.mark.parametrize("count", [1, 4])
def test_all_shards_together_keep_the_pace(
    make_app: Callable[[], App], make_client: Callable[[], TutorClient], count: int
) -> None:
    app = make_app()
    stages = [DiscordStage(make_client(), replace(app, shard=Shard(k, count))) for k in range(count)]
    assert sum(1 / stage.pace.apart for stage in stages) == pytest.approx(A_SECOND)
