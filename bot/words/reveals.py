"""What is said of a question once it has closed: the reveal to all, what is worth another look, and receipts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot import formats
from bot.curriculum.model import Curriculum
from bot.quiz.kinds.base import LETTERS, DrawnQuestion, Key
from bot.quiz.reveals import ReceiptLine, Reveal
from bot.quiz.round.turn import Turn
from bot.quiz.scoring import Called
from bot.text.normalise import levelled
from bot.words import disputes, kinds, quiz
from bot.words.rounds import NOTHING_COUNTED, NOTHING_COUNTS, numbered, voided, who

REFERENCE = "Reference answer"
SHOWN_ANEW = "The message of this question was deleted; this is how it ended."
NOT_RUN = "Its experiment was not run: *Try it* runs it."
MOST_GUESSES = 12
MOST_TO_REVIEW = 5


def revealed(curriculum: Curriculum, shown: Reveal) -> str:
    """A closed question: the key, why, who chose what, who scored. Of one that does not count: why not, and the key."""
    turn, question, about = shown.turn, shown.turn.question, kinds.of(shown.turn.question)
    topic = curriculum.topic(question.topic)
    if turn.void:
        told = [voided(turn, shown.ended_by), *solved(curriculum, question, shown.key)]
        return "\n".join(filter(None, [*told, NOT_RUN if turn.void != "failed" and _unknown(shown) else ""]))
    lines = [
        about.key_line(question, shown.key),
        _guesses(about.given, shown.guesses),
        _split(shown),
        about.revealed(question, topic, shown),
        quiz.why(curriculum, question),
        _misled(shown),
        _scored(shown),
        closed_by(turn, shown.ended_by),
    ]
    return "\n".join(filter(None, lines))


def closed_by(turn: Turn, by: Called | None) -> str:
    """Who closed a question by *Next*; empty where it closed by itself."""
    return f"-# Closed by {who(by)}." if by and not turn.void else ""


def solved(curriculum: Curriculum, question: DrawnQuestion, key: Key) -> Iterator[str]:
    """The key of a question and the reason behind it, without a word of who answered what."""
    yield kinds.of(question).key_line(question, key)
    if question.way.picks:
        yield "\n".join(quiz.option_lines(question, key))
    yield kinds.of(question).counts(question, curriculum.topic(question.topic))
    yield quiz.why(curriculum, question)


def _unknown(shown: Reveal) -> bool:
    """Whether it takes a run to know what is right, and there was none."""
    return bool(shown.turn.question.runs) and shown.turn.metrics is None


def _split(shown: Reveal) -> str:
    question = shown.turn.question
    if not question.way.picks:
        return ""
    marked = quiz.option_lines(question, shown.key)
    return "\n".join(
        line + (f" · {count} of {shown.answered}" if shown.answered else "")
        for line, count in zip(marked, shown.split, strict=True)
    )


def _guesses(given: str, guesses: Sequence[float]) -> str:
    if len(guesses) > MOST_GUESSES:
        low, middle, high = (formats.four_digits(guesses[at]) for at in (0, len(guesses) // 2, -1))
        return f"{given}: from {low} to {high}; the middle one {middle}"
    return f"{given}: {' · '.join(map(formats.four_digits, guesses))}" if guesses else ""


def _misled(shown: Reveal) -> str:
    option = shown.misled
    if option is not None and option.misconception:
        return quiz.misconception(shown.turn.question.options.index(option), option.misconception)
    return f"What the mistake met most leaves out: {shown.mistake}" if shown.mistake else ""


def _scored(shown: Reveal) -> str:
    answered = shown.answered + shown.forgotten
    saw = f" {shown.saw} more answered once they had seen the answer: without points." if shown.saw else ""
    if not answered:
        return f"-# Nobody answered.{saw}"
    names = [f"{who(one.called)} {formats.points(one.points)}" for one in shown.scored[:12]]
    more = f" and {len(shown.scored) - 12} more" if len(shown.scored) > 12 else ""
    return f"-# {answered} answered. Points: {', '.join(names) or 'none'}{more}{'.' if saw else ''}{saw}"


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
    return f"- **{number}** {quiz.short(one.ask)} ({formats.whole_percent(one.share)})"


RECEIPT_KEPT = "A quiz round is asking about this topic right now. Press *My answers* again after the close."
NO_ANSWER = "No answer"
SEEN_BEFORE = "no points, as you had seen the answer"
DID_NOT_PLAY = "You have no answer in this round, so there is none to show."
ACCEPTED_LIKE_IT = "A moderator accepted an answer like yours."


def receipt_heading(points: float, of: int, over: bool = False) -> str:
    """Opens a member's own receipt; `over`: the round has ended."""
    if not of:
        return f"### Your answers\n{NOTHING_COUNTS if over else NOTHING_COUNTED}"
    return f"### Your answers: {formats.points(points)} of {of}"


