"""The line that repeats a run. It stands below every result, so that the buttons know what was run, in any process."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import discord

from bot.service.laboratory import requested
from bot.simulations.experiments import find
from bot.simulations.parameters import Value
from bot.simulations.request import Request

_LINE = re.compile(
    r"/simulate experiment:\s*(?P<name>\S{1,60})(?:\s+settings:(?P<settings>.*?))?"
    r"(?:\s+seed:\s*(?P<seed>\S*))?(?:\s+compare:(?P<compare>.*?))?\s*"
)
_PAIR = r"\w+\s?=\s?[^\s=,;]+"
LONGEST_SPOKEN = 500
_SPOKEN = re.compile(
    rf"/?simulate (?P<name>[\w-]{{1,60}})[,:]?(?P<settings>(?:[,;\s]+{_PAIR})*)"
    rf"(?:[,;\s]+compare[:\s]+(?P<compare>{_PAIR}))?\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A run as it is typed; nothing in it has been checked."""

    name: str
    settings: str = ""
    seed: str = ""
    compare: str = ""

    def requested(self) -> Request:
        """Raises UsageError with one line on what is wrong."""
        return requested(self.name, self.settings, self.seed or None, self.compare)

    def __str__(self) -> str:
        options = (("settings", self.settings), ("seed", self.seed), ("compare", self.compare))
        return " ".join([f"/simulate experiment:{self.name}", *(f"{key}:{text}" for key, text in options if text)])


def typed(request: Request) -> Typed:
    """What to type for that request: only what differs from the defaults."""
    experiment, first = find(request.experiment), request.runs[0]
    changed = {p.name: first[p.name] for p in experiment.parameters if first[p.name] != p.default}
    compared = {name: value for run in request.runs[1:] for name, value in run.items() if value != first[name]}
    return Typed(experiment.name, assigned(changed), str(request.seed), assigned(compared))


def assigned(settings: Mapping[str, Value]) -> str:
    """Name=value pairs in a row."""
    return " ".join(f"{name}={plain(value)}" for name, value in settings.items())


def plain(value: Value) -> str:
    """A value as one would type it; read again it is the very same."""
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def read(text: str) -> Typed | None:
    """The line, typed by a person or by ourselves; None where the text is none."""
    found = _LINE.fullmatch(text.strip())
    return Typed(*(part.strip() for part in found.groups(""))) if found else None


def spoken(text: str) -> Typed | None:
    """The run that a message asks for: "simulate momentum beta=0.999 seed=3", or the line itself; else None.

    "Simulate dropout at inference for me" is a question, and none of our business.
    """
    if found := read(text):
        return found
    said = _SPOKEN.fullmatch(" ".join(text[:LONGEST_SPOKEN].split()))
    if not said:
        return None
    settings, compare = ((part or "").strip(" ,;.?!") for part in said.group("settings", "compare"))
    return Typed(said["name"], settings, "", compare)


def on(message: discord.Message | None) -> Typed | None:
    """The line on a message of ours: it stands below everything that people have typed."""
    for text in reversed(list(_texts(message))):
        for code in reversed(re.findall(r"`([^`\n]+)`", text)):
            if line := read(code):
                return line
    return None


def _texts(message: discord.Message | None) -> Iterator[str]:
    for component in message.components if message else ():
        if isinstance(component, discord.TextDisplay):
            yield component.content
