"""The use case of asking: a message comes in, a reply goes out, and the conversation moves on."""

from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cachetools import TTLCache

from bot import metrics
from bot.clock import Clock
from bot.curriculum.model import Curriculum, Topic
from bot.errors import UsageError
from bot.matching.added_phrasings import MatcherWithAdditions, Phrasebook
from bot.matching.conversation import Conversation, LastAnswer
from bot.matching.decision import Context, Decision, Decline, Intent, Match, TopicAnswer
from bot.service.gate import Asker, BeingAsked, Gate, NotedFirst
from bot.text.normalise import visible

if TYPE_CHECKING:
    from bot.service.taught import ServerTopic, Taught

LONGEST_MESSAGE = 4000  # characters: Discord's own bound on what a member can send
KEPT_SECONDS = 600.0  # in which a follow-up makes sense
KEPT_MEMBERS = 10_000  # a bound on memory; who was answered least lately is forgotten first


class UnusableMessage(UsageError):  # noqa: N818 - reads as what it is
    """There is nothing in the message to decide on, or too much."""

    def __init__(self, length: int, graded: bool = False) -> None:
        super().__init__("there is nothing to decide on, or too much")
        self.length = length  # in characters
        self.graded = graded  # it was to be graded as an answer


def require_usable(text: str, graded: bool = False) -> None:
    """Raise UnusableMessage for a text that shows nothing or has over 4,000 characters."""
    if len(text) > LONGEST_MESSAGE or not visible(text):
        raise UnusableMessage(len(text), graded)


@dataclass(frozen=True, slots=True)
class Shown:
    """A topic as it is to be shown."""

    topic: Topic
    parts: tuple[str, ...] = ()  # ids of those in front of the rest, in that order
    statement: int | None = None  # the number of the one in front of all
    in_short: bool = False  # whether one line of it stands in front
    own: "ServerTopic | None" = None  # where it is one of the server's own: who added it


class AnswerKeptBack(BeingAsked):
    """A quiz round asks about one of the topics that were to be shown, or just that; `matches` are all of them."""

    def __init__(self, kept: BeingAsked, matches: tuple[Match, ...]) -> None:
        super().__init__(kept.closes, kept.first)
        self.matches = matches


class Answering:
    """Decides messages and remembers what each member was last answered. In memory only."""

    def __init__(self, taught: "Taught", gate: Gate, clock: Clock) -> None:
        self._taught = taught
        self._gate = gate
        self._talks: TTLCache[str, Conversation] = TTLCache(KEPT_MEMBERS, KEPT_SECONDS, clock.now)

    @property
    def curriculum(self) -> Curriculum:
        """What is taught to whoever asks now."""
        return self._taught.now.curriculum

    def ask(self, text: str, asker: Asker, book: Phrasebook | None = None, about: Context | None = None) -> Decision:
        """Decide one message, in the light of what its asker was last answered.

        `book` has the phrasings that were added where the message was written; `about` is the answer that the message
        is known to be about. Raises UnusableMessage for a message that shows nothing or has over 4,000 characters,
        and AnswerKeptBack where a quiz round asks about what it would be answered with.
        """
        require_usable(text)
        talk, matcher = self._talks.get(asker.key) or Conversation(), self._taught.now.matcher()
        as_it_was = copy(talk)
        before = talk.context
        decision = talk.decide(MatcherWithAdditions(matcher, book) if book else matcher, text, about)
        if about and isinstance(decision, TopicAnswer):
            decision = replace(decision, follow_up=False)  # the asker said so
        if asker.key and talk.context and talk.context is not before and not talk.context.faded:
            self._talks[asker.key] = talk  # its time begins anew
        intent = decision.intent if isinstance(decision, Decline) else Intent.QUESTION
        try:
            if isinstance(decision, TopicAnswer):
                self._require(asker, decision.topics, text)
        except NotedFirst:  # it is asked once more in a moment
            talk.last, talk.context = as_it_was.last, as_it_was.context
            raise
        except AnswerKeptBack:
            metrics.DECISIONS.one(AnswerKeptBack.__name__, intent)
            raise
        metrics.DECISIONS.one(type(decision).__name__, intent)
        return decision

    def decided(self, text: str) -> Decision:
        """Return what would be decided of a message by itself; nothing is remembered, and nothing shown."""
        return self._taught.now.matcher().decide(text)

    def last(self, asker: Asker) -> LastAnswer | None:
        """Return what its asker was last answered, if that is not long ago."""
        talk = self._talks.get(asker.key) if asker.key else None
        return talk.last if talk else None

    def show(self, topic_id: str, parts: tuple[str, ...], asker: Asker, question: str = "") -> Shown | None:
        """Return the topic that was picked, or None when it is no longer taught; unknown parts are left out.

        `question` is what it was offered for, where it was for a question. Raises AnswerKeptBack where a quiz round
        asks about it.
        """
        topic = self.curriculum.topic(topic_id)
        if topic is None:
            return None
        known = tuple(part for part in parts if topic.part(part))
        self._require(asker, (Match(topic.id, 1.0, known),), question)
        if asker.key:
            self._talks[asker.key] = Conversation.after(Context(topic.id, known, question))
        said = self._taught.now.matcher().statement(topic.id, question, known) if question else None
        return Shown(topic, known, said, own=self._taught.now.own.get(topic.id))

    def _require(self, asker: Asker, matches: tuple[Match, ...], question: str) -> None:
        try:
            self._gate.topics(asker, [match.topic for match in matches])
            self._gate.text(asker, question)
        except BeingAsked as kept:
            raise AnswerKeptBack(kept, matches) from None
