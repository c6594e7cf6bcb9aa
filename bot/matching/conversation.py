"""What one member and the tutor said to each other, as far as the next message may need it."""

from dataclasses import dataclass, replace

from bot.matching.decision import Choose, Context, Decider, Decision, Decline, Intent, Match, TopicAnswer
from bot.text.normalise import opens_question, plain, visible

_MOST_KEPT = 400  # characters of a question


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """What a member was last answered."""

    context: Context
    question: str = ""  # what it answered, as much of it as is kept; empty for a topic that was picked
    others: tuple[Match, ...] = ()  # that would have come next


@dataclass(slots=True)
class Conversation:
    """Remembers what was answered last, and what the next message is read in the light of. In memory only."""

    last: LastAnswer | None = None
    context: Context | None = None

    @classmethod
    def after(cls, shown: Context) -> "Conversation":
        """Return a conversation in which a topic was shown that somebody picked."""
        return cls(LastAnswer(shown, shown.question), shown)

    def decide(self, decider: Decider, text: str, about: Context | None = None) -> Decision:
        """Decide the next message and move on. `about` is the answer that it is known to be about, if any."""
        decision = decider.decide(text, about or self.context)
        self._move_on(text, decision)
        return decision

    def _move_on(self, text: str, decision: Decision) -> None:
        """Note what comes next is about.

        What is answered is, and so is what was shown by experiment or claim by claim, and the subject of a question
        that was declined but named it. Where it may have meant
        something else by the name, and where the last answer fades, only what says more than "why?" is after it ("and
        tanh?"). Any other question in vain and a choice left open let the last answer fade (without one, what comes
        next is about the first of the choice); thanks and other talk let nothing fade.
        """
        question = visible(text)[:_MOST_KEPT]
        match decision:
            case TopicAnswer(topics, others):
                last = topics[-1]
                self.context = Context(last.topic, last.parts, question, shown=True, statement=last.statement)
                self.last = LastAnswer(self.context, question, others)
            case Decline(named=[first, *_], intent=Intent.QUESTION):
                self.context = Context(first, (), question)
            case Decline(named=[first], intent=Intent.SIMULATE | Intent.CLAIMS) if not _is_about(self.context, first):
                self.context = Context(first, (), question)
            case Decline(mentioned=[first, *_], intent=Intent.QUESTION) if _asks(decision, text):
                self.context = Context(first, (), question, faded=True)
            case Choose(candidates) if candidates and not self.context:
                self.context = Context(candidates[0].topic, candidates[0].parts, question)
            case Choose() | Decline(intent=Intent.QUESTION) if self.context and _asks(decision, text):
                self.context = replace(self.context, faded=True)


def _is_about(context: Context | None, topic: str) -> bool:
    return context is not None and context.topic == topic and not context.faded


def _asks(decision: Decision, text: str) -> bool:
    return isinstance(decision, Choose) or "?" in text or opens_question(plain(text))
