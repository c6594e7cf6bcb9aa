"""What the tutor may decide about a message."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Match:
    """A topic that a message may be asking. `score` is the probability (0 to 1) that it is; `parts` are part ids,
    the one asked after first."""

    topic: str
    score: float
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The message asks `topics` (several in the order asked); `others` come next should that be wrong, best first.

    `unanswered` are pieces of the message that ask something no topic fits.
    """

    topics: tuple[Match, ...]
    others: tuple[Match, ...] = ()
    unanswered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choose:
    """The message asks one of `candidates` (two or three, best first; one when even the best is uncertain)."""

    candidates: tuple[Match, ...]
    unanswered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decline:
    """No topic fits; `suggestions` are the nearest, at most three, best first."""

    suggestions: tuple[Match, ...] = ()
    unanswered: tuple[str, ...] = ()


Decision = Answer | Choose | Decline


@dataclass(frozen=True, slots=True)
class Context:
    """The answer a member was last shown: what a follow-up is read in the light of."""

    topic: str
    parts: tuple[str, ...] = ()


class Decider(Protocol):
    """Whatever turns a message into a decision."""

    def decide(self, message: str, context: Context | None = None) -> Decision:
        """Decides one message, read in the light of `context` where it does not stand on its own."""
        ...
