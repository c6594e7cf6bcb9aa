"""What an experiment declares: its parameters, its metrics, and what a run of it gives.

Command line, autocomplete, form, messages and captions all follow from the declaration of a parameter. It is also the
key that reads its value, so that the value comes with its type:

    HIDDEN = Int("hidden", "n", 16, 2, 32, "units", "width of each hidden layer")
    ...
    width = settings[HIDDEN]  # an int from 2 to 32
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Generic, TypeVar, cast

from bot import formats
from bot.errors import UsageError
from bot.simulations.plot import Plot

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
        """The declaration as plain values, for JSON and for the catalogue."""

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
        return f"a number from {formats.setting(self.low)} to {formats.setting(self.high)}"

    def accept(self, value: object) -> float:
        return _within(_decimal(value), self.low, self.high)

    def described(self) -> dict[str, Any]:
        return _described(self, {"min": self.low, "max": self.high, "type": "float"})


@dataclass(frozen=True, slots=True)
class Choice(Parameter[str]):
    """One of a few words, read whatever its case."""

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


class InvalidSettings(UsageError):  # noqa: N818
    """One or more settings cannot be used; `reasons` holds a sentence for each."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(" ".join(self.reasons))


_ASSIGNMENT = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,29}=[^=\s]{1,60}")
HOW = "Write settings as name=value, beta=0.9 say."


class RunSettings:
    """Every parameter of an experiment with its value, in the order declared. Equal when the values are."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = dict(values)

    def __getitem__(self, parameter: Parameter[T]) -> T:
        return cast(T, self._values[parameter.name])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RunSettings) and self._values == other._values

    def __hash__(self) -> int:
        return hash(tuple(self._values.items()))

    def plain(self) -> dict[str, Value]:
        """A new dict from each parameter's name to its value, for JSON and for captions."""
        return dict(self._values)


def read(parameters: Sequence[AnyParameter], given: Mapping[str, object]) -> RunSettings:
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
    return RunSettings(values)


def assignments(texts: Iterable[str]) -> dict[str, str]:
    """Reads `beta=0.999 kappa=100`, separated by spaces, commas, semicolons or lines. Raises InvalidSettings."""
    values: dict[str, str] = {}
    joined = (re.sub(r"\s*=\s*", "=", text) for text in texts)
    for piece in filter(None, (piece for text in joined for piece in re.split(r"[\s,;]+", text))):
        if not _ASSIGNMENT.fullmatch(piece):
            raise InvalidSettings([HOW])
        name, value = piece.split("=")
        if name in values:
            raise InvalidSettings([f"{name} is set twice."])
        values[name] = value
    return values


def _unknown(name: str, parameters: Sequence[AnyParameter]) -> str:
    names = [parameter.name for parameter in parameters]
    near = get_close_matches(name, names, n=1)
    shown = f" {name}" if re.fullmatch(r"[A-Za-z0-9_]{1,30}", name) else " of that name"
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"There is no setting{shown}; there are {', '.join(names)}.{hint}"


WORK_LIMIT = 40_000_000_000
"""Multiply-adds that one run may take: some four seconds of one core, twice what the dearest experiment takes at the
end of its ranges (`python -m tests.bench simulations` measures them)."""

Cell = str | float


class TooMuchWork(UsageError):  # noqa: N818 - the name says what is wrong
    """The settings ask for more arithmetic than a run may take. Nothing was run."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of an outcome. A count that stops at the parameter `cap` is cap + 1 where it did not end before.

    `arithmetic` says that it follows from the settings, or from a formula, by itself: nothing is measured, and no claim
    may rest on it.
    """

    name: str
    unit: str
    meaning: str
    cap: Int | None = None
    arithmetic: bool = False

    def described(self) -> dict[str, str | None]:
        """The metric as plain values; `cap` names the parameter that a count stops at."""
        return {"unit": self.unit, "meaning": self.meaning, "cap": self.cap.name if self.cap else None}

    def shown(self, value: float, settings: RunSettings) -> str:
        """The value for a person; a capped count as ">3,000"."""
        return formats.capped(value, settings[self.cap]) if self.cap else formats.number(value)


@dataclass(frozen=True, slots=True)
class Table:
    """A small table, the first column naming the cases; numbers are rounded when shown."""

    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    def shown(self) -> list[list[str]]:
        """The rows as text: numbers to three digits."""
        return [[cell if isinstance(cell, str) else formats.number(cell) for cell in row] for row in self.rows]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found. The headline is one sentence that carries the number and stays true on any seed."""

    headline: str
    metrics: Mapping[str, float]
    table: Table
    plot: Plot


@dataclass(frozen=True, slots=True)
class Experiment:
    """A small run that a claim can be held against, with all that the doors need to offer it."""

    name: str
    topic: str  # the id of the topic whose claims it is there for
    title: str
    question: str
    parameters: Sequence[AnyParameter]
    metrics: Sequence[Metric]
    work: Callable[[RunSettings], int]  # the multiply-adds of a run, counted from its settings
    run: Callable[[RunSettings, int], Outcome]  # from settings and seed
    chaotic: bool = False  # the system amplifies rounding, so that a run repeats on one machine only

    def check_work(self, settings: RunSettings) -> None:
        """Raises TooMuchWork where a run with these settings would take more multiply-adds than WORK_LIMIT."""
        work = self.work(settings)
        if work > WORK_LIMIT:
            raise TooMuchWork(
                f"{self.name} with these settings takes {_billions(work)} multiply-adds; "
                f"at most {_billions(WORK_LIMIT)} are allowed. Make it smaller."
            )

    def described(self) -> dict[str, Any]:
        """All of it that is data, as plain values."""
        return {
            "experiment": self.name,
            "topic": self.topic,
            "title": self.title,
            "question": self.question,
            "parameters": {parameter.name: parameter.described() for parameter in self.parameters},
            "metrics": {metric.name: metric.described() for metric in self.metrics},
            "chaotic": self.chaotic,
        }


def _billions(count: int) -> str:
    return f"{count / 1e9:,.3g} billion"
