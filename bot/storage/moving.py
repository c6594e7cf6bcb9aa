"""A home taken from one database to another: every row, and the numbers that are never to be given again.

The target gets a marker first, a table that names the source. While it is there nobody else opens the target, and the
same move, run again, goes on. The marker goes last, when each table has been read back and is, row by row, what the
source holds. The source is only read.
"""

import asyncio
import hashlib
import json
import os
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Float,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    collate,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import StorageError, UsageError
from bot.storage.access import not_let_in
from bot.storage.database import (
    applied,
    engine_at,
    hold_new_enough,
    hold_whole,
    place,
    read_only,
    revisions,
    sqlite_file,
    upgrade,
)
from bot.storage.locks import NOBODY_KNOWN, Locks, open_locks
from bot.storage.sqlite_file import HALF_MOVED, beside, found_in, half_moved, hold_to_its_log, in_the_way, newer, told
from bot.storage.tables import KNOWLEDGE_TAUGHT, METADATA, SHARD_OWNERS, KeptText, kept

CHUNK = 250  # rows that are read together, and written in one transaction; the state of a round may take 100 kB
SECONDS = 5.0  # between two lines on one table
_MARKER = Table(HALF_MOVED, MetaData(), Column("source", Text), Column("revision", String(32)))
_STAYS = {SHARD_OWNERS.name, KNOWLEDGE_TAUGHT.name}  # what is said of processes that have ended
_CLASS = re.compile(r"^<class '[^']*'>: ")
_QUOTED = re.compile(
    r"(?<=query argument ).*(?=\()"
)  # asyncpg quotes what it cannot send; a member may have written it
_NOTED = text("SELECT seq FROM sqlite_sequence WHERE name = :name")

Progress = Callable[[bool, str, int, int], None]
"""Called as it goes on: whether a table is compared, or copied; its name; how many of its rows are done, and of how
many."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What has been moved. `altered` counts the texts that hold something which the target cannot keep."""

    tables: int
    rows: int
    altered: int


async def move(source: URL, target: URL, progress: Progress) -> Moved:
    """Take all that is kept at `source` to `target`: an empty database, or one where this move was broken off.

    Raises UsageError where the two are one, or where there is something else at the target, and StorageError.
    """
    _hold_distinct(source, target)
    async with AsyncExitStack() as stack:
        old = await stack.enter_async_context(_source(source))
        new = await stack.enter_async_context(_target(target, old.locks))
        await _mark(new, place(source))
        try:
            return await _moved(old, new, _Paced(progress))
        except StorageError as error:
            raise StorageError(f"{error} Then run the same command again: it goes on.") from error


