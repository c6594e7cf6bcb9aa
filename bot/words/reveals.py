"""What a question shows once it has closed, to all and to each member."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.curriculum.model import Curriculum
from bot.quiz.kinds.marking import Guessed, Picked
from bot.quiz.kinds.multi import Multi
from bot.quiz.kinds.open import Open
from bot.quiz.kinds.option import LETTERS
from bot.quiz.kinds.predict import FAR, NEAR
from bot.quiz.receipts import Line
from bot.quiz.reveals import Reveal
from bot.quiz.round.state import Judged, Turn
from bot.text.normalise import levelled
from bot.words import quiz, rounds

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


NO_ANSWER = "No answer"
ACCEPTED_LIKE_IT = "A moderator accepted an answer like yours."
APPEALED: dict[Judged, str] = {
    "asked": "You said that you were right; a moderator has yet to decide.",
    "accepted": "You said that you were right, and a moderator agreed.",
    "rejected": "You said that you were right; a moderator left it as it is.",
}


def receipt_heading(points: float, of: int) -> str:
    """Opens a member's own receipt."""
    if not of:
        return f"### Your answers\n{rounds.NOTHING_COUNTED}"
    return f"### Your answers: {quiz.points(points)} of {of}"


def receipt_line(curriculum: Curriculum, turn: Turn, line: Line, number: int, typed: str) -> str:
    """One question of it; `typed` is how an answer in words is shown."""
    return "\n".join(filter(None, _line(curriculum, turn, line, number, typed)))


def _line(curriculum: Curriculum, turn: Turn, line: Line, number: int, typed: str) -> Iterator[str]:
    posed, picks = turn.posed, line.given.picks if isinstance(line.given, Picked) else ()
    yield f"**{rounds.numbered(turn, number)}. {posed.ask}**"
    given = (
        _options(turn, line, picks) if picks else quiz.given(line.given, levelled(typed)) if line.given else NO_ANSWER
    )
    yield f"{given} · {_earned(line.points)}" if not line.void else given
    if line.void:
        yield rounds.voided(turn)
        return
    if line.appeal:
        yield APPEALED[line.appeal]
    elif line.accepted:
        yield ACCEPTED_LIKE_IT
    yield quiz.key_line(posed, line.key)
    if isinstance(line.given, Guessed) and line.key.number is not None and not line.accepted:
        yield _off(line.given.number, line.key.number)
    topic = curriculum.topic(posed.topic)
    if isinstance(posed.form, Open) and line.grade and topic and not line.accepted:
        yield quiz.reasons(topic, posed.form, line.grade)
    if line.points != 1:
        yield from _why(turn, line, picks)


def _why(turn: Turn, line: Line, picks: tuple[int, ...]) -> Iterator[str]:
    posed, form, right = turn.posed, turn.posed.form, line.key.options
    if right:
        yield f"Right: {_options(turn, line, right)}"
    if isinstance(form, Multi) and picks:
        hits = len(set(picks) & set(right))
        wrong = len(picks) - hits
        yield f"{hits} right and {wrong} wrong, of {len(right)} that are right; a wrong pick costs a right one."
    for pick in picks:
        option = posed.options[pick]
        if right and pick not in right and option.misconception:
            yield quiz.misconception(pick, option.misconception)
    yield posed.explain


def _options(turn: Turn, line: Line, places: tuple[int, ...]) -> str:
    said = []
    for place in places:
        measured = quiz.measured(turn.posed.form, line.key, place)
        said.append(f"**{LETTERS[place]}.** {turn.posed.options[place].text}{measured}")
    return " · ".join(said)


def _earned(points: float | None) -> str:
    """None: its grade is still out."""
    return "not graded yet" if points is None else f"**{quiz.points(points)}** of 1"


def _off(guess: float, key: float) -> str:
    if abs(guess - key) <= (NEAR - 1) * abs(key) * (1 + 1e-9):
        return "That is within 10 %."
    if guess * key <= 0:
        return "Only a number near it, of the same sign, earns points."
    ratio = max(guess / key, key / guess)
    return f"Off by a factor of {ratio:,.3g}: within 10 % makes 1, a factor of {FAR:.0f} or more makes 0."
