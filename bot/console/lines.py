"""Standard input as messages: one a line, or one JSON object a line. Never fails on what a line holds."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

# Far above the 4,000 characters that are read: a longer line is cut here so that no input can fill the memory.
LONGEST_LINE = 1 << 20


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `member` makes it part of that member's conversation; `fault` says why it cannot be used."""

    text: str
    member: str | None = None
    fault: str | None = None


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
