"""A claim of a reference answer, the verdict on it, and the criteria by which experiments earn that verdict.

    claims:
      - id: momentum.slow-convergence
        says: can lead to slow convergence
        verdict: supported
        sources: ['Polyak (1964), Some methods of speeding up the convergence of iteration methods']
        criteria:
          - experiment: momentum
            settings: {kappa: 50}
            holds:
              - b0.99999_steps > 1 * steps
              - b0.9_steps < 300
            sentence: 'With β = 0.9 it took {b0.9_steps:steps}, with β = 0.99999 {b0.99999_steps:steps}.'

People are shown the sentences (see `templates`), with the numbers that were measured; the lines are one press away. The
first line of the first criterion is the one that decides.

A criterion's line is a comparison, `metric op number` or `metric op number * metric-or-parameter`:

    constant_acc <= 0.76
    selu_loss < 0.5 * relu_he_loss
    he_rank == 1 * hidden

The operators are <, <=, >, >= and ==. Words are parted by spaces, so that a metric's name may hold any other sign
(`log10q_+0.10`, `selu_input_N(3,2)_var`).
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import gt, lt
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from bot.curriculum.document import Text, Value
from bot.curriculum.templates import Template, parse_template

# Lets "within 0.01" hold for 0.985 - 0.975, which is 0.010000000000000009. Exactly 0 stays exactly 0.
ROUNDING = 1e-9

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
FORM = "must read 'metric op number' or 'metric op number * metric-or-parameter', with op one of <, <=, >, >=, =="


def _same(left: float, right: float) -> bool:
    return math.isclose(left, right, rel_tol=ROUNDING, abs_tol=0.0)


OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "<": lt,
    "<=": lambda left, right: left < right or _same(left, right),
    ">": gt,
    ">=": lambda left, right: left > right or _same(left, right),
    "==": _same,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One line of a criterion. `factor` names the metric or parameter that the number is multiplied with, if any."""

    metric: str
    operator: str
    number: float
    factor: str | None = None

    def __str__(self) -> str:
        times = f" * {self.factor}" if self.factor else ""
        return f"{self.metric} {self.operator} {_written(self.number)}{times}"

    @property
    def bound(self) -> str:
        """What the metric is held against, for a person: "<= 0.76", "< 0.5 * relu_he_loss", "> steps"."""
        if self.factor:
            return f"{self.operator} {'' if self.number == 1 else f'{_written(self.number)} * '}{self.factor}"
        return f"{self.operator} {_written(self.number)}"

    @property
    def names(self) -> tuple[str, ...]:
        """The metrics and parameters that the line is about: one or two names."""
        return (self.metric, self.factor) if self.factor else (self.metric,)

    def holds(self, values: Mapping[str, float]) -> bool:
        """Whether it is true of these metrics and parameters.

        Never of NaN, nor of a value that is missing, nor of two infinities (two runs that overflowed compare as
        nothing); one infinity is larger, or smaller, than any number.
        """
        left = values.get(self.metric, math.nan)
        right = self.number * (values.get(self.factor, math.nan) if self.factor else 1.0)
        if math.isnan(left) or math.isnan(right) or (math.isinf(left) and left == right):
            return False
        return OPERATORS[self.operator](left, right)


def _written(number: float) -> str:
    return repr(number).removesuffix(".0")


def parse(text: str) -> Comparison:
    """Reads one line of a criterion. Raises ValueError, worded for whoever wrote the line."""
    match text.split():
        case [metric, operator, number]:
            return Comparison(metric, _operator(operator), _number(number))
        case [metric, operator, number, "*", factor]:
            return Comparison(metric, _operator(operator), _number(number), factor)
    raise ValueError(FORM)


def _operator(word: str) -> str:
    if word not in OPERATORS:
        raise ValueError(FORM)
    return word


def _number(word: str) -> float:
    if not _NUMBER.fullmatch(word) or not math.isfinite(float(word)):
        raise ValueError(FORM)
    return float(word)


