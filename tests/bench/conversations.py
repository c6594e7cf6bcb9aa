"""The figures of conversations: messages read in the light of the last right answer."""

from collections import defaultdict
from collections.abc import Sequence

from bot.matching.decision import Context, Decider, TopicAnswer
from tests.bench.figures import share
from tests.bench.messages import Message

_LABELS = {
    "follow-up": "follow-ups: right topic",
    "part": "follow-ups after a part: that part first",
    "alone": "messages that stand alone: right topic despite the context",
    "none": "thanks, chatter and out-of-scope follow-ups answered anyway",
    "outside": "  of these, out-of-scope follow-ups",
    "closer": "  of these, thanks and chatter",
}


def figures(tutor: Decider, messages: Sequence[Message]) -> dict[str, float]:
    """What share of the messages of each kind was decided how."""
    context: dict[str, Context] = {}
    found: dict[str, list[bool]] = defaultdict(list)
    for message in messages:
        decision = tutor.decide(message.text, context.get(message.member))
        answered = isinstance(decision, TopicAnswer)
        right = isinstance(decision, TopicAnswer) and decision.topics[0].topic in message.topics
        found[message.style].append(right if message.topics else answered)
        if not message.topics:
            found["none"].append(answered)
        if isinstance(decision, TopicAnswer) and right and message.parts and message.style == "follow-up":
            found["part"].append(decision.topics[0].parts[:1] in [(part,) for part in message.parts])
        if message.topics:
            context[message.member] = Context(message.topics[-1], message.parts)
    return {label: share(found[kind]) for kind, label in _LABELS.items()}
