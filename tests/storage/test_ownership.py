"""One owner of each shard: who gets in, who is kept out, and that nothing of an earlier owner is written."""

# ruff: noqa: ASYNC240 - files of a few bytes
import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, event, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import await_only

from bot.clock import SystemClock
from bot.errors import OwnershipLost, StorageError, StorageRefuses
from bot.shard import Shard
from bot.storage import locks, ownership
from bot.storage.database import Storage, begin_sqlite, health, open_storage, owners, sqlite_file
from bot.storage.locks import Holder, LocksOfOne
from bot.storage.ownership import ShardOwner
from bot.storage.rows import EventRow
from bot.storage.sqlite_file import beside
from bot.storage.tables import QUIZ_EVENTS, SHARD_OWNERS
from tests.storage.postgresql import Server
from tests.storage.way import way_to


class Opening:
    """Opens a database for a shard, and closes it."""

    def __init__(self, database: str) -> None:
        self._database = database
        self._open: list[Storage] = []

    async def __call__(self, shard: Shard = Shard(), url: str = "") -> Storage:
        storage = await open_storage(url or self._database, SystemClock(), shard)
        self._open.append(storage)
        return storage

    async def close(self, *storages: Storage) -> None:
        for storage in storages or tuple(self._open):
            self._open.remove(storage)
            await storage.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is refused is so at once."""
    monkeypatch.setattr(ownership, "_PATIENCE", 0.0)


@pytest.fixture
async def opens(database: str) -> AsyncIterator[Opening]:
    opening = Opening(database)
    yield opening
    await opening.close()


async def end_lockers(url: str) -> None:
    """Have PostgreSQL end the sessions that hold locks."""
    ending = create_async_engine(url)
    async with ending.begin() as connection:
        await connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        )
    await ending.dispose()


async def until(found: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not found():  # noqa: ASYNC110 - it happens elsewhere
            await asyncio.sleep(0.02)


async def refusal(opens: Opening, shard: Shard) -> str:
    with pytest.raises(StorageError) as refused:
        await opens(shard)
    assert "\n" not in str(refused.value)
    assert "s3cret" not in str(refused.value)
    return str(refused.value)


async def events(storage: Storage) -> list[str]:
    return [row["event"] for row in await storage.access.found(select(QUIZ_EVENTS.c.event))]


ME = f"Process {os.getpid()} on {socket.gethostname()} (since 20"


@pytest.mark.on_postgresql
async def test_a_second_process_is_told_who_has_the_database(opens: Opening) -> None:
    first = await opens()
    told = await refusal(opens, Shard())
    assert told.startswith(ME)
    assert "End that one first" in told
    await first.journal.write(EventRow("r", 1, 0.0, "goes on"))
    assert first.owner.sure
    await opens.close(first)
    assert await events(await opens()) == ["goes on"]


@pytest.mark.slow
@pytest.mark.on_postgresql
@pytest.mark.parametrize(("first", "second"), [(Shard(0, 2), Shard()), (Shard(), Shard(1, 2))], ids=str)
async def test_all_processes_have_the_same_number_of_shards(opens: Opening, first: Shard, second: Shard) -> None:
    held = await opens(first)
    told = await refusal(opens, second)
    assert told.startswith(ME)
    assert f"N = {first.count}" in told
    assert f"I am shard {second}" in told
    await opens.close(held)
    await opens(second)


@pytest.mark.slow
async def test_postgresql_is_for_several_shards(opens: Opening, migrated_postgresql: str) -> None:
    await opens(Shard(0, 2), migrated_postgresql)
    second = await opens(Shard(1, 2), migrated_postgresql)
    await second.journal.write(EventRow("r", 1, 0.0, "of the second"))
    with pytest.raises(StorageError, match="serves shard 1/2 of the database"):
        await opens(Shard(1, 2), migrated_postgresql)
    seen = await owners(make_url(migrated_postgresql), Shard(0, 2))
    assert seen.status == "ok"
    assert seen.said.count(ME) == 2
    await opens.close(second)
    assert (await owners(make_url(migrated_postgresql), Shard(0, 2))).advice == "Start it: SHARD=1/2."
    assert "correct it here" in (await owners(make_url(migrated_postgresql), Shard(0, 3))).advice


@pytest.mark.on_postgresql
async def test_a_health_report_says_who_serves_it(opens: Opening, database: str) -> None:
    assert "no process serves" in (await owners(make_url(database), Shard())).said
    await opens()
    seen = await owners(make_url(database), Shard())
    assert (seen.status, seen.said[: len(ME)]) == ("ok", ME)


async def test_a_health_report_finds_a_database_at_fault_that_was_removed_while_it_is_served(
    opens: Opening, database: str
) -> None:
    await opens()
    file = sqlite_file(make_url(database))
    assert file
    for one in (file, beside(file, "-wal"), beside(file, "-shm")):
        one.unlink()
    with pytest.raises(StorageError, match=r"is no longer there, though process \d+ on .* serves it: nothing is kept"):
        await health(make_url(database))


async def test_a_database_out_of_reach_is_told_once() -> None:
    seen = await owners(make_url("postgresql+asyncpg://tutor@127.0.0.1:1/none"), Shard())
    assert (seen.status, seen.said[:13]) == ("warning", "not looked at")


@pytest.mark.on_postgresql
async def test_while_a_database_is_moved_nobody_is_let_in(opens: Opening, database: str) -> None:
    locks = await ownership.open_locks(make_url(database))
    assert await locks.take(ownership.HOME)
    assert "is moving the database" in await refusal(opens, Shard())
    assert (await owners(make_url(database), Shard())).status == "warning"
    await locks.free(ownership.HOME)
    storage = await opens()
    assert not await locks.take(ownership.HOME)
    await opens.close(storage)
    assert await locks.take(ownership.HOME)
    await locks.close()


@pytest.mark.on_postgresql
async def test_nothing_of_an_owner_with_an_old_epoch_is_written(opens: Opening) -> None:
    storage = await opens()
    await storage.journal.write(EventRow("r", 1, 0.0, "before"))
    async with storage.engine.begin() as connection:
        await connection.execute(update(SHARD_OWNERS).values(epoch=SHARD_OWNERS.c.epoch + 1))
    with pytest.raises(StorageRefuses):
        await storage.journal.write(EventRow("r", 2, 0.0, "after"))
    with pytest.raises(StorageRefuses):
        await storage.greetings.claim(7)
    assert await events(storage) == ["before"]
    assert "another process has taken the database" in await storage.owner.lost()
    assert not storage.owner.sure
    with pytest.raises(OwnershipLost):
        await storage.owner.certain()


@pytest.mark.slow
async def test_what_was_on_its_way_when_the_shard_changed_hands_is_not_written(
    opens: Opening, migrated_postgresql: str
) -> None:
    async with way_to(migrated_postgresql) as (way, address):
        old = await opens(url=address)
        await old.journal.write(EventRow("r", 1, 0.0, "before"))
        way.cut()
        writing = asyncio.create_task(old.journal.write(EventRow("r", 2, 0.0, "late")))
        await asyncio.wait({writing}, timeout=0.1)
        await end_lockers(migrated_postgresql)
        new = await opens(url=migrated_postgresql)
        way.mend()
        way.mend()
        with pytest.raises(StorageRefuses):
            await writing
        assert await events(new) == ["before"]
        assert "another process" in await old.owner.lost()


@pytest.mark.slow
async def test_whoever_takes_a_shard_waits_for_what_is_being_written(opens: Opening, migrated_postgresql: str) -> None:
    old = await opens(url=migrated_postgresql)
    taking: list[asyncio.Task[None]] = []
    new = ShardOwner(old.engine, "it", Shard(), LocksOfOne())

    async def take() -> None:
        async with old.engine.begin() as connection:
            await connection.run_sync(new.take_epoch)

    def write(connection: Connection) -> None:
        taking.append(asyncio.create_task(take()))
        await_only(asyncio.wait(taking, timeout=0.3))
        assert not new.epoch
        connection.execute(QUIZ_EVENTS.insert().values(round_id="r", number=1, at=0.0, event="first"))

    await old.access.commit(write)
    await taking[0]
    assert new.epoch > old.owner.epoch
    assert await events(old) == ["first"]
    with pytest.raises(StorageRefuses):
        await old.journal.write(EventRow("r", 2, 0.0, "later"))


NO_PROCESS = 2**22 + 1  # above the numbers that processes have


@pytest.mark.slow
@pytest.mark.parametrize(
    ("left", "waits"),
    [
        ({"pid": os.getppid()}, True),
        ({"pid": os.getppid(), "ended": True}, False),
        ({"pid": os.getpid()}, False),
        ({"pid": NO_PROCESS}, False),
        ({"pid": NO_PROCESS, "machine": "another"}, True),
        ({"pid": NO_PROCESS, "machine": ""}, True),
    ],
    ids=["runs", "ended in order", "is this one", "was killed", "of another machine", "of one that is not known"],
)
async def test_the_next_owner_waits_for_one_who_may_not_have_noticed(
    opens: Opening, migrated_postgresql: str, left: dict[str, Any], waits: bool
) -> None:
    await opens.close(await opens(url=migrated_postgresql))
    left = {"machine": ownership._machine(), "ended": False, **left}
    engine = create_async_engine(migrated_postgresql)
    async with engine.begin() as connection:
        await connection.execute(update(SHARD_OWNERS).values(left))
    await engine.dispose()
    after = (await opens(url=migrated_postgresql)).owner
    now = after._elapsed()
    assert (after._sure_from - now > ownership.SURE_FOR - 3) is waits
    assert after.sure is not waits


@pytest.mark.slow
async def test_who_may_not_have_noticed_another_number_of_shards_is_waited_for_before_anyone_is_let_in(
    opens: Opening, migrated_postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ownership, "SURE_FOR", 0.3)
    one, three = [await opens(shard, url=migrated_postgresql) for shard in (Shard(1, 4), Shard(3, 4))]
    async with three.engine.begin() as connection:
        await connection.execute(update(SHARD_OWNERS).where(SHARD_OWNERS.c.shard == 3).values(machine="another"))
    await opens.close(one)
    await three.owner.close()  # as if its connection was given up, and it has not noticed
    after = await opens(Shard(1, 2), url=migrated_postgresql)
    assert after.owner.to_be_waited_for == (3,)
    assert after.owner.sure  # it has waited
    other = await opens(Shard(0, 2), url=migrated_postgresql)
    assert not other.owner.to_be_waited_for
    with pytest.raises(StorageRefuses):
        await three.journal.write(EventRow("r", 1, 0.0, "late"))


def test_who_ends_before_it_is_sure_does_not_answer_for_whom_it_waited_for() -> None:
    engine = create_engine("sqlite://")
    SHARD_OWNERS.create(engine)
    left = {"shard": 0, "shard_count": 1, "epoch": 1, "host": "there", "pid": 7, "machine": "another", "ended": False}

    def takes() -> ShardOwner:
        owner = ShardOwner(create_async_engine("sqlite+aiosqlite://"), "it", Shard(), LocksOfOne())
        owner.lasts = False  # as on PostgreSQL
        owner.take_epoch(connection)
        return owner

    with engine.begin() as connection:
        connection.execute(SHARD_OWNERS.insert().values(left))
        second = takes()
        second.leave(connection)  # before the first must have noticed
        third = takes()
        assert third._sure_from > second._sure_from
        third._sure_from = third._elapsed()  # it has waited
        third.leave(connection)
        assert takes()._sure_from <= third._elapsed()
    engine.dispose()


TAKES = st.tuples(st.integers(0, 3), st.integers(1, 3)).map(lambda drawn: Shard(drawn[0] % drawn[1], drawn[1]))


@pytest.mark.slow
@settings(max_examples=40)
@given(st.lists(TAKES, min_size=1, max_size=6), st.data())
def test_only_the_last_to_take_a_shard_or_another_number_of_shards_writes(takes: list[Shard], data: Any) -> None:
    engine = create_engine("sqlite://")
    event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    event.listen(engine, "begin", begin_sqlite)
    SHARD_OWNERS.create(engine)
    taken: list[ShardOwner] = []
    for shard in takes:
        taken.append(ShardOwner(create_async_engine("sqlite+aiosqlite://"), "it", shard, LocksOfOne()))
        with engine.begin() as connection:
            taken[-1].take_epoch(connection)
        for number in data.draw(st.permutations(range(len(taken)))):
            owner, later = taken[number].shard, takes[number + 1 : len(taken)]
            theirs = any(other.count != owner.count or other.id == owner.id for other in later)
            with engine.begin() as connection:
                if theirs:
                    with pytest.raises(StorageRefuses):
                        taken[number].check(connection)
                else:
                    taken[number].check(connection)
    # Of any server there is one owner at most who writes.
    writing = [owner.shard for number, owner in enumerate(taken) if not owner._why]
    for server in range(12):
        assert sum(shard.owns(server << 22) for shard in writing) <= 1
    engine.dispose()


# The answers that keep an owner sure ---------------------------------------------------------------------------------


class Locks(LocksOfOne):
    """Answer, are silent, or have lost their connection."""

    def __init__(self) -> None:
        super().__init__()
        self.silent = asyncio.Event()
        self.broken = False
        self.asked = asyncio.Event()

    async def ask(self) -> None:
        self.asked.set()
        if self.broken:
            raise OSError("connection lost")
        if self.silent.is_set():
            await asyncio.Event().wait()


@pytest.fixture
def pace(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All goes twenty times as fast."""
    for name in ("ASK_EVERY", "ASK_LIMIT", "SURE_FOR", "_BETWEEN"):
        monkeypatch.setattr(ownership, name, getattr(ownership, name) / 20)
    yield


