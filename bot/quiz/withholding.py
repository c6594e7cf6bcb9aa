"""While a question is open its answer is not to be had from us.

Whoever asks in the channel of the round, or has pressed in that round, gets neither the topic's answer nor an
experiment that would show it, by no door of the bot.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.quiz.round.state import Round


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is being asked in a round right now: its number leads to the button for after the close."""

    round: str
    turn: int
    topic: str
    experiments: frozenset[str]


def withheld(rounds: Iterable[Round], member: int, places: Collection[int]) -> tuple[Withheld, ...]:
    """What `member` must not be answered. `places` is where they ask: the channel, and the one a thread belongs to."""
    return tuple(
        Withheld(round_.setup.id, turn.number, turn.posed.topic, turn.posed.experiments)
        for round_ in rounds
        if (turn := round_.current) and (round_.setup.place in places or member in round_.names)
    )


def hides_topic(hidden: Iterable[Withheld], topics: Iterable[str]) -> Withheld | None:
    """The open question, if there is one, that an answer about these topics would give away."""
    wanted = set(topics)
    return next((one for one in hidden if one.topic in wanted), None)


def hides_experiment(hidden: Iterable[Withheld], experiment: str) -> Withheld | None:
    """The open question that a run of this experiment would give away."""
    return next((one for one in hidden if experiment in one.experiments), None)
