"""A copy that is made while members answer: `python -m bot backup` beside a round."""

import asyncio
from pathlib import Path

import pytest

from bot.service.rounds.hosted import replayed
from bot.service.taught import Learnt
from bot.storage.database import open_storage
from tests.console.process import apart
from tests.service.conftest import Group, Hours

COPIES, PRESSES = 3, 200  # a second


@pytest.mark.slow
async def test_under_200_presses_a_second_a_copy_holds_every_answer_that_was_taken_before_it_began(
    group: Group, tmp_path: Path, learnt: Learnt, clock: Hours
) -> None:
    await group.start()
    await group.asked()
    taken: set[int] = set()  # members whose answer has been confirmed
    before: list[set[int]] = []  # those, when each copy was begun

    async def pressed(member: int) -> None:
        await group.press(member)
        taken.add(member)

    async def copied() -> None:
        for number in range(COPIES):
            before.append({*taken})
            done = await asyncio.to_thread(apart, "backup", f"{tmp_path}/{number}.sqlite3", DATA_DIR=str(tmp_path))
            assert (done.status, done.errors) == (0, b"")

    copying = asyncio.create_task(copied())
    begun, presses = asyncio.get_running_loop().time(), list[asyncio.Task[None]]()
    while not copying.done():
        while len(presses) < (asyncio.get_running_loop().time() - begun) * PRESSES:
            presses.append(asyncio.create_task(pressed(len(presses) + 1)))
        await asyncio.sleep(1 / PRESSES)
    await copying
    await asyncio.gather(*presses)
    assert len(taken) == len(presses) > len(before[-1]) > len(before[1]) > 0
    for number, then in enumerate(before):
        copy = await open_storage(f"sqlite+aiosqlite:///{tmp_path}/{number}.sqlite3", clock)
        (row,) = await copy.journal.unfinished()
        answers = replayed(row, await copy.journal.events(row), learnt.kinds).round.turns[-1].answers
        await copy.close()
        assert then <= answers.keys()
        assert len(answers) < len(presses)
