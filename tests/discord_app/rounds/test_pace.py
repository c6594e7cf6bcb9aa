"""Posts are spread in time."""

import asyncio

from bot.discord_app.rounds.stage import Pace


async def test_those_who_come_at_once_go_one_after_the_other_in_order() -> None:
    clock, pace, gone = asyncio.get_running_loop().time, Pace(a_second=500), []

    async def go(number: int) -> None:
        await pace.turn()
        gone.append((number, clock()))

    began = clock()
    await asyncio.gather(*(go(number) for number in range(10)))
    assert [number for number, _ in gone] == [*range(10)]
    assert all(at - began >= 0.95 * number / 500 for number, at in gone)


async def test_who_comes_alone_does_not_wait() -> None:
    pace = Pace(a_second=0.01)
    await asyncio.wait_for(pace.turn(), 5)