def receipt_kept(turn: Turn, number: int) -> str:
    """In place of one question of it, while another round asks about the same."""
    return f"**{numbered(turn, number)}. {turn.question.ask}**\n{RECEIPT_KEPT}"


def receipt_line(curriculum: Curriculum, turn: Turn, line: ReceiptLine, number: int, typed: str) -> str:
    """One question of it; `typed` is how an answer in words is shown."""
    return "\n".join(filter(None, _line(curriculum, turn, line, number, typed)))


def _line(curriculum: Curriculum, turn: Turn, line: ReceiptLine, number: int, typed: str) -> Iterator[str]:
    question, picks, about = turn.question, line.answer.picks if line.answer else (), kinds.of(turn.question)
    yield f"**{numbered(turn, number)}. {question.ask}**"
    shown = (
        _options(turn, line, picks)
        if picks
        else quiz.answered(line.answer, levelled(typed))
        if line.answer
        else NO_ANSWER
    )
    yield f"{shown} · {SEEN_BEFORE if line.saw else _earned(line.points)}" if not line.void else shown
    if line.flag:
        yield f"{disputes.FLAGGED[line.flag]} {disputes.WAITS[line.flag_waits]}".rstrip()
    if line.void:
        yield voided(turn, line.ended_by)
        yield about.key_line(question, line.key)
        if line.key.options:
            yield f"Right: {_options(turn, line, line.key.options)}"
        yield quiz.explained(question)
        return
    if line.appeal:
        yield f"{disputes.APPEALED[line.appeal]} {disputes.WAITS[line.appeal_waits]}".rstrip()
    elif line.accepted:
        yield ACCEPTED_LIKE_IT
    yield about.key_line(question, line.key)
    yield about.earned(question, curriculum.topic(question.topic), line)
    if line.points != 1:
        yield from _why(turn, line, picks)


def _why(turn: Turn, line: ReceiptLine, picks: tuple[int, ...]) -> Iterator[str]:
    question, right = turn.question, line.key.options
    if right:
        yield f"Right: {_options(turn, line, right)}"
    yield kinds.of(question).not_all_right(question, line)
    for pick in picks:
        option = question.options[pick]
        if right and pick not in right and option.misconception:
            yield quiz.misconception(pick, option.misconception)
    yield quiz.explained(question)


def _options(turn: Turn, line: ReceiptLine, places: tuple[int, ...]) -> str:
    said = []
    for place in places:
        measured = kinds.of(turn.question).measured(turn.question, line.key, place)
        said.append(f"**{LETTERS[place]}.** {turn.question.options[place].text}{measured}")
    return " · ".join(said)


def _earned(points: float | None) -> str:
    """None: its grade is still out."""
    return "not graded yet" if points is None else f"**{formats.points(points)}** of 1"


def away_that_day(turn: Turn) -> str:
    """Below what is right in a question of the day, where that was not heard for much of it; else empty."""
    if turn.void or not turn.cut_too_short:
        return ""
    return f"-# I could not be reached for {turn.lost / 3600:.0f} hours of it, so not everybody could answer."
