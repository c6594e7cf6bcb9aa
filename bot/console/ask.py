"""`python -m bot ask` and `grade TOPIC`: one message of the command line, or one a line from standard input.

Nothing that a line holds makes a batch fail.
"""

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO, TypeVar

from bot import words
from bot.console.output import Screen, as_markdown, decision_object, write_json
from bot.curriculum.model import Topic
from bot.errors import UsageError
from bot.matching.decision import Decision, Decline, Explanation
from bot.quiz.grading import Grade
from bot.service.answering import Answering, UnusableMessage
from bot.service.gate import Asker
from bot.service.grading import Grading
from bot.text.normalise import visible

# Far above the 4,000 characters that are read: a longer line is cut here so that no input can fill the memory.
LONGEST_LINE = 1 << 20


@dataclass(frozen=True, slots=True)
class InputLine:
    """One message; `member` makes it part of that member's conversation; `fault` says why it cannot be used."""

    text: str
    member: str | None = None
    fault: str | None = None


def typed(arguments: Namespace) -> str | None:
    """The words of the command line, joined; None where standard input is to be read. Raises UsageError."""
    if not arguments.text or arguments.text == ["-"]:
        return None
    if arguments.jsonl:
        raise UsageError("--jsonl reads objects from standard input; give it no text.")
    # Bytes that are not UTF-8 reach argv as lone surrogates.
    return " ".join(arguments.text).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def piped(arguments: Namespace, how: str) -> Iterator[InputLine]:
    """The messages of standard input. Raises UsageError, which says `how`, where that is a terminal."""
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError(how)
    return (objects if arguments.jsonl else plain)(sys.stdin.buffer)


def plain(stream: BinaryIO) -> Iterator[InputLine]:
    """One message for each line of the stream."""
    return (InputLine(line) for line in lines(stream))


def objects(stream: BinaryIO) -> Iterator[InputLine]:
    """Every line is a JSON object `{"text": ..., "member": ...}`."""
    return (_input_line(line) for line in lines(stream))


def lines(stream: BinaryIO) -> Iterator[str]:
    r"""Lines end at \n; one \r before it is dropped; UTF-8 with errors replaced."""
    while line := stream.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            _skip_line(stream)
        yield line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "replace")


def _skip_line(stream: BinaryIO) -> None:
    while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass


def _input_line(line: str) -> InputLine:
    try:
        value: Any = json.loads(line.removeprefix("\ufeff"))  # the mark that Windows puts before a file
    except (ValueError, RecursionError):
        return InputLine(line, fault='This line is not JSON. Each line must be an object such as {"text": "why?"}.')
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        return InputLine(line, fault='This line has no "text". Each line must be an object such as {"text": "why?"}.')
    member = value.get("member")
    if member is not None and (not isinstance(member, str | int) or isinstance(member, bool)):
        return InputLine(value["text"], fault='"member" must be a text or a whole number.')
    return InputLine(value["text"], None if member is None else str(member))


Explain = Callable[[str], Explanation]
Found = TypeVar("Found", Decision, Grade)
HOW_TO_ASK = 'Give a question (python -m bot ask "why not equal weights?"), or pipe one a line.'
HOW_TO_GRADE = 'Give an answer (python -m bot grade momentum "it overshoots"), or pipe one a line.'


def run_ask(arguments: Namespace, answering: Answering, explain: Explain | None = None) -> int:
    """Decides what was typed or piped. Returns the exit status. Raises UsageError.

    `explain` is given where people want to know why.
    """
    page = _Page(answering, explain)

    def write(text: str, decision: Decision, error: str | None) -> None:
        if arguments.json:
            reasons = {"why": why_object(explain(text))} if explain else {}
            write_json(decision_object(text, decision, error) | reasons)
        else:
            page.write(text, decision, error)

    return _each(arguments, HOW_TO_ASK, lambda message: decided(message, answering), write)


def run_grade(arguments: Namespace, grading: Grading) -> int:
    """Grades what was typed or piped. Returns the exit status. Raises UsageError where there is nothing to grade."""
    topic, screen = grading.topic(arguments.topic), Screen()

    def write(text: str, grade: Grade, error: str | None) -> None:
        if arguments.json:
            write_json(grade_object(text, topic, grade, error))
        else:
            screen.line(f"> {visible(text)[:200]}", "bold")
            screen.markdown(error or words.answers.graded(topic, grade))

    return _each(arguments, HOW_TO_GRADE, lambda message: graded(message, topic, grading), write)


def _each(
    arguments: Namespace,
    how: str,
    find: Callable[[InputLine], tuple[Found, str | None]],
    write: Callable[[str, Found, str | None], None],
) -> int:
    """Writes what is found for the words of the command line, or for each line of standard input.

    Returns the exit status: 2 for a single message that cannot be used. Raises UsageError for such a one where a
    person reads it, and where there is nothing to read; it says `how` then.
    """
    text = typed(arguments)
    if text is None:
        for message in piped(arguments, how):
            write(message.text, *find(message))
        return 0
    found, error = find(InputLine(text))
    if error and not arguments.json:
        raise UsageError(error)
    write(text, found, error)
    return 2 if error else 0


def decided(message: InputLine, answering: Answering) -> tuple[Decision, str | None]:
    """The decision about a message; one that cannot be used is declined, with the reason."""
    if message.fault:
        return Decline(), message.fault
    try:
        return answering.ask(message.text, Asker(message.member or "")), None
    except UnusableMessage as error:
        return Decline(), words.refusals.sentence(error)


class _Page:
    """Shows decisions to a person, each under the question it belongs to."""

    def __init__(self, answering: Answering, explain: Explain | None) -> None:
        self._curriculum = answering.curriculum
        self._explain = explain
        self._screen = Screen()

    def write(self, text: str, decision: Decision, error: str | None) -> None:
        self._screen.line(f"? {visible(text)[:200]}", "bold")
        self._screen.markdown(error or as_markdown(decision, self._curriculum, text))
        if self._explain and not error:
            for line in words.answers.explained(self._explain(text)):
                self._screen.line(line, "dim")


def why_object(found: Explanation) -> dict[str, Any]:
    """The object under "why" (`python -m bot ask --explain --json`): its keys are part of the command-line contract."""
    told = asdict(found)
    return {"heard": told.pop("parsed"), **told}


def graded(message: InputLine, topic: Topic, grading: Grading) -> tuple[Grade, str | None]:
    """The grade of an answer; one that cannot be used has no points, and the reason."""
    if message.fault:
        return grading.nothing(topic), message.fault
    try:
        return grading.grade(topic, message.text), None
    except UnusableMessage as error:
        return grading.nothing(topic), words.refusals.sentence(error)


def grade_object(text: str, topic: Topic, grade: Grade, error: str | None = None) -> dict[str, Any]:
    """The object of the command-line contract (`python -m bot grade TOPIC --json`)."""
    found = {
        "text": text,
        "topic": topic.id,
        "score": round(grade.score, 4),
        "met": [each.point for each in grade.met],
        "missing": list(grade.missing),
        "disputed": [each.point for each in grade.disputed],
        "contradicted": [{"point": each.point, "said": each.said, "why": each.why} for each in grade.contradicted],
        "doubt": round(grade.doubt, 4),
    }
    return found | ({"error": error} if error else {})
