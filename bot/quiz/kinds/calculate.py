"""Works out a number by a formula, with settings that are drawn anew each time: right or wrong."""

import ast
import itertools
import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, StringConstraints

from bot import formats
from bot.curriculum.beliefs import Belief, Misconception
from bot.curriculum.document import Text, Value
from bot.curriculum.model import Experiments, Found, Setting, Topic
from bot.errors import TutorError
from bot.quiz.chance import Chance
from bot.quiz.grading import Grade
from bot.quiz.kinds.base import Answer, DrawnQuestion, Key, Runs, Way, shared_by_all
from bot.quiz.kinds.predict import SettingsQuestion, asked_with, fields_of, shown
from bot.text.normalise import folded, stem

NEAR = 0.01  # relative: what rounding on the way to the answer may cost
_ROUNDING = 1e-9  # relative: 101 is within 1 % of 100 whatever floating point makes of it
_MOST_DRAWS = 5_000  # of which each is worked out when the file is checked
_LONGEST = 200  # characters of a formula
PERCENT = "%"
_SAME_UNITS = (  # what people write for one unit
    (PERCENT, "percent", "per cent", "pct"),
    ("times", "x", "×", "fold", "-fold", "time"),
)
_SHORTEST = 3  # letters by which a unit can be told: param, sec
_SIGNS: Mapping[type, Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow, ast.USub: operator.neg, ast.UAdd: operator.pos,
}  # fmt: skip
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "sqrt": math.sqrt, "exp": math.exp, "ln": math.log, "log10": math.log10, "log2": math.log2, "min": min, "max": max,
    "abs": abs,
}  # fmt: skip
_CONSTANTS = {"pi": math.pi}

Formula = Annotated[Text, StringConstraints(max_length=_LONGEST)]


class NoFormula(TutorError):  # noqa: N818 - what it is
    """A text is no formula of numbers, or has no value for these."""


def evaluated(formula: str, values: Mapping[str, float]) -> float:
    """The value of a formula: + - * / ** and parentheses, numbers, names of `values`, pi, and a few functions.

    Nothing else is ever carried out. Raises NoFormula where it is something else or its value is no finite number.

    >>> evaluated("1 / (1 - beta)", {"beta": 0.75}), evaluated("sqrt(2 ** n)", {"n": 4})
    (4.0, 4.0)
    """
    try:
        value = _value(ast.parse(formula.strip(), mode="eval").body, values)
    except (SyntaxError, MemoryError, RecursionError) as error:
        raise NoFormula(
            "cannot be worked out: it must be + - * / ** and parentheses between numbers and names"
        ) from error
    except ZeroDivisionError as error:
        raise NoFormula("has no value: it divides by 0") from error
    except OverflowError as error:
        raise NoFormula("has no value: a number in it becomes too large") from error
    except (ValueError, TypeError) as error:
        raise NoFormula("cannot be worked out: a function or a root in it has no value for its numbers") from error
    if not isinstance(value, float) or not math.isfinite(value):
        raise NoFormula("has no finite value")
    return value


