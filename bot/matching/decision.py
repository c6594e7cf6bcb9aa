"""What may be decided about a message, and why it was."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Intent(StrEnum):
    """What a message wants of the tutor; all but a question are done and not matched."""

    QUESTION = "question"  # to be matched with the topics
    HELP = "help"  # to be told what can be done here
    TOPICS = "topics"  # to be shown what is taught
    QUIZ = "quiz"  # to be asked questions
    SIMULATE = "simulate"  # to see an experiment
    CLAIMS = "claims"  # to see what experiments say to the answers
    ABOUT = "about"  # to know who or what the tutor is
    GREETING = "greeting"
    THANKS = "thanks"
    COMPLAINT = "complaint"  # about an answer or the tutor
    CHATTER = "chatter"  # wants no more than a word back


@dataclass(frozen=True, slots=True)
class Match:
    """A topic that a message may be asking."""

    topic: str  # its id
    score: float  # the probability (0 to 1) that it is asked
    parts: tuple[str, ...] = ()  # ids of its parts, the one asked after first
    statement: int | None = None  # the number of its statement that answers the message, and is shown in front
    in_short: bool = False  # whether it was asked for in one line


@dataclass(frozen=True, slots=True)
class TopicAnswer:
    """The message asks these topics."""

    topics: tuple[Match, ...]  # several in the order asked
    others: tuple[Match, ...] = ()  # that come next should the answer be wrong, best first
    unanswered: tuple[str, ...] = ()  # pieces of the message that ask something no topic fits
    follow_up: bool = False  # whether it was taken for a follow-up to the last answer, though it does not say so itself
    again: bool = False  # whether, taken for one, it says nothing that the last answer did not have in front


@dataclass(frozen=True, slots=True)
class Choose:
    """The message asks one of the candidates, and it is not sure which."""

    candidates: tuple[Match, ...]  # two or three, best first; one when even the best is uncertain
    unanswered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decline:
    """No topic fits the message well enough to be offered, or it wants something else than an answer."""

    suggestions: tuple[Match, ...] = ()  # topics that are named or near, at most three, best first
    unanswered: tuple[str, ...] = ()
    intent: Intent = Intent.QUESTION
    experiments: tuple[str, ...] = ()  # names of those that a message wants to see, at most three, the likeliest first
    named: tuple[str, ...] = ()  # ids of the suggested topics of which a name stands in the message
    mentioned: tuple[str, ...] = ()  # ids of topics whose name stands in the message in whatever sense


Decision = TopicAnswer | Choose | Decline


@dataclass(frozen=True, slots=True)
class Context:
    """What a member was last answered, or asked about in vain: what a follow-up is read in the light of."""

    topic: str
    parts: tuple[str, ...] = ()
    question: str = ""  # the message that led to it, where it is known
    faded: bool = False  # whether something else was asked since in vain: then it explains only what names a part of it
    shown: bool = (
        False  # whether it was answered with that topic just before, and these parts and this statement in front
    )
    statement: int | None = None


class Decider(Protocol):
    """Whatever turns a message into a decision."""

    def decide(self, message: str, context: Context | None = None) -> Decision:
        """Decide one message, read in the light of `context` where it does not stand on its own."""
        ...


class StatementDecider(Decider, Protocol):
    """A decider that also knows the statements of the answers."""

    def statement(self, topic: str, message: str, parts: tuple[str, ...] = ()) -> int | None:
        """Return the number of the statement of a picked topic that answers a message; None where there is none."""
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
    declined: NearestPhrasing | None = None  # the nearest line that is declined: what speaks against an answer
    missed: tuple[str, ...] = ()  # what it asks for that the best topic does not give: "value", "history" ...
