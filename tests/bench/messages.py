"""Messages with what they ask, as the benchmark reads them."""

import json
from dataclasses import dataclass, field
from pathlib import Path

SHARED_SETS = Path("../shared/eval")
SHARED = SHARED_SETS / "ask-dev.jsonl"
DATA = Path(__file__).parent.parent / "data"

_WORD_BACK = frozenset({"", "greeting", "thanks", "complaint", "chatter"})  # intents that name no topic


@dataclass(frozen=True, slots=True)
class Message:
    """A message, the topics it asks (none: nobody answers it) and what sort of message it is."""

    text: str
    topics: tuple[str, ...]
    style: str
    parts: tuple[str, ...] = ()
    unanswered: bool = False
    member: str = ""
    intent: str = ""  # what it wants; empty where the set does not say
    borderline: bool = False  # two fair readers may differ on what it asks
    near: str = ""  # of a near miss or another sense: the topic whose subject or word it names
    statement: str = ""  # what of the answer it asks after, word for word
    form: str = ""  # of a question about a statement: yes-no, what, why, negated
    right: frozenset[str] = field(default_factory=frozenset)  # of a first message: what would be right to do

    @property
    def is_question(self) -> bool:
        """Whether it is to be matched with topics, as far as the set says."""
        return self.intent in {"", "question"}


def read(path: Path) -> list[Message]:
    """The messages of a file, one JSON object a line."""
    return [_message(json.loads(line)) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _message(row: dict) -> Message:
    wanted = [row["want"], *row.get("also", ())] if "want" in row else []
    return Message(
        text=row["text"],
        topics=tuple(row["topics"]),
        style=row.get("style") or row.get("kind") or "message",
        parts=tuple(row.get("parts") or ()),
        unanswered=bool(row.get("unanswered")),
        member=row.get("member", ""),
        intent=row.get("intent", ""),
        borderline=bool(row.get("borderline")),
        near=row.get("near", ""),
        statement=row.get("statement", ""),
        form=row.get("form", ""),
        right=frozenset(wanted),
    )


def chosen(path: Path | None) -> Path | None:
    """The file asked for, or the first there is of those known."""
    known = [path] if path else [SHARED, DATA / "phrasings.jsonl"]
    return next((each for each in known if each.is_file()), None)


def real(message: Message) -> bool:
    """Whether a person typed it on a forum."""
    return message.style in {"real", "forum"}


def small_talk(message: Message) -> bool:
    """Whether it has nothing to do with what is taught, and names nothing of it."""
    return message.style in {"chat", "off"} and not message.near and message.intent in _WORD_BACK | {"question"}
