"""`python -m bot ask`: decides one question, or one a line from standard input."""

from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict

from bot import words
from bot.console import lines, replies
from bot.console.lines import Message
from bot.console.output import Screen, write_json
from bot.errors import UsageError
from bot.matching.decision import Decision, Decline
from bot.matching.explain import Explanation
from bot.service.answering import Answering, UnusableMessage
from bot.text.normalise import visible

Explain = Callable[[str], Explanation]
HOW = 'Give a question (python -m bot ask "why not equal weights?"), or pipe one a line.'


def run(arguments: Namespace, answering: Answering, explain: Explain | None = None) -> int:
    """Returns the exit status; `explain` is given where people want to know why. Raises UsageError."""
    write = _Objects(explain).write if arguments.json else _Page(answering, explain).write
    text = lines.typed(arguments)
    if text is None:
        for message in lines.piped(arguments, HOW):
            write(message.text, *decided(message, answering))
        return 0
    decision, error = decided(Message(text), answering)
    if error and not arguments.json:
        raise UsageError(error)
    write(text, decision, error)
    return 2 if error else 0


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
            for line in words.answers.explained(self._explain(text)):
                self._screen.line(line, "dim")
