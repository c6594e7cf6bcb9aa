"""A round as the service holds it."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from bot.quiz.round.effects import Post, PostTable
from bot.quiz.round.events import Event, Posted
from bot.quiz.round.state import Ended, Round


@dataclass(slots=True, eq=False)
class Live:
    """`number` counts the events journaled, `due` is when the round wants to be looked at (the host's clock),
    `unsure` are the steps of posts that an earlier run may have sent."""

    server: int
    started: float
    round: Round
    number: int = 0
    due: float | None = None
    table_message: int | None = None
    to_post: deque[Post] = field(default_factory=deque)
    unsure: frozenset[str] = frozenset()
    delivering: asyncio.Task[None] | None = None
    quiet_since: float = 0.0

    @property
    def id(self) -> str:
        """The round's id."""
        return self.round.setup.id

    @property
    def over(self) -> bool:
        """Whether it has ended, and all of it is posted."""
        return isinstance(self.round.phase, Ended) and not self.round.outbox

    def note_table(self, was: Round, event: Event) -> None:
        """Keeps which message the table is: it is edited where something changes after it."""
        if isinstance(event, Posted) and self.table_message is None:
            post = next((post for post in was.outbox if post.step == event.step), None)
            self.table_message = event.message.id if isinstance(post, PostTable) else None
