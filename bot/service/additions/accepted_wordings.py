"""Accepted wordings: a moderator accepts how a member put an answer, and in that server it has full marks."""

import asyncio
from collections.abc import Callable
from enum import Enum, auto

from bot.quiz.grading.wording import Wordings
from bot.quiz.kinds.base import DrawnQuestion
from bot.service.additions.kind import LONGEST, MOST_A_SERVER, AdditionKind, CannotBeAdded, KindName, Moderator, Shelf
from bot.service.grading import Grading
from bot.storage.stores import Addition
from bot.text.normalise import visible


class WordingRule(Enum):
    """What an accepted wording can break."""

    NOT_IN_WORDS = auto()  # the question is not answered in words
    TOO_LONG = auto()
    TOO_LITTLE = auto()  # it would be the answer to anything
    REPEATS = auto()  # it says what the question says
    KNOWN = auto()  # the server has accepted it, or one that says the same
    ENOUGH = auto()


class AcceptedWordings(AdditionKind[dict[str, tuple[str, ...]]]):
    """The wordings that each server accepts besides what the grader knows. `Addition.about` is the key of the question.

    Whose answer it was is not kept.
    """

    name = KindName.ACCEPTED_WORDING

    def __init__(self, shelf: Shelf, grading: Callable[[], Grading]) -> None:
        super().__init__(shelf)
        self._grading = grading
        self._comparing: Wordings | None = None

    async def of(self, server: int | None, question: str) -> tuple[str, ...]:
        """Return the wordings accepted in a server as answers to the question of that key; none without a server."""
        if server is None:
            return ()
        found = (await self._prepared(server)).get(question, ())
        if found:
            await self._compared()
        return found

    async def check(self, server: int, question: DrawnQuestion, text: str) -> None:
        """Raise CannotBeAdded where it is no use to offer that wording to a moderator."""
        wanted = await self._wanted(question, text)
        self._refuse(wanted, await self._shelf.storage.of(server, self.name))

    async def add(self, server: int, question: DrawnQuestion, text: str, by: Moderator) -> Addition:
        """Give full marks to that answer to the question from now on. Raises CannotBeAdded."""
        return await self._add(server, await self._wanted(question, text), by)

    async def _wanted(self, question: DrawnQuestion, text: str) -> Addition:
        """The addition, if it keeps to the rules that do not depend on the server."""
        compared = await self._compared()
        if not question.graded:
            raise CannotBeAdded(WordingRule.NOT_IN_WORDS)
        if len(visible(text)) > LONGEST:
            raise CannotBeAdded(WordingRule.TOO_LONG)
        if not compared.says_enough(text):
            raise CannotBeAdded(WordingRule.TOO_LITTLE)
        if question.repeats(text):
            raise CannotBeAdded(WordingRule.REPEATS)
        return Addition(self.name, question.topic, question.key, visible(text))

    async def _compared(self) -> Wordings:
        """What compares wordings, made off the event loop when first needed: before an answer is compared."""
        if self._comparing is None:
            self._comparing = await asyncio.to_thread(lambda: self._grading().wordings)
        return self._comparing

    def _refuse(self, wanted: Addition, there: tuple[Addition, ...]) -> None:
        same = self._grading().wordings.same
        if any(one.about == wanted.about and same(one.text, wanted.text) for one in there):
            raise CannotBeAdded(WordingRule.KNOWN)
        if len(there) >= MOST_A_SERVER:
            raise CannotBeAdded(WordingRule.ENOUGH)

    def _prepare(self, rows: tuple[Addition, ...]) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for row in rows:
            found[row.about] = (*found.get(row.about, ()), row.text)
        return found
