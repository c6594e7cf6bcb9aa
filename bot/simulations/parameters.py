"""What a run can be given, declared once; command line, autocomplete, modal, messages and captions all follow from it.

A declaration is also the key that reads its value, so that the value comes with its type:

    HIDDEN = Int("hidden", "n", 16, 2, 32, "units", "width of each hidden layer")
    ...
    width = settings[HIDDEN]  # an int from 2 to 32
"""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Value = int | float | str
T = TypeVar("T", int, float, str)

# Stricter than int() and float(), which also take underscores, other scripts' digits, "nan" and "infinity".
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?([0-9]{1,40}\.?[0-9]{0,40}|\.[0-9]{1,40})([eE][+-]?[0-9]{1,4})?")
_BEYOND_ANY_RANGE = 1e100  # also keeps out infinity, NaN, and whole numbers too large for a float
_HARMLESS = re.compile(r"[A-Za-z0-9.+-]{1,30}")


class Parameter(ABC, Generic[T]):
    """One setting of an experiment. `does` is one line on what it changes; `unit` may be empty."""

    __slots__ = ()
    name: str
    symbol: str
    default: T
    unit: str
    does: str

    @property
    @abstractmethod
    def allowed(self) -> str:
        """What it may be, for a sentence: "a whole number from 2 to 32"."""

    @abstractmethod
    def accept(self, value: object) -> T:
        """A value from text or from JSON. Raises ValueError where it is not one that is allowed."""

    @abstractmethod
    def described(self) -> dict[str, Any]:
        """The declaration as plain values."""

    def read(self, value: object) -> T:
        """As `accept`, but the ValueError is a sentence for a person."""
        try:
            return self.accept(value)
        except ValueError:
            raise ValueError(f"{self.name} must be {self.allowed}{_but_was(value)}.") from None


@dataclass(frozen=True, slots=True)
class Int(Parameter[int]):
    """A whole number from `low` to `high`."""

    name: str
    symbol: str
    default: int
    low: int
    high: int
    unit: str
    does: str

    @property
    def allowed(self) -> str:
        return f"a whole number from {self.low} to {self.high}"

    def accept(self, value: object) -> int:
        return _within(_whole(value), self.low, self.high)

    def described(self) -> dict[str, Any]:
        return _described(self, {"min": self.low, "max": self.high, "type": "int"})


@dataclass(frozen=True, slots=True)
class Float(Parameter[float]):
    """A finite number from `low` to `high`."""

    name: str
    symbol: str
    default: float
    low: float
    high: float
    unit: str
    does: str

    @property
    def allowed(self) -> str:
        return f"a number from {self.low:.12g} to {self.high:.12g}"

    def accept(self, value: object) -> float:
        return _within(_decimal(value), self.low, self.high)

    def described(self) -> dict[str, Any]:
        return _described(self, {"min": self.low, "max": self.high, "type": "float"})


@dataclass(frozen=True, slots=True)
class Choice(Parameter[str]):
    """One of a few words."""

    name: str
    symbol: str
    default: str
    choices: tuple[str, ...]
    unit: str
    does: str

    @property
    def allowed(self) -> str:
        return f"one of {', '.join(self.choices)}"

    def accept(self, value: object) -> str:
        if not isinstance(value, str) or value.casefold() not in self.choices:
            raise ValueError
        return value.casefold()

    def described(self) -> dict[str, Any]:
        return _described(self, {"choices": list(self.choices)})


AnyParameter = Parameter[Any]

SEED = Int("seed", "", 0, 0, 1_000_000, "", "starts the random numbers; the same seed gives the same run")

Number = TypeVar("Number", int, float)


def _within(value: Number, low: Number, high: Number) -> Number:
    if not low <= value <= high:  # false for NaN as well
        raise ValueError
    return value


def _whole(value: object) -> int:
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1:
        return int(value)
    raise ValueError


def _decimal(value: object) -> float:
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        return float(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _BEYOND_ANY_RANGE:
        return float(value)
    raise ValueError


def _but_was(value: object) -> str:
    """Repeats what was given, unless it could be markup, or is too long to be of use."""
    text = str(value).strip() if isinstance(value, str | int | float) else ""
    return f", not {text}" if _HARMLESS.fullmatch(text) else ""


def _described(parameter: AnyParameter, limits: dict[str, Any]) -> dict[str, Any]:
    words = {"symbol": parameter.symbol, "unit": parameter.unit, "does": parameter.does}
    return {"default": parameter.default, **limits, **words}
