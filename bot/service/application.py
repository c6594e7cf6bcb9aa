"""The wired application, as the doors are handed it; `bot.app.build` makes it."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from bot.clock import AheadClock
from bot.curriculum.model import Curriculum
from bot.service.additions import Additions
from bot.service.answering import Answering
from bot.service.beliefs import GroupBeliefs
from bot.service.gate import Gate
from bot.service.laboratory import Laboratory
from bot.service.pictures import Pictures
from bot.service.practice import Practice
from bot.service.reloading import Reloads
from bot.service.reminders import Reminders
from bot.service.review import Reviews
from bot.service.rounds.engine import Rounds
from bot.service.schedule import Schedules
from bot.service.scores import Scoring
from bot.service.server_settings import SettingsOfServers
from bot.service.spoken_tries import OpenTries
from bot.service.taught import Learnt, Taught
from bot.service.topic_forms import TopicForms
from bot.service.topics import ServerTopics
from bot.service.tries import Attempts
from bot.shard import Shard
from bot.tasks import Prepared

if TYPE_CHECKING:
    from bot.storage.database import Storage

T = TypeVar("T")


class GreetedServers(Protocol):
    """Lets a server be greeted once."""

    async def claim(self, server_id: int) -> bool:
        """Return True to the first who asks: that one greets."""
        ...

    async def release(self, server_id: int) -> None:
        """Give a claim back: the greeting could not be said."""
        ...


class RegisteredCommands(Protocol):
    """The fingerprint of the commands that each application last registered."""

    async def fingerprint(self, application_id: int) -> str | None:
        """What was last registered, or None when nothing was."""
        ...

    async def remember(self, application_id: int, fingerprint: str) -> None:
        """Note what has been registered now."""
        ...


@dataclass(frozen=True, slots=True)
class App:
    """Every use case by its name. They share one clock, one storage, one queue of experiments and one gate."""

    taught: Taught
    topics: ServerTopics  # that servers have of their own
    topic_forms: TopicForms  # and the forms and files in which moderators see them
    answering: Answering
    additions: Additions
    practice: Practice
    reviews: Reviews
    rounds: Rounds
    reminders: Reminders
    schedules: Schedules
    scores: Scoring
    beliefs: GroupBeliefs  # and what is asked in vain
    server_settings: SettingsOfServers
    laboratory: Laboratory
    tries: Attempts
    open_tries: OpenTries
    pictures: Pictures  # of questions
    reloads: Reloads  # what reads the knowledge anew
    prepared: Prepared  # what messages are decided by: the very first start has to make it
    gate: Gate  # what the rounds that are on keep back
    greeted: GreetedServers
    registered: RegisteredCommands
    storage: "Storage"  # what all of them keep things in; the app closes it
    shard: Shard  # the share of Discord that this process serves

    @property
    def curriculum(self) -> Curriculum:
        """What is taught to whoever asks now."""
        return self.taught.now.curriculum

    async def once_kept(self, work: Callable[[], Awaitable[T]]) -> T:
        """What comes of work that needs the storage; where that refuses, as soon as it works again."""
        return await self.storage.access.tried(work)

    def starting_session(self, bucket: int) -> AbstractAsyncContextManager[None]:
        """Inside, no other process on this database begins a session of that bucket with Discord."""
        return self.storage.owner.locks.within("identify", bucket)

    async def close(self) -> None:
        """End the run of an experiment that is under way, and let the database go."""
        await self.laboratory.experiments.close()
        await self.topics.close()
        await self.beliefs.close()
        await self.storage.close()


@dataclass(frozen=True, slots=True)
class TerminalApp:
    """The use cases of one person at a terminal: nothing is kept, and no round keeps anything back."""

    learnt: Learnt  # what is taught there
    answering: Answering
    practice: Practice
    laboratory: Laboratory
    tries: Attempts
    reviews: Reviews  # what it goes by is kept in memory
    clock: AheadClock  # that its days go by
