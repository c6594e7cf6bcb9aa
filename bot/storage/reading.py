"""Reads wait for nobody: only what writes takes SQLite's one lock when it begins."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

_READS = "reads"


def reading(engine: AsyncEngine) -> AsyncEngine:
    """The same database and connections, for transactions that only read."""
    return engine.execution_options(**{_READS: True})


def begin(connection: Any) -> None:
    """Opens a transaction in SQLite, where the driver is told not to."""
    # A write that begins without the lock could lose it to another half-way, and waiting would not help it then.
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get(_READS) else "BEGIN IMMEDIATE")