def _value(node: ast.expr, values: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return float(number)
        case ast.Name(id=name) if name in values:
            return float(values[name])
        case ast.Name(id=name) if name in _CONSTANTS:
            return _CONSTANTS[name]
        case ast.Name(id=name):
            raise NoFormula(f"names {name}, which is not one of the settings")
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
            return _SIGNS[type(op)](_value(left, values), _value(right, values))  # type: ignore[no-any-return]
        case ast.BinOp(op=ast.BitXor()):
            raise NoFormula("writes ^; a power is written **")
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _SIGNS:
            return _SIGNS[type(op)](_value(operand, values))  # type: ignore[no-any-return]
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _FUNCTIONS:
            return float(_FUNCTIONS[name](*(_value(one, values) for one in args)))
    raise NoFormula(f"holds what is no arithmetic: {ast.unparse(node)}")


class WrongFormula(Value):
    """A slip that is known: what comes out where this is worked out instead."""

    formula: Formula  # of the settings and the steps
    misconception: Misconception  # what whoever does so believes


class CalculateQuestion(SettingsQuestion):
    """A question for the value of `formula`."""

    kind: Literal["calculate"]
    formula: Formula
    steps: Mapping[Text, Formula] = Field(default_factory=dict)  # values on the way, in order: names for `formula`,
    # for later steps and for `working`
    unit: str = ""  # empty: a bare number; "%": of a formula whose value is in per cent
    digits: Annotated[int, Field(ge=1, le=6)] = 3  # significant ones, of the answer as it is shown
    slips: tuple[WrongFormula, ...] = ()
    working: Text  # shown afterwards; {name} stands for a setting or a step, {answer} for the answer with its unit

    def broken_rules(self, topic: Topic, experiments: Experiments | None) -> Found:
        """Every draw has an answer, and its working can be shown."""
        yield from super().broken_rules(topic, experiments)
        yield from self._working()
        for name, values in self.settings.items():
            if any(isinstance(value, str) for value in values):
                yield ("settings", name), "takes a value that is no number"
                return
        if math.prod(map(len, self.settings.values())) > _MOST_DRAWS:
            yield ("settings",), f"can be drawn in more than {_MOST_DRAWS} ways"
            return
        for settings in self._draws():
            try:
                answer = self.worked_out(settings)["answer"]
            except NoFormula as error:
                where = ", ".join(f"{name} = {value}" for name, value in shown(settings).items())
                yield ("formula",), f"{error}{f', with {where}' if where else ''}"
                return
            if not answer:
                yield ("formula",), "is 0 for a draw: nothing is near to 0"
                return
        yield from self._slips()

    def beliefs(self, topic: Topic) -> Iterator[Belief]:
        """Those of its slips."""
        yield from (self.believed("", slip.misconception) for slip in self.slips)

    def slipped(self, settings: Mapping[str, Setting]) -> list[float]:
        """What comes out of each slip. Raises NoFormula."""
        values = {**_numbers(settings), **self.worked_out(settings)}
        return [evaluated(slip.formula, values) for slip in self.slips]

    def _slips(self) -> Found:
        """Each slip has a value in every draw, and one that is wrong: else who is right would be told of it."""
        found = [(self.worked_out(settings)["answer"], settings) for settings in self._draws()] if self.slips else []
        for i, slip in enumerate(self.slips):
            try:
                values = [(right, self.slipped(settings)[i]) for right, settings in found]
            except NoFormula as error:
                yield ("slips", i, "formula"), str(error)
                return
            if any(near(right, value, self.digits) for right, value in values):
                yield ("slips", i, "formula"), f"comes out right in a draw: {slip.formula} is no slip there"

    def worked_out(self, settings: Mapping[str, Setting]) -> dict[str, float]:
        """The steps and, last, the `answer`. Raises NoFormula."""
        found: dict[str, float] = {}
        for name, formula in [*self.steps.items(), ("answer", self.formula)]:
            found[name] = evaluated(formula, {**_numbers(settings), **found})
        return found

    def _draws(self) -> Iterator[dict[str, Setting]]:
        for values in itertools.product(*self.settings.values()):
            yield dict(zip(self.settings, values, strict=True))

    def _working(self) -> Found:
        known = {*self.settings, *self.steps, "answer"}
        if len(known) <= len(self.settings) + len(self.steps):
            yield ("steps",), "has a name that something else has too"
        try:
            fields = fields_of(self.working)
        except ValueError:
            yield ("working",), "has a brace that does not close; write {name} for a setting"
            return
        for name, form in fields:
            if name not in known or form:
                yield ("working",), f"names {{{name}}}, which is no setting, no step and not {{answer}}"
        if all(name != "answer" for name, _ in fields):
            yield ("working",), "does not end in {answer}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnCalculation(DrawnQuestion):
    """The key and the working are known from the draw on."""

    kind: ClassVar[str] = "calculate"
    schema: ClassVar[type[CalculateQuestion]] = CalculateQuestion
    way: ClassVar[Way] = Way.NUMBER
    appealable: ClassVar[bool] = True
    brief: ClassVar[bool] = True

    right: float
    digits: int
    working: str
    unit: str = ""
    slips: tuple[tuple[float, str], ...] = ()  # numbers that known slips lead to, and what they show

    @classmethod
    def draw(cls, topic: str, question: CalculateQuestion, chance: Chance) -> Self:
        """Draw the settings, name them in the question and work the answer out."""
        settings = question.draw_settings(chance)
        found = question.worked_out(settings)
        answer = with_unit(formats.digits(found["answer"], question.digits), question.unit)
        said = {**shown(settings), **{name: formats.number(value) for name, value in found.items()}, "answer": answer}
        return cls(
            **shared_by_all(topic, question) | asked_with(question, settings),
            right=found["answer"],
            digits=question.digits,
            working=question.working.format(**said),
            unit=question.unit,
            slips=tuple(zip(question.slipped(settings), (one.misconception for one in question.slips), strict=True)),
        )

    def read(self, picks: tuple[int, ...], text: str) -> Answer | None:
        """A number with its unit. A share may be given in per cent or as a number up to 1: 40 % is 0.4."""
        found = formats.number_and_unit(text)
        if found is None:
            return None
        number, behind = found
        if self.unit == PERCENT and not behind and abs(number) <= 1:
            number *= 100
        elif not self.unit and same_unit(behind, PERCENT):
            number /= 100
        elif not same_unit(behind, self.unit):
            return None
        return Answer(text=text, number=number, unit=self.unit)

    def unread(self, text: str) -> Mapping[str, str]:
        """The number, and the `unit` that it lacks or has another for (`instead`); or that its unit is `needless`."""
        found = formats.number_and_unit(text)
        if found is None or any(sign.isdigit() for sign in found[1]):
            return {}
        what = {"unit": self.unit, "instead": "yes" if found[1] else ""} if self.unit else {"needless": "yes"}
        return {"number": formats.four_digits(found[0]), **{key: value for key, value in what.items() if value}}

    def samples(self) -> Sequence[tuple[tuple[int, ...], str]]:
        """The answer, as it is shown."""
        return [((), with_unit(f"{self.right:.12g}", self.unit))]

    def find_key(self, runs: Runs = ()) -> Key | None:
        """The value of the formula."""
        return Key(number=self.right)

    def mark(self, answer: Answer, runs: Runs = (), grade: Grade | None = None) -> float | None:
        """1 where it is near, else 0."""
        return float(answer.number is not None and near(self.right, answer.number, self.digits))

    def could_show(self, key: Key, topic: Topic | None) -> frozenset[str]:
        """All slips that are known."""
        return frozenset(shows for _, shows in self.slips)

    def shown_by(self, answer: Answer, key: Key, grade: Grade | None = None) -> frozenset[str]:
        """The slips that lead to the number; none where it is right."""
        given = answer.number
        if given is None or near(self.right, given, self.digits):
            return frozenset()
        return frozenset(shows for number, shows in self.slips if near(number, given, self.digits))

    def alike(self, answer: Answer, other: Answer) -> bool:
        """Within what counts as right of each other."""
        return near(other.number or 0.0, answer.number or 0.0, self.digits)


def near(right: float, given: float, digits: int) -> bool:
    """Whether a number is right: within 1 %, or half a unit of the last of the digits shown, if that is more."""
    exponent = int(f"{right:.{digits - 1}e}".partition("e")[2])
    half = 0.5 * 10.0 ** (exponent - digits + 1)
    return abs(given - right) <= max(NEAR * abs(right), half) * (1 + _ROUNDING)


def same_unit(given: str, unit: str) -> bool:
    """Whether what stands behind a number is this unit: in the singular, shortened, or another word for it too."""
    one, two = (folded(text.strip(" .!()[]*_`")) for text in (given, unit))
    if one == two or any({one, two} <= set(same) for same in _SAME_UNITS):
        return True
    if not one or not two:
        return False
    stems, wanted = ([stem(word) for word in text.split()] for text in (one, two))
    return stems == wanted or (len(stems) == 1 and len(stems[0]) >= _SHORTEST and wanted[0].startswith(stems[0]))


def with_unit(number: str, unit: str) -> str:
    """A number with its unit, where it has one."""
    return f"{number} {unit}".strip()


def _numbers(settings: Mapping[str, Setting]) -> dict[str, float]:
    return {name: float(value) for name, value in settings.items()}
