"""Opening the database: found or made, brought up to date, and every way that can fail told in one line."""

import asyncio
import logging
import math
import shutil
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, Engine, column, create_engine, event, inspect, select, table
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot import folders
from bot.clock import Clock
from bot.errors import StorageError, StorageRefuses
from bot.shard import Shard
from bot.storage.access import Access, begin_sqlite, not_let_in, reading, said_of
from bot.storage.across import OpenQuestions, Requests
from bot.storage.journal import Journal
from bot.storage.locks import SILENT_SECONDS, SILENT_SESSION, Holder, LocksOfOne
from bot.storage.ownership import ShardOwner, served, take
from bot.storage.reminders import ReminderStore
from bot.storage.schedules import ScheduleStore, SeenAnswers
from bot.storage.sqlite_file import (
    HALF_MOVED,
    NOT_RELIABLE,
    DatabaseGone,
    OpenedFile,
    beside,
    found_in,
    half_moved,
    in_the_way,
    look_before_opening,
    newer,
    told,
)
from bot.storage.stores import (
    AdditionStore,
    Greetings,
    KnowledgeNotes,
    Registrations,
    ReviewStore,
    Scores,
    StoredSettings,
    TopicStore,
)
from bot.storage.weekly import WeeklyPeople

if TYPE_CHECKING:
    from alembic.config import Config

_log = logging.getLogger(__name__)

# What connections to PostgreSQL are made with: whoever is locked out by another program hears of it as with SQLite, and
# a connection that was lost while nobody used it is replaced before it is.
_POSTGRESQL: dict[str, Any] = {
    "connect_args": {"timeout": 5.0},
    "pool_pre_ping": True,
    "pool_size": 5,
    "max_overflow": 0,  # of many processes none takes more of those that the server has
    "pool_timeout": 5.0,
}
# A session that is silent in the middle of a transaction would keep the next owner of the shard waiting.
_SESSION = SILENT_SESSION | {"lock_timeout": "2s", "idle_in_transaction_session_timeout": f"{SILENT_SECONDS}s"}
OLDEST_POSTGRESQL = 13
SUPPORTED = f"SQLite (sqlite+aiosqlite:///...) or PostgreSQL {OLDEST_POSTGRESQL} or newer (postgresql+asyncpg://...)"
LITTLE_ROOM = 50e6  # bytes; a server's rounds of a year take less
_CLOSING_SECONDS = 3.0
LOOKS_EVERY = 2.0  # seconds, at whether the database is there
MIGRATIONS = Path(__file__).parent / "migrations"


class NewerSchema(Exception):  # noqa: N818 - what was found, not what went wrong
    """The database has a revision that this version does not know."""


@dataclass(frozen=True, slots=True)
class Storage:
    """All that is kept, by what it is about."""

    owner: ShardOwner
    access: Access
    opened: OpenedFile | None  # the file of an SQLite database
    greetings: Greetings
    registrations: Registrations
    additions: AdditionStore
    topics: TopicStore
    journal: Journal
    open_questions: OpenQuestions
    requests: Requests
    settings: StoredSettings
    scores: Scores
    knowledge: KnowledgeNotes
    schedules: ScheduleStore
    seen_answers: SeenAnswers
    weekly: WeeklyPeople
    reminders: ReminderStore
    reviews: ReviewStore

    async def close(self) -> None:
        """Lets the database go. Who has lost the shard writes nothing more; who is only not sure of it just now
        does, and each transaction looks whether it may."""
        if not self.owner.is_lost:
            await self.journal.close()
            await self._leave()
        with suppress(TimeoutError):  # who is not sure may have lost the way to the database
            await asyncio.wait_for(self._let_go(), None if self.owner.sure else _CLOSING_SECONDS)
        await self.owner.close()

    async def _leave(self) -> None:
        """Have the next owner of the shard not wait for this one."""
        if self.owner.epoch and not self.owner.lasts:
            with suppress(StorageRefuses, TimeoutError):
                await asyncio.wait_for(self.access.commit(self.owner.leave), _CLOSING_SECONDS)

    async def _let_go(self) -> None:
        await self.access.close()
        await self.engine.dispose()
        if self.opened:
            await asyncio.to_thread(self.opened.release)

    @property
    def engine(self) -> AsyncEngine:
        """What the connections come from."""
        return self.access.engine

    def gone(self) -> str | None:
        """What has happened to the file of the database, in one line, where it is not there any more."""
        try:
            if self.opened:
                self.opened.look()
        except DatabaseGone as gone:
            return str(gone)
        return None

    async def watch(self, every: float = LOOKS_EVERY) -> None:
        """Notice when the database is gone, also where nothing is written; never return."""
        while True:
            if gone := self.gone():
                self.access.noticed(DatabaseGone(gone))
            await asyncio.sleep(every)


