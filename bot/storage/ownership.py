"""One owner of each shard: what keeps two processes from serving the same servers, and makes silent whoever lost them.

A process holds locks for life (`bot.storage.locks`): that of its shard, and shared with all others the number N of
shards, since with another N the same servers are another shard's. But PostgreSQL may give up a connection before the
process at its other end has noticed. So each owner has an epoch, a number in the database that grows at each taking:
what an owner writes is written in a transaction that finds its epoch to be the newest, or not at all. And for all that
is no writing, it asks on the connection of its locks again and again, and without an answer it is silent sooner than
PostgreSQL gives it up.
"""

import asyncio
import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, RowMapping, bindparam, insert, or_, select, update
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import OwnershipLost, StorageError, StorageRefuses
from bot.shard import Shard
from bot.storage.locks import NOBODY_KNOWN, SILENT_SECONDS, Holder, Locks, open_locks, this_process
from bot.storage.tables import SHARD_OWNERS

_log = logging.getLogger(__name__)
HOME, COUNT, SHARD = "home", "shards", "shard"  # names of locks: of the whole database, of the number N, of a shard
ASK_EVERY, ASK_LIMIT = 2.0, 2.0  # seconds
SURE_FOR = 6.0  # seconds after an answer was asked for; PostgreSQL gives up a silent connection later
_PATIENCE, _BETWEEN = 1.0, 0.2  # seconds for another process that is just ending
_STALLED = 1.0  # seconds that a pause took too long by: the process itself was held up
_OF = SHARD_OWNERS.c
_NEWEST = select(_OF.epoch).where(_OF.shard == bindparam("mine")).with_for_update(read=True)
Elapsed = Callable[[], float]


