"""While a question is open its answer is not to be had from us.

Whoever asks in the channel of the round, or has pressed in that round, gets neither the topic's answer nor an
experiment that would show it, by no door of the bot. The threads of that channel belong to it; and where the round is
in a thread, so does the channel around it, since those who play see it too. Its other threads do not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.quiz.round.state import Round


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is being asked in a round right now, and must not be answered."""

    round: str  # its id
    turn: int
    topic: str
    experiments: frozenset[str]  # those that would give the answer away
    closes: float | None = None  # seconds since the epoch; None: there is no clock


def withheld(rounds: Iterable[Round], member: int, places: Sequence[int]) -> tuple[Withheld, ...]:
    """What `member` must not be answered. `places`: where they ask, then the channel that a thread belongs to."""
    return tuple(
        Withheld(round_.setup.id, turn.number, turn.question.topic, turn.question.experiments, turn.closes)
        for round_ in rounds
        if (turn := round_.current) and (_there(round_, places) or member in round_.names)
    )


def _there(round_: Round, places: Sequence[int]) -> bool:
    return round_.setup.channel in places or round_.setup.parent in places[:1]


def hides_topic(hidden: Iterable[Withheld], topics: Iterable[str]) -> Withheld | None:
    """The open question, if there is one, that an answer about these topics would give away."""
    wanted = set(topics)
    return next((one for one in hidden if one.topic in wanted), None)


def hides_experiment(hidden: Iterable[Withheld], experiment: str) -> Withheld | None:
    """The open question that a run of this experiment would give away."""
    return next((one for one in hidden if experiment in one.experiments), None)
