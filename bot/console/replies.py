"""A decision as the terminal shows it: an object for scripts, Markdown for people."""

from collections.abc import Sequence
from typing import Any

from bot import words
from bot.curriculum.model import Curriculum, Topic
from bot.matching.decision import Answer, Choose, Decision, Decline, Match
from bot.service.evidence import Tally


def as_object(text: str, decision: Decision, error: str | None = None) -> dict[str, Any]:
    """The object of the command-line contract (`python -m bot ask --json`)."""
    kind, topics, suggestions = _kind(decision)
    found = {
        "text": text,
        "decision": kind,
        "topics": [_match(match) for match in topics],
        "suggestions": [_match(match) for match in suggestions],
        "unanswered": list(decision.unanswered),
    }
    return found | ({"error": error} if error else {})


def _kind(decision: Decision) -> tuple[str, Sequence[Match], Sequence[Match]]:
    match decision:
        case Answer(topics=topics):
            return "answer", topics, ()
        case Choose(candidates=candidates):
            return "choose", candidates, ()
        case Decline(suggestions=suggestions):
            return "decline", (), suggestions


def _match(match: Match) -> dict[str, Any]:
    return {"topic": match.topic, "score": round(match.score, 4), "parts": list(match.parts)}


def offered(decision: Decision) -> tuple[Match, ...]:
    """What a person can pick by number after this decision."""
    match decision:
        case Answer():
            return ()
        case Choose(candidates=candidates):
            return candidates
        case Decline(suggestions=suggestions):
            return suggestions


def as_markdown(decision: Decision, curriculum: Curriculum) -> str:
    """What a person reads."""
    match decision:
        case Answer(topics=topics, unanswered=pieces):
            shown = [topic_markdown(topic, m.parts) for m in topics if (topic := curriculum.topic(m.topic))]
            return "\n\n---\n\n".join(shown + ([words.answers.unanswered(pieces)] if pieces else []))
        case Choose(candidates=candidates):
            return f"{words.answers.choose(len(candidates))}\n\n{numbered(candidates, curriculum)}"
        case Decline(suggestions=suggestions):
            nearest = f"\n\n{words.answers.NEAREST}\n\n{numbered(suggestions, curriculum)}" if suggestions else ""
            return f"{words.answers.DECLINE} {words.answers.covers(curriculum)}{nearest}"


def numbered(matches: Sequence[Match], curriculum: Curriculum) -> str:
    """Candidates as a numbered list."""
    headings = [words.answers.heading(topic, m.parts) for m in matches if (topic := curriculum.topic(m.topic))]
    return "\n".join(f"{i}. {heading}" for i, heading in enumerate(headings, 1))


def topic_markdown(topic: Topic, parts: Sequence[str] = ()) -> str:
    """Title, the passages of the parts that were asked after, the reference answer word for word, further reading."""
    passages = [text for part_id in parts if (part := topic.part(part_id)) and (text := words.answers.passage(part))]
    first = [f"> {text}" for text in passages] + ([f"*{words.answers.WHOLE_ANSWER}:*"] if passages else [])
    last = [f"*{words.answers.reading(topic.reading)}*"] if topic.reading else []
    return "\n\n".join([f"### {words.answers.heading(topic, parts)}", *first, topic.answer, *_tested(topic), *last])


def _tested(topic: Topic) -> list[str]:
    """What the experiments say: where the answer is wrong, and how its claims stand."""
    wrong = [claim for claim in topic.claims if claim.verdict == "contradicted"]
    tested = words.laboratory.tested(Tally.of(topic.claims))
    return [*([words.laboratory.disagreement(wrong)] if wrong else []), *([f"*{tested}*"] if tested else [])]
