"""`python -m bot ask`: decides one question, or one a line from standard input."""

import sys
from argparse import Namespace
from collections.abc import Callable, Iterable
from dataclasses import asdict

from bot.console import lines, replies
from bot.console.lines import Message
from bot.console.output import Screen, write_json
from bot.errors import UsageError
from bot.language.normalise import visible
from bot.service.answering import Answering, UnusableMessage
from bot.tutor.decision import Decision, Decline
from bot.tutor.explain import Explanation
from bot.words import english as words

Explain = Callable[[str], Explanation]
Writer = Callable[[str, Decision, str | None], None]
HOW = 'Give a question (python -m bot ask "why not equal weights?"), or pipe one a line.'


def run(arguments: Namespace, answering: Answering, explain: Explain | None = None) -> int:
    """Returns the exit status; `explain` is given where people want to know why. Raises UsageError."""
    write = _Objects(explain).write if arguments.json else _Page(answering, explain).write
    if arguments.text and arguments.text != ["-"]:
        return _one(arguments, answering, write)
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError(HOW)
    read = lines.objects if arguments.jsonl else lines.plain
    _batch(read(sys.stdin.buffer), answering, write)
    return 0


def _one(arguments: Namespace, answering: Answering, write: Writer) -> int:
    if arguments.jsonl:
        raise UsageError("--jsonl reads objects from standard input; give it no text.")
    # Bytes that are not UTF-8 reach argv as lone surrogates.
    text = " ".join(arguments.text).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    decision, error = decided(Message(text), answering)
    if error and not arguments.json:
        raise UsageError(error)
    write(text, decision, error)
    return 2 if error else 0


def _batch(messages: Iterable[Message], answering: Answering, write: Writer) -> None:
    for message in messages:
        write(message.text, *decided(message, answering))


def decided(message: Message, answering: Answering) -> tuple[Decision, str | None]:
    """The decision about a message; one that cannot be used is declined, with the reason."""
    if message.fault:
        return Decline(), message.fault
    try:
        return answering.ask(message.text, message.member), None
    except UnusableMessage as error:
        return Decline(), str(error)


class _Objects:
    """Decisions for scripts, one object a line."""

    def __init__(self, explain: Explain | None) -> None:
        self._explain = explain

    def write(self, text: str, decision: Decision, error: str | None) -> None:
        reasons = {"why": asdict(self._explain(text))} if self._explain else {}
        write_json(replies.as_object(text, decision, error) | reasons)


class _Page:
    """Decisions for a person, each under the question it belongs to."""

    def __init__(self, answering: Answering, explain: Explain | None) -> None:
        self._curriculum = answering.curriculum
        self._explain = explain
        self._screen = Screen()

    def write(self, text: str, decision: Decision, error: str | None) -> None:
        self._screen.line(f"? {visible(text)[:200]}", "bold")
        self._screen.markdown(error or replies.as_markdown(decision, self._curriculum))
        if self._explain and not error:
            for line in words.explained(self._explain(text)):
                self._screen.line(line, "dim")
