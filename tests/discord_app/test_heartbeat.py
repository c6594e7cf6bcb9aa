"""The sign of life comes from a connected bot only."""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import healthy
from bot.discord_app.client import TutorClient
from bot.discord_app.liveness import beat
from tests.conftest import ROOT
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
    file, life = tmp_path / "heartbeat", Life(alive=False)
    file.touch()  # by a process before
    task = asyncio.create_task(beat(file, life, every=0.01))
    await life.asked(3)
    assert not await asyncio.to_thread(file.exists)
    life.alive = True
    await comes_true(file.exists)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert not await asyncio.to_thread(file.exists)


async def test_a_folder_that_is_gone_is_not_made_anew_and_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    life, folder = Life(alive=True), tmp_path / "data"
    task = asyncio.create_task(beat(folder / "heartbeat", life, every=0.01))
    await life.asked(3)  # it asks again after it could not write
    assert not await asyncio.to_thread(folder.exists)
    assert [record.getMessage() for record in caplog.records] == [
        f"The sign of life {folder}/heartbeat cannot be written: No such file or directory"
    ]
    await asyncio.to_thread(folder.mkdir)
    await comes_true((folder / "heartbeat").exists)
    task.cancel()


SIGNS = [  # seconds since the last one
    (0.0, True), (59.0, True), (61.0, False), (10800.0, False), (-2.0, True), (-10800.0, False),
]  # fmt: skip


@pytest.mark.parametrize(("age", "fresh"), SIGNS)
def test_a_sign_of_life_is_fresh_for_a_minute_and_not_before_its_time(age: float, fresh: bool, tmp_path: Path) -> None:
    file = tmp_path / healthy.name_of(0)
    file.touch()
    healthily, line = healthy.verdict(file, file.stat().st_mtime + age)
    assert healthily is fresh
    assert line.startswith("healthy: the last sign" if fresh else "not healthy: ")


@pytest.mark.slow
def test_the_health_check_looks_where_the_bot_writes(tmp_path: Path) -> None:
    (tmp_path / "50%20off").mkdir()

    def asked(*arguments: str, **environment: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "bot.healthy", *arguments]
        variables = {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), **environment}
        done = subprocess.run(command, env=variables, cwd=tmp_path, capture_output=True, text=True)
        assert (done.stderr, done.stdout.count("\n")) == ("", 1)
        return done.returncode, done.stdout

    file = tmp_path / "50%20off" / healthy.name_of(0)
    assert asked(DATA_DIR=str(file.parent)) == (
        1, f"not healthy: there is no {file}, so no bot that Discord hears keeps its data there.\n"
    )  # fmt: skip
    file.touch()
    (tmp_path / ".env").write_text('DISCORD_TOKEN=x\nDATA_DIR="~/50%20off"\n', "utf-8")
    named = [asked(str(file.parent)), asked(DATA_DIR="~/50%20off"), asked(DATA_DIR="50%20off"), asked()]
    assert [status for status, _ in named] == [0, 0, 0, 0], named
    assert [asked(SHARD=shard)[0] for shard in ("0/2", "auto", "1/2")] == [0, 0, 1]
    (file.parent / healthy.name_of(1)).touch()
    assert asked(SHARD="1/2")[0] == 0
    os.utime(file, (file.stat().st_mtime + 10800,) * 2)
    assert asked()[0] == 1
    assert asked(DATA_DIR='"50%20off"') == (
        1, "not healthy: the data folder has quotation marks around it; take them away.\n"
    )  # fmt: skip


def test_docker_asks_the_health_check_that_hosts_ask() -> None:
    assert '["python", "-m", "bot.healthy"]' in (ROOT / "Dockerfile").read_text("utf-8")


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


@pytest.mark.slow
async def test_a_connected_bot_writes_the_file(bot: TutorClient, tmp_path: Path) -> None:
    await bot.wait_until_ready()
    await comes_true((tmp_path / "heartbeat").exists)


async def test_a_bot_whose_database_is_gone_is_not_alive(bot: TutorClient, tmp_path: Path) -> None:
    await bot.wait_until_ready()
    await comes_true(bot.alive)
    await asyncio.to_thread((tmp_path / "tutor.sqlite3").rename, tmp_path / "moved")
    assert not bot.alive()
    await asyncio.to_thread((tmp_path / "moved").rename, tmp_path / "tutor.sqlite3")
    assert bot.alive()
