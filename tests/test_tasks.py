"""Background tasks are held, end with the bot, and tell of their errors."""

import asyncio
import logging

import pytest

from bot.tasks import Tasks


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