IN_MEMORY = "sqlite+aiosqlite://"


async def open_storage(url: URL | str, clock: Clock, shard: Shard = Shard()) -> Storage:
    """Opens the database at `url`, made and brought up to date where needed, for whoever serves that shard.

    Raises StorageError with one line.
    """
    engine = engine_at(url)
    file, opened, locks = sqlite_file(engine.url), None, None
    try:
        locks = await take(engine.url, place(engine.url), shard)
        owner = ShardOwner(engine, place(engine.url), shard, locks)
        if file:
            await asyncio.to_thread(look_before_opening, file, revisions())
        async with locks.within("migrations"):
            async with engine.begin() as connection:
                await connection.run_sync(hold_new_enough)
                await connection.run_sync(hold_whole)
                await connection.run_sync(upgrade)
            if file:
                opened = await asyncio.to_thread(OpenedFile, file)
                _watch_transactions(engine.sync_engine, opened)
            async with engine.begin() as connection:
                await connection.run_sync(owner.take_epoch)
            await owner.wait_for_others()
    except BaseException as error:
        await engine.dispose()
        if locks:
            await locks.close()
        if isinstance(error, DBAPIError | OSError | NewerSchema):
            raise StorageError(_one_line(engine.url, error)) from error
        raise
    owner.begin()
    return _storage_on(engine, place(engine.url), clock, owner, opened)


def _watch_transactions(engine: Engine, opened: OpenedFile) -> None:
    """Let none begin, nor end as if it were kept, where the file is not the one that was opened."""
    event.listen(engine, "begin", lambda _: opened.look())
    event.listen(engine, "commit", lambda _: opened.look(committing=True))


def _writer_beside(engine: AsyncEngine, opened: OpenedFile) -> Engine:
    """Another engine on an SQLite file, for a thread of its own."""
    writer = create_engine(engine.url.set(drivername="sqlite"), hide_parameters=True)
    _prepare(writer)
    _watch_transactions(writer, opened)
    return writer


def storage_at(url: URL | str, clock: Clock, shard: Shard = Shard(), *, looking: bool = False) -> Storage:
    """A storage that is not opened: every use of it fails, unless the database at `url` is there and up to date.

    Where somebody only looks at what is in it, a file is left to the byte as it is.
    """
    file = sqlite_file(make_url(url)) if looking else None
    engine = read_only(file) if file else engine_at(url)
    named = place(make_url(url))
    return _storage_on(engine, named, clock, ShardOwner(engine, named, shard, LocksOfOne()))


def _storage_on(
    engine: AsyncEngine, named: str, clock: Clock, owner: ShardOwner, opened: OpenedFile | None = None
) -> Storage:
    writer = _writer_beside(engine, opened) if opened else None
    access = Access(engine, clock, named, writer, owner.shard)
    access.check = owner.check
    access.empty_log = opened.empty_log if opened else None
    return Storage(
        owner,
        access,
        opened,
        Greetings(access, clock),
        Registrations(access),
        AdditionStore(access, clock),
        TopicStore(access),
        Journal(access, owner.shard),
        OpenQuestions(access, owner.shard),
        Requests(access, owner.shard),
        StoredSettings(access),
        Scores(access),
        KnowledgeNotes(access),
        ScheduleStore(access, owner.shard),
        SeenAnswers(access),
        WeeklyPeople(access, owner.shard),
        ReminderStore(access, owner.shard),
        ReviewStore(access),
    )


@dataclass(frozen=True, slots=True)
class Health:
    """What a health report says of a database, and what to do where that is not in it."""

    status: Literal["ok", "warning", "fault"]
    said: str
    advice: str = ""


async def health(url: URL) -> Health:
    """Look at a database from outside, without making, changing or holding up anything. Raises StorageError."""
    engine = engine_at(url, make_folder=False)
    try:
        if file := sqlite_file(engine.url):
            seen = await asyncio.to_thread(_health_of_file, file)
            await _hold_unserved(url, file)
            return seen
        if engine.url.get_backend_name() == "sqlite":
            return Health(
                "warning", "the database is in memory only", "Nothing is kept after a stop: unset DATABASE_URL."
            )
        async with reading(engine).connect() as connection:
            await connection.run_sync(hold_new_enough)
            await connection.run_sync(hold_whole)
            found = await connection.run_sync(applied)
        return _health_of(place(engine.url), max(found, default=None))
    except (DBAPIError, OSError, ImportError) as error:
        raise StorageError(_one_line(engine.url, error)) from error
    finally:
        await engine.dispose()


