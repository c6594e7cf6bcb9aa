"""Faults of a storage that a test puts on for as long as a block lasts."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage.database import Storage

Refusing = Callable[[], AbstractContextManager[None]]


def refusing(storage: Storage, moment: str, happens: Callable[[Any, bool], None]) -> Refusing:
    """What puts a fault on. At each `moment` (an event of SQLAlchemy's engines) `happens` is given the connection, and
    whether the fault is on: what it does with a connection outlasts the block, unless it is undone."""
    on = False

    def listen(connection: Any, *_: object) -> None:
        happens(connection, on)

    for engine in storage.access.engines:
        event.listen(engine, moment, listen)

    @contextmanager
    def fault() -> Iterator[None]:
        nonlocal on
        on = True
        yield
        on = False

    return fault


def pragma(name: str, while_on: int, otherwise: int) -> Callable[[Any, bool], None]:
    """What sets one of SQLite's pragmas, for the moment "checkout"."""

    def set_to(connection: Any, on: bool) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA {name} = {while_on if on else otherwise}")
        cursor.close()

    return set_to


def read_only(storage: Storage) -> Refusing:
    """What has the database itself refuse whatever is written."""
    if storage.engine.dialect.name == "sqlite":
        return refusing(storage, "checkout", pragma("query_only", 1, 0))
    return refusing(storage, "begin", _only_reads)


def _only_reads(connection: Any, on: bool) -> None:
    if on:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


@asynccontextmanager
async def locked(storage: Storage) -> AsyncIterator[None]:
    """While it lasts, another program writes into the database, and ours has to wait."""
    url = storage.engine.url
    if url.get_backend_name() == "sqlite":
        other = sqlite3.connect(str(url.database), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()
        return
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        await connection.execute(text("LOCK TABLE quiz_events, quiz_rounds IN EXCLUSIVE MODE"))
        yield
    await engine.dispose()
