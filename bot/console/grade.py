"""`python -m bot grade TOPIC`: grades one open answer, or one a line from standard input."""

import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.console import lines
from bot.console.lines import Message
from bot.console.output import Screen, write_json
from bot.curriculum.loader import load
from bot.curriculum.model import Topic
from bot.errors import UsageError
from bot.language.normalise import visible
from bot.quiz.grading.grade import Grade
from bot.service.answering import UnusableMessage
from bot.service.grading import Grading
from bot.words import grading as words

Writer = Callable[[str, Topic, Grade, str | None], None]
HOW = 'Give an answer (python -m bot grade momentum "it overshoots"), or pipe one a line.'


def run(arguments: Namespace, knowledge: Path) -> int:
    """Returns the exit status. Raises UsageError where there is nothing to grade, KnowledgeError where the knowledge is
    at fault."""
    grading = Grading(load(knowledge))
    topic = grading.topic(arguments.topic)
    write = _write_object if arguments.json else _write_page
    if arguments.text and arguments.text != ["-"]:
        return _one(arguments, topic, grading, write)
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError(HOW)
    read = lines.objects if arguments.jsonl else lines.plain
    for message in read(sys.stdin.buffer):
        write(message.text, topic, *graded(message, topic, grading))
    return 0


def _one(arguments: Namespace, topic: Topic, grading: Grading, write: Writer) -> int:
    if arguments.jsonl:
        raise UsageError("--jsonl reads objects from standard input; give it no text.")
    # Bytes that are not UTF-8 reach argv as lone surrogates.
    text = " ".join(arguments.text).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    grade, error = graded(Message(text), topic, grading)
    if error and not arguments.json:
        raise UsageError(error)
    write(text, topic, grade, error)
    return 2 if error else 0


def graded(message: Message, topic: Topic, grading: Grading) -> tuple[Grade, str | None]:
    """The grade of an answer; one that cannot be used has no points, and the reason."""
    if message.fault:
        return grading.nothing(topic), message.fault
    try:
        return grading.grade(topic, message.text), None
    except UnusableMessage as error:
        return grading.nothing(topic), str(error)


def as_object(text: str, topic: Topic, grade: Grade, error: str | None = None) -> dict[str, Any]:
    """The object of the command-line contract (`python -m bot grade TOPIC --json`)."""
    found = {
        "text": text,
        "topic": topic.id,
        "score": round(grade.score, 4),
        "met": [each.point for each in grade.met],
        "missing": list(grade.missing),
        "disputed": [each.point for each in grade.disputed],
        "contradicted": [{"point": each.point, "said": each.said, "why": each.why} for each in grade.contradicted],
    }
    return found | ({"error": error} if error else {})


def _write_object(text: str, topic: Topic, grade: Grade, error: str | None) -> None:
    write_json(as_object(text, topic, grade, error))


def _write_page(text: str, topic: Topic, grade: Grade, error: str | None) -> None:
    screen = Screen()
    screen.line(f"> {visible(text)[:200]}", "bold")
    screen.markdown(error or words.told(topic, grade))
