"""The state in which the storage refuses: one line in the log at each end, left by a write as large as was refused."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import select

from bot.clock import SystemClock
from bot.errors import StorageRefuses
from bot.shard import Shard
from bot.storage import access, across
from bot.storage.access import Access
from bot.storage.across import OpenQuestions
from bot.storage.database import Storage
from bot.storage.rows import EventRow, Heard
from bot.storage.tables import QUIZ_EVENTS
from tests.storage.refusing import Refusing, locked, pragma, refusing
from tests.storage.test_journal import ROUND
from tests.storage.test_repositories import storage

pytestmark = pytest.mark.on_postgresql

__all__ = ["storage"]


@pytest.fixture
def full(storage: Storage) -> Refusing:
    """While it is on SQLite has no room for one page more, as on a full disk; what fits into those there are, does."""
    return refusing(storage, "checkout", pragma("max_page_count", 1, 2**30))  # it takes 1 for as many as there are


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.name.startswith("bot.storage")]


async def ended(storage: Storage) -> None:
    """Until the storage is asked no more, by itself."""
    watching = storage.access._watching
    assert watching
    await asyncio.wait_for(asyncio.shield(watching), 10)


@pytest.mark.only_sqlite
async def test_small_writes_do_not_end_what_a_large_one_began(
    storage: Storage, full: Refusing, caplog: pytest.LogCaptureFixture
) -> None:
    await storage.journal.write(ROUND)
    large = EventRow("r1", 1, 1.0, "x" * 100_000)
    with full():
        await storage.journal.write(EventRow("r1", 2, 1.0, "x"))
        with pytest.raises(StorageRefuses):
            await storage.journal.write(large)
        for _ in range(3):
            with pytest.raises(StorageRefuses):
                await storage.journal.write(Heard(5.0))
        await storage.journal.write()
        assert await storage.settings.of(1) is None  # reading works
        assert storage.access.unwritten_since is not None
        assert len(said(caplog)) == 1
    await storage.journal.write(large)
    assert [row.number for row in await storage.journal.events(ROUND)] == [1, 2]
    begin, end = said(caplog)
    assert "cannot be written: database or disk is full. Free space on its disk" in begin
    assert str(storage.engine.url.database) in begin
    assert "works again" in end
    assert "refused meanwhile: 4" in end


@pytest.mark.only_sqlite
async def test_it_ends_by_itself(
    storage: Storage, full: Refusing, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "FIRST_PAUSE", 0.01)
    back: list[float] = []
    storage.access.when_back.append(back.append)
    with full(), pytest.raises(StorageRefuses):
        await storage.journal.write(EventRow("r1", 1, 1.0, "x" * 100_000))
    since = storage.access.unwritten_since
    await ended(storage)
    assert back == [since]
    assert len(said(caplog)) == 2


async def test_what_cannot_be_read_ends_when_it_can_be(storage: Storage, caplog: pytest.LogCaptureFixture) -> None:
    async with storage.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE server_settings RENAME TO lost")
    with pytest.raises(StorageRefuses) as caught:
        await storage.settings.of(1)
    assert caught.value.reading
    await storage.journal.write(ROUND)  # all else works, and does not end it
    assert await storage.journal.round("r1") == ROUND
    assert storage.access.unwritten_since is None
    assert len(said(caplog)) == 1
    async with storage.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE lost RENAME TO server_settings")
    await ended(storage)
    assert len(said(caplog)) == 2
    assert await storage.settings.of(1) is None


@pytest.mark.slow
async def test_a_lock_is_named(storage: Storage, caplog: pytest.LogCaptureFixture) -> None:
    async with locked(storage):
        with pytest.raises(StorageRefuses, match="lock"):
            await storage.journal.write(ROUND)
    assert "Another program holds it locked" in said(caplog)[0]
    await storage.journal.write(ROUND)
    assert len(said(caplog)) == 2


async def test_what_is_at_fault_itself_is_no_fault_of_the_storage(
    storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    await storage.journal.write(EventRow("r1", 1, 1.0, "x"))
    for _ in range(2):
        with pytest.raises(Exception, match=r"(?i)unique"):
            await storage.journal.write(EventRow("r1", 1, 1.0, "x"))
        await storage.journal.write(Heard(5.0))
    assert storage.access.unwritten_since is None
    assert len(said(caplog)) == 1  # not once a try


class Cut:
    """A database that does not answer, and whose connections take until `closed` to be closed."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[None]:
        try:
            await asyncio.Event().wait()
            yield
        finally:
            await self.closed.wait()


@pytest.mark.only_sqlite
async def test_nobody_waits_until_a_connection_that_was_cut_is_closed(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut, its = Cut(), Access(storage.engine, SystemClock(), "it")
    monkeypatch.setattr(its, "_reads", cut)
    monkeypatch.setattr(its, "_patience", 5.0)
    monkeypatch.setattr(across, "LONGEST_LOOK", 0.0)
    looking = asyncio.create_task(OpenQuestions(its, Shard(0, 2)).elsewhere(1, (2,), 0.0))
    await asyncio.wait({looking}, timeout=2)
    assert looking.done()
    assert isinstance(looking.exception(), StorageRefuses)
    monkeypatch.setattr(its, "_patience", 0.0)
    reading = asyncio.create_task(its.found(select(QUIZ_EVENTS)))
    await asyncio.wait({reading}, timeout=2)
    assert reading.done()
    assert isinstance(reading.exception(), StorageRefuses)
    closing = asyncio.create_task(its.close())
    await asyncio.wait({closing}, timeout=0)
    assert not closing.done()  # no connection is left behind
    cut.closed.set()
    await closing
    assert not [task for task in asyncio.all_tasks() if task.get_name() == "transaction"]