# What is arithmetic is true by the meaning of its words (T passes are T times the work of one): nothing has to earn it.
Verdict = Literal["supported", "depends", "contradicted", "untested", "arithmetic"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
NOTHING_RUN: frozenset[Verdict] = frozenset({"untested", "arithmetic"})  # no criteria decide these

# What a verdict has to be followed by.
QUALIFIED_BY: Mapping[Verdict, str] = {
    "depends": "condition",
    "contradicted": "instead",
    "untested": "reason",
    "arithmetic": "reason",
}


def _named(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"[a-z0-9-]{1,32}\.[a-z0-9]+(-[a-z0-9]+)*", value):
        raise PydanticCustomError(
            "claim_id", "must be the topic's id, a dot, and a few words in lower case, such as dropout.slows-training"
        )
    return value


def as_comparison(value: Any) -> Comparison:
    """A line of the file, read while it is validated."""
    try:
        return parse(value if isinstance(value, str) else "")
    except ValueError as error:
        raise PydanticCustomError("criterion", "{rule}", {"rule": str(error)}) from None


def _template(value: Any) -> Template:
    try:
        return parse_template(value if isinstance(value, str) else "")
    except ValueError as error:
        raise PydanticCustomError("sentence", "{rule}", {"rule": str(error)}) from None


def _claim_ref(text: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]{0,4}\.[0-9]{1,2}[a-d]?'?", text):
        raise PydanticCustomError("claim", "must be the number of a claim, such as 5.5")
    return text


ClaimRef = Annotated[str, AfterValidator(_claim_ref)]  # what questions name a claim by
# It travels in custom ids of buttons (at most 100 characters), and names the claim in `check`.
ClaimId = Annotated[str, StringConstraints(max_length=65), BeforeValidator(_named)]


class Criterion(Value):
    """What must be true of one run of an experiment. `settings` differ from its defaults; every line must hold.

    `sentence` says what was measured to a person.
    """

    experiment: Text
    holds: Annotated[tuple[Annotated[Comparison, BeforeValidator(as_comparison)], ...], Field(min_length=1)]
    sentence: Annotated[Template, BeforeValidator(_template)]
    settings: Mapping[Text, Text] = Field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The metrics and parameters that its lines and its sentence are about, each once."""
        lines = (name for line in self.holds for name in line.names)
        return tuple(dict.fromkeys([*lines, *self.sentence.names]))


class Claim(Value):
    """Something that a reference answer says (`says`, its own words), and what the experiments say to it.

    `condition` goes with the verdict depends, `instead` (what is true) with contradicted, `reason` with untested (why
    nothing is run) and arithmetic (the arithmetic itself); `note` is for anything else a reader should know. `useful`
    marks the one of a topic that is shown beside its answer.
    """

    id: ClaimId
    says: Text
    verdict: Verdict
    ref: ClaimRef | None = None
    condition: Text | None = None
    instead: Text | None = None
    reason: Text | None = None
    note: Text | None = None
    useful: bool = False
    sources: tuple[Text, ...] = ()
    criteria: tuple[Criterion, ...] = ()

    @property
    def qualification(self) -> str | None:
        """The words that the verdict is not to be shown without."""
        return self.condition or self.instead or self.reason

    @property
    def deciding(self) -> tuple[Criterion, Comparison] | None:
        """The line that decides, and the criterion it stands in; None where nothing is run."""
        return (self.criteria[0], self.criteria[0].holds[0]) if self.criteria else None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many claims have which verdict."""

    supported: int = 0
    depends: int = 0
    contradicted: int = 0
    untested: int = 0
    arithmetic: int = 0

    @classmethod
    def of(cls, claims: Sequence[Claim]) -> "Tally":
        """Counts the verdicts of some claims."""
        found = Counter(claim.verdict for claim in claims)
        return cls(**{verdict: found[verdict] for verdict in VERDICTS})
