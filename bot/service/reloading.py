"""The use case of reading the knowledge anew while everything goes on, in all processes that use the database.

Whoever orders it has it read, checked and fitted beside what is taught; only where it is without a fault is it taught,
and the order is noted in the database. The other processes ask for such notes every few seconds, and do the same each
with its own files. They note what they teach, so that files that differ between them are seen.
"""

import asyncio
import gc
import logging
import os
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.errors import KnowledgeError, StorageRefuses, TutorError
from bot.service.taught import Learnt, Taught
from bot.shard import Shard
from bot.storage.rows import Reload, TaughtBy

if TYPE_CHECKING:
    from bot.storage.stores import KnowledgeNotes

_log = logging.getLogger(__name__)

LOOKS_EVERY, ALONE_EVERY = 2.0, 30.0  # seconds, for an order of another process; where there is none
NOTED_EVERY = 20.0  # seconds, of what is taught here, so that others see that this process goes on
GONE_AFTER = 60.0  # seconds without such a note
LATE_AFTER = 180.0  # seconds after an order, in which a process may still be reading and fitting
_SHOWN = 12  # digits of a hash


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What reading the knowledge anew has changed; the titles of topics in the order in which they are listed."""

    topics: int  # that are taught now
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @classmethod
    def of(cls, before: Learnt, after: Learnt) -> "Reloaded":
        """The difference between two."""
        old, new = before.curriculum, after.curriculum
        return cls(
            len(new.topics),
            tuple(one.title for one in new.topics if old.topic(one.id) is None),
            tuple(one.title for one in new.topics if old.topic(one.id) not in (None, one)),
            tuple(one.title for one in old.topics if new.topic(one.id) is None),
        )

    def __str__(self) -> str:
        parts = {"new": self.new, "changed": self.changed, "gone": self.gone}
        said = "; ".join(f"{what}: {', '.join(titles)}" for what, titles in parts.items() if titles)
        return f"topics: {self.topics} ({said or 'as they were'})"


class Reloads:
    """Reads the knowledge anew: by order, and when another process was ordered to."""

    def __init__(  # noqa: PLR0913, PLR0917 - all that reading anew needs
        self,
        taught: Taught,
        read: Callable[[], Learnt],
        files: Callable[[], str],
        notes: "KnowledgeNotes",
        clock: Clock,
        shard: Shard,
    ) -> None:
        """`read` reads, checks and makes everything anew, and blocks meanwhile. It raises KnowledgeError with all
        faults, or another TutorError with one line on why it cannot be read. `files` gives the hash of the files that
        are there now, or raises KnowledgeError."""
        self._taught = taught
        self._read = read
        self._files = files
        self._notes = notes
        self._clock = clock
        self._shard = shard
        self._one = asyncio.Lock()  # they are read once at a time
        self._seen = 0  # the number of the last order that was followed
        self._noted: TaughtBy | None = None
        self._told: frozenset[str] = frozenset()  # which processes teach something else, as the log has it

    async def order(self) -> Reloaded:
        """Read the knowledge anew, and have all processes do so. Raises what `read` raises, or StorageRefuses; all is
        as it was then."""
        async with self._one:
            learnt = await asyncio.to_thread(self._read)
            self._seen = await self._notes.order(learnt.fingerprint, self._clock.now())
            reloaded = self._teach(learnt)
            with suppress(StorageRefuses):  # the next look notes it
                await self._note()
            return reloaded

    async def order_and_log(self) -> None:
        """Likewise, where only the log can be told how it went."""
        try:
            _log.info("The knowledge is read anew. %s", _sentence(await self.order()))
        except TutorError as error:
            _tell_faults(error)

    async def follow(self) -> None:
        """Read the knowledge anew when another process was ordered to, and tell of others that teach something else;
        never return."""
        while True:
            try:
                await self.look()
            except StorageRefuses:  # the log has it
                pass
            except Exception:
                _log.exception("Looking for what other processes teach failed")
            await self._clock.sleep(LOOKS_EVERY if self._shard.count > 1 else ALONE_EVERY)

    async def look(self) -> None:
        """Do what `follow` does, once. Raises StorageRefuses."""
        last = await self._notes.last()
        if last.number > self._seen:
            async with self._one:
                await self._follow(last)
        await self._note()
        if self._shard.count > 1:
            self._compare(last, await self._notes.taught())

    async def _follow(self, last: Reload) -> None:
        if last.number <= self._seen:  # it was our own
            return
        if last.fingerprint != self._taught.latest.fingerprint and await asyncio.to_thread(self._changed):
            try:
                reloaded = self._teach(await asyncio.to_thread(self._read))
                _log.info("The knowledge is read anew, as another process was told to. %s", _sentence(reloaded))
            except TutorError as error:
                _tell_faults(error)
        self._seen = last.number

    def _changed(self) -> bool:
        """Whether the files are others than those that are taught by. They are not where the process has started since
        the order, however they were edited before that."""
        try:
            return self._files() != self._taught.latest.fingerprint
        except KnowledgeError:  # all faults are told when it is read
            return True

    async def differing(self) -> int:
        """How many other processes teach something else now. Raises StorageRefuses."""
        return len(self._differ(await self._notes.last(), await self._notes.taught()))

    def _teach(self, learnt: Learnt) -> Reloaded:
        before = self._taught.latest
        self._taught.switch(learnt)
        gc.freeze()  # it stays: to look through it for garbage holds up presses
        return Reloaded.of(before, learnt)

    async def _note(self) -> None:
        """Note what is taught here, where that has changed or others wait for a sign of life."""
        now, noted = self._clock.now(), self._noted
        found = (self._seen, self._taught.latest.fingerprint)
        due = self._shard.count > 1 and noted is not None and now - noted.noted_at > NOTED_EVERY
        if noted is None or (noted.number, noted.fingerprint) != found or due:
            here = TaughtBy(self._shard.id, self._shard.count, *found, socket.gethostname(), os.getpid(), now)
            await self._notes.note(here)
            self._noted = here

    def _differ(self, last: Reload, others: Iterable[TaughtBy]) -> list[TaughtBy]:
        """The processes that are there, have had the time to follow the last order, and teach something else."""
        ours, now = self._taught.latest.fingerprint, self._clock.now()
        return [
            one
            for one in others
            if one.shard_count == self._shard.count
            and one.shard_id != self._shard.id
            and now - one.noted_at < GONE_AFTER
            and (one.number == last.number or now - last.at > LATE_AFTER)
            and one.fingerprint != ours
        ]

    def _compare(self, last: Reload, others: Iterable[TaughtBy]) -> None:
        """Tell the log of processes whose files differ from those here; once, until that changes."""
        ours = self._taught.latest.fingerprint
        differ = frozenset(f"{_named(one)} has {one.fingerprint[:_SHOWN]}" for one in self._differ(last, others))
        if self._seen != last.number or differ == self._told:
            return
        self._told = differ
        if differ:
            _log.error(
                "Not all processes on this database teach the same. The knowledge here is %s; %s. Give all of them the "
                "same files in KNOWLEDGE_DIR, then reload (/tutor reload, or SIGUSR1)",
                ours[:_SHOWN],
                "; ".join(sorted(differ)),
            )
        else:
            _log.info("All processes on this database teach the same again (%s)", ours[:_SHOWN])


def _named(one: TaughtBy) -> str:
    return f"shard {one.shard_id}/{one.shard_count} (process {one.process} on {one.host})"


def _sentence(reloaded: Reloaded) -> str:
    said = str(reloaded)
    return said[0].upper() + said[1:]


def _tell_faults(error: TutorError) -> None:
    """Log every reason why the knowledge stays as it is."""
    if not isinstance(error, KnowledgeError):
        why = "the database refuses" if isinstance(error, StorageRefuses) else str(error)
        _log.error("The knowledge could not be read anew, and stays as it is: %s", why)
        return
    _log.error("The knowledge is at fault, and stays as it is. Faults: %d", len(error.faults))
    for fault in error.faults:
        _log.error("%s", fault)