class _Paced:
    """Passes on how far it is: of each table the first and the last that there is to say, and now and then."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._told, self._at = progress, (False, ""), 0.0

    def __call__(self, compared: bool, table: str, done: int, total: int) -> None:
        now = time.monotonic()
        if self._told != (compared, table) or done == total or now - self._at >= SECONDS:
            self._told, self._at = (compared, table), now
            self._progress(compared, table, done, total)


async def _moved(old: "_Home", new: "_Home", progress: Progress) -> Moved:
    """Copy what is missing, compare all, and take the marker away. Raises StorageError."""
    await new.made()
    tables, altered, rows = [table for table in METADATA.sorted_tables if table.name not in _STAYS], 0, 0
    begun = {table.name: await new.count(table) for table in tables}
    for table in tables:
        altered += await _copied(old, new, table, begun[table.name], progress)
    for table in tables:
        same = await _same(old, new, table, progress)
        if not same and begun[table.name]:  # the source has been written since the move was broken off
            await new.empty(table)
            altered += await _copied(old, new, table, 0, progress)
            same = await _same(old, new, table, progress)
        if not same:
            raise StorageError(f"The rows of {table.name} in {new} are not those of {old}. {old} is as it was.")
        rows += await new.count(table)
    await old.hold()
    await new.hold()
    await new.finish()
    return Moved(len(tables), rows, altered)


async def _copied(old: "_Home", new: "_Home", table: Table, there: int, progress: Progress) -> int:
    """Write the rows that come after the first `there`, and have new rows get the numbers after the last that was given
    in the source. Returns how many texts were altered."""
    total, altered, done = await old.count(table), 0, there
    async for rows in old.rows(table, there):
        fitted = [new.fitted(table, row) for row in rows]
        altered += sum(row[name] != fit[name] for row, fit in zip(rows, fitted, strict=True) for name in fit)
        await new.write(table, fitted)
        done += len(rows)
        progress(False, table.name, done, total)
    if table.autoincrement_column is not None:
        await new.number_from(table, await old.last_number(table))
    return altered


async def _same(old: "_Home", new: "_Home", table: Table, progress: Progress) -> bool:
    """Whether a table holds the same rows in both, and gives the same number next."""
    total = await old.count(table)
    sums: list[bytes] = []
    for home in (old, new):
        said, done = hashlib.sha256(), 0
        async for rows in home.rows(table):
            for row in rows:
                said.update(_canonical(table, new.fitted(table, row)))
            done += len(rows)
            progress(True, table.name, (done + total * len(sums)) // 2, total)
        sums.append(said.digest())
    numbered = table.autoincrement_column is not None
    return sums[0] == sums[1] and (not numbered or await old.last_number(table) == await new.last_number(table))


def _text(value: Any) -> Any:
    """A value, or the text that another program has put as bytes where only texts are."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _canonical(table: Table, row: dict[str, Any]) -> bytes:
    """A row as a line that is the same whichever database it came from: numbers to the last bit, 0.0 for -0.0, which
    SQLite does not keep."""
    values = [
        (value + 0.0).hex() if isinstance(column.type, Float) and value is not None else value
        for column in table.columns
        for value in (row[column.name],)
    ]
    return json.dumps(values).encode() + b"\n"


class _Home:
    """A database that is read or written. What goes wrong there is raised as StorageError, one line that names it."""

    def __init__(self, url: URL, engine: AsyncEngine, locks: Locks) -> None:
        self.url, self.engine, self.locks = url, engine, locks
        self._server = url.get_backend_name() == "postgresql"

    def __str__(self) -> str:
        return place(self.url)

    def fitted(self, table: Table, row: RowMapping) -> dict[str, Any]:
        """A row as it is kept here, its texts cut and cleaned. An earlier version had them as they came."""
        values = {name: _text(value) for name, value in row.items()}
        for column in table.columns:
            value = values[column.name]
            if isinstance(column.type, KeptText) and isinstance(value, str):
                values[column.name] = kept(value, column.type.longest)
        return values

    async def rows(self, table: Table, skipped: int = 0) -> AsyncIterator[list[RowMapping]]:
        """The rows but the first ones, in parts, ordered by the bytes of their key."""
        order = [
            collate(key, "C") if self._server and isinstance(key.type, KeptText) else key for key in table.primary_key
        ]
        query = select(table).order_by(*order).offset(skipped or None)
        with faults(self.url):
            async with self.engine.connect() as connection:
                result = await connection.stream(query, execution_options={"yield_per": CHUNK})
                async for part in result.mappings().partitions():
                    yield list(part)

    async def count(self, table: Table) -> int:
        """How many rows it has."""
        with faults(self.url):
            async with self.engine.connect() as connection:
                return int(await connection.scalar(select(func.count()).select_from(table)) or 0)

    async def write(self, table: Table, rows: list[dict[str, Any]]) -> None:
        """Add rows, all of them or none."""
        with faults(self.url, table.name):
            async with self.engine.begin() as connection:
                await connection.execute(insert(table), rows)

    async def empty(self, table: Table) -> None:
        """Remove all rows of a table, in one transaction."""
        with faults(self.url):
            async with self.engine.begin() as connection:
                await connection.execute(delete(table))

    async def last_number(self, table: Table) -> int:
        """The last number that the database has given a row of this table, and never gives again; 0 for none."""
        with faults(self.url):
            async with self.engine.connect() as connection:
                highest = await connection.scalar(select(func.max(table.autoincrement_column))) or 0
                if self._server:
                    sequence = await connection.scalar(_sequence(table))
                    found = (await connection.execute(select("*").select_from(text(sequence)))).one()
                    given = found.last_value if found.is_called else 0
                else:
                    given = await connection.scalar(_NOTED, {"name": table.name}) or 0
                return int(max(highest, given))

    async def number_from(self, table: Table, last: int) -> None:
        """Have the next row get the number after that one."""
        with faults(self.url):
            async with self.engine.begin() as connection:
                if not self._server:
                    await connection.execute(
                        text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name}
                    )
                    note = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)")
                    await connection.execute(note, {"name": table.name, "last": last})
                elif last:
                    sequence = await connection.scalar(_sequence(table))
                    await connection.execute(select(func.setval(sequence, last)))

    async def made(self) -> None:
        """Bring the database to the newest revision; one that has only the marker gets its tables."""
        with faults(self.url):
            async with self.engine.begin() as connection:
                await connection.run_sync(upgrade)

    async def hold(self) -> None:
        """Raise StorageError unless it is sure that nobody else could write here all the while."""
        with faults(self.url):
            await self.locks.ask()

    async def finish(self) -> None:
        """Take the marker away."""
        with faults(self.url):
            async with self.engine.begin() as connection:
                await connection.run_sync(_MARKER.drop)


