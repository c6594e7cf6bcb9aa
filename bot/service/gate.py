"""What must not be had from the bot while a quiz round asks it, by whatever door.

Whatever gives out answers, runs or questions takes a gate when it is made, and asks it by itself.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.errors import TutorError
from bot.quiz.kinds.base import DrawnQuestion
from bot.quiz.withholding import Withheld, hides_experiment, hides_topic

Hidden = Callable[[int, Sequence[int]], Iterable[Withheld]]
"""What a member must not be told: takes their id, and the channel where they ask with the one around it."""
BEING_ASKED = "That is being asked in a quiz round right now. Ask me again when the question has closed."


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for something, and where."""

    key: str  # what is remembered of their conversation is kept under it; empty: nothing is
    id: int = 0  # of the member in Discord; 0: outside of Discord
    server: int | None = None  # None: a direct conversation
    channels: tuple[int, ...] = ()  # the channel, then the one that a thread belongs to


class BeingAsked(TutorError):  # noqa: N818 - reads as what it is
    """It would give an open question away, which `closes` (None: it has no clock)."""

    def __init__(self, closes: float | None = None) -> None:
        super().__init__(BEING_ASKED)
        self.closes = closes


class Gate:
    """Asked before an answer, a run or a question is given out."""

    def __init__(self, hidden: Hidden) -> None:
        self._hidden = hidden

    def topics(self, asker: Asker, topics: Iterable[str]) -> None:
        """Raises BeingAsked where one of these topics is being asked."""
        if kept := hides_topic(self._hidden(asker.id, asker.channels), topics):
            raise BeingAsked(kept.closes)

    def experiment(self, asker: Asker, experiment: str) -> None:
        """Raises BeingAsked where a run of it would tell."""
        if kept := hides_experiment(self._hidden(asker.id, asker.channels), experiment):
            raise BeingAsked(kept.closes)

    def question(self, asker: Asker, question: DrawnQuestion) -> None:
        """Raises BeingAsked where posing this question alone, or running what decides it, would tell."""
        self.topics(asker, [question.topic])
        for run in question.runs:
            self.experiment(asker, run.experiment)

    def hidden_topics(self, asker: Asker) -> tuple[str, ...]:
        """The ids of the topics that are being asked."""
        return tuple({one.topic for one in self._hidden(asker.id, asker.channels)})
