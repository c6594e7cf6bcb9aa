"""Messages with what they ask, as the benchmark reads them."""

import json
from dataclasses import dataclass
from pathlib import Path

SHARED = Path("../shared/eval/ask-dev.jsonl")
DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Message:
    """A message, the topics it asks (none: nobody answers it) and what sort of message it is."""

    text: str
    topics: tuple[str, ...]
    style: str
    parts: tuple[str, ...] = ()
    unanswered: bool = False
    member: str = ""


def read(path: Path) -> list[Message]:
    """The messages of a file, one JSON object a line."""
    return [_message(json.loads(line)) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _message(row: dict) -> Message:
    style = row.get("style") or row.get("kind") or "message"
    return Message(
        row["text"],
        tuple(row["topics"]),
        style,
        tuple(row.get("parts") or ()),
        bool(row.get("unanswered")),
        row.get("member", ""),
    )


def chosen(path: Path | None) -> Path | None:
    """The file asked for, or the first there is of those known."""
    known = [path] if path else [SHARED, DATA / "phrasings.jsonl"]
    return next((each for each in known if each.is_file()), None)


def real(message: Message) -> bool:
    """Whether a person typed it on a forum."""
    return message.style in {"real", "forum"}


def small_talk(message: Message) -> bool:
    """Whether it has nothing to do with deep learning."""
    return message.style in {"chat", "off"}
