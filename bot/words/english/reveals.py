"""What is said when a question of a round closes, and of all of them at its end."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.curriculum.model import Curriculum
from bot.quiz.kinds.open import Open
from bot.quiz.reveals import Reveal
from bot.words.english import quiz, rounds

REFERENCE = "Reference answer"
MOST_GUESSES = 12
MOST_TO_REVIEW = 5


def revealed(curriculum: Curriculum, shown: Reveal) -> str:
    """A closed question: the key, why, who chose what, who scored."""
    turn, posed = shown.turn, shown.turn.posed
    if turn.void:
        return rounds.voided(turn)
    lines = [
        quiz.key_line(posed, shown.key),
        _guesses(shown.guesses),
        _split(shown),
        _points(curriculum, shown),
        quiz.why(curriculum, posed),
        _misled(shown),
        _scored(shown),
    ]
    return "\n".join(filter(None, lines))


def _split(shown: Reveal) -> str:
    posed = shown.turn.posed
    if not posed.options:
        return ""
    marked = quiz.option_lines(posed, shown.key)
    return "\n".join(
        line + (f" · {count} of {shown.answered}" if shown.answered else "")
        for line, count in zip(marked, shown.split, strict=True)
    )


def _points(curriculum: Curriculum, shown: Reveal) -> str:
    """What counts in an answer in words, and how many of the answers said it."""
    posed = shown.turn.posed
    topic = curriculum.topic(posed.topic)
    if topic is None or not isinstance(posed.form, Open):
        return ""
    counting, full = quiz.key_points(topic, posed.form)
    head = "What counts" + (f" (any {full} make full marks)" if full < len(counting) else "") + ":"
    said = [f" · {shown.met.get(point.id, 0)} of {shown.answered}" if shown.answered else "" for point in counting]
    lines = [f"- {point.point}{count}" for point, count in zip(counting, said, strict=True)]
    return "\n".join([head, *lines]) if lines else ""


def _guesses(guesses: Sequence[float]) -> str:
    if len(guesses) > MOST_GUESSES:
        low, middle, high = (quiz.number(guesses[at]) for at in (0, len(guesses) // 2, -1))
        return f"Predicted: from {low} to {high}; the middle one {middle}"
    return f"Predicted: {' · '.join(map(quiz.number, guesses))}" if guesses else ""


def _misled(shown: Reveal) -> str:
    option = shown.misled
    if option is not None and option.misconception:
        return quiz.misconception(shown.turn.posed.options.index(option), option.misconception)
    return f"What the mistake met most leaves out: {shown.mistake}" if shown.mistake else ""


def _scored(shown: Reveal) -> str:
    if not shown.answered:
        return "-# Nobody answered."
    names = [f"{rounds.name(one.name)} {quiz.points(one.points)}" for one in shown.scored[:12]]
    more = f" and {len(shown.scored) - 12} more" if len(shown.scored) > 12 else ""
    return f"-# {shown.answered} answered. Points: {', '.join(names) or 'none'}{more}"


@dataclass(frozen=True, slots=True)
class ToReview:
    """A question of the list: its number, what was asked, the share of its points that was made, and where it stands
    (empty: not known)."""

    number: int
    ask: str
    share: float
    link: str = ""


def worth_reviewing(found: Sequence[ToReview]) -> str:
    """The questions on which least was made."""
    if not found:
        return ""
    more = len(found) - MOST_TO_REVIEW
    lines = ["**Worth reviewing** (points made)", *map(_to_review, found[:MOST_TO_REVIEW])]
    return "\n".join([*lines, *([f"-# and {more} more"] if more > 0 else [])])


def _to_review(one: ToReview) -> str:
    number = f"[{one.number}.]({one.link})" if one.link else f"{one.number}."
    return f"- **{number}** {quiz.short(one.ask)} ({quiz.percent(one.share)})"
