"""The tutor: matches a message to topics and decides what to do about it."""

from rapidfuzz import fuzz, process

from bot.curriculum.model import Curriculum
from bot.language.normalise import folded
from bot.tutor.decision import Answer, Choose, Context, Decision, Decline, Match


class Tutor:
    """Decides messages by the nearest ask. Built once per curriculum; holds no state between messages."""

    def __init__(self, curriculum: Curriculum) -> None:
        pairs = [(folded(a.text), t.id, a.parts) for t in curriculum.topics for a in (*t.asks, *t.follow_ups)]
        pairs += [(folded(t.question), t.id, ()) for t in curriculum.topics]
        self._texts = [text for text, _, _ in pairs]
        self._owners = [(topic, parts) for _, topic, parts in pairs]

    def decide(self, message: str, context: Context | None = None) -> Decision:
        """Decides one message."""
        best: dict[str, Match] = {}
        for _, score, i in process.extract(folded(message), self._texts, scorer=fuzz.token_sort_ratio, limit=30):
            topic, parts = self._owners[i]
            best.setdefault(topic, Match(topic, score / 100, parts))
        ranked = tuple(best.values())
        if ranked and ranked[0].score >= 0.65:
            return Answer(ranked[:1], ranked[1:4])
        if ranked and ranked[0].score >= 0.55:
            return Choose(ranked[:3])
        return Decline(ranked[:3])
