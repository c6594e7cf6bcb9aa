"""What must not be had from the bot while a quiz round asks it, by whatever door."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.errors import TutorError
from bot.quiz.kinds.base import DrawnQuestion
from bot.quiz.withholding import Withheld, hides_experiment, hides_topic

Hidden = Callable[[int, Sequence[int]], Iterable[Withheld]]
BEING_ASKED = "That is being asked in a quiz round right now. Ask me again when the question has closed."


@dataclass(frozen=True, slots=True)
class Asker:
    """A member, and where they ask. What is asked in one server never colours the answers in another, or in DMs."""

    id: int
    server: int | None  # None: a direct conversation
    channels: tuple[int, ...] = ()  # the channel, then the one that a thread belongs to

    @property
    def key(self) -> str:
        """The name under which the conversation is kept."""
        return f"{self.server or 'dm'}:{self.id}"


class BeingAsked(TutorError):  # noqa: N818 - reads as what it is
    """It would give an open question away, which `closes` (None: it has no clock)."""

    def __init__(self, closes: float | None = None) -> None:
        super().__init__(BEING_ASKED)
        self.closes = closes


class Gate:
    """Asked before an answer or a run is given out. `hidden` says what a member must not be told in those places."""

    def __init__(self, hidden: Hidden) -> None:
        self._hidden = hidden

    def topics(self, member: int, places: Sequence[int], topics: Iterable[str]) -> None:
        """Raises BeingAsked where one of these topics is being asked."""
        if kept := hides_topic(self._hidden(member, places), topics):
            raise BeingAsked(kept.closes)

    def experiment(self, member: int, places: Sequence[int], experiment: str) -> None:
        """Raises BeingAsked where a run of it would tell."""
        if kept := hides_experiment(self._hidden(member, places), experiment):
            raise BeingAsked(kept.closes)

    def question(self, member: int, places: Sequence[int], posed: DrawnQuestion) -> None:
        """Raises BeingAsked where posing this question alone, or running what decides it, would tell."""
        self.topics(member, places, [posed.topic])
        for run in posed.runs:
            self.experiment(member, places, run.experiment)

    def hidden_topics(self, member: int, places: Sequence[int]) -> tuple[str, ...]:
        """The topics that are being asked."""
        return tuple({one.topic for one in self._hidden(member, places)})
