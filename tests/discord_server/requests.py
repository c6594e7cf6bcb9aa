"""What the bot has asked of the server, kept in order for the test to read."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import Refusal, refused


@dataclass
class Call:
    """One request. `body` is the JSON, also where it came as the payload_json of a multipart form."""

    method: str
    path: str
    query: Mapping[str, str]
    token: str | None = None
    body: Any = None
    files: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)  # name -> (filename, type, bytes)
    template: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    status: int = 0  # of the answer; 0 while it is under way, -1 if the connection was broken
    answer: Any = None
    arrived: float = field(default_factory=time.perf_counter)
    undocumented: list[str] = field(default_factory=list)  # what Discord's OpenAPI document has against the body

    def check_documented(self) -> None:
        """Called after the checks that know Discord's own errors, before anything is done. Raises 50035."""
        if self.undocumented:
            told = [{"code": "OPENAPI", "message": message} for message in self.undocumented]
            raise refused(Refusal.INVALID_FORM, {"body": {"_errors": told}})

    def number(self, name: str) -> int:
        """An id out of the path; what is no number names nothing."""
        return int(self.ids[name]) if self.ids[name].isdigit() else 0

    def __str__(self) -> str:
        sent = "" if self.body is None else " " + _short(self.body)
        outcome = f"-> {self.status}" if self.status > 0 else "(not answered yet)" if not self.status else "(lost)"
        refused = " " + _short(self.answer) if self.status >= 400 else ""
        return f"{self.method} {self.path}{sent} {outcome}{refused}"


class RequestLog:
    """`base` is the root that the server is reached at, e.g. http://127.0.0.1:4242."""

    def __init__(self) -> None:
        self.base = ""
        self.calls: list[Call] = []

    def mark(self) -> int:
        return len(self.calls)

    def account(self, start: int = 0) -> str:
        """The requests in words, for the message of a failed test; the latest 20, and where the wait began."""
        if not self.calls:
            return "The bot has made no request at all."
        lines = [("after: " if place >= start else "before: ") + str(call) for place, call in enumerate(self.calls)]
        if start == len(self.calls):
            lines.append("after: (no request)")
        return "Requests of the bot:\n  " + "\n  ".join(lines[-20:])


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else text[:297] + "..."