async def _hold_unserved(url: URL, file: Path) -> None:
    """Raise StorageError where there is no such file, and yet a process that serves it: it was removed meanwhile."""
    if await asyncio.to_thread(file.exists):
        return
    holders: dict[int, Holder] = {}
    with suppress(OSError):
        holders, _, _ = await served(url)
    for holder in holders.values():
        raise StorageError(
            f"The database {file} is no longer there, though {holder.inside} serves it: nothing is kept any more. "
            "Stop that process, put the database (or a backup) in its place, and start it again."
        )


async def owners(url: URL, shard: Shard) -> Health:
    """Look which processes serve a database's shards, of which the settings name one. Raises StorageError."""
    try:
        holders, counts, mover = await served(url)
    except (OSError, ImportError):  # which the report on the database itself tells
        return Health("warning", "not looked at, since there is no way to the database")
    if mover:
        return Health("warning", f"{mover} is moving the database", "Start no process before that is done.")
    if not holders:
        return Health("ok", f"no process serves {place(url)} now")
    each = "; ".join(f"{number}: {holder}" for number, holder in sorted(holders.items()))
    if shard.count not in counts:
        advice = "All processes have the same N in SHARD=k/N: correct it here, or end all of those first."
        return Health(
            "warning", f"N is {shard.count} here, but the processes have N = {max(counts, default=0)} ({each})", advice
        )
    if missing := [number for number in range(shard.count) if number not in holders]:
        first = f"{missing[0]}/{shard.count}"
        return Health(
            "warning",
            f"nobody serves {len(missing)} of {shard.count} shards, the first is {first} ({each})",
            f"Start it: SHARD={first}.",
        )
    return Health(
        "ok", f"all {shard.count} are served ({each})" if shard.count > 1 else f"{holders[0]} serves all servers"
    )


def _health_of_file(file: Path) -> Health:
    seen = _seen_in(file)
    if seen.status == "ok" and (room := _room_at(file.parent)) < LITTLE_ROOM:
        left = f"its disk has room for {room / 1e6:.1f} MB only"
        return Health("warning", f"{seen.said}, but {left}", "Free space there: on a full disk nothing is kept.")
    return seen


def _room_at(folder: Path) -> float:
    """The bytes that its disk has room for; that of the first folder above that is there."""
    there = next((one for one in (folder, *folder.parents) if one.is_dir()), None)
    return shutil.disk_usage(there).free if there else math.inf


def _seen_in(file: Path) -> Health:
    if not file.exists() and not beside(file, "-wal").exists():
        if obstacle := in_the_way(file):
            raise StorageError(f"The database {file} cannot be made: {obstacle}.")
        return Health("ok", f"the database {file} is not made yet; the first start makes it")
    found = found_in(file, revisions())
    if obstacle := in_the_way(file):
        raise StorageError(f"The database {file} cannot be written: {obstacle}.")
    if found.bytes == 0:
        return Health(
            "warning", f"the database {file} is empty", "The next start makes it. Had it data, restore a backup."
        )
    of_it = f"the database {file} (rounds: {found.rounds}, answers with points: {found.points})"
    seen = _health_of(of_it, found.revision)
    if seen.status == "ok" and (kind := folders.network_drive(file.parent)):
        return Health(
            "warning", f"{seen.said}, but lies on {kind}, {NOT_RELIABLE}", "Move it to a disk of this machine."
        )
    return seen


def _health_of(of_it: str, found: str | None) -> Health:
    if found is None:
        return Health("ok", f"{of_it} has no tables yet; the first start makes them")
    if found not in revisions():
        raise StorageError(newer(of_it, found))
    if found != revisions()[-1]:
        return Health(
            "warning",
            f"{of_it} is sound, and of revision {found}: the next start brings it up to {revisions()[-1]}",
            "Copy it before (python -m bot backup FILE): an older version cannot use it after that.",
        )
    return Health("ok", f"{of_it} is sound and up to date")


def config(connection: Connection | None = None) -> "Config":
    """Alembic's configuration; `connection` is the one that the revisions run on."""
    from alembic.config import Config

    made = Config()
    # The option is interpolated: a per cent sign in a path must be doubled.
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def hold_whole(connection: Connection) -> None:
    """Raise StorageError where a move to this database was broken off."""
    marker = table(HALF_MOVED, column("source"))
    if inspect(connection).has_table(marker.name):
        raise StorageError(half_moved(place(connection.engine.url), str(connection.scalar(select(marker)))))


