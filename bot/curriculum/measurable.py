"""What an experiment takes and measures, as far as knowledge files name it: its settings, its metrics, and the run that
"Try it" shows below a question.

Faults are worded for whoever wrote the file; `said` is what the catalogue says of an experiment.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer

from bot.curriculum.claims import Comparison, as_comparison
from bot.curriculum.document import Id, Location, Text, Value

Said = Mapping[str, Any]
Faults = Iterator[tuple[Location, str]]  # a place below the one that names the experiment, and the broken rule


class Try(Value):
    """The run that "Try it" shows below a question, and what it must show for the explanation to be true of it.

    The experiment is the question's where none is named. A test runs each and holds the lines of `shows` against it.
    """

    experiment: Id | None = None
    settings: Mapping[Text, Text] = Field(default_factory=dict)  # what differs from the experiment's defaults
    seed: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    shows: tuple[Annotated[Comparison, BeforeValidator(as_comparison), PlainSerializer(str)], ...]

    def faults(self, named: str | None, experiments: Mapping[str, Said] | None) -> Faults:
        """What is wrong with it, in a question whose experiment is `named`."""
        name = self.experiment or named
        if name is None:
            yield (), "names no experiment, and neither does the question"
        elif not self.shows:
            yield ("shows",), "needs at least one line that the run must hold: what the explanation says"
        elif experiments is not None and name not in experiments:
            yield ("experiment",), f"there is no experiment of that name{hint(name, experiments)}"
        elif experiments is not None:
            yield from unknown_settings(self.settings, name, experiments[name])
            yield from unknown_metrics("shows", self.shows, name, experiments[name])


def unknown_settings(settings: Mapping[str, str], name: str, said: Said) -> Faults:
    """The settings that the experiment of that name does not have, or whose values it does not take."""
    parameters = said["parameters"]
    for setting, value in settings.items():
        if setting not in parameters:
            yield ("settings", setting), f"is not a parameter of {name}{hint(setting, parameters)}"
        elif rule := _out_of_range(value, parameters[setting]):
            yield ("settings", setting), rule


def unknown_metrics(key: str, lines: Iterable[Comparison], name: str, said: Said) -> Faults:
    """The metrics and factors in the lines at `key` that the experiment of that name does not have."""
    metrics = list(said["metrics"])
    numbers = [parameter for parameter, of in said["parameters"].items() if "choices" not in of]
    for i, line in enumerate(lines):
        if line.metric not in metrics:
            yield (key, i), f"{line.metric!r} is not a metric of {name}{hint(line.metric, metrics)}"
        if line.factor and line.factor not in {*metrics, *numbers}:
            rule = f"{line.factor!r} is not a metric or number parameter of {name}"
            yield (key, i), rule + hint(line.factor, [*metrics, *numbers])


def hint(name: str, names: Iterable[str]) -> str:
    """The name that was meant, perhaps, to put behind a fault."""
    near = get_close_matches(name, list(names), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _out_of_range(value: str, parameter: Mapping[str, Any]) -> str | None:
    if "choices" in parameter:
        return None if value in parameter["choices"] else f"must be one of {', '.join(parameter['choices'])}"
    whole = parameter.get("type") == "int"
    if re.fullmatch(r"[+-]?[0-9]{1,18}" if whole else r"[+-]?[0-9.]{1,40}(e[+-]?[0-9]{1,3})?", value):
        try:
            if parameter["min"] <= float(value) <= parameter["max"]:
                return None
        except ValueError:  # "1.2.3"
            pass
    kind = "whole number" if whole else "number"
    return f"must be a {kind} from {parameter['min']} to {parameter['max']}"
