"""The one way into the database, and whether it takes what is written.

A fault of the storage itself (full, locked, read-only, gone) begins a state, "the storage refuses", with one line in
the log. While it lasts every write first has the storage asked whether it works again, and it is asked now and then by
itself. What ends the state, with one more line, is a write as large as the largest one that was refused, and where
something could not be read, the same query again: small writes may still fit where large ones do not.
"""

import asyncio
import errno
import logging
import secrets
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, Executable, RowMapping, Table, delete, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NotSupportedError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.clock import Clock, shown
from bot.errors import StorageRefuses
from bot.shard import Shard
from bot.storage.sqlite_file import DatabaseGone
from bot.storage.tables import QUIZ_EVENTS

_log = logging.getLogger(__name__)
T = TypeVar("T")
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 2.0  # seconds after which a storage that refuses is asked again by itself
# Seconds after something was removed for good until its log is emptied, so that what is removed together costs one
# time; and between two tries, at most, where somebody reads all the while, such as a backup.
_EMPTIED_AFTER, _EMPTIED_AGAIN = 0.2, 30.0
_PROBE, _LEAST = "", 32 * 1024  # the round that probes are events of: there is none such; and their characters
_READS = "reads"  # the option of connections that only read
_NOT_OF_THE_STORAGE = (IntegrityError, DataError, NotSupportedError, ProgrammingError)  # what is written is to blame
_PATIENCE = 5.0  # seconds for a transaction of PostgreSQL: a connection that was cut would be waited for much longer
# PostgreSQL's codes for a transaction that goes through when it is done again: given up for the sake of another one,
# or prepared before a newer version of the bot changed a table.
_DONE_AGAIN, _TRIES = {"40001", "40P01", "0A000"}, 3
_MISSING_OR_DENIED = {"42P01", "42501"}  # PostgreSQL's codes for it come as a ProgrammingError

# What a host can do about a server that runs and lets nobody in, by the beginning of PostgreSQL's code.
_NOT_LET_IN: dict[tuple[str, ...], str] = {
    ("28P01",): "Correct the password: in the address of the database, in ~/.pgpass or in PGPASSWORD",
    ("28",): "Name a user that it lets in (its pg_hba.conf says whom), or make that one (createuser)",
    ("3D000",): "Make that database (createdb), or correct its name in the address",
}
# The same for all else, by the beginning of SQLite's name for an error, PostgreSQL's code, or the system's name.
_ADVICE: dict[tuple[str, ...], str] = {
    ("SQLITE_FULL", "53100", "ENOSPC", "EDQUOT"): "Free space on its disk",
    ("SQLITE_READONLY", "25006", "42501", "EROFS", "EACCES", "EPERM"): "Let the user that I run as write there",
    ("SQLITE_BUSY", "SQLITE_LOCKED", "55P03"): "Another program holds it locked: let that one finish, or close it",
    ("SQLITE_CORRUPT", "SQLITE_NOTADB"): "It is damaged: stop me, and put a backup in its place",
    ("SQLITE_CANTOPEN", "SQLITE_IOERR"): "See whether its folder is still there, and its disk has room and works",
    ("08", "57P", "ECONN", "ETIMEDOUT"): "See whether the database server runs and can be reached",
} | _NOT_LET_IN


def reading(engine: AsyncEngine) -> AsyncEngine:
    """The same database and connections, for transactions that only read: they wait for no writer."""
    return engine.execution_options(**{_READS: True}, postgresql_readonly=True)


def begin_sqlite(connection: Any) -> None:
    """Open a transaction in SQLite, where the driver is told not to. Only what writes takes SQLite's one lock."""
    # A write that begins without the lock could lose it to another half-way, and waiting would not help it then.
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get(_READS) else "BEGIN IMMEDIATE")


@dataclass(slots=True)
class _Refusal:
    """The state in which the storage refuses."""

    since: float  # when the first write or query that failed was begun, by the host's clock
    why: str  # what the storage said
    unwritten_since: float | None = None  # the same of the first write; None while only queries have failed
    writes: int = 0  # how many were refused
    largest: int = 0  # characters of the largest of them
    unread: Executable | None = None  # a query that failed


