"""Background tasks are held, end with the bot, and tell of their errors."""

import asyncio
import logging

import pytest

from bot.tasks import Prepared, Tasks


async def test_an_error_is_logged_with_the_name_of_its_task(caplog: pytest.LogCaptureFixture) -> None:
    async def fails() -> None:
        raise ZeroDivisionError

    tasks = Tasks()
    tasks.start(fails(), "division")
    await tasks.stop(grace=1)
    await asyncio.sleep(0)
    (record,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert "division" in record.getMessage()
    assert record.exc_info


async def test_stopping_lets_work_finish_and_ends_what_goes_on() -> None:
    done, ended = asyncio.Event(), asyncio.Event()

    async def finishes() -> None:
        await asyncio.sleep(0.01)
        done.set()

    async def goes_on() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    tasks = Tasks()
    tasks.start(finishes(), "work")
    tasks.keep(goes_on(), "forever")
    await asyncio.sleep(0)
    await tasks.stop(grace=1)
    assert done.is_set()
    assert ended.is_set()


async def test_what_is_prepared_is_made_once_and_waited_for_by_all() -> None:
    made: list[int] = []
    prepared = Prepared(lambda: made.append(1))
    assert prepared.done
    await prepared.wait()
    assert not made
    prepared.begin()
    assert not prepared.done
    await asyncio.gather(*(prepared.wait() for _ in range(3)))
    assert prepared.done
    assert made == [1]


async def test_what_could_not_be_prepared_is_tried_again() -> None:
    outcomes = iter([OSError("full"), None])

    def make() -> None:
        if error := next(outcomes):
            raise error

    prepared = Prepared(make)
    prepared.begin()
    with pytest.raises(OSError, match="full"):
        await prepared.wait()
    assert not prepared.done
    await prepared.wait()
    assert prepared.done
