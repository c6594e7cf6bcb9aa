"""What must not be had from the bot while a quiz round asks it, by whatever door.

Whoever asks in the channel of the round, or has pressed in that round, gets neither the topic's answer nor an
experiment that would show it. The threads of that channel belong to it; and where the round is in a thread, so does the
channel around it, since those who play see it too. Its other threads do not.

Whatever gives out answers, runs or questions takes a gate when it is made, and asks it by itself.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.errors import TutorError
from bot.quiz.kinds.base import DrawnQuestion
from bot.quiz.round.state import Round


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is being asked in a round right now, and must not be answered."""

    round: str  # its id
    turn: int
    topic: str
    experiments: frozenset[str]  # those that would give the answer away
    closes: float | None = None  # seconds since the epoch; None: there is no clock


def withheld(round_: Round, member: int, channels: Sequence[int]) -> Withheld | None:
    """What a round asks that `member` must not be told where they ask: `channels` is that, then the one around it."""
    turn, setup = round_.current, round_.setup
    there = setup.channel in channels or setup.parent in channels[:1]
    if turn is None or not (there or member in round_.names):
        return None
    return Withheld(setup.id, turn.number, turn.question.topic, turn.question.experiments, turn.closes)


Hidden = Callable[[int, Sequence[int]], Iterable[Withheld]]
"""What a member must not be told: takes their id, and the channel where they ask with the one around it."""


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
        super().__init__("being asked in a round")
        self.closes = closes


class Gate:
    """Asked before an answer, a run or a question is given out."""

    def __init__(self, hidden: Hidden) -> None:
        self._hidden = hidden

    def topics(self, asker: Asker, topics: Iterable[str]) -> None:
        """Raises BeingAsked where one of these topics is being asked."""
        wanted = set(topics)
        for one in self._hidden(asker.id, asker.channels):
            if one.topic in wanted:
                raise BeingAsked(one.closes)

    def experiment(self, asker: Asker, experiment: str) -> None:
        """Raises BeingAsked where a run of it would tell."""
        for one in self._hidden(asker.id, asker.channels):
            if experiment in one.experiments:
                raise BeingAsked(one.closes)

    def question(self, asker: Asker, question: DrawnQuestion) -> None:
        """Raises BeingAsked where posing this question alone, or running what decides it, would tell."""
        self.topics(asker, [question.topic])
        for run in question.telling:
            self.experiment(asker, run.experiment)

    def hidden_topics(self, asker: Asker) -> tuple[str, ...]:
        """The ids of the topics that are being asked."""
        return tuple({one.topic for one in self._hidden(asker.id, asker.channels)})