class Access:
    """Transactions on the database. What is wrong with the storage itself is raised as StorageRefuses."""

    def __init__(
        self, engine: AsyncEngine, clock: Clock, place: str, writer: Engine | None = None, shard: Shard = Shard()
    ) -> None:
        """`place` is how the database is named to a host; `writer` another engine on it, which `commit` uses."""
        self.engine = engine
        self._writer = writer
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="commits")
        self.when_back: list[
            Callable[[float], None]
        ] = []  # called when writes are taken again: since when they were not
        self.check: Callable[[Connection], None] | None = None  # called first in each transaction that writes
        self.empty_log: Callable[[], bool] | None = None  # empties the log of an SQLite file; blocks, False: try again
        self._forgotten = False  # something was removed since that was last done
        self._emptying: asyncio.Task[None] | None = None
        self._reads = reading(engine)
        self._patience = None if engine.dialect.name == "sqlite" else _PATIENCE  # SQLite has one of its own
        self._clock = clock
        self._place = place
        # A database that restarts is asked by all processes at once: with one row for all they would collide.
        self._probe_key = {"round_id": _PROBE, "number": shard.id}
        self._refusal: _Refusal | None = None
        self._broken_off: set[asyncio.Task[Any]] = set()  # transactions whose connections are being closed
        self._asking: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None

    @property
    def engines(self) -> tuple[Engine, ...]:
        """All that transactions begin on, for what is to see each of them."""
        return (self.engine.sync_engine, *([self._writer] if self._writer else []))

    @property
    def unwritten_since(self) -> float | None:
        """Since when nothing can be written, by the host's clock; None where it can, as far as is known."""
        return self._refusal.unwritten_since if self._refusal else None

    @property
    def refuses(self) -> bool:
        """Whether something cannot be written, or read, as far as is known."""
        return self._refusal is not None

    async def commit(self, write: Callable[[Connection], T], size: int = 0, writes: int = 1) -> T:
        """Have `write` execute its statements in one transaction, commit it, and return what it gives. Raises
        StorageRefuses. What PostgreSQL gives up for the sake of another transaction is done again.

        With SQLite all of it is one trip to a thread. aiosqlite takes one for each step, some fifteen a transaction,
        and on a busy machine each waits for the processor, and for the interpreter's lock, anew. `size` is
        about how many characters are written, `writes` for how many who wait for it.
        """
        await self.ready(size, writes)
        with self._told(size, writes):
            return await self._commit(write)

    async def _commit(self, write: Callable[[Connection], T]) -> T:
        def checked(connection: Connection) -> T:
            if self.check:
                self.check(connection)
            return write(connection)

        return await _done_again(lambda: self._committed(checked))

    async def _committed(self, write: Callable[[Connection], T]) -> T:
        if self._writer:
            return await asyncio.get_running_loop().run_in_executor(self._thread, _committed, self._writer, write)
        return await self._in_time(self._transaction(write))

    async def _transaction(self, write: Callable[[Connection], T]) -> T:
        async with self.engine.begin() as connection:
            return await connection.run_sync(write)

    async def found(self, query: Executable) -> list[RowMapping]:
        """What a query finds; it waits for no writer. Raises StorageRefuses."""
        with self._told(unread=query):
            return await self._found(query)

    async def ready(self, size: int = 0, writes: int = 1) -> None:
        """Return at once where the storage works as far as is known, else when it does again. Raises StorageRefuses."""
        refusal = self._refusal
        if refusal is None or refusal.unwritten_since is None:
            return
        await self._ask()
        if self._refusal is refusal:
            refusal.writes += writes
            refusal.largest = max(refusal.largest, size)
            raise StorageRefuses(refusal.why)

    def forgotten(self) -> None:
        """What was removed for good is to leave the log of an SQLite file too, where it stands as it was: soon, by
        itself, and as often as it takes. Returns at once."""
        self._forgotten = self.empty_log is not None
        if self.empty_log and (self._emptying is None or self._emptying.done()):
            self._emptying = asyncio.create_task(self._empty(self.empty_log), name="emptying the log")

    async def _empty(self, empty_log: Callable[[], bool]) -> None:
        pause = _EMPTIED_AFTER
        while self._forgotten:
            await asyncio.sleep(pause)
            self._forgotten = False
            try:  # in the thread of those who write, so that they do not wait for its lock
                done = await asyncio.get_running_loop().run_in_executor(self._thread, empty_log)
            except (sqlite3.Error, OSError) as fault:  # which whoever writes next tells
                _log.debug("The log cannot be emptied: %s", said_of(fault))
                done = False
            self._forgotten |= not done
            pause = _EMPTIED_AFTER if done else min(2 * pause, _EMPTIED_AGAIN)

    async def tried(self, work: Callable[[], Awaitable[T]]) -> T:
        """What comes of work that needs the storage, done again as long as that refuses."""
        while True:
            try:
                return await work()
            except StorageRefuses:
                await asyncio.sleep(FIRST_PAUSE)
                if self._watching:
                    await asyncio.wait({self._watching})

    def noticed(self, fault: DatabaseGone) -> None:
        """Take note of what was seen without writing."""
        refusal = self._begun(fault, now := self._clock.now(), "written")
        refusal.unwritten_since = now if refusal.unwritten_since is None else refusal.unwritten_since

    async def close(self) -> None:
        """Ask no more, and say what a storage that still refuses means for what was to be written."""
        tasks = [task for task in (self._watching, self._asking, self._emptying) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*self._broken_off, return_exceptions=True)
        if self._writer:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._writer.dispose)
        self._thread.shutdown()
        if refusal := self._refusal:
            _log.error(
                "I stop while the database refuses (since %s); writes that were refused, and are not kept: %d",
                shown(refusal.since),
                refusal.writes,
            )

    @contextmanager
    def _told(self, size: int = 0, writes: int = 0, unread: Executable | None = None) -> Iterator[None]:
        """Note a fault of the storage inside, and raise StorageRefuses for it."""
        began = self._clock.now()
        try:
            yield
        except Exception as fault:
            if not _of_the_storage(fault):
                raise
            refusal = self._begun(fault, began, "written" if unread is None else "read")
            if unread is None:
                refusal.unwritten_since = began if refusal.unwritten_since is None else refusal.unwritten_since
                refusal.writes += writes
                refusal.largest = max(refusal.largest, size)
            else:
                refusal.unread = unread
            raise StorageRefuses(refusal.why, reading=unread is not None) from fault

    def _begun(self, fault: Exception, at: float, done: str) -> _Refusal:
        """The state, which begins with that fault if it has not begun before."""
        if self._refusal is None:
            self._refusal = _Refusal(at, said_of(fault))
            if isinstance(fault, DatabaseGone):
                _log.error("%s", str(fault))  # a line on the file, and nobody's words
            else:
                told = (self._place, done, self._refusal.why, _advice(fault))
                _log.error("The database %s cannot be %s: %s. %s; I try again by myself", *told)
            self._watching = asyncio.create_task(self._watch(), name="asking the storage again")
        return self._refusal

    async def _found(self, query: Executable) -> list[RowMapping]:
        return await _done_again(lambda: self._in_time(self._read(query)))

    async def _read(self, query: Executable) -> list[RowMapping]:
        async with self._reads.connect() as connection:
            return list((await connection.execute(query)).mappings().all())

    async def _in_time(self, work: Coroutine[Any, Any, T]) -> T:
        """What comes of a transaction. Raises TimeoutError at once when its time is over.

        It is broken off then, as it is where whoever waits for it is cancelled. Nobody waits until its connection is
        closed, for which one that was cut takes two seconds more.
        """
        if self._patience is None:
            return await work
        task = asyncio.create_task(work, name="transaction")
        try:
            await asyncio.wait({task}, timeout=self._patience)
            if not task.done():
                raise TimeoutError
            return task.result()
        finally:
            if not task.done():
                self._broken_off.add(task)
                task.add_done_callback(self._closed)
                task.cancel()

    def _closed(self, broken_off: asyncio.Task[Any]) -> None:
        self._broken_off.discard(broken_off)
        if not broken_off.cancelled() and (fault := broken_off.exception()):
            _log.debug("A transaction that was broken off: %s", said_of(cast("Exception", fault)))

    async def _ask(self) -> None:
        """Have the storage asked once, by whoever comes first, whether it works again."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._asked(), name="asking the storage")
        await asyncio.shield(self._asking)

    async def _asked(self) -> None:
        if (refusal := self._refusal) is None:
            return
        try:
            if refusal.unwritten_since is not None:
                # Drawn by chance: PostgreSQL packs what repeats itself.
                await self._probe(secrets.token_hex(max(_LEAST, refusal.largest) // 2 + 1))
            if refusal.unread is not None:
                await self._found(refusal.unread)
        except Exception as fault:
            _log.debug("The storage still refuses: %s", said_of(fault))
            return
        self._refusal = None
        lasted = self._clock.now() - refusal.since
        _log.warning(
            "The database works again, after %.0f s (since %s); writes that were refused meanwhile: %d",
            lasted,
            shown(refusal.since),
            refusal.writes,
        )
        if refusal.unwritten_since is not None:
            for told in self.when_back:
                told(refusal.unwritten_since)

    async def _probe(self, text: str) -> None:
        """Write an event of no round, as large as that, and remove it again. No other process writes the same row."""
        remove = delete(QUIZ_EVENTS).filter_by(**self._probe_key)
        write = insert(QUIZ_EVENTS).values(self._probe_key | {"at": 0.0, "event": text})

        def written(connection: Connection) -> None:
            connection.execute(remove)
            connection.execute(write)

        await self._commit(written)
        await self._commit(lambda connection: connection.execute(remove))

    async def _watch(self) -> None:
        pause = FIRST_PAUSE
        while self._refusal:
            await asyncio.sleep(pause)
            await self._ask()
            pause = min(2 * pause, LONGEST_PAUSE)


async def _done_again(work: Callable[[], Awaitable[T]]) -> T:
    """What comes of a transaction, which is done again where PostgreSQL asks for that."""
    for _ in range(_TRIES - 1):
        try:
            return await work()
        except DBAPIError as fault:
            if _code(fault) not in _DONE_AGAIN:
                raise
    return await work()


def upsert(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows with values for all columns, each in place of the one with its primary key, if there is such a one.
    Two who do that at once both succeed."""
    if given := [*rows]:
        new, key = _new(connection, table), [*table.primary_key]
        others = {column.name: new.excluded[column.name] for column in table.columns if not column.primary_key}
        if others:
            new = new.on_conflict_do_update(index_elements=key, set_=others)
        else:
            new = new.on_conflict_do_nothing(index_elements=key)
        connection.execute(new, given)


