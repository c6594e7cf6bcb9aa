"""The use case of asking: a message comes in, a reply goes out, and the conversation moves on."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.curriculum.model import Curriculum, Topic
from bot.errors import UsageError
from bot.language.normalise import visible
from bot.service.conversations import Conversations
from bot.tutor.decision import Answer, Context, Decider, Decision, Match

LONGEST_MESSAGE = 4000


class UnusableMessage(UsageError):  # noqa: N818 - reads as what it is
    """There is nothing in the message to decide on, or too much."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A topic as it is to be shown: `parts` in front of the rest, in that order."""

    topic: Topic
    parts: tuple[str, ...] = ()


class Answering:
    """Decides messages and remembers what each member was last answered."""

    def __init__(self, curriculum: Curriculum, tutor: Decider, clock: Clock) -> None:
        self.curriculum = curriculum
        self._tutor = tutor
        self._conversations = Conversations(clock)

    def ask(self, text: str, member: str | None = None) -> Decision:
        """Decides one message; with `member` it is read in the light of that member's last answer.

        Raises UnusableMessage for a message that shows nothing or has over 4,000 characters.
        """
        if len(text) > LONGEST_MESSAGE:
            raise UnusableMessage(
                f"That message has {len(text):,} characters; I read up to {LONGEST_MESSAGE:,}. Please shorten it."
            )
        if not visible(text):
            raise UnusableMessage("That message is empty. Type a question, such as: why not start all weights equal?")
        decision = self._tutor.decide(text, self._conversations.context(member) if member else None)
        if member and isinstance(decision, Answer):
            self._note(member, decision.topics[-1])
        return decision

    def show(self, topic_id: str, parts: tuple[str, ...] = (), member: str | None = None) -> Shown | None:
        """The topic a member picked, or None when it is no longer taught; unknown parts are left out."""
        topic = self.curriculum.topic(topic_id)
        if topic is None:
            return None
        known = tuple(part for part in parts if topic.part(part))
        if member:
            self._note(member, Match(topic.id, 1.0, known))
        return Shown(topic, known)

    def _note(self, member: str, match: Match) -> None:
        self._conversations.remember(member, Context(match.topic, match.parts))
