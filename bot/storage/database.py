"""Opening the database: found or made, brought up to date, and every way that can fail told in one line."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.clock import Clock
from bot.errors import StorageError
from bot.storage import reading, schema
from bot.storage.additions import AdditionStore
from bot.storage.greetings import Greetings
from bot.storage.journal import Journal
from bot.storage.registrations import Registrations
from bot.storage.scores import Scores
from bot.storage.server_settings import SettingsOfServers


@dataclass(frozen=True, slots=True)
class Storage:
    """All that is kept, by what it is about."""

    engine: AsyncEngine
    greetings: Greetings
    registrations: Registrations
    additions: AdditionStore
    journal: Journal
    settings: SettingsOfServers
    scores: Scores

    async def close(self) -> None:
        """Lets the database go."""
        await self.journal.close()
        await self.engine.dispose()


IN_MEMORY = "sqlite+aiosqlite://"


async def open_storage(url: str, clock: Clock) -> Storage:
    """Opens the database at `url`, made and brought up to date where needed. Raises StorageError with one line."""
    engine = _engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(schema.upgrade)
    except (DBAPIError, OSError, ImportError, schema.NewerSchema) as error:
        await engine.dispose()
        raise StorageError(_one_line(engine.url, error)) from error
    return _storage_on(engine, clock)


def storage_at(url: str, clock: Clock) -> Storage:
    """A storage that is not opened: every use of it fails, unless the database at `url` is there and up to date."""
    return _storage_on(_engine(url), clock)


def _storage_on(engine: AsyncEngine, clock: Clock) -> Storage:
    return Storage(
        engine,
        Greetings(engine, clock),
        Registrations(engine),
        AdditionStore(engine, clock),
        Journal(engine),
        SettingsOfServers(engine),
        Scores(engine),
    )


async def probe(url: str, clock: Clock) -> None:
    """Opens the database and lets it go again, for a health report. Raises StorageError with one line."""
    await (await open_storage(url, clock)).close()


def _engine(url: str) -> AsyncEngine:
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
        event.listen(engine.sync_engine, "begin", reading.begin)
    return engine


def _make_folder(url: URL) -> None:
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Without this the driver commits before a CREATE TABLE, and a revision that fails half-way stays half-done.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("busy_timeout = 2000", "journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _one_line(url: URL, error: Exception) -> str:
    place = url.render_as_string(hide_password=True)
    if isinstance(error, schema.NewerSchema):
        return f"The database {place} is from a newer version of me ({error}). Update me, or give me another file."
    reason = str(error.orig if isinstance(error, DBAPIError) else error).splitlines()[0]
    if "not a database" in reason or "malformed" in reason:
        return f"The database {place} is damaged ({reason}). Put a backup in its place, or move it away to start anew."
    return f"The database {place} cannot be opened ({reason}). Check that the folder exists and that I may write there."
