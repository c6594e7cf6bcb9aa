"""Faults of a storage that a test puts on for as long as a block lasts."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import event

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
