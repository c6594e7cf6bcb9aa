"""The use case of asking: a message comes in, a reply goes out, and the conversation moves on."""

from dataclasses import dataclass

from cachetools import TTLCache

from bot.clock import Clock
from bot.curriculum.model import Curriculum, Topic
from bot.errors import UsageError
from bot.matching.added_phrasings import MatcherWithAdditions, Phrasebook
from bot.matching.decision import Choose, Context, Decider, Decision, Decline, Intent, Match, TopicAnswer
from bot.matching.matcher import SmallTalk
from bot.service.gate import Asker, BeingAsked, Gate
from bot.text.normalise import opens_question, plain, visible

LONGEST_MESSAGE = 4000  # characters: Discord's own bound on what a member can send
KEPT_SECONDS = 600.0  # in which a follow-up makes sense
KEPT_CHARACTERS = 300  # of what a member asked last
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


@dataclass(slots=True)
class LastAnswer:
    """What a member was last answered."""

    context: Context
    question: str = ""  # what it answered, as much of it as is shown back; empty for a topic that was picked
    others: tuple[Match, ...] = ()  # that would have come next
    faded: bool = False  # whether the member has asked something else since that was not answered


class AnswerKeptBack(BeingAsked):
    """A quiz round asks about one of the topics that were to be shown; `matches` are all of them."""

    def __init__(self, kept: BeingAsked, matches: tuple[Match, ...]) -> None:
        super().__init__(kept.closes)
        self.matches = matches


class Answering:
    """Decides messages and remembers what each member was last answered. In memory only."""

    def __init__(
        self, curriculum: Curriculum, matcher: Decider, small_talk: SmallTalk, gate: Gate, clock: Clock
    ) -> None:
        self.curriculum = curriculum
        self._gate = gate
        self._matcher = matcher
        self._last: TTLCache[str, LastAnswer] = TTLCache(KEPT_MEMBERS, KEPT_SECONDS, clock.now)
        self._small_talk = small_talk

    def ask(self, text: str, asker: Asker, book: Phrasebook | None = None, about: Context | None = None) -> Decision:
        """Decide one message, in the light of what its asker was last answered.

        `book` has the phrasings that were added where the message was written; `about` is the answer that the message
        is known to be about. Raises UnusableMessage for a message that shows nothing or has over 4,000 characters,
        and AnswerKeptBack where a quiz round asks about what it would be answered with.
        """
        require_usable(text)
        last = self.last(asker)
        decision = _decided(MatcherWithAdditions(self._matcher, book) if book else self._matcher, text, last, about)
        if asker.key:
            self._move_on(asker.key, text, decision)
        if isinstance(decision, TopicAnswer):
            self._require(asker, decision.topics)
        return decision

    def last(self, asker: Asker) -> LastAnswer | None:
        """Return what its asker was last answered, if that is not long ago."""
        return self._last.get(asker.key) if asker.key else None

    def is_small_talk(self, declined: str) -> bool:
        """Return whether a message that was declined wants no more than a word back: thanks, greetings and the like."""
        return self._small_talk.is_it(declined)

    def show(self, topic_id: str, parts: tuple[str, ...], asker: Asker) -> Shown | None:
        """Return the topic that was picked, or None when it is no longer taught; unknown parts are left out.

        Raises AnswerKeptBack where a quiz round asks about it.
        """
        topic = self.curriculum.topic(topic_id)
        if topic is None:
            return None
        known = tuple(part for part in parts if topic.part(part))
        self._require(asker, (Match(topic.id, 1.0, known),))
        if asker.key:
            self._last[asker.key] = LastAnswer(Context(topic.id, known))
        return Shown(topic, known)

    def _require(self, asker: Asker, matches: tuple[Match, ...]) -> None:
        try:
            self._gate.topics(asker, [match.topic for match in matches])
        except BeingAsked as kept:
            raise AnswerKeptBack(kept, matches) from None

    def _move_on(self, member: str, text: str, decision: Decision) -> None:
        """Note what comes next is about. A question in vain lets the last answer fade; what wants else does not."""
        if isinstance(decision, Decline) and decision.intent is not Intent.QUESTION:
            return
        if isinstance(decision, TopicAnswer):
            match = decision.topics[-1]
            context, question = Context(match.topic, match.parts), visible(text)[:KEPT_CHARACTERS]
            self._last[member] = LastAnswer(context, question, decision.others)
        elif isinstance(decision, Choose) or "?" in text or opens_question(plain(text)):
            last = self._last.get(member)
            if last is not None:
                last.faded = True


def _decided(matcher: Decider, text: str, last: LastAnswer | None, about: Context | None) -> Decision:
    if about or last is None or not last.faded:
        return matcher.decide(text, about or (last.context if last else None))
    # Something else was asked since: the last answer still explains what names a part of it ("and tanh?"), but a mere
    # "why?" is after the question in between.
    context = Context(last.context.topic)
    decision = matcher.decide(text, context)
    vague = (
        isinstance(decision, TopicAnswer) and decision.topics[0].topic == context.topic and not decision.topics[0].parts
    )
    return matcher.decide(text) if vague else decision
