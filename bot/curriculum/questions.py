"""The schema of a topic's quiz questions: four kinds, told apart by `kind`.

Options are pools, larger than what is shown, so that a question reads differently the next time. Each wrong option
names what whoever picks it believes, and the experiment or claim (by its number) that refutes it.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, FiniteFloat, StringConstraints
from pydantic_core import PydanticCustomError

from bot.curriculum.value import Id, Text, Value

Setting = int | float | str
MOST_OPTION = 200  # characters; more would not be read on a phone while a clock runs
OptionText = Annotated[Text, StringConstraints(max_length=MOST_OPTION)]


def _claim_ref(text: str) -> str:
    if not re.fullmatch(r"[1-9]\.[0-9]{1,2}[a-d]?'?", text):
        raise PydanticCustomError("claim", "must be the number of a claim, such as 5.5")
    return text


ClaimRef = Annotated[str, AfterValidator(_claim_ref)]


def _number(text: Any) -> Any:
    """A setting as a number where it is one, else the word that was typed."""
    try:
        return float(text)
    except (TypeError, ValueError):
        return text


def _steps(value: Any) -> Any:
    """`{from, to, step}` written out: every value a draw may take is one that can be read, and tested."""
    if not isinstance(value, dict) or set(value) != {"from", "to", "step"}:
        return value
    first, last, step = (_number(value[key]) for key in ("from", "to", "step"))
    if not all(isinstance(bound, float) for bound in (first, last, step)) or step <= 0 or not first < last:
        raise PydanticCustomError("range", "needs numbers with from < to and step > 0")
    if (last - first) / step > 1000:
        raise PydanticCustomError("range", "has more than 1000 values")
    return [round(first + i * step, 9) for i in range(int((last - first) / step + 1e-9) + 1)]


Drawable = Annotated[
    tuple[Annotated[Setting, BeforeValidator(_number)], ...], BeforeValidator(_steps), Field(min_length=1)
]


class Wrong(Value):
    """A plausible wrong option."""

    text: OptionText
    misconception: Text
    experiment: Id | None = None
    claim: ClaimRef | None = None


class _Asked(Value):
    """What all kinds have: `part` is the part of the topic it is about, `experiment` what "Try it" shows."""

    id: Id
    ask: Text
    explain: Text
    part: Id | None = None
    experiment: Id | None = None
    claim: ClaimRef | None = None


class ChoiceQuestion(_Asked):
    """One option is right. `right` are ways to say it, of which one is shown."""

    kind: Literal["choice"]
    right: Annotated[tuple[OptionText, ...], Field(min_length=2)]
    wrong: Annotated[tuple[Wrong, ...], Field(min_length=4)]


class MultiQuestion(_Asked):
    """Several options are right: `right` are different things, of which two or three are shown."""

    kind: Literal["multi"]
    right: Annotated[tuple[OptionText, ...], Field(min_length=3)]
    wrong: Annotated[tuple[Wrong, ...], Field(min_length=3)]


class OpenQuestion(_Asked):
    """Answered in the member's own words. `points` are the topic's key points that count here (none: all of them),
    `full_marks` how many of them make 1 (none: as many as the topic says). `subject` is what it asks about, where
    an answer need not name it again ("it runs many times": MC Dropout does)."""

    kind: Literal["open"]
    points: tuple[Text, ...] = ()
    subject: Text | None = None
    full_marks: Annotated[int, Field(ge=1)] | None = None


class Case(Value):
    """One of the runs that are compared: `settings` on top of the question's, `metric` in place of the question's."""

    text: OptionText
    metric: Text | None = None
    settings: Mapping[Text, Annotated[Setting, BeforeValidator(_number)]] = Field(default_factory=dict)


class PredictQuestion(_Asked):
    """Predicts what a run will measure; the run is the key.

    `settings` lists the values that each may take, each a value at which the outcome is robust over seeds; {name} in
    `ask` stands for the one drawn. The key is the metric times `scale`, in `unit`. `cap` names the setting at which a
    count of steps stops. With `cases` the options are the cases, and right is the one whose metric is the largest
    (`wins: most`) or smallest.
    """

    kind: Literal["predict"]
    experiment: Id
    settings: Mapping[Text, Drawable] = Field(default_factory=dict)
    metric: Text
    unit: str = ""
    scale: FiniteFloat = 1.0
    cap: Text | None = None
    cases: tuple[Case, ...] = ()
    wins: Literal["most", "least"] = "most"


Question = Annotated[ChoiceQuestion | MultiQuestion | OpenQuestion | PredictQuestion, Field(discriminator="kind")]
KINDS = ("choice", "multi", "open", "predict")