def elapsed() -> float:
    """Seconds since some time; those in which the machine slept count, where the system counts them."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class ShardOwner:
    """This process as the owner of its shard."""

    def __init__(self, engine: AsyncEngine, place: str, shard: Shard, locks: Locks, elapsed: Elapsed = elapsed) -> None:
        """`locks` are taken; `place` is how the database is named to a host."""
        self.shard, self.locks, self.epoch = shard, locks, 0
        self._engine, self._place, self._elapsed = engine, place, elapsed
        self.lasts = engine.url.get_backend_name() == "sqlite"  # nobody but this process lets go of the system's locks
        self._sure_from = self._answered = elapsed()
        self._why = ""  # it is lost
        self._anew = False  # the locks were let go of, and it is not known yet whether anybody had them meanwhile
        self.to_be_waited_for: tuple[int, ...] = ()  # shards of another N whose owners may not have noticed yet
        self._lost = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asking: asyncio.Task[None] | None = None

    @property
    def sure(self) -> bool:
        """Whether it is certain that no other process serves the shard."""
        if self._why or (now := self._elapsed()) < self._sure_from:
            return False
        return self.lasts or now - self._answered < SURE_FOR

    @property
    def is_lost(self) -> bool:
        """Whether the shard is this process's no more, for good. Who is not `sure` may only not be so yet."""
        return bool(self._why)

    async def certain(self) -> None:
        """Return as soon as it is certain that no other process serves the shard. Raises OwnershipLost."""
        while not self.sure:
            if self._why:
                raise OwnershipLost(self._why)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._lost.wait(), max(0.05, min(0.5, self._sure_from - self._elapsed())))

    async def lost(self) -> str:
        """Wait until this process can no longer be sure that the shard is its own. Returns why, as a line for hosts."""
        await self._lost.wait()
        return self._why

    def take_epoch(self, connection: Connection) -> None:
        """Become the newest owner, in the transaction of that connection. Nobody else may be at it meanwhile.

        The owners of all shards of another N end with that, since they have servers in common with this one. Where some
        may not have noticed, nobody may become an owner before `wait_for_others`.
        """
        mine, others, me = _OF.shard == self.shard.id, _OF.shard_count != self.shard.count, this_process()
        if connection.dialect.name == "postgresql":  # what is left open by an owner that is gone ends by then
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{1.5 * SILENT_SECONDS:.0f}s'")
        left = connection.execute(select(SHARD_OWNERS).where(or_(mine, others))).mappings().all()
        before = next((row for row in left if row["shard"] == self.shard.id), None)
        unaware = [row for row in left if not (self.lasts or row["ended"] or _is_dead(row))]
        self.to_be_waited_for = tuple(row["shard"] for row in unaware if row is not before)
        # That this process has ended does not say then that those before it have noticed: nobody is to look for it.
        machine = "" if unaware else _machine()
        noted = {"host": me.host, "pid": me.pid, "machine": machine, "ended": False}
        counts, newer = {"shard_count": self.shard.count}, _OF.epoch + 1
        if before is None:
            connection.execute(insert(SHARD_OWNERS).values(shard=self.shard.id, epoch=0, **counts, **noted))
        connection.execute(update(SHARD_OWNERS).where(others).values(epoch=newer, **counts))
        connection.execute(update(SHARD_OWNERS).where(mine).values(epoch=newer, **noted))
        self.epoch = connection.scalars(select(_OF.epoch).where(mine)).one()
        if unaware:
            self._sure_from = self._elapsed() + SURE_FOR
            told = (unaware[0]["pid"], unaware[0]["host"], SURE_FOR)
            _log.info("Process %d on %s did not end in order: I wait until it must have noticed me, %.0f s", *told)

    async def wait_for_others(self) -> None:
        """Wait until the owners of shards of another N must have noticed that they are none any more."""
        if not self.to_be_waited_for:
            return
        await asyncio.sleep(max(0.0, self._sure_from - self._elapsed()))
        gone = _OF.shard.in_(self.to_be_waited_for)
        async with self._engine.begin() as connection:
            await connection.execute(update(SHARD_OWNERS).where(gone).values(ended=True))

    def check(self, connection: Connection) -> None:
        """Raise StorageRefuses where another is the newest owner; else the transaction of that connection ends before
        anyone becomes it. It may run in any thread."""
        if not self.epoch:
            return
        if connection.scalar(_NEWEST, {"mine": self.shard.id}) != self.epoch:
            tell = self._loop.call_soon_threadsafe if self._loop else (lambda lose, why: lose(why))
            tell(self._lose, f"another process has taken {self._what()}")
            raise StorageRefuses("another process serves these servers now")

    def leave(self, connection: Connection) -> None:
        """Note that this owner ends in order, so that the next one need not wait until it notices anything.

        One that was not sure yet notes nothing: the next one has to wait for those before it, too.
        """
        if self._elapsed() < self._sure_from:
            return
        mine = (_OF.shard == self.shard.id, _OF.epoch == self.epoch)
        connection.execute(update(SHARD_OWNERS).where(*mine).values(ended=True))

    def begin(self) -> None:
        """Ask from now on whether the locks are held still, until `close`."""
        self._answered, self._loop = self._elapsed(), asyncio.get_running_loop()
        self._asking = asyncio.create_task(self._ask_on(), name="asking for the locks")

    async def close(self) -> None:
        """Ask no more, and let go of the locks."""
        if self._asking:
            self._asking.cancel()
            await asyncio.wait({self._asking})
        await self.locks.close()

    def _what(self) -> str:
        return _what(self._place, self.shard)

    def _lose(self, why: str) -> None:
        if not self._why:
            self._why = f"I stop, since {why}. Rounds go on where they stood as soon as a process serves them."
            self._lost.set()

    async def _ask_on(self) -> None:
        asked: asyncio.Task[None] | None = None
        try:
            while not self._why:
                if asked is None:
                    asked = asyncio.create_task(self._ask(), name="asking for the locks")
                began, left = self._elapsed(), SURE_FOR - (self._elapsed() - self._answered)
                limit = min(ASK_LIMIT, left) if left > 0 else ASK_LIMIT
                await asyncio.wait({asked}, timeout=limit)
                stalled = self._elapsed() - began > limit + _STALLED
                failed = None
                if asked.done():
                    failed, asked = asked.exception(), None
                if not (stalled or self.lasts) and self._elapsed() - self._answered >= SURE_FOR:
                    self._lose(
                        f"the database {self._place} has not answered for {SURE_FOR:.0f} s ({failed or 'silence'})"
                    )
                elif asked is None:
                    left = SURE_FOR - (self._elapsed() - self._answered)
                    await asyncio.sleep(max(0.0, min(_BETWEEN if failed else ASK_EVERY, left)))
        finally:
            if asked:  # in the middle of opening a connection it cannot be cancelled without leaving half of one behind
                await asyncio.wait({asked}, timeout=ASK_LIMIT)
                asked.cancel()

    async def _ask(self) -> None:
        """Have it answered that the locks are held; where they were let go of, hold them anew. Raises OSError."""
        at = self._elapsed()
        try:
            await self.locks.ask()
        except OSError as fault:
            _log.debug("The locks of %s were lost: %s", self._what(), fault)
            self._anew = True
        if self._anew:
            await self._take_anew()
            self._anew = False
        self._answered = at

    async def _take_anew(self) -> None:
        """Hold the locks anew, unless another process has, or had, the shard meanwhile. Raises OSError."""
        await self.locks.close()
        self.locks = await open_locks(self._engine.url)
        if obstacle := await _obstacle_to_taking(self.locks, self.shard):
            # It may be this process, by a connection that the database has not given up yet.
            if (obstacle.holder.host, obstacle.holder.pid) != (this_process().host, os.getpid()):
                self._lose(f"{obstacle.holder} has taken {self._what()}")
            raise OSError(f"{obstacle.holder} holds them")
        try:
            async with self._engine.connect() as connection:
                newest = await connection.scalar(select(_OF.epoch).where(_OF.shard == self.shard.id))
        except SQLAlchemyError as error:
            raise OSError(type(error).__name__) from error
        if newest != self.epoch:
            self._lose(f"another process had taken {self._what()}")


