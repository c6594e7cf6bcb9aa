"""What may be decided about a message, and why it was."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Match:
    """A topic that a message may be asking."""

    topic: str  # its id
    score: float  # the probability (0 to 1) that it is asked
    parts: tuple[str, ...] = ()  # ids of its parts, the one asked after first


@dataclass(frozen=True, slots=True)
class TopicAnswer:
    """The message asks these topics."""

    topics: tuple[Match, ...]  # several in the order asked
    others: tuple[Match, ...] = ()  # that come next should the answer be wrong, best first
    unanswered: tuple[str, ...] = ()  # pieces of the message that ask something no topic fits


@dataclass(frozen=True, slots=True)
class Choose:
    """The message asks one of the candidates, and it is not sure which."""

    candidates: tuple[Match, ...]  # two or three, best first; one when even the best is uncertain
    unanswered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decline:
    """No topic fits the message well enough to be offered."""

    suggestions: tuple[Match, ...] = ()  # the nearest, at most three, best first
    unanswered: tuple[str, ...] = ()


Decision = TopicAnswer | Choose | Decline


@dataclass(frozen=True, slots=True)
class Context:
    """The answer a member was last shown: what a follow-up is read in the light of."""

    topic: str
    parts: tuple[str, ...] = ()


class Decider(Protocol):
    """Whatever turns a message into a decision."""

    def decide(self, message: str, context: Context | None = None) -> Decision:
        """Decide one message, read in the light of `context` where it does not stand on its own."""
        ...


@dataclass(frozen=True, slots=True)
class NearestPhrasing:
    """The phrasing of the knowledge that is most like a message."""

    text: str
    topic: str | None  # None for a near miss or small talk
    alike: float  # 0 to 1


@dataclass(frozen=True, slots=True)
class Counted:
    """A word or term of a message, and how much it spoke for the best topic (below 0: against)."""

    what: str
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a message was decided as it was: for `ask --explain` and for whoever writes the knowledge."""

    parsed: tuple[str, ...]  # the words of the message, put right
    nearest: NearestPhrasing | None
    counted: tuple[Counted, ...]  # the weightiest first
    best: Match | None
    runner_up: Match | None
    follow_up: float | None = None  # how likely it follows up the last answer, where there was one
