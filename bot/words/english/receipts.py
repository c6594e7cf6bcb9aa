"""A member's own receipt of a round: for each question what they gave, what it earned, and why."""

from collections.abc import Iterator

from bot.curriculum.model import Curriculum
from bot.language.direction import levelled
from bot.quiz.kinds.marking import Guessed, Picked
from bot.quiz.kinds.multi import Multi
from bot.quiz.kinds.open import Open
from bot.quiz.kinds.option import LETTERS
from bot.quiz.kinds.predict import FAR, NEAR
from bot.quiz.receipts import Line
from bot.quiz.round.state import Judged, Turn
from bot.words.english import quiz, rounds

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
