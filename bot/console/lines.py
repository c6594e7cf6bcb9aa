"""What is to be decided or graded: the words of the command line, or standard input, a line or a JSON object a message.

Nothing that a line holds makes it fail.
"""

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from bot.errors import UsageError

# Far above the 4,000 characters that are read: a longer line is cut here so that no input can fill the memory.
LONGEST_LINE = 1 << 20


@dataclass(frozen=True, slots=True)
class Message:
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


def piped(arguments: Namespace, how: str) -> Iterator[Message]:
    """The messages of standard input. Raises UsageError, which says `how`, where that is a terminal."""
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError(how)
    return (objects if arguments.jsonl else plain)(sys.stdin.buffer)


def plain(stream: BinaryIO) -> Iterator[Message]:
    """Every line is a message."""
    return (Message(line) for line in lines(stream))


def objects(stream: BinaryIO) -> Iterator[Message]:
    """Every line is a JSON object `{"text": ..., "member": ...}`."""
    return (_message(line) for line in lines(stream))


def lines(stream: BinaryIO) -> Iterator[str]:
    r"""Lines end at \n; one \r before it is dropped; UTF-8 with errors replaced."""
    while line := stream.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            _skip_line(stream)
        yield line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "replace")


def _skip_line(stream: BinaryIO) -> None:
    while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass


def _message(line: str) -> Message:
    try:
        value: Any = json.loads(line.removeprefix("\ufeff"))  # the mark that Windows puts before a file
    except (ValueError, RecursionError):
        return Message(line, fault='This line is not JSON. Each line must be an object such as {"text": "why?"}.')
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        return Message(line, fault='This line has no "text". Each line must be an object such as {"text": "why?"}.')
    member = value.get("member")
    if member is not None and (not isinstance(member, str | int) or isinstance(member, bool)):
        return Message(value["text"], fault='"member" must be a text or a whole number.')
    return Message(value["text"], None if member is None else str(member))
