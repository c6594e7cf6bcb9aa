"""A sentence with places for what a run measured, so that a criterion can be read by a person.

    over {layers} layers the gradient grew {selu_lecun_log10grad:power:times}

A place is `{expression}` or `{expression:form}`. The expression is the name of a metric or parameter, or two of names
and numbers with one of + - * / between them, parted by spaces: `{relu_he_loss / selu_loss:times}`. Forms:

    (none)    two significant digits: 0.74, 1,400, 1.4·10⁶; a count that never ended "more than 3,000";
              a setting in full
    percent   a share: 61 %
    times     a ratio: 1,300-fold, 2.7-fold
    steps     a count with its noun: 57 steps, more than 3,000 steps
    exact     five digits: 0.99999, 3001
    power     first raises ten to it, for what is measured as a logarithm; may stand alone or before percent and times

A sentence says what was measured, not what that shows, so that it stays true where the numbers come out otherwise.
"""

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from operator import add, mul, sub

from bot import formats

PLACE = (
    "a place must read {name}, {a / b}, {name:form} or {name:power:form}, the form one of percent, times, steps, exact"
)

_PLACE = re.compile(r"\{([^{}]*)\}")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


def _over(left: float, right: float) -> float:
    return left / right if right else math.nan


_OPERATORS: Mapping[str, Callable[[float, float], float]] = {"+": add, "-": sub, "*": mul, "/": _over}


def _percent(value: float, power: bool) -> str:
    try:
        return formats.two_percent(10.0**value if power else value)
    except OverflowError:
        return formats.two_percent(math.inf)


def _number(value: float, power: bool) -> str:
    return formats.two_power(value) if power else formats.two_digits(value)


def _steps(value: float, power: bool) -> str:
    return f"{_number(value, power)} step{'' if value == 1 and not power else 's'}"


def _exact(value: float, power: bool) -> str:
    return f"{value:.5g}" if math.isfinite(value) and not power else _number(value, power)


# From a value, and whether it is the logarithm of what is to be shown.
_FORMS: Mapping[str, Callable[[float, bool], str]] = {
    "": _number,
    "percent": _percent,
    "times": lambda value, power: f"{_number(value, power)}-fold",
    "steps": _steps,
    "exact": _exact,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a sentence: one name or number, or two with an operator between them, and how it is written."""

    left: str
    operator: str = ""
    right: str = ""
    power: bool = False
    form: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The metrics and parameters that it shows."""
        return tuple(one for one in (self.left, self.right) if one and not _NUMBER.fullmatch(one))

    def filled(self, values: Mapping[str, float | str], settings: Collection[str], caps: Mapping[str, float]) -> str:
        """What stands in the place for these values. Those named in `settings` were chosen: they are shown in full."""
        chosen = values.get(self.left)
        if not self.operator and (isinstance(chosen, str) or (self.left in settings and chosen is not None)):
            return chosen if isinstance(chosen, str) else f"{chosen:,.12g}"
        cap = caps.get(self.left) if not self.operator else None
        value = self._value(values)
        if cap is not None and value > cap:
            return f"more than {_FORMS[self.form](cap, self.power)}"
        return _FORMS[self.form](value, self.power)

    def _value(self, values: Mapping[str, float | str]) -> float:
        left = _operand(self.left, values)
        return _OPERATORS[self.operator](left, _operand(self.right, values)) if self.operator else left


def _operand(word: str, values: Mapping[str, float | str]) -> float:
    if _NUMBER.fullmatch(word):
        return float(word)
    value = values.get(word, math.nan)
    return math.nan if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence in pieces: text and places, in turn."""

    pieces: tuple[str | Place, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The metrics and parameters that it shows, each once."""
        return tuple(dict.fromkeys(name for one in self.pieces if isinstance(one, Place) for name in one.names))

    def filled(
        self, metrics: Mapping[str, float], settings: Mapping[str, float | str], caps: Mapping[str, float]
    ) -> str:
        """The sentence with what was measured and chosen. `caps` are those of the metrics that count up to a limit."""
        values = {**settings, **metrics}
        return "".join(one if isinstance(one, str) else one.filled(values, settings, caps) for one in self.pieces)


def parse_template(text: str) -> Template:
    """Reads a sentence. Raises ValueError, worded for whoever wrote it."""
    pieces = _PLACE.split(" ".join(text.split()))
    if any(brace in one for one in pieces[::2] for brace in "{}"):
        raise ValueError(PLACE)
    found = tuple(_place(one) if i % 2 else one for i, one in enumerate(pieces) if one or i % 2)
    if not any(isinstance(one, Place) for one in found):
        raise ValueError("shows no number: put a metric in braces, such as {loss}")
    return Template(found)


def _place(text: str) -> Place:
    expression, *forms = text.split(":")
    power = forms[:1] == ["power"]
    form = forms[power:]
    if len(form) > 1 or any(not one or one not in _FORMS for one in form):
        raise ValueError(PLACE)
    match expression.split():
        case [name]:
            return Place(name, power=power, form="".join(form))
        case [left, operator, right] if operator in _OPERATORS:
            return Place(left, operator, right, power, "".join(form))
    raise ValueError(PLACE)
