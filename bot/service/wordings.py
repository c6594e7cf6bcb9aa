"""The use case of accepted wordings: a moderator accepts how a member put it, and in that server it has full marks.

A server's wordings are read from the storage when they are first needed; a bounded number stays in memory.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from bot.errors import TutorError
from bot.quiz.grading.wording import Wordings as Compared
from bot.quiz.kinds.open import Open, repeats
from bot.quiz.kinds.posed import Posed
from bot.service.grading import Grading
from bot.storage.wordings import WordingRow
from bot.text.normalise import visible

MOST_WORDINGS = 200  # a server
LONGEST_WORDING = 200  # characters: as much as is shown of what a person typed, so that it is seen whole
KEPT_SERVERS = 10_000
KEPT_WORDINGS = 50_000  # of all servers together


@dataclass(frozen=True, slots=True)
class Moderator:
    """Who accepts."""

    id: int
    name: str


class Flaw(Enum):
    """Why a wording cannot be accepted."""

    NOT_IN_WORDS = auto()
    TOO_LONG = auto()
    TOO_LITTLE = auto()  # it would be the answer to anything
    REPEATS = auto()
    KNOWN = auto()
    ENOUGH = auto()


class CannotBeAccepted(TutorError):  # noqa: N818 - reads as what it is
    """Nothing was kept."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.name)
        self.flaw = flaw


class Shelf(Protocol):
    """Where accepted wordings are kept."""

    async def of(self, server_id: int) -> tuple[WordingRow, ...]:
        """All of one server, in the order accepted."""
        ...

    async def add(self, server_id: int, moderator_id: int, row: WordingRow) -> WordingRow:
        """Keeps a wording; number and time are given there."""
        ...

    async def remove(self, server_id: int, wording_id: int) -> bool:
        """Forgets a wording of that server; False where there is none of that number."""
        ...

    async def forget(self, moderator_id: int) -> None:
        """Leaves the wordings, and no name of who accepted them."""
        ...


class Wordings:
    """What servers accept besides what the grader knows."""

    def __init__(self, shelf: Shelf, grading: Callable[[], Grading]) -> None:
        self._shelf = shelf
        self._grading = grading
        self._comparing: Compared | None = None
        self._read: OrderedDict[int, tuple[WordingRow, ...]] = OrderedDict()
        self._kept = 0
        self._lock = asyncio.Lock()  # what is being read while one is added would be kept without it

    async def of(self, server: int | None, question: str) -> tuple[str, ...]:
        """The wordings accepted there as answers to that question."""
        if server is None:
            return ()
        found = tuple(row.wording for row in await self._rows(server) if row.question == question)
        if found:
            await self._compared()
        return found

    async def all(self, server: int) -> tuple[WordingRow, ...]:
        """What is accepted in a server; the latest first."""
        return (await self._rows(server))[::-1]

    async def check(self, server: int, posed: Posed, text: str) -> None:
        """Raises CannotBeAccepted where it is no use to offer that wording."""
        self._check(await self._rows(server), await self._compared(), posed, text)

    async def accept(self, server: int, posed: Posed, text: str, by: Moderator) -> WordingRow:
        """From now on that answer has full marks there. Raises CannotBeAccepted."""
        async with self._lock:
            self._check(await self._shelf.of(server), await self._compared(), posed, text)
            row = WordingRow(0, posed.topic, posed.key, visible(text), by.name[:100], 0.0)
            row = await self._shelf.add(server, by.id, row)
            self._drop(server)
            return row

    async def take_back(self, server: int, number: int) -> bool:
        """Forgets a wording of that server; False where there is none of that number."""
        async with self._lock:
            self._drop(server)
            return await self._shelf.remove(server, number)

    async def forget(self, member: int) -> None:
        """Leaves no name of theirs."""
        async with self._lock:
            await self._shelf.forget(member)
            for server in [*self._read]:
                self._drop(server)

    async def _compared(self) -> Compared:
        """Made off the event loop when first needed, before any answer has to be compared."""
        if self._comparing is None:
            self._comparing = await asyncio.to_thread(lambda: self._grading().wordings)
        return self._comparing

    def _check(self, known: tuple[WordingRow, ...], compared: Compared, posed: Posed, text: str) -> None:
        if not isinstance(posed.form, Open):
            raise CannotBeAccepted(Flaw.NOT_IN_WORDS)
        if len(visible(text)) > LONGEST_WORDING:
            raise CannotBeAccepted(Flaw.TOO_LONG)
        if not compared.says_enough(text):
            raise CannotBeAccepted(Flaw.TOO_LITTLE)
        if repeats(posed.form.asked, text):
            raise CannotBeAccepted(Flaw.REPEATS)
        if any(row.question == posed.key and compared.same(row.wording, visible(text)) for row in known):
            raise CannotBeAccepted(Flaw.KNOWN)
        if len(known) >= MOST_WORDINGS:
            raise CannotBeAccepted(Flaw.ENOUGH)

    async def _rows(self, server: int) -> tuple[WordingRow, ...]:
        if server not in self._read:
            async with self._lock:
                if server not in self._read:
                    self._note(server, await self._shelf.of(server))
        self._read.move_to_end(server)
        return self._read[server]

    def _note(self, server: int, rows: tuple[WordingRow, ...]) -> None:
        self._read[server] = rows
        self._kept += len(rows)
        while len(self._read) > 1 and (len(self._read) > KEPT_SERVERS or self._kept > KEPT_WORDINGS):
            self._drop(next(iter(self._read)))

    def _drop(self, server: int) -> None:
        self._kept -= len(self._read.pop(server, ()))