def add_missing(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert those of these rows whose primary keys no row has."""
    if given := [*rows]:
        connection.execute(_new(connection, table).on_conflict_do_nothing(index_elements=[*table.primary_key]), given)


def claim(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row unless there is one with its primary key, and return whether it was inserted."""
    new = _new(connection, table).values(row).on_conflict_do_nothing(index_elements=[*table.primary_key])
    return connection.execute(new).rowcount == 1


def _new(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def _committed(engine: Engine, write: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        return write(connection)


def _of_the_storage(fault: Exception) -> bool:
    """Whether it is the storage that is to blame, and not what was to be written."""
    if isinstance(fault, _NOT_OF_THE_STORAGE):
        return _code(fault) in _MISSING_OR_DENIED
    return isinstance(fault, DBAPIError | NoConnection | OSError) or type(fault).__module__.startswith("asyncpg.")


def said_of(fault: Exception) -> str:
    """What the database or the system says of a fault, in one line, without what was to be written: that is nobody's
    business."""
    origin = fault.orig if isinstance(fault, DBAPIError) else fault
    if isinstance(fault, DBAPIError) and fault.connection_invalidated and not _code(fault):
        return "the connection to it was lost"
    if isinstance(origin, TimeoutError) and not origin.errno:
        return "it does not answer"
    if isinstance(fault, NoConnection):
        return "all connections to it are in use"
    if isinstance(origin, OSError) and origin.strerror:
        return origin.strerror
    return next(iter(str(origin).splitlines()), "") or type(origin).__name__


def _code(fault: Exception) -> str:
    """SQLite's name for an error, PostgreSQL's code for it, or that of the operating system; empty for others."""
    origin: Any = fault.orig if isinstance(fault, DBAPIError) else fault
    code = getattr(origin, "sqlite_errorname", None) or getattr(origin, "sqlstate", None)
    code = code or getattr(getattr(origin, "__cause__", None), "sqlstate", None)
    if not code and isinstance(origin, OSError):
        code = errno.errorcode.get(origin.errno or 0)
    return str(code or "")


def not_let_in(fault: Exception) -> str:
    """What a host can do where a database server runs, and refuses who comes or does not have the database; empty for
    all other faults."""
    code = _code(fault)
    return next((f"{advice}." for beginnings, advice in _NOT_LET_IN.items() if code.startswith(beginnings)), "")


def _advice(fault: Exception) -> str:
    lost = isinstance(fault, DBAPIError) and fault.connection_invalidated
    silent = isinstance(fault, OSError | NoConnection) and not _code(fault)  # several addresses of one name, too
    code = "08" if lost or silent else _code(fault)
    for beginnings, advice in _ADVICE.items():
        if code.startswith(beginnings):
            return advice
    return "See what is wrong with it"
