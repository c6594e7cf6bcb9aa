"""What the buttons, selects and forms of experiments and claims carry: `nt1:lab:` + action + whose it is + about what.

At most 100 characters. Settings are not among it: they stand in the message (repeat.py), where there is room for them.
"""

import re
from dataclasses import dataclass
from typing import Literal, cast, get_args

from bot import words
from bot.errors import TutorError

PREFIX = "nt1:lab:"
Action = Literal[
    "again",
    "change",
    "changed",
    "compare",
    "compared",
    "csv",
    "correct",
    "try",
    "tried",
    "claims",
    "page",
    "run",
    "line",
    "later",
]
ACTIONS: tuple[Action, ...] = get_args(Action)
_SHAPE = re.compile(
    rf"{PREFIX}(?P<action>[a-z]{{1,8}}):(?P<asker>[0-9]{{1,20}})(:(?P<about>[\w+-]{{1,60}}))?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class LabPress:
    """Something pressed, chosen or sent in; `about` is what the action needs: an experiment, topics, a page."""

    action: Action
    asker: int
    about: str = ""


def encode(press: LabPress) -> str:
    """The custom id."""
    return f"{PREFIX}{press.action}:{press.asker}" + (f":{press.about}" if press.about else "")


def parse(custom_id: str) -> LabPress:
    """What a custom id means. Raises TutorError for one that this version did not make."""
    found = _SHAPE.fullmatch(custom_id)
    if not found or found["action"] not in ACTIONS:
        raise TutorError(words.answers.OLD_BUTTON)
    return LabPress(cast(Action, found["action"]), int(found["asker"]), found["about"] or "")