def upgrade(connection: Connection) -> None:
    """Brings the database to the newest revision. Raises NewerSchema where it is ahead of this version.

    Alembic, which takes a tenth of a second to load, is loaded only where something is to be done.
    """
    known = revisions()
    found = applied(connection)
    if unknown := found - set(known):
        raise NewerSchema(", ".join(sorted(unknown)))
    if found != {known[-1]}:
        from alembic import command

        command.upgrade(config(connection), "head")
        if found:
            _log.info("The database was of revision %s, and is brought up to %s", *found, known[-1])


@cache
def revisions() -> tuple[str, ...]:
    """Every revision there is, the newest last: their files are numbered, and each follows the one before."""
    return tuple(sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py")))


def applied(connection: Connection) -> set[str]:
    """What Alembic has noted in the database; nothing in a new one."""
    noted = table("alembic_version", column("version_num"))
    return set(connection.scalars(select(noted.c.version_num))) if inspect(connection).has_table(noted.name) else set()


def hold_new_enough(connection: Connection) -> None:
    """Raise StorageError where the server is older than what is used of it."""
    if connection.dialect.name == "postgresql":
        major, *_ = connection.dialect.server_version_info or (OLDEST_POSTGRESQL,)
        if int(major) < OLDEST_POSTGRESQL:
            raise StorageError(
                f"The database {place(connection.engine.url)} is of PostgreSQL {major}, and I need version "
                f"{OLDEST_POSTGRESQL} or newer. Use such a one, or SQLite."
            )


def engine_at(url: URL | str, make_folder: bool = True) -> AsyncEngine:
    """What connections to that database come from. Raises StorageError."""
    try:
        parsed = make_url(url)
        if make_folder and (file := sqlite_file(parsed)):
            file.parent.mkdir(parents=True, exist_ok=True)
        if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
            raise StorageError(f"DATABASE_URL: {parsed.get_backend_name()} is not supported. Use {SUPPORTED}.")
        further = _POSTGRESQL if parsed.get_backend_name() == "postgresql" else {}
        # No answer of a member belongs in a log.
        engine = create_async_engine(parsed, hide_parameters=True, **further)
    except (SQLAlchemyError, ImportError) as error:  # a URL that cannot be read, an unknown or a blocking driver
        if isinstance(error, ImportError) and (error.name == "aiosqlite" or not isinstance(error, ModuleNotFoundError)):
            raise  # what is at fault is a package, and no URL
        raise StorageError(f"DATABASE_URL is not one I can use. Use {SUPPORTED}.") from error
    except OSError as error:
        raise StorageError(_one_line(parsed, error)) from error
    if parsed.get_backend_name() == "sqlite":
        _prepare(engine.sync_engine)
    else:
        event.listen(engine.sync_engine, "connect", _prepare_postgresql)
    return engine


def read_only(file: Path) -> AsyncEngine:
    """An SQLite file, from which nothing but rows is wanted: it is left to the byte as it is.

    A text that is no UTF-8 is read with signs for what cannot be. Where no log is beside the file it is read as one
    that does not change; SQLite would make a log.
    """
    query = {"mode": "ro", "uri": "true"} | ({} if beside(file, "-wal").exists() else {"immutable": "1"})
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=file.as_uri(), query=query), hide_parameters=True
    )

    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.driver_connection.text_factory = lambda read: read.decode("utf-8", "replace")

    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    # Not as a parameter of the connection's start: a pooler between, which is none in transaction mode, refuses those.
    cursor = connection.cursor()
    cursor.execute("SELECT " + ", ".join(f"set_config('{name}', '{value}', false)" for name, value in _SESSION.items()))
    cursor.close()
    connection.commit()


def _prepare(engine: Engine) -> None:
    """Set up connections to SQLite, and open their transactions."""
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", begin_sqlite)


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite database; None where another program keeps it, or only memory does."""
    held = url.get_backend_name() == "sqlite" and url.database and not url.database.startswith((":memory:", "file:"))
    return Path(url.database).absolute() if held and url.database else None


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Without this the driver commits before a CREATE TABLE, and a revision that fails half-way stays half-done.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout = 2000",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "secure_delete = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def place(url: URL) -> str:
    """How a database is named to a host: the path of a file as it is, any other without its password."""
    if file := sqlite_file(url):
        return str(file)
    return URL.create(url.drivername, url.username, None, url.host, url.port, url.database).render_as_string()


def _one_line(url: URL, error: Exception) -> str:
    if isinstance(error, NewerSchema):
        return newer(place(url), str(error))
    reason = said_of(error)
    if file := sqlite_file(url):
        return told(file, reason)
    advice = not_let_in(error) or "Check that it runs, and DATABASE_URL."
    return f"The database {place(url)} cannot be opened ({reason}). {advice}"