async def take(url: URL, place: str, shard: Shard) -> Locks:
    """The locks of a database, with all that the owner of that shard holds. Raises OSError, and StorageError with one
    line where another process holds one of them."""
    locks = await open_locks(url)
    try:
        until = time.monotonic() + _PATIENCE
        while obstacle := await _obstacle_to_taking(locks, shard):
            if time.monotonic() > until:
                raise StorageError(obstacle.told(place, shard))
            await asyncio.sleep(_BETWEEN)
    except BaseException:
        await locks.close()
        raise
    return locks


@dataclass(frozen=True, slots=True)
class _Obstacle:
    """What another process holds, so that a shard cannot be served."""

    lock: str
    holder: Holder
    count: int = 0  # the N that it runs with

    def told(self, place: str, shard: Shard) -> str:
        """What to do, in one line; `place` is how the database is named."""
        if self.lock == HOME:
            return f"{self.holder} is moving the database {place}. Start me when that is done."
        if self.lock == COUNT:
            running = f"{self.holder} serves the database {place} with N = {self.count}"
            return (
                f"{running}, and I am shard {shard}. All processes of a database have the same N in SHARD=k/N: end all "
                f"those of N = {self.count} first, or correct my SHARD."
            )
        end = "another SHARD" if shard.count > 1 else "a database of my own (DATA_DIR, DATABASE_URL)"
        return f"{self.holder} serves {_what(place, shard)}. End that one first, or give me {end}."


async def _obstacle_to_taking(locks: Locks, shard: Shard) -> _Obstacle | None:
    """Take all that the owner of a shard holds; or nothing, and return what is in the way."""
    if not await locks.take(HOME, shared=True):
        return _Obstacle(HOME, (await locks.held(HOME)).get(0, NOBODY_KNOWN))
    await locks.take(COUNT, shard.count, shared=True)
    holders, obstacle = await locks.held(SHARD), None
    if others := {*await locks.held(COUNT)} - {shard.count}:
        obstacle = _Obstacle(COUNT, next(iter(holders.values()), NOBODY_KNOWN), max(others))
    elif not await locks.take(SHARD, shard.id):
        obstacle = _Obstacle(SHARD, (await locks.held(SHARD)).get(shard.id, NOBODY_KNOWN))
    if obstacle:
        await locks.free(COUNT, shard.count)
        await locks.free(HOME)
    return obstacle


def _what(place: str, shard: Shard) -> str:
    return f"shard {shard} of the database {place}" if shard.count > 1 else f"the database {place}"


def _machine() -> str:
    """What tells processes of this machine, and of this container on it, from others with the same number; empty where
    the system does not say."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def _is_dead(owner: RowMapping) -> bool:
    """Whether it is certain that the process of that row has ended: it was one of this machine, and is none now."""
    if not owner["machine"] or owner["machine"] != _machine():
        return False
    try:
        os.kill(owner["pid"], 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return bool(owner["pid"] == os.getpid())


# For a health report ------------------------------------------------------------------------------------------------


async def served(url: URL) -> tuple[dict[int, Holder], tuple[int, ...], Holder | None]:
    """Who serves which shard of a database, which numbers N of shards are in use, and who is moving it. Nothing is
    made or held up by looking. Raises OSError or StorageError."""
    locks = await open_locks(url)
    try:
        mover = None if (counts := await locks.held(COUNT)) else (await locks.held(HOME)).get(0)
        return await locks.held(SHARD), tuple(sorted(counts)), mover
    finally:
        await locks.close()
