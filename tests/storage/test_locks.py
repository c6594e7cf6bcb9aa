"""Locks of a database: between two who use it, in one process and in two, of SQLite and of PostgreSQL."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy.engine import make_url

from bot.errors import StorageError
from bot.storage.locks import Locks, _lock_range, open_locks
from tests.conftest import ROOT
from tests.storage.postgresql import Server, _free, _user, as_user

HOLDING = """
import asyncio, sys
from sqlalchemy.engine import make_url
from bot.storage.locks import open_locks
async def main():
    locks = await open_locks(make_url(sys.argv[1]))
    print(await locks.take("shard", 3), flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""
PLACES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]


@pytest.fixture(params=PLACES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql"))
    return f"sqlite+aiosqlite:///{tmp_path / 't.sqlite3'}"


@pytest.fixture
async def one(address: str) -> AsyncIterator[Locks]:
    locks = await open_locks(make_url(address))
    yield locks
    await locks.close()


@pytest.fixture
async def other(address: str) -> AsyncIterator[Locks]:
    locks = await open_locks(make_url(address))
    yield locks
    await locks.close()


async def test_a_lock_is_held_by_one(one: Locks, other: Locks) -> None:
    assert await one.take("shard", 1)
    assert not await other.take("shard", 1)
    assert not await one.take("shard", 1)
    assert await other.take("shard", 2)
    assert await other.take("migrations", 1)
    await one.ask()
    await one.free("shard", 1)
    assert await other.take("shard", 1)


@pytest.mark.slow
async def test_a_shared_lock_is_held_by_all_who_share_it(one: Locks, other: Locks, address: str) -> None:
    assert await one.take("count", 2, shared=True)
    assert await other.take("count", 2, shared=True)
    third = await open_locks(make_url(address))
    assert not await third.take("count", 2)
    await one.free("count", 2)
    assert not await third.take("count", 2)
    assert [*await third.held("count")] == [2]
    await other.free("count", 2)
    assert await third.take("count", 2)
    assert not await one.take("count", 2, shared=True)
    await third.close()


async def test_who_holds_a_lock_can_be_seen(one: Locks, other: Locks) -> None:
    assert await other.held("shard") == {}
    await one.take("shard", 0)
    await one.take("shard", 12)
    await one.take("migrations", 4)
    for looks in (one, other):
        found = await looks.held("shard")
        assert [*found] == [0, 12]
        assert {(holder.host, holder.pid) for holder in found.values()} == {(socket.gethostname(), os.getpid())}
        assert all(abs(holder.since - time.time()) < 60 for holder in found.values())
    assert f"Process {os.getpid()} on {socket.gethostname()} (since 20" in str(found[0])


async def test_to_look_at_a_lock_keeps_nobody_from_it(one: Locks, other: Locks) -> None:
    await one.take("shard", 0)
    await one.free("shard", 0)

    async def look() -> None:
        for _ in range(200):
            await other.held("shard")
            await asyncio.sleep(0)

    looking = asyncio.create_task(look())
    for _ in range(20):
        assert await one.take("shard", 0)
        await one.free("shard", 0)
        await asyncio.sleep(0)
    await looking


@pytest.mark.slow
async def test_whoever_waits_for_a_lock_gets_it(one: Locks, other: Locks) -> None:
    inside = 0

    async def goes_in(locks: Locks) -> None:
        nonlocal inside
        for _ in range(10):
            async with locks.within("identify", pause=0.001):
                inside += 1
                await asyncio.sleep(0.002)
                assert inside == 1
                inside -= 1
            await asyncio.sleep(0.002)

    await asyncio.gather(goes_in(one), goes_in(other))


async def test_the_files_of_locks_go_with_them(tmp_path: Path) -> None:
    locks = await open_locks(make_url(f"sqlite+aiosqlite:///{tmp_path / 't.sqlite3'}"))
    await locks.take("shard", 0)
    await locks.take("count", 1, shared=True)
    assert sorted(os.listdir(tmp_path)) == ["t.sqlite3-lock-count-1", "t.sqlite3-lock-shard-0"]  # noqa: PTH208
    await locks.free("shard", 0)
    await locks.close()
    assert not os.listdir(tmp_path)  # noqa: PTH208


async def test_a_lock_whose_file_is_removed_is_missed(tmp_path: Path) -> None:
    locks = await open_locks(make_url(f"sqlite+aiosqlite:///{tmp_path / 't.sqlite3'}"))
    await locks.take("shard", 0)
    (tmp_path / "t.sqlite3-lock-shard-0").unlink()
    with pytest.raises(OSError, match="was removed"):
        await locks.ask()
    await locks.close()


async def test_a_database_in_memory_is_nobody_elses() -> None:
    one, other = [await open_locks(make_url("sqlite+aiosqlite://")) for _ in range(2)]
    assert await one.take("shard", 0)
    assert not await one.take("shard", 0)
    assert await other.take("shard", 0)
    await one.free("shard", 0)
    assert await one.held("shard") == {}


@contextmanager
def holding(address: str) -> Iterator["subprocess.Popen[str]"]:
    """Another process, which has the lock ("shard", 3)."""
    command = [sys.executable, "-c", HOLDING, address]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        assert process.stdout.readline() == "True\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.slow
async def test_who_is_killed_lets_go_at_once(address: str, one: Locks) -> None:
    with holding(address) as process:
        assert not await one.take("shard", 3)
        assert (await one.held("shard"))[3].pid == process.pid
        process.kill()
        process.wait()
        for _ in range(20):  # the server hears of it as soon as the system has closed the connection
            if taken := await one.take("shard", 3):
                break
            await asyncio.sleep(0.05)
        assert taken


@pytest.mark.skipif(not hasattr(os, "fork"), reason="looks at Windows' way from another system")
def test_sharing_by_ranges_as_windows_has_them(tmp_path: Path) -> None:
    """With a stand-in for its module: a range is locked by one, whoever asks."""
    locked: dict[int, range] = {}

    def locking(opened: int, mode: int, length: int) -> None:
        at = os.lseek(opened, 0, os.SEEK_CUR)
        if any(at < held.stop and held.start < at + length for held in locked.values()):
            raise PermissionError(13, "Permission denied")
        locked[opened] = range(at, at + length)

    windows = SimpleNamespace(LK_NBLCK=2, locking=locking)
    first, second, third = (os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT) for _ in range(3))
    assert _lock_range(first, True, windows)
    assert _lock_range(second, True, windows)
    assert not _lock_range(third, False, windows)
    locked.clear()
    assert _lock_range(third, False, windows)
    assert not _lock_range(first, True, windows)
    assert os.lseek(first, 0, os.SEEK_CUR) == 0
    for opened in (first, second, third):
        os.close(opened)


