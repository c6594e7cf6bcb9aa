"""The figures of a run: what share of the messages was decided how."""

from collections.abc import Iterable, Sequence

import numpy as np

from bot.matching.decision import Choose, Decision, Match, TopicAnswer
from tests.bench.messages import Message, real, small_talk

Decided = tuple[Message, Decision]


def matches(decision: Decision) -> tuple[Match, ...]:
    """What was answered, offered or suggested, best first."""
    if isinstance(decision, TopicAnswer):
        return decision.topics
    return decision.candidates if isinstance(decision, Choose) else decision.suggestions


def rightly(message: Message, decision: Decision) -> float:
    """1 for the right thing, half for a choice with a right topic in it."""
    if not message.topics:
        return float(not isinstance(decision, TopicAnswer))
    if isinstance(decision, TopicAnswer):
        return float(decision.topics[0].topic in message.topics)
    offered = isinstance(decision, Choose) and any(m.topic in message.topics for m in decision.candidates)
    return 0.5 * offered


def share(values: Iterable[bool | float]) -> float:
    """The mean, not a number where there is nothing to take it of."""
    found = list(values)
    return sum(found) / len(found) if found else float("nan")


def by_style(decided: Sequence[Decided]) -> dict[str, float]:
    """The share decided rightly, by style of message."""
    styles = dict.fromkeys(message.style for message, _ in decided)
    return {style: share(rightly(m, d) for m, d in decided if m.style == style) for style in styles}


def figures(decided: Sequence[Decided]) -> dict[str, float]:
    """Every figure that a file of single messages can give."""
    inside = [(m, d) for m, d in decided if m.topics]
    outside = [(m, d) for m, d in decided if not m.topics]
    near = [(m, d) for m, d in outside if not small_talk(m)]
    two = [(m, d) for m, d in inside if len(m.topics) > 1]
    parted = [(m, d) for m, d in inside if m.parts and isinstance(d, TopicAnswer)]
    return {
        "decided rightly": share(rightly(m, d) for m, d in decided),
        "in scope: answered, right topic first": share(_answered(d) and _right(m, d) for m, d in inside),
        "in scope: answered, wrong topic first": share(_answered(d) and not _right(m, d) for m, d in inside),
        "near misses answered, written for this": share(_answered(d) for m, d in near if not real(m)),
        "near misses answered, by real people": share(_answered(d) for m, d in near if real(m)),
        "chat and off-topic answered": share(_answered(d) for m, d in outside if small_talk(m)),
        "out of scope: offered a choice": share(isinstance(d, Choose) for _, d in outside),
        "asks two things: both answered": share(_both(m, d) for m, d in two),
        "asks one thing: more than one answered": share(_extra(m, d) for m, d in inside if len(m.topics) == 1),
        "a piece no topic fits: named": share(bool(d.unanswered) for m, d in decided if m.unanswered),
        "all pieces fit: one named all the same": share(bool(d.unanswered) for m, d in inside if not m.unanswered),
        "offered a choice: right topic in it": share(_offered(m, d) for m, d in inside if isinstance(d, Choose)),
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


def _answered(decision: Decision) -> bool:
    return isinstance(decision, TopicAnswer)


def _right(message: Message, decision: Decision) -> bool:
    return bool(matches(decision)) and matches(decision)[0].topic in message.topics


def _both(message: Message, decision: Decision) -> bool:
    return isinstance(decision, TopicAnswer) and {m.topic for m in decision.topics} >= set(message.topics)


def _extra(message: Message, decision: Decision) -> bool:
    return isinstance(decision, TopicAnswer) and len(decision.topics) > 1


def _offered(message: Message, decision: Decision) -> bool:
    return any(match.topic in message.topics for match in matches(decision))


def _part(message: Message, decision: Decision) -> bool:
    """Whether the part named first is one asked for, in every topic that was answered with parts."""
    first = [match.parts[0] for match in matches(decision) if match.parts]
    return bool(first) and all(part in message.parts for part in first)
