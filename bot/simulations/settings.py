"""The values that one run is given: checked once, read by declaration."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import TypeVar, cast

from bot.simulations.faults import InvalidSettings
from bot.simulations.parameters import AnyParameter, Parameter, Value

T = TypeVar("T", int, float, str)

_ASSIGNMENT = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,29}=[^=\s]{1,60}")
HOW = "Write settings as name=value, beta=0.9 say."


class Settings:
    """Every parameter of an experiment with its value, in the order declared. Equal when the values are."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = dict(values)

    def __getitem__(self, parameter: Parameter[T]) -> T:
        return cast(T, self._values[parameter.name])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Settings) and self._values == other._values

    def __hash__(self) -> int:
        return hash(tuple(self._values.items()))

    def plain(self) -> dict[str, Value]:
        """Name to value, for JSON and for captions."""
        return dict(self._values)


def read(parameters: Sequence[AnyParameter], given: Mapping[str, object]) -> Settings:
    """The given values, text or JSON, and defaults for the rest. Raises InvalidSettings with every fault."""
    values: dict[str, Value] = {}
    reasons = [_unknown(name, parameters) for name in given if name not in {p.name for p in parameters}]
    for parameter in parameters:
        try:
            values[parameter.name] = parameter.read(given.get(parameter.name, parameter.default))
        except ValueError as error:
            reasons.append(str(error))
    if reasons:
        raise InvalidSettings(reasons)
    return Settings(values)


def assignments(texts: Iterable[str]) -> dict[str, str]:
    """Reads `beta=0.999 kappa=100`, separated by spaces, commas, semicolons or lines. Raises InvalidSettings."""
    values: dict[str, str] = {}
    for piece in _pieces(texts):
        if not _ASSIGNMENT.fullmatch(piece):
            raise InvalidSettings([HOW])
        name, value = piece.split("=")
        if name in values:
            raise InvalidSettings([f"{name} is set twice."])
        values[name] = value
    return values


def _pieces(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        joined = re.sub(r"\s*=\s*", "=", text)
        yield from filter(None, re.split(r"[\s,;]+", joined))


def _unknown(name: str, parameters: Sequence[AnyParameter]) -> str:
    names = [parameter.name for parameter in parameters]
    near = get_close_matches(name, names, n=1)
    shown = f" {name}" if re.fullmatch(r"[A-Za-z0-9_]{1,30}", name) else " of that name"
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"There is no setting{shown}; there are {', '.join(names)}.{hint}"