@contextmanager
def pooled(address: str, mode: str) -> Iterator[str]:
    """The address of a PgBouncer before that database."""
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        pytest.skip("PgBouncer is not installed")
    behind, port = make_url(address), _free()
    user = _user() if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        settings = Path(folder) / "pgbouncer.ini"
        settings.write_text(
            f"[databases]\n* = host=127.0.0.1 port={behind.port} user=tutor\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
            f"listen_port = {port}\nunix_socket_dir =\nauth_type = any\npool_mode = {mode}\nlogfile =\npidfile =\n"
        )
        process = subprocess.Popen([program, "-q", str(settings)], stderr=subprocess.DEVNULL, **as_user(user))
        try:
            for _ in range(100):
                with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                time.sleep(0.05)
            yield behind.set(port=port).render_as_string(hide_password=False)
        finally:
            process.kill()
            process.wait()


@pytest.mark.slow
async def test_a_session_that_is_ended_while_the_process_stands_still_is_an_error_of_the_system(
    postgresql: str, postgresql_server: Server
) -> None:
    name = make_url(postgresql).database
    ending = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    for steps in range(6):  # of the loop, between the server's goodbye and the next question
        locks = await open_locks(make_url(postgresql))
        with ThreadPoolExecutor(1) as thread:
            thread.submit(postgresql_server.sql, ending).result()  # the loop stands still
            thread.submit(time.sleep, 0.1).result()  # until the goodbye has come
        for _ in range(steps):
            await asyncio.sleep(0)
        with pytest.raises(OSError, match=r"\w"):
            await locks.ask()
        await locks.close()


@pytest.mark.slow
async def test_a_pooler_that_shares_sessions_out_by_transactions_is_refused(postgresql: str) -> None:
    with pooled(postgresql, "transaction") as address:
        with pytest.raises(StorageError, match="pool_mode = session"):
            await open_locks(make_url(address))
        straight = await open_locks(make_url(postgresql))
        with pytest.raises(StorageError, match="pool_mode = session"):
            await open_locks(make_url(address))
        await straight.close()


@pytest.mark.slow
async def test_a_pooler_that_leaves_a_session_to_its_client_will_do(postgresql: str) -> None:
    with pooled(postgresql, "session") as address:
        one, other = [await open_locks(make_url(address)) for _ in range(2)]
        assert await one.take("shard", 0)
        assert not await other.take("shard", 0)
        await one.close()
        async with other.within("shard", 0, pause=0.05):  # once the pooler has emptied the session
            assert await other.held("shard")
        await other.close()