# Opening the two ----------------------------------------------------------------------------------------------------


def _hold_distinct(source: URL, target: URL) -> None:
    """Raise UsageError where one of them is no database that lasts, or both are one file."""
    for name, url in (("FROM", source), ("TO", target)):
        if url.get_backend_name() == "sqlite" and not sqlite_file(url):
            raise UsageError(f"{name} is a database in memory, of which nothing is kept. Name a file.")
    file, other = sqlite_file(source), sqlite_file(target)
    if file and other and os.path.realpath(file) == os.path.realpath(other):
        raise UsageError(f"FROM and TO are the same database ({file}).")


@asynccontextmanager
async def _source(url: URL) -> AsyncIterator[_Home]:
    """The database to read, held so that nobody writes there. Raises StorageError where it is not up to date."""
    file = sqlite_file(url)
    if file and not file.exists() and not beside(file, "-wal").exists():
        raise StorageError(f"There is no database {file}, so there is nothing to move.")
    async with _held(url) as locks:
        if file:
            found = (await asyncio.to_thread(found_in, file, revisions())).revision
            engine = read_only(file)
        else:
            engine = engine_at(url)
        try:
            if not file:
                found = await _revision(url, engine)
            if found is None:
                raise StorageError(f"There are no tables in the database {place(url)}, so there is nothing to move.")
            if found != revisions()[-1]:
                raise StorageError(
                    f"The database {place(url)} is of an older version of me ({found}; mine is {revisions()[-1]}). "
                    "Start me on it once (python -m bot run), which brings it up to date; then move it."
                )
            yield _Home(url, engine, locks)
        finally:
            await engine.dispose()


async def _revision(url: URL, engine: AsyncEngine) -> str | None:
    """The revision of a database on a server. Raises StorageError where it is ahead of this version."""
    with faults(url):
        async with engine.connect() as connection:
            await connection.run_sync(hold_new_enough)
            await connection.run_sync(hold_whole)
            found = max(await connection.run_sync(applied), default=None)
    if found and found not in revisions():
        raise StorageError(newer(place(url), found))
    return found


@asynccontextmanager
async def _target(url: URL, source: Locks) -> AsyncIterator[_Home]:
    """The database to write, held so that nobody else does. Raises UsageError where a file cannot be made there."""
    file = sqlite_file(url)
    if file:
        if not file.parent.is_dir():
            raise UsageError(f"The folder {file.parent} is not there. Make it first.")
        if found := in_the_way(file):
            raise UsageError(f"{file} cannot be written: {found}.")
    async with _held(url, source) as locks:
        if file:
            await asyncio.to_thread(hold_to_its_log, file)
            file.touch(0o600)  # it holds what members answered
        engine = engine_at(url)
        try:
            yield _Home(url, engine, locks)
        finally:
            await engine.dispose()


