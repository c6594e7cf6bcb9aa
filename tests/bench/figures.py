"""The figures of a run: what share of messages was decided how, and the rails that choices and suggestions keep."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.matching.decision import Choose, Decision, Decline, Match, TopicAnswer
from tests.bench.messages import Message, real, small_talk

Decided = tuple[Message, Decision]
MOST_OFFERED = 3
_FEW_ASKS_CHOICE = 0.20  # of messages, where topics have five asks


def matches(decision: Decision) -> tuple[Match, ...]:
    """What was answered, offered or suggested, best first."""
    if isinstance(decision, TopicAnswer):
        return decision.topics
    return decision.candidates if isinstance(decision, Choose) else decision.suggestions


def rightly(message: Message, decision: Decision) -> float:
    """1 for the right thing, half for a choice with a right topic in it.

    What is no question is decided rightly by declining with its intent.
    """
    if not message.is_question:
        return float(isinstance(decision, Decline) and decision.intent == message.intent)
    if not message.topics:
        return float(not isinstance(decision, TopicAnswer))
    if isinstance(decision, TopicAnswer):
        return float(decision.topics[0].topic in message.topics)
    return 0.5 * (isinstance(decision, Choose) and pointed(message, decision))


def answered(decision: Decision) -> bool:
    """Whether a topic was answered."""
    return isinstance(decision, TopicAnswer)


def answered_rightly(message: Message, decision: Decision) -> bool:
    """Whether a topic that the message asks was answered, first."""
    return isinstance(decision, TopicAnswer) and decision.topics[0].topic in message.topics


def answered_wrongly(message: Message, decision: Decision) -> bool:
    """Whether a topic that the message does not ask was answered, first."""
    return isinstance(decision, TopicAnswer) and decision.topics[0].topic not in message.topics


def pointed(message: Message, decision: Decision) -> bool:
    """Whether there is a way to a topic that the message asks: answered, offered or suggested."""
    return any(match.topic in message.topics for match in matches(decision))


def share(values: Iterable[bool | float]) -> float:
    """The mean, not a number where there is nothing to take it of."""
    found = list(values)
    return sum(found) / len(found) if found else float("nan")


def by_style(decided: Sequence[Decided]) -> dict[str, float]:
    """The share decided rightly, by style of message."""
    styles = dict.fromkeys(message.style for message, _ in decided)
    return {style: share(rightly(m, d) for m, d in decided if m.style == style) for style in styles}


@dataclass(frozen=True, slots=True)
class Rail:
    """A bound that stands beside the figures, so that none of them is bought by offering everything."""

    name: str
    value: float
    bound: float
    at_most: bool = True

    @property
    def held(self) -> bool:
        """Whether the value keeps to the bound; where there is nothing to measure it does."""
        return not (self.value > self.bound if self.at_most else self.value < self.bound)

    def __str__(self) -> str:
        broken = "" if self.held else f"! ({'<=' if self.at_most else '>='} {self.bound:g})"
        return f"{self.name} {self.value:.2f}{broken}"


def rails(decided: Sequence[Decided], few_asks: bool = False) -> list[Rail]:
    """The guard rails of a set; `few_asks` where its topics have five asks, and a choice may be more frequent."""
    inside = [(m, d) for m, d in decided if m.topics and m.is_question]
    outside = [(m, d) for m, d in decided if not m.topics]
    offered = [(m, d) for m, d in inside if isinstance(d, Choose)]
    declined = [(m, d) for m, d in inside if isinstance(d, Decline)]
    choices = [len(d.candidates) for _, d in decided if isinstance(d, Choose)]
    talk = [d for m, d in outside if small_talk(m)]
    found = [
        Rail("choose out", share(isinstance(d, Choose) for _, d in outside), _FEW_ASKS_CHOICE if few_asks else 0.10),
        Rail("in", share(isinstance(d, Choose) for _, d in inside), _FEW_ASKS_CHOICE if few_asks else 0.08),
        Rail("wanted", share(pointed(m, d) for m, d in offered), 0.95, at_most=False),
        Rail("suggests chat", share(isinstance(d, Decline) and bool(d.suggestions) for d in talk), 0.05),
        Rail("first right", share(_first_right(m, d) for m, d in declined), 0.70, at_most=False),
        Rail("most offered", float(max(choices, default=0)), MOST_OFFERED),
    ]
    return [rail for rail in found if not np.isnan(rail.value) and (rail.name != "most offered" or not rail.held)]


def _first_right(message: Message, decision: Decline) -> bool:
    return bool(decision.suggestions) and decision.suggestions[0].topic in message.topics


def figures(decided: Sequence[Decided]) -> dict[str, float]:
    """Every figure that a file of single messages can give."""
    inside = [(m, d) for m, d in decided if m.topics and m.is_question]
    outside = [(m, d) for m, d in decided if not m.topics]
    near = [(m, d) for m, d in outside if not small_talk(m) and m.is_question]
    two = [(m, d) for m, d in inside if len(m.topics) > 1]
    parted = [(m, d) for m, d in inside if m.parts and answered(d)]
    return {
        "decided rightly": share(rightly(m, d) for m, d in decided),
        "in scope: answered, right topic first": share(answered_rightly(m, d) for m, d in inside),
        "in scope: answered, wrong topic first": share(answered_wrongly(m, d) for m, d in inside),
        "near misses answered, written for this": share(answered(d) for m, d in near if not real(m)),
        "near misses answered, by real people": share(answered(d) for m, d in near if real(m)),
        "chat and off-topic answered": share(answered(d) for m, d in outside if small_talk(m)),
        "out of scope: offered a choice": share(isinstance(d, Choose) for _, d in outside),
        "asks two things: both answered": share(_both(m, d) for m, d in two),
        "asks one thing: more than one answered": share(_extra(m, d) for m, d in inside if len(m.topics) == 1),
        "a piece no topic fits: named": share(bool(d.unanswered) for m, d in decided if m.unanswered),
        "all pieces fit: one named all the same": share(bool(d.unanswered) for m, d in inside if not m.unanswered),
        "offered a choice: right topic in it": share(pointed(m, d) for m, d in inside if isinstance(d, Choose)),
        "asks for a part: that part first": share(_part(m, d) for m, d in parted),
        "calibration error, 10 bins": calibration(decided),
    }


def calibration(decided: Sequence[Decided], bins: int = 10) -> float:
    """How far the score of the best topic is from the share of messages that ask it, averaged over bins of scores."""
    pairs = [(matches(d)[0].score, matches(d)[0].topic in m.topics) for m, d in decided if matches(d)]
    scores = np.array([score for score, _ in pairs])
    right = np.array([hit for _, hit in pairs], dtype=float)
    places = np.minimum((scores * bins).astype(int), bins - 1)
    gaps = [abs(scores[places == b].sum() - right[places == b].sum()) for b in range(bins)]
    return float(sum(gaps) / max(1, len(pairs)))


def worst(decided: Sequence[Decided], count: int = 10) -> list[Decided]:
    """The mistakes that were made with the most conviction."""
    wrong = [(m, d) for m, d in decided if rightly(m, d) < 1]
    return sorted(wrong, key=lambda pair: -_conviction(*pair))[:count]


def _conviction(message: Message, decision: Decision) -> float:
    best = matches(decision)[0].score if matches(decision) else 0.0
    return best if isinstance(decision, TopicAnswer) else 1 - best - (0.5 if isinstance(decision, Choose) else 0)


def _both(message: Message, decision: Decision) -> bool:
    return isinstance(decision, TopicAnswer) and {m.topic for m in decision.topics} >= set(message.topics)


def _extra(message: Message, decision: Decision) -> bool:
    return isinstance(decision, TopicAnswer) and len(decision.topics) > 1


def _part(message: Message, decision: Decision) -> bool:
    """Whether the part named first is one asked for, in every topic that was answered with parts."""
    first = [match.parts[0] for match in matches(decision) if match.parts]
    return bool(first) and all(part in message.parts for part in first)