@pytest.fixture
async def owner(pace: None) -> AsyncIterator[tuple[ShardOwner, Locks]]:
    locks = Locks()
    made = ShardOwner(create_async_engine("postgresql+asyncpg://127.0.0.1:1/none"), "it", Shard(), locks)
    made.begin()
    yield made, locks
    await made.close()


async def test_an_owner_who_is_not_answered_is_silent_and_lost(owner: tuple[ShardOwner, Locks]) -> None:
    made, locks = owner
    await locks.asked.wait()
    assert made.sure
    locks.silent.set()
    assert "has not answered for" in await made.lost()
    assert not made.sure


async def test_an_owner_whose_connection_is_lost_and_who_gets_no_other_is_lost(owner: tuple[ShardOwner, Locks]) -> None:
    made, locks = owner
    locks.broken = True
    assert "I stop, since" in await made.lost()


async def test_an_owner_that_cannot_see_whether_another_was_there_is_not_sure(
    owner: tuple[ShardOwner, Locks], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, locks = owner
    taken = LocksOfOne()

    async def opened(_: object) -> LocksOfOne:
        await taken.close()
        return taken

    monkeypatch.setattr(ownership, "open_locks", opened)
    locks.broken = True  # and no epoch can be read: there is no database
    assert "has not answered for" in await made.lost()


@pytest.mark.slow
async def test_an_owner_whose_connection_breaks_takes_its_locks_anew(opens: Opening, migrated_postgresql: str) -> None:
    storage = await opens(url=migrated_postgresql)
    before = storage.owner.locks
    await end_lockers(migrated_postgresql)
    await until(lambda: storage.owner.locks is not before)
    async with asyncio.timeout(20):
        while not await storage.owner.locks.held(ownership.SHARD):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert storage.owner.sure
    await storage.journal.write(EventRow("r", 1, 0.0, "goes on"))
    with pytest.raises(StorageError, match="serves the database"):
        await opens(url=migrated_postgresql)


@pytest.mark.slow
async def test_an_owner_outlives_a_restart_of_the_database(
    opens: Opening, migrated_postgresql: str, postgresql_server: Server
) -> None:
    storage = await opens(url=migrated_postgresql)
    before = storage.owner.locks
    await storage.journal.write(EventRow("r", 1, 0.0, "before"))
    await asyncio.to_thread(postgresql_server.restart, "immediate")
    await until(lambda: storage.owner.locks is not before)
    async with asyncio.timeout(20):
        while not await storage.owner.locks.held(ownership.SHARD):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    await storage.access.tried(lambda: storage.journal.write(EventRow("r", 2, 0.0, "after")))
    assert storage.owner.sure
    assert await events(storage) == ["before", "after"]


async def test_an_owner_that_is_not_answered_just_now_still_leaves_in_order(opens: Opening, database: str) -> None:
    storage = await opens()
    owner = storage.owner
    assert owner._asking
    owner._asking.cancel()
    owner.lasts, owner._answered = False, owner._elapsed() - ownership.SURE_FOR
    assert not owner.sure
    await opens.close(storage)
    engine = create_async_engine(database)
    async with engine.connect() as connection:
        assert await connection.scalar(select(SHARD_OWNERS.c.ended))
    await engine.dispose()


async def test_a_lock_whose_file_is_removed_is_taken_anew(opens: Opening, database: str, pace: None) -> None:
    storage = await opens()
    file = Path(f"{make_url(database).database}-lock-shard-0")
    file.unlink()
    await until(file.exists)
    assert storage.owner.sure


async def test_a_lock_whose_file_is_removed_and_that_another_takes_is_lost(
    opens: Opening, database: str, pace: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = await opens()
    Path(f"{make_url(database).database}-lock-shard-0").unlink()
    monkeypatch.setattr(locks, "this_process", lambda: Holder("elsewhere", 7, 0.0))
    other = await ownership.open_locks(make_url(database))
    assert await other.take(ownership.SHARD)
    monkeypatch.undo()
    assert "Process 7 on elsewhere (since 1970" in await storage.owner.lost()
    await other.close()


async def test_whoever_is_held_up_while_it_is_not_sure_goes_on_when_it_is(owner: tuple[ShardOwner, Locks]) -> None:
    made, _ = owner
    made._sure_from = made._elapsed() + 0.1
    assert not made.sure
    await made.certain()
    assert made.sure
