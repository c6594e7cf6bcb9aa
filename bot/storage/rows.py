"""Rows of one table, found by the values of some columns: the pattern that every small store is made of."""

from typing import Any

from sqlalchemy import ColumnElement, Executable, RowMapping, Table, and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

_READS = "reads"


def reading(engine: AsyncEngine) -> AsyncEngine:
    """The same database and connections, for transactions that only read: they wait for no writer."""
    return engine.execution_options(**{_READS: True})


def begin_sqlite(connection: Any) -> None:
    """Open a transaction in SQLite, where the driver is told not to. Only what writes takes SQLite's one lock."""
    # A write that begins without the lock could lose it to another half-way, and waiting would not help it then.
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get(_READS) else "BEGIN IMMEDIATE")


class Rows:
    """The rows of `table`. Keyword arguments are columns and the values that they must have."""

    def __init__(self, engine: AsyncEngine, table: Table) -> None:
        self._engine, self._reading = engine, reading(engine)
        self._table = table

    async def all(self, **where: Any) -> list[RowMapping]:
        """All rows with these values, in the order of the primary key."""
        return await self.select(select(self._table).where(self._that(where)).order_by(*self._table.primary_key))

    async def one(self, **where: Any) -> RowMapping | None:
        """The first row with these values, or None."""
        return next(iter(await self.all(**where)), None)

    async def select(self, query: Executable) -> list[RowMapping]:
        """What a query finds."""
        async with self._reading.connect() as connection:
            return list((await connection.execute(query)).mappings().all())

    async def add(self, **values: Any) -> int:
        """Insert a row, and return its number, if the database gives one. Raises IntegrityError where it is there."""
        async with self._engine.begin() as connection:
            key = (await connection.execute(insert(self._table).values(values))).inserted_primary_key
        return int(key[0]) if key else 0

    async def put(self, where: dict[str, Any], **values: Any) -> None:
        """Insert a row with the values of `where` and these, in place of the one with the values of `where`."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(self._table).where(self._that(where)))
            await connection.execute(insert(self._table).values({**where, **values}))

    async def change(self, where: dict[str, Any], **values: Any) -> None:
        """Set these values in the rows with the values of `where`."""
        async with self._engine.begin() as connection:
            await connection.execute(update(self._table).where(self._that(where)).values(values))

    async def remove(self, **where: Any) -> bool:
        """Delete the rows with these values; False where there are none."""
        async with self._engine.begin() as connection:
            return bool((await connection.execute(delete(self._table).where(self._that(where)))).rowcount)

    def _that(self, where: dict[str, Any]) -> ColumnElement[bool]:
        return and_(*(self._table.c[name] == value for name, value in where.items()))
