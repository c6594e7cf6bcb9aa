"""Opening the database: found or made, brought up to date, and every way that can fail told in one line."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, column, event, inspect, select, table
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot import folders
from bot.clock import Clock
from bot.errors import StorageError
from bot.storage.journal import Journal, begin_sqlite
from bot.storage.stores import AdditionStore, Greetings, Registrations, Scores, StoredSettings

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"


class NewerSchema(Exception):  # noqa: N818 - what was found, not what went wrong
    """The database has a revision that this version does not know."""


@dataclass(frozen=True, slots=True)
class Storage:
    """All that is kept, by what it is about."""

    engine: AsyncEngine
    greetings: Greetings
    registrations: Registrations
    additions: AdditionStore
    journal: Journal
    settings: StoredSettings
    scores: Scores

    async def close(self) -> None:
        """Lets the database go."""
        await self.journal.close()
        await self.engine.dispose()


IN_MEMORY = "sqlite+aiosqlite://"


async def open_storage(url: URL | str, clock: Clock) -> Storage:
    """Opens the database at `url`, made and brought up to date where needed. Raises StorageError with one line."""
    engine = _engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(upgrade)
    except (DBAPIError, OSError, ImportError, NewerSchema) as error:
        await engine.dispose()
        raise StorageError(_one_line(engine.url, error)) from error
    return _storage_on(engine, clock)


def storage_at(url: URL | str, clock: Clock) -> Storage:
    """A storage that is not opened: every use of it fails, unless the database at `url` is there and up to date."""
    return _storage_on(_engine(url), clock)


def _storage_on(engine: AsyncEngine, clock: Clock) -> Storage:
    return Storage(
        engine,
        Greetings(engine, clock),
        Registrations(engine),
        AdditionStore(engine, clock),
        Journal(engine),
        StoredSettings(engine),
        Scores(engine),
    )


async def probe(url: URL | str, clock: Clock) -> None:
    """Opens the database and lets it go again, for a health report. Raises StorageError with one line."""
    await (await open_storage(url, clock)).close()


def config(connection: Connection | None = None) -> "Config":
    """Alembic's configuration; `connection` is the one that the revisions run on."""
    from alembic.config import Config

    made = Config()
    # The option is interpolated: a per cent sign in a path must be doubled.
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def upgrade(connection: Connection) -> None:
    """Brings the database to the newest revision. Raises NewerSchema where it is ahead of this version.

    Alembic, which takes a tenth of a second to load, is loaded only where something is to be done.
    """
    known = revisions()
    found = _applied(connection)
    if unknown := found - set(known):
        raise NewerSchema(", ".join(sorted(unknown)))
    if found != {known[-1]}:
        from alembic import command

        command.upgrade(config(connection), "head")


@cache
def revisions() -> tuple[str, ...]:
    """Every revision there is, the newest last: their files are numbered, and each follows the one before."""
    return tuple(sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py")))


def _applied(connection: Connection) -> set[str]:
    """What Alembic has noted in the database; nothing in a new one."""
    noted = table("alembic_version", column("version_num"))
    return set(connection.scalars(select(noted.c.version_num))) if inspect(connection).has_table(noted.name) else set()


def _engine(url: URL | str) -> AsyncEngine:
    try:
        parsed = make_url(url)
        _make_folder(parsed)
        engine = create_async_engine(parsed, hide_parameters=True)  # no answer of a member belongs in a log
    except (SQLAlchemyError, ImportError) as error:  # a URL that cannot be read, an unknown or a blocking driver
        raise StorageError("DATABASE_URL is not one I can use. Try: sqlite+aiosqlite:///data/tutor.sqlite3") from error
    except OSError as error:
        raise StorageError(_one_line(parsed, error)) from error
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", begin_sqlite)
    return engine


def _make_folder(url: URL) -> None:
    if file := sqlite_file(url):
        file.parent.mkdir(parents=True, exist_ok=True)


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite database; None where another program keeps it, or only memory does."""
    held = url.get_backend_name() == "sqlite" and url.database and not url.database.startswith((":memory:", "file:"))
    return Path(url.database).absolute() if held and url.database else None


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Without this the driver commits before a CREATE TABLE, and a revision that fails half-way stays half-done.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("busy_timeout = 2000", "journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def place(url: URL) -> str:
    """How a database is named to a host: the path of a file as it is, any other without its password."""
    if file := sqlite_file(url):
        return str(file)
    return URL.create(url.drivername, url.username, None, url.host, url.port, url.database).render_as_string()


_LEFT_ALONE = "Put a backup in its place, or move it away to start anew."


def _one_line(url: URL, error: Exception) -> str:
    named, file = place(url), sqlite_file(url)
    if isinstance(error, NewerSchema):
        return f"The database {named} is from a newer version of me ({error}). Update me, or give me another file."
    reason = str(error.orig if isinstance(error, DBAPIError) else error).splitlines()[0]
    if "not a database" in reason:
        return f"{named} is not an SQLite database, or its beginning is damaged. {_LEFT_ALONE}"
    if "malformed" in reason:
        return f"The database {named} is damaged ({reason}). {_LEFT_ALONE}"
    if not file:
        return f"The database {named} cannot be opened ({reason}). Check that it runs, and DATABASE_URL."
    if "locked" in reason:
        return f"Another program keeps the database {named} locked. End it, then start me again."
    return f"The database {named} cannot be opened: {_not_opened(file, reason)}."


def _not_opened(file: Path, reason: str) -> str:
    """What can be seen to keep a file from being opened, and what to do; else `reason`, which is what SQLite says."""
    if found := folders.fault(file.parent):
        return f"{found}; set DATA_DIR or DATABASE_URL to where I may write"
    if file.is_dir():
        return "it is a folder, not a file; set DATABASE_URL to a file in it"
    if file.is_symlink() and not file.exists():
        return f"it is a link to {file.readlink()}, which is not there"
    if file.exists() and not os.access(file, os.R_OK | os.W_OK):
        return "this user may not read and write it; make it theirs"
    return reason
