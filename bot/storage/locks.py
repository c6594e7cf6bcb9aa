"""Locks of a database that are held for life: by name, and known to every process that uses the database.

Whoever holds one lets it go by ending, however that comes about: with SQLite it is the operating system's lock on a
file beside the database, with PostgreSQL an advisory lock of a connection that is for nothing else. Others can see who
holds it and since when. To take one never waits for another holder.
"""

import asyncio
import hashlib
import json
import os
import re
import socket
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.clock import shown
from bot.errors import StorageError
from bot.storage.sqlite_file import beside

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.engine import URL

_TRIES, _BETWEEN = 6, 0.05  # whoever looks at a file's lock has it for an instant: tries to take it, seconds between
_CONNECT_SECONDS, _ANSWER_SECONDS = 10.0, 10.0
# After which the server gives up a client that is silent: whoever held a lock has had the time to notice it by then.
SILENT_SECONDS = 20
SILENT_SESSION = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "5",
    "tcp_user_timeout": f"{SILENT_SECONDS}s",
}
_LONGEST_HOST = 36  # letters; with "tutor", the seconds and the process they are the 63 of a session's name
_NAMED = re.compile(r"tutor (\d+) (\d+) (.*)")
_PROBES = 3
POOLED = (
    "DATABASE_URL leads to a pooler that hands each transaction to another session of PostgreSQL (PgBouncer with "
    "pool_mode = transaction, say), where no lock lasts. Write PostgreSQL's own address, or set pool_mode = session."
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that holds a lock. Where that could not be found out, the host is "" and the others are 0."""

    host: str
    pid: int
    since: float  # seconds since the epoch, by that host's clock

    def __str__(self) -> str:
        if not self.pid:
            return "Another process"
        return f"Process {self.pid} on {self.host} (since {shown(self.since)})"

    @property
    def inside(self) -> str:
        """The same inside a sentence."""
        said = str(self)
        return said[0].lower() + said[1:]


NOBODY_KNOWN = Holder("", 0, 0.0)


def this_process() -> Holder:
    """The holder that this process is, since now. A long name of the host is cut to what the name of a session of
    PostgreSQL has room for, which takes no letters but ASCII."""
    host = socket.gethostname().encode("ascii", "replace").decode()
    return Holder(host[:_LONGEST_HOST], os.getpid(), time.time())


class Locks(ABC):
    """The locks of one database. A lock has a name and a number, such as ("shard", 0). It is free, held by one, or held
    by all who take it shared. What goes wrong with them is raised as an OSError."""

    @abstractmethod
    async def take(self, name: str, number: int = 0, *, shared: bool = False) -> bool:
        """Hold a lock from now on, and return whether that could be done: not where another holds it, unless all share
        it, and not where it was taken here before. Nobody is waited for."""

    @abstractmethod
    async def free(self, name: str, number: int = 0) -> None:
        """Let go of a lock that is held."""

    @abstractmethod
    async def held(self, name: str) -> dict[int, Holder]:
        """The numbers with that name that are held, by this process or another, and by whom. Of those who share one it
        is any."""

    @abstractmethod
    async def ask(self) -> None:
        """Return once it is sure that what was taken is held still. Raises OSError where it is not."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of all of them."""

    @asynccontextmanager
    async def within(self, name: str, number: int = 0, *, pause: float = 0.2) -> "AsyncIterator[None]":
        """Hold a lock inside the block, asking for it every `pause` seconds until it is there."""
        while not await self.take(name, number):  # noqa: ASYNC110 - another process lets go of it
            await asyncio.sleep(pause)
        try:
            yield
        finally:
            await self.free(name, number)


async def open_locks(url: "URL") -> Locks:
    """The locks of the database at `url`. Raises StorageError where none would last, OSError where there is no way to
    the database."""
    if url.get_backend_name() == "postgresql":
        return await _SessionLocks.opened(url)
    path = url.database or ""
    return _FileLocks(Path(path)) if path and not path.startswith((":memory:", "file:")) else LocksOfOne()


class LocksOfOne(Locks):
    """Of a database in memory, which no other process can reach."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, int], Holder] = {}

    async def take(self, name: str, number: int = 0, *, shared: bool = False) -> bool:
        if (name, number) in self._held:
            return False
        self._held[name, number] = this_process()
        return True

    async def free(self, name: str, number: int = 0) -> None:
        self._held.pop((name, number), None)

    async def held(self, name: str) -> dict[int, Holder]:
        return {number: holder for (of, number), holder in self._held.items() if of == name}

    async def ask(self) -> None:
        """Nobody can take it away."""

    async def close(self) -> None:
        self._held.clear()


# SQLite: files ------------------------------------------------------------------------------------------------------


class _FileLocks(Locks):
    """A file for each lock, which is locked as a whole and goes with its last holder. After a crash it stays, and
    locks nobody out."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._open: dict[tuple[str, int], tuple[int, Path]] = {}

    def _file(self, name: str, number: int | str) -> Path:
        return beside(self._database, f"-lock-{name}-{number}")

    async def take(self, name: str, number: int = 0, *, shared: bool = False) -> bool:
        if (name, number) in self._open:
            return False
        file = self._file(name, number)
        for left in range(_TRIES, 0, -1):
            if (opened := _locked(file, shared)) is not None:
                self._open[name, number] = (opened, file)
                return True
            if left > 1:
                await asyncio.sleep(_BETWEEN)
        return False

    async def free(self, name: str, number: int = 0) -> None:
        if found := self._open.pop((name, number), None):
            _let_go(*found)

    async def held(self, name: str) -> dict[int, Holder]:
        found = {}
        for file in _beside(self._file(name, "*")):
            number = file.name.rpartition("-")[2]
            if number.isdecimal() and (holder := _holder_of(file)):
                found[int(number)] = holder
        return found

    async def ask(self) -> None:
        for opened, file in self._open.values():
            if not _same(opened, file):
                raise OSError(f"the lock {file} was removed")

    async def close(self) -> None:
        for opened, file in self._open.values():
            _let_go(opened, file)
        self._open.clear()


def _locked(file: Path, shared: bool) -> int | None:
    """The lock's file, open, and locked; None where another holds it. Raises OSError."""
    while True:
        opened = os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        try:
            if not _lock(opened, shared):
                os.close(opened)
                return None
            if _same(opened, file):  # else its last holder has just removed it
                os.ftruncate(opened, 0)
                os.write(opened, json.dumps(asdict(this_process())).encode())
                return opened
        except BaseException:
            with suppress(OSError):
                os.close(opened)
            raise
        os.close(opened)


def _let_go(opened: int, file: Path) -> None:
    with suppress(OSError):
        if os.name == "posix" and _lock(opened, shared=False) and _same(opened, file):  # nobody shares it
            file.unlink()
    os.close(opened)
    if os.name != "posix":
        with suppress(OSError):  # which cannot be removed while it is open, by anyone
            file.unlink()


def _same(opened: int, file: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(opened), file.stat())
    except FileNotFoundError:
        return False


def _beside(pattern: Path) -> list[Path]:
    with suppress(FileNotFoundError):
        beginning, ending = pattern.name.split("*")
        found = (one for one in pattern.parent.iterdir() if one.name.startswith(beginning))
        return sorted(one for one in found if one.name.endswith(ending))
    return []


def _holder_of(file: Path) -> Holder | None:
    """Who holds a lock; None where nobody does. It is locked for an instant, to see whether it can be."""
    try:
        opened = os.open(file, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        return None
    try:
        if _lock(opened, shared=False):
            return None
        for _ in range(_TRIES):  # it is written just after it is locked
            with suppress(ValueError, TypeError):
                return Holder(**json.loads(os.read(opened, 1000)))
            os.lseek(opened, 0, os.SEEK_SET)
            time.sleep(_BETWEEN / 10)
        return NOBODY_KNOWN
    finally:
        os.close(opened)


def _lock(opened: int, shared: bool) -> bool:
    """Lock an open file, unless another holds a lock on it that does not go with this one. Raises OSError."""
    if os.name == "posix":
        import fcntl

        try:
            fcntl.flock(opened, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
    return _lock_range(opened, shared, import_module("msvcrt"))


_BEYOND, _SHARES = 1 << 30, 1000  # bytes past all that is written, which lock nothing that is read; one for each sharer


def _lock_range(opened: int, shared: bool, msvcrt: Any) -> bool:
    """The same on Windows, whose locks are never shared: who shares it locks one byte of those that others lock all."""
    for at in range(_BEYOND, _BEYOND + (_SHARES if shared else 1)):
        os.lseek(opened, at, os.SEEK_SET)
        with suppress(PermissionError):
            msvcrt.locking(opened, msvcrt.LK_NBLCK, 1 if shared else _SHARES)
            os.lseek(opened, 0, os.SEEK_SET)
            return True
    os.lseek(opened, 0, os.SEEK_SET)
    return False


# PostgreSQL: a session ----------------------------------------------------------------------------------------------


class _SessionLocks(Locks):
    """Advisory locks of a connection of their own. The connection names the process to whoever looks."""

    def __init__(self, connection: Any, asyncpg: Any) -> None:
        self._connection, self._asyncpg = connection, asyncpg
        self._turn = asyncio.Lock()  # one question at a time
        self._taken: dict[tuple[str, int], str] = {}  # the ending of the functions by which each was taken

    @classmethod
    async def opened(cls, url: "URL") -> "_SessionLocks":
        """Connect. Raises OSError, and StorageError where a pooler stands between."""
        asyncpg = import_module("asyncpg")
        with _as_os_error(asyncpg):
            connection = await _connected(asyncpg, url)
            try:
                if await _pooled(asyncpg, url, connection):
                    raise StorageError(POOLED)
                await connection.fetch(_SILENT, [*SILENT_SESSION], [*SILENT_SESSION.values()])
            except BaseException:
                connection.terminate()
                raise
        return cls(connection, asyncpg)

    async def take(self, name: str, number: int = 0, *, shared: bool = False) -> bool:
        if (name, number) in self._taken:  # PostgreSQL gives a session what it has once more
            return False
        ending = "_shared" if shared else ""
        (row,) = await self._asked(f"SELECT pg_try_advisory_lock{ending}($1, $2) AS taken", _key(name), number)
        if row["taken"]:
            self._taken[name, number] = ending
        return bool(row["taken"])

    async def free(self, name: str, number: int = 0) -> None:
        if (ending := self._taken.pop((name, number), None)) is not None:
            await self._asked(f"SELECT pg_advisory_unlock{ending}($1, $2)", _key(name), number)

    async def held(self, name: str) -> dict[int, Holder]:
        return {row["number"]: _named(row) for row in await self._asked(_HELD, _key(name) % 2**32)}

    async def ask(self) -> None:
        await self._asked("SELECT 1")

    async def close(self) -> None:
        with suppress(OSError), _as_os_error(self._asyncpg):
            await self._connection.close(timeout=2.0)

    async def _asked(self, query: str, *given: object) -> list[Any]:
        with _as_os_error(self._asyncpg):
            async with asyncio.timeout(_ANSWER_SECONDS), self._turn:
                return list(await self._connection.fetch(query, *given))


_SILENT = """
    SELECT set_config(wanted.name, wanted.value, false) FROM unnest($1::text[], $2::text[]) AS wanted (name, value)
    JOIN pg_settings USING (name)
"""
_HELD = """
    SELECT locks.objid::bigint AS number, coalesce(sessions.application_name, '') AS name,
           extract(epoch FROM sessions.backend_start)::float8 AS since
    FROM pg_locks AS locks LEFT JOIN pg_stat_activity AS sessions USING (pid)
    WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid::bigint = $1
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    ORDER BY number, since
"""


def _key(name: str) -> int:
    """The first half of the number that PostgreSQL knows a lock by: the same in all versions, and hardly another
    program's."""
    return int.from_bytes(hashlib.sha256(f"neural tutor: {name}".encode()).digest()[:4], signed=True)


def _named(row: Any) -> Holder:
    if found := _NAMED.fullmatch(row["name"]):
        since, pid, host = found.groups()
        return Holder(host, int(pid), float(since))
    return Holder("", 0, row["since"] or 0.0)


async def _connected(asyncpg: Any, url: "URL") -> Any:
    """A connection to PostgreSQL with nothing kept between two questions, named after this process."""
    _, given = url.get_dialect()().create_connect_args(url)
    me = this_process()
    given["server_settings"] = {"application_name": f"tutor {me.since:.0f} {me.pid} {me.host}"}
    options = {name: value for name, value in given.items() if not name.startswith(("prepared_statement", "async_"))}
    return await asyncpg.connect(**options | {"statement_cache_size": 0, "timeout": _CONNECT_SECONDS})


async def _pooled(asyncpg: Any, url: "URL", connection: Any) -> bool:
    """Whether that connection's session is handed to others between its transactions.

    Its next transaction in another session shows it. Where it gets the same one each time, another client that begins a
    transaction just after it is given what it had.
    """
    other = await _connected(asyncpg, url)
    try:
        for _ in range(_PROBES):
            before = await _session(connection)
            async with other.transaction():
                if await _session(other) == before or await _session(connection) != before:
                    return True
    finally:
        other.terminate()
    return False


async def _session(connection: Any) -> int:
    """Its number. In a transaction, since a pooler may take each step of a question elsewhere."""
    async with connection.transaction():
        return int(await connection.fetchval("SELECT pg_backend_pid()"))


@contextmanager
def _as_os_error(asyncpg: Any) -> Iterator[None]:
    """Raise what goes wrong on the way to PostgreSQL, or there, as an OSError.

    asyncpg takes it for an error of its own where the server's goodbye is read before the next question.
    """
    try:
        yield
    except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        raise ConnectionError(next(iter(str(error).splitlines()), "") or type(error).__name__) from error
    except TimeoutError as error:
        raise ConnectionError("it does not answer") from error
