"""The sign of life comes from a connected bot only."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

from bot.discord_app.client import TutorClient
from bot.discord_app.liveness import beat
from tests.discord_server import LoopbackDiscord


async def comes_true(look: Callable[[], bool]) -> None:
    async with asyncio.timeout(3):
        while not look():  # noqa: ASYNC110 - a file has no event to wait for
            await asyncio.sleep(0.01)


class Life:
    """Says whether the bot is alive, and can tell when it has been asked."""

    def __init__(self, alive: bool) -> None:
        self.alive = alive
        self._asked = asyncio.Event()

    def __call__(self) -> bool:
        self._asked.set()
        return self.alive

    async def asked(self, times: int) -> None:
        """Until it was asked once more, so many times: all but the last answer have been acted on then."""
        for _ in range(times):
            self._asked.clear()
            await asyncio.wait_for(self._asked.wait(), 3)


async def test_only_a_live_bot_beats(tmp_path: Path) -> None:
    file, life = tmp_path / "new" / "heartbeat", Life(alive=False)
    task = asyncio.create_task(beat(file, life, every=0.01))
    await life.asked(3)
    assert not await asyncio.to_thread(file.exists)
    life.alive = True
    await comes_true(file.exists)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_a_place_that_cannot_be_written_does_not_end_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    life = Life(alive=True)
    task = asyncio.create_task(beat(tmp_path / "file" / "heartbeat", life, every=0.01))
    await life.asked(3)  # it asks again after it could not write
    task.cancel()


async def test_the_client_is_alive_while_it_is_connected(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient]
) -> None:
    client = make_client()
    assert not client.alive()
    async with loopback.running(client):
        await client.wait_until_ready()
        await comes_true(client.alive)
        lost = asyncio.create_task(client.wait_for("disconnect", timeout=3))
        await asyncio.sleep(0)
        await loopback.gateway.close()
        await lost
        assert not client.alive()


async def test_a_connected_bot_writes_the_file(bot: TutorClient, tmp_path: Path) -> None:
    await bot.wait_until_ready()
    await comes_true((tmp_path / "heartbeat").exists)