@asynccontextmanager
async def _held(url: URL, other: Locks | None = None) -> AsyncIterator[Locks]:
    """The locks of a database, of which the one that keeps all others out is held. Raises StorageError, and
    UsageError where those are its locks that are held as `other`."""
    with faults(url):
        try:
            locks = await open_locks(url)
        except (TypeError, ValueError) as error:  # from the driver, for what stands behind a question mark
            raise StorageError(f"The address {place(url)} cannot be used: see what stands after its ?.") from error
    try:
        with faults(url):
            if not await _taken(url, locks):
                if other and await locks.held("home") == await other.held("home"):
                    raise UsageError(f"FROM and TO are the same database ({place(url)}).")
                holders = await locks.held("shard") or await locks.held("home")
                by = ", ".join(map(str, holders.values())) or str(NOBODY_KNOWN)
                raise StorageError(f"The database {place(url)} is in use: {by}. Stop that first; nothing was moved.")
        yield locks
    finally:
        await locks.close()


async def _taken(url: URL, locks: Locks) -> bool:
    """Whether the home is held now. Raises StorageError where a file cannot be, as none can be made beside it."""
    try:
        return await locks.take("home")
    except OSError as error:
        if file := sqlite_file(url):
            raise StorageError(
                f"Nobody can be kept from {file} meanwhile: no file can be made beside it ({error.strerror}). Run this "
                f"as the user who may write to {file.parent}, or move a copy (python -m bot backup FILE)."
            ) from error
        raise


async def _mark(new: _Home, source: str) -> None:
    """Put the marker into the target, unless that of this move is there. Raises UsageError where anything else is."""
    with faults(new.url):
        async with new.engine.begin() as connection:
            await connection.run_sync(hold_new_enough)
            tables = set(await connection.run_sync(lambda bound: inspect(bound).get_table_names()))
            if HALF_MOVED in tables:
                found = (await connection.execute(select(_MARKER))).one()
                if found.source != source:
                    raise UsageError(half_moved(str(new), found.source))
                if found.revision != revisions()[-1]:
                    raise UsageError(
                        f"Another version of me ({found.revision}) has begun to move {source} to {new}. Let that one "
                        "end it, or name a new database."
                    )
            elif tables:
                raise UsageError(f"The database {new} is not empty, and is left as it is. Name a new one.")
            else:
                await connection.run_sync(_MARKER.create)
                await connection.execute(insert(_MARKER), {"source": source, "revision": revisions()[-1]})


def _sequence(table: Table) -> Any:
    column = table.autoincrement_column
    return select(func.pg_get_serial_sequence(table.name, column.name if column is not None else ""))


# What can go wrong --------------------------------------------------------------------------------------------------


@contextmanager
def faults(url: URL, of_row: str = "") -> Iterator[None]:
    """Raise what goes wrong with a database as StorageError. `of_row` names the table of rows that are written."""
    try:
        yield
    except (DBAPIError, NoConnection, OSError) as error:
        reason = _reason(error)
        if of_row and _of_what_is_written(error):
            raise StorageError(f"The database {place(url)} does not take a row of {of_row} ({reason}).") from error
        if file := sqlite_file(url):
            raise StorageError(told(file, reason)) from error
        advice = not_let_in(error) or "See whether it runs, and its address."
        raise StorageError(f"The database {place(url)} cannot be used ({reason}). {advice}") from error


def _of_what_is_written(error: Exception) -> bool:
    code = str(getattr(error.orig, "sqlstate", "")) if isinstance(error, DBAPIError) else ""
    return isinstance(error, DataError | IntegrityError) or code.startswith(("22", "23"))


def _reason(error: Exception) -> str:
    """What the database or the system says, in one line, without the values that it may quote."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(origin, OSError) and origin.strerror:
        return origin.strerror
    said = _CLASS.sub("", next(iter(str(origin).splitlines()), ""))
    return _QUOTED.sub("", said) or type(origin).__name__
