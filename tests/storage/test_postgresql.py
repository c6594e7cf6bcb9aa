"""What holds on PostgreSQL only."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Literal, cast

import pytest
from sqlalchemy import Connection, delete, func, make_url, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.clock import SystemClock
from bot.errors import StorageError, StorageRefuses
from bot.shard import Shard
from bot.storage.access import reading
from bot.storage.across import LONGEST_LOOK
from bot.storage.database import Storage, health, open_storage, revisions
from bot.storage.moving import move
from bot.storage.rows import EventRow
from bot.storage.tables import QUIZ_EVENTS, QUIZ_ROUNDS
from tests.conftest import ROOT
from tests.storage.postgresql import Server
from tests.storage.test_journal import ROUND
from tests.storage.way import way_to

pytestmark = pytest.mark.slow


def tables(server: Server, url: str) -> list[str]:
    found = server.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", url.rpartition("/")[2])
    return [row["tablename"] for row in found]


async def test_each_test_has_a_database_of_its_own(
    postgresql_server: Server, postgresql: str, migrated_postgresql: str
) -> None:
    assert tables(postgresql_server, postgresql) == []
    assert "quiz_rounds" in tables(postgresql_server, migrated_postgresql)
    storage = await open_storage(postgresql, SystemClock())
    assert await storage.greetings.claim(7)
    await storage.close()
    assert sorted(tables(postgresql_server, postgresql)) == sorted(tables(postgresql_server, migrated_postgresql))
    postgresql_server.restart("immediate")
    assert postgresql_server.runs
    again = await open_storage(postgresql, SystemClock())
    assert not await again.greetings.claim(7)
    await again.close()


@pytest.fixture
async def storage(migrated_postgresql: str) -> AsyncIterator[Storage]:
    opened = await open_storage(migrated_postgresql, SystemClock())
    yield opened
    await opened.close()


async def back(storage: Storage) -> None:
    """Until the storage works again, by itself."""
    watching = storage.access._watching
    assert watching
    await asyncio.wait_for(asyncio.shield(watching), 20)
    assert storage.access.unwritten_since is None


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.name.startswith("bot.storage")]


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_a_restart_between_two_writes_is_not_noticed(
    storage: Storage, postgresql_server: Server, mode: Literal["fast", "immediate"], caplog: pytest.LogCaptureFixture
) -> None:
    await storage.journal.write(ROUND)
    postgresql_server.restart(mode)
    await asyncio.gather(*(storage.journal.write(EventRow("r1", n, 1.0, "x")) for n in range(1, 4)))
    postgresql_server.restart(mode)
    assert len(await storage.journal.events(ROUND)) == 3
    assert said(caplog) == []


async def test_a_stop_in_a_transaction_is_the_storage_that_refuses_and_ends_by_itself(
    storage: Storage, postgresql_server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    await storage.journal.write(ROUND)

    def stops(connection: Connection) -> None:
        connection.execute(delete(QUIZ_ROUNDS))
        postgresql_server.stop()
        connection.execute(delete(QUIZ_EVENTS))

    with pytest.raises(StorageRefuses):
        await storage.access.commit(stops)
    with pytest.raises(StorageRefuses):
        await storage.journal.write(EventRow("r1", 1, 1.0, "x"))
    with pytest.raises(StorageRefuses):
        await storage.journal.round("r1")
    assert storage.access.unwritten_since is not None
    await asyncio.to_thread(postgresql_server.start)
    await back(storage)
    assert await storage.journal.round("r1") == ROUND
    await storage.journal.write(EventRow("r1", 1, 1.0, "x"))
    begin, end = said(caplog)
    assert "See whether the database server runs and can be reached" in begin
    assert "<class" not in begin
    assert "s3cret" not in begin
    assert "works again" in end


async def test_a_server_that_falls_silent_is_the_storage_that_refuses(
    storage: Storage, postgresql_server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(storage.access, "_patience", 0.5)
    await storage.journal.write(ROUND)
    with postgresql_server.silent(), pytest.raises(StorageRefuses, match="it does not answer"):
        await storage.journal.write(EventRow("r1", 1, 1.0, "x"))
    assert "can be reached" in said(caplog)[0]
    await back(storage)
    await storage.journal.write(EventRow("r1", 2, 1.0, "x"))


async def test_processes_that_ask_at_once_whether_it_works_again_do_not_hinder_each_other(
    migrated_postgresql: str,
) -> None:
    storages = [await open_storage(migrated_postgresql, SystemClock(), Shard(number, 4)) for number in range(4)]
    for _ in range(5):
        await asyncio.gather(*(one.access._probe("x" * 40_000) for one in storages))
    async with storages[0].engine.connect() as connection:
        assert not await connection.scalar(select(func.count()).select_from(QUIZ_EVENTS))
    for one in storages:
        await one.close()


async def test_no_connection_is_lost_where_the_way_is_cut(migrated_postgresql: str) -> None:
    async with way_to(migrated_postgresql) as (way, address):
        storage = await open_storage(address, SystemClock(), Shard(0, 2))
        way.cut()
        looks = [asyncio.create_task(storage.open_questions.elsewhere(member, (2,), 0.0)) for member in range(8)]
        done, late = await asyncio.wait(looks, timeout=LONGEST_LOOK + 1)
        assert not late
        assert all(isinstance(look.exception(), StorageRefuses) for look in done)
        way.mend()
        assert await storage.open_questions.elsewhere(9, (2,), 0.0) == ()
        await asyncio.gather(*storage.access._broken_off, return_exceptions=True)
        assert cast("AsyncAdaptedQueuePool", storage.engine.pool).checkedout() == 0
        await storage.close()


async def test_what_is_given_up_for_another_transaction_is_done_again(storage: Storage) -> None:
    tries = []

    def deadlocked(connection: Connection) -> str:
        tries.append(connection)
        if len(tries) < 3:
            code = "deadlock_detected" if len(tries) == 1 else "serialization_failure"
            connection.exec_driver_sql(f"DO $$ BEGIN RAISE {code}; END $$")
        return "kept"

    assert await storage.access.commit(deadlocked) == "kept"
    assert not storage.access.refuses


async def test_a_table_that_changes_under_a_running_process_is_read_and_written_on(
    storage: Storage, postgresql_server: Server
) -> None:
    await storage.settings.keep(1, "{}")
    assert await storage.settings.of(1) == "{}"
    database = str(storage.engine.url.database)
    postgresql_server.sql("ALTER TABLE server_settings ALTER COLUMN settings TYPE VARCHAR(999)", database)
    assert await storage.settings.of(1) == "{}"
    await storage.settings.keep(1, "{ }")
    assert not storage.access.refuses


async def test_what_only_reads_cannot_write(storage: Storage) -> None:
    async with reading(storage.engine).connect() as connection:
        with pytest.raises(DBAPIError, match="read-only"):
            await connection.execute(delete(QUIZ_ROUNDS))
    await storage.journal.write(ROUND)  # on the same connection


async def test_what_cannot_be_opened_is_one_line(postgresql_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    async def told(name: str) -> str:
        said = []
        for opening in (open_storage(postgresql_server.url(name), SystemClock()), health(postgresql_server.url(name))):
            with pytest.raises(StorageError) as caught:
                await opening
            said.append(str(caught.value))
        assert said[0] == said[1]
        assert "\n" not in said[0]
        assert "s3cret" not in said[0]
        return said[0]

    place = f"The database postgresql+asyncpg://tutor@127.0.0.1:{postgresql_server.port}"
    assert (await told("nope")).startswith(f'{place}/nope cannot be opened (database "nope" does not exist). ')
    monkeypatch.setattr("bot.storage.database.OLDEST_POSTGRESQL", 99)
    assert "and I need version 99 or newer. Use such a one, or SQLite." in await told("postgres")
    postgresql_server.stop()
    assert (await told("postgres")).startswith(f"{place}/postgres cannot be opened (Connect call failed")


OPENS = """
import asyncio, sys
from bot.clock import SystemClock
from bot.shard import Shard
from bot.storage.database import open_storage

