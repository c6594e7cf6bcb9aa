"""A round as the service holds it."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.quiz.round.effects import Effect, Post, PostTable
from bot.quiz.round.events import Event, Posted
from bot.quiz.round.state import Ended, Round

Effects = tuple[Effect, ...]


@dataclass(slots=True, eq=False)
class Waiting:
    """An event, or a change of the round, that is to be journaled. `told`: whoever did it is told if it cannot be, and
    may do it again; else it has to be kept some time."""

    what: Event | Callable[[Round], Round]
    at: float
    told: bool
    done: "asyncio.Future[Effects]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def tell(self, effects: Effects) -> None:
        """It is kept."""
        if not self.done.done():
            self.done.set_result(effects)

    def fail(self, error: Exception) -> None:
        """It has not happened."""
        if not self.done.done():
            self.done.set_exception(error)


@dataclass(slots=True, eq=False)
class Live:
    """`round` is as journaled, up to event `number` at most; where a write failed the journal is `behind`, and the next
    try is due `again_at`. `due` is when the round wants to be looked at (the host's clock). `anew`: it is of an earlier
    run, and has not been told so; `unsure` are the steps of posts, and the keys of errands, that one may have sent."""

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
    ended: float | None = None
    anew: bool = False
    waiting: list[Waiting] = field(default_factory=list)
    stepping: asyncio.Task[None] | None = None
    behind: bool = False
    again_at: float = 0.0

    @property
    def id(self) -> str:
        """The round's id."""
        return self.round.setup.id

    @property
    def over(self) -> bool:
        """Whether it has ended, and all of it is posted and told."""
        return isinstance(self.round.phase, Ended) and not self.round.outbox and not self.round.errands

    @property
    def idle(self) -> bool:
        """Whether nothing of it is being written, or waits to be."""
        return not self.waiting and (self.stepping is None or self.stepping.done())

    def note_table(self, was: Round, event: Event) -> None:
        """Keeps which message the table is: it is edited where something changes after it."""
        if isinstance(event, Posted) and self.table_message is None:
            post = next((post for post in was.outbox if post.step == event.step), None)
            self.table_message = event.message.id if isinstance(post, PostTable) else None
