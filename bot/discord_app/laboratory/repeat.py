"""Runs as they are typed: the line that repeats one, which stands below every result, and the forms that change one."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot import words
from bot.discord_app.actions import Action
from bot.discord_app.controls import Form, field
from bot.discord_app.layout import LONGEST_DESCRIPTION, LONGEST_TITLE, MOST_RADIOS
from bot.service.laboratory import requested
from bot.simulations.experiment import SEED, AnyParameter, Choice, Experiment, Value
from bot.simulations.experiments import Request, experiments, find

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

    @property
    def plain(self) -> bool:
        """Whether it can only mean a run: it sets something, or names an experiment as that is called."""
        return bool(self.settings or self.compare) or self.name.casefold() in {one.name for one in experiments()}

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
    """The run that a message types: "simulate momentum beta=0.999 seed=3", or the line itself; else None."""
    if found := read(text):
        return found
    said = _SPOKEN.fullmatch(" ".join(text[:LONGEST_SPOKEN].split()))
    if not said:
        return None
    settings, compare = ((part or "").strip(" ,;.?!") for part in said.group("settings", "compare"))
    return Typed(said["name"], settings, "", compare)


def on(message: discord.Message | None) -> Typed | None:
    """The line on a message of ours: it stands below everything that people have typed."""
    return next(lines(message), None)


def lines(message: discord.Message | None) -> Iterator[Typed]:
    """All such lines, the last first."""
    for text in reversed(list(_texts(message))):
        for code in reversed(re.findall(r"`([^`\n]+)`", text)):
            if line := read(code):
                yield line


def _texts(message: discord.Message | None) -> Iterator[str]:
    for component in message.components if message else ():
        if isinstance(component, discord.TextDisplay):
            yield component.content


FIELDS = 4  # a form has five; the last is for all other settings
LONGEST_VALUE = 60
LONGEST_REST = 1000
_REST, _COMPARE = "the-rest", "compare"

Input = ui.TextInput[ui.Modal] | ui.RadioGroup[ui.Modal]


def change(action: Action, typed: Typed) -> Form:
    """The form that changes the settings of a run; does `action` when it is sent in. Raises UnknownExperiment."""
    experiment = find(typed.name)
    values = spread(experiment, typed)
    fields = [field(_label(p), *_input(p, values)) for p in experiment.parameters[:FIELDS]]
    names = [p.name for p in experiment.parameters[:FIELDS]]
    rest = "\n".join(f"{name}={value}".strip("=") for name, value in values.items() if name not in names)
    last: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id=_REST, style=discord.TextStyle.paragraph, default=rest, required=False, max_length=LONGEST_REST
    )
    return Form(experiment.title, action, [*fields, field(words.laboratory.THE_REST, last, _ranges(experiment))])


def compare(action: Action, typed: Typed) -> Form:
    """The form that adds a second run with one setting changed. Raises UnknownExperiment."""
    experiment = find(typed.name)
    first = experiment.parameters[0]
    text: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id=_COMPARE,
        default=typed.compare[:LONGEST_VALUE] or None,
        placeholder=f"{first.name}={plain(first.default)}",
        max_length=LONGEST_VALUE,
    )
    form = Form(experiment.title, action, [field(words.laboratory.COMPARED_WITH, text, words.laboratory.ONE_CHANGED)])
    return form.add_item(ui.TextDisplay("\n".join(f"`{p.name}`: {p.allowed}" for p in experiment.parameters)))


def changed(name: str, filled: Mapping[str, str]) -> Typed:
    """The run that the form asks for. Raises UnknownExperiment."""
    fields = [p.name for p in find(name).parameters[:FIELDS]]
    given = [f"{one}={_value(one, filled[one])}" for one in fields if filled.get(one, "").strip()]
    return Typed(name, " ".join([*given, *filled.get(_REST, "").split()]))


def compared(base: Typed, filled: Mapping[str, str]) -> Typed:
    """The comparison that the form asks for."""
    return Typed(base.name, base.settings, base.seed, " ".join(filled.get(_COMPARE, "").split()))


def spread(experiment: Experiment, typed: Typed) -> dict[str, str]:
    """Every setting and the seed with what was typed for it, else its default; what fits none is kept as it is."""
    pieces = re.split(r"(?:^|\s)(\w+)\s*=", f" {typed.settings}")
    given = {name: value.strip() for name, value in zip(pieces[1::2], pieces[2::2], strict=True)}
    values = {p.name: given.pop(p.name, plain(p.default)) for p in experiment.parameters}
    values[SEED.name] = given.pop(SEED.name, typed.seed or plain(SEED.default))
    stray = pieces[0].strip()
    return {**values, **given, **({stray: ""} if stray else {})}


def _input(parameter: AnyParameter, values: Mapping[str, str]) -> tuple[Input, str]:
    value = values[parameter.name]
    if isinstance(parameter, Choice) and len(parameter.choices) <= MOST_RADIOS:
        options = [discord.RadioGroupOption(label=one, value=one, default=one == value) for one in parameter.choices]
        return ui.RadioGroup(custom_id=parameter.name, options=options), parameter.does
    text: ui.TextInput[Any] = ui.TextInput(
        custom_id=parameter.name,
        default=value[:LONGEST_VALUE],
        placeholder=parameter.allowed[:LONGEST_DESCRIPTION],
        required=False,
        max_length=LONGEST_VALUE,
    )
    return text, f"{parameter.allowed}: {parameter.does}"


def _label(parameter: AnyParameter) -> str:
    symbol = f" ({parameter.symbol})" if parameter.symbol not in ("", parameter.name) else ""
    return f"{parameter.name}{symbol}"[:LONGEST_TITLE]


def _ranges(experiment: Experiment) -> str:
    """What the last field may hold."""
    rest = [f"{p.name}: {p.allowed}" for p in [*experiment.parameters[FIELDS:], SEED]]
    return f"{words.laboratory.ONE_A_LINE}. {'; '.join(rest)}"


def _value(name: str, text: str) -> str:
    """A value without spaces, and without its name should that have been typed too."""
    return "".join(text.split()).removeprefix(f"{name}=")
