"""`python -m bot grade TOPIC`: grades one open answer, or one a line from standard input."""

from argparse import Namespace
from typing import Any

from bot import words
from bot.console import lines
from bot.console.lines import Message
from bot.console.output import Screen, write_json
from bot.curriculum.model import Curriculum, Topic
from bot.errors import UsageError
from bot.quiz.grading.grade import Grade
from bot.service.answering import UnusableMessage
from bot.service.grading import Grading
from bot.text.normalise import visible

HOW = 'Give an answer (python -m bot grade momentum "it overshoots"), or pipe one a line.'


def run(arguments: Namespace, curriculum: Curriculum) -> int:
    """Returns the exit status. Raises UsageError where there is nothing to grade."""
    grading = Grading(curriculum)
    topic = grading.topic(arguments.topic)
    write = _write_object if arguments.json else _write_page
    text = lines.typed(arguments)
    if text is None:
        for message in lines.piped(arguments, HOW):
            write(message.text, topic, *graded(message, topic, grading))
        return 0
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
    screen.markdown(error or words.grading.told(topic, grade))