async def main():
    storage = await open_storage(sys.argv[1], SystemClock(), Shard(int(sys.argv[2]), 3))
    print("made", await storage.greetings.claim(7))
    await storage.close()

asyncio.run(main())
"""


async def test_three_processes_make_the_tables_of_a_new_database_at_once(
    postgresql: str, postgresql_server: Server
) -> None:
    commands = ([sys.executable, "-c", OPENS, postgresql, str(k)] for k in range(3))
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": ROOT}
    started = [await asyncio.create_subprocess_exec(*command, **pipes) for command in commands]
    wrote = await asyncio.gather(*(process.communicate() for process in started))
    assert [process.returncode for process in started] == [0, 0, 0], wrote
    assert sorted(output for output, _ in wrote) == [b"made False\n", b"made False\n", b"made True\n"]
    (found,) = postgresql_server.sql("SELECT version_num FROM alembic_version", postgresql.rpartition("/")[2])
    assert found["version_num"] == revisions()[-1]


@pytest.fixture
def locked(postgresql_server: Server) -> Iterator[str]:
    """The name of a user that the server asks for a password, which is "right"."""
    postgresql_server.sql("CREATE ROLE locked LOGIN PASSWORD 'right'")
    file = Path(postgresql_server.sql("SHOW hba_file")[0][0])
    before = file.read_text()
    file.write_text(f"host all locked 127.0.0.1/32 scram-sha-256\n{before}")
    postgresql_server.restart()
    yield "locked"
    file.write_text(before)
    postgresql_server.restart()
    postgresql_server.sql("DROP ROLE locked")


async def test_who_is_not_let_in_is_told_what_to_do_about_that(
    postgresql_server: Server, locked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    source = make_url(f"sqlite+aiosqlite:///{tmp_path / 'a.sqlite3'}")
    await (await open_storage(source, SystemClock())).close()

    async def told(user: str, name: str = "postgres") -> str:
        url = make_url(f"postgresql+asyncpg://{user}@127.0.0.1:{postgresql_server.port}/{name}")
        said = []
        for used in (open_storage(url, SystemClock()), health(url), move(source, url, lambda *_: None)):
            with pytest.raises(StorageError) as refused:
                await used
            said.append(str(refused.value))
        assert not [line for line in said if "wrong" in line or "right" in line]
        (advice,) = {line.partition("). ")[2] for line in said}
        return advice

    password = "Correct the password: in the address of the database, in ~/.pgpass or in PGPASSWORD."
    assert await told(f"{locked}:wrong") == await told(locked) == password
    assert await told(f"{locked}:right", "nosuch") == (
        "Make that database (createdb), or correct its name in the address."
    )
    assert (await told("nobody:wrong")).startswith("Name a user that it lets in")
