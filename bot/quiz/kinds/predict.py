"""Predicts the number that an experiment, run after the close, will measure. Close counts."""

import math
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, FiniteFloat
from pydantic_core import PydanticCustomError

from bot import formats
from bot.curriculum.document import Id, Location, Text
from bot.curriculum.model import Experiments, Found, Question, Setting, Topic
from bot.quiz.chance import Chance
from bot.quiz.grading import Grade
from bot.quiz.kinds.base import Answer, DrawnQuestion, Key, QuestionRun, Runs, Way, shared_by_all

# Full marks within 10 %, none from a factor of 3 on: the outcome of a run varies by less than the first over seeds (the
# guide in knowledge/ asks for that), and the second is as good as not knowing the order of magnitude.
NEAR, FAR = 1.1, 3.0
_ROUNDING = 1e-9  # relative: 110 is within 10 % of 100 whatever floating point makes of it


def as_number(text: Any) -> Any:
    """A setting as a number where it is one, else the word that was typed."""
    try:
        return float(text)
    except (TypeError, ValueError):
        return text


def _written_out(value: Any) -> Any:
    """`{from, to, step}` as a list: every value that a draw may take is one that can be read, and tested."""
    if not isinstance(value, dict) or set(value) != {"from", "to", "step"}:
        return value
    first, last, step = (as_number(value[key]) for key in ("from", "to", "step"))
    if not all(isinstance(bound, float) for bound in (first, last, step)) or step <= 0 or not first < last:
        raise PydanticCustomError("range", "needs numbers with from < to and step > 0")
    if (last - first) / step > 1000:
        raise PydanticCustomError("range", "has more than 1000 values")
    return [round(first + i * step, 9) for i in range(int((last - first) / step + 1e-9) + 1)]


Drawable = Annotated[
    tuple[Annotated[Setting, BeforeValidator(as_number)], ...], BeforeValidator(_written_out), Field(min_length=1)
]


class SettingsQuestion(Question):
    """The schema of kinds that draw settings; {name} in `ask` stands for what was drawn."""

    settings: Mapping[Text, Drawable] = Field(default_factory=dict)  # of each, the values of which one is drawn

    def broken_rules(self, topic: Topic, experiments: Experiments | None) -> Found:
        """The settings are named as they must be."""
        yield from super().broken_rules(topic, experiments)
        yield from self._named_settings()

    def texts(self) -> Sequence[str]:
        """Everything in which {name} may stand for a setting."""
        return (self.ask,)

    def draw_settings(self, chance: Chance) -> dict[str, Setting]:
        """One of the values listed for each setting."""
        return {name: whole(chance.pick(values, f"setting {name}")) for name, values in self.settings.items()}

    def _named_settings(self) -> Found:
        try:
            fields = [field for text in self.texts() for field in fields_of(text)]
        except ValueError:
            yield ("ask",), "has a brace that does not close; write {name} for a setting"
            return
        named = {name for name, _ in fields}
        for name in sorted(name for name, form in fields if form):
            yield ("ask",), f"writes more than the name of a setting between braces: {name}"
        for name in sorted(named - set(self.settings)):
            yield ("ask",), f"names {{{name}}}, which is not one of the settings"
        for name, values in self.settings.items():
            if len(values) > 1 and name not in named:
                yield ("settings", name), "takes several values, so the question must name it"


class MeasuredQuestion(SettingsQuestion):
    """The schema of kinds whose key is measured: a metric of a run, times `scale`, in `unit`. The outcome must be
    robust over seeds at every value of the settings."""

    metric: Text | None = None
    unit: str = ""
    scale: FiniteFloat = 1.0
    cap: Text | None = None  # the setting at which a count of steps stops

    def broken_rules(self, topic: Topic, experiments: Experiments | None) -> Found:
        """The experiment takes the settings and measures the metrics."""
        yield from super().broken_rules(topic, experiments)
        if self.cap and self.cap not in self.settings:
            yield ("cap",), f"{self.cap!r} is not one of the settings"
        if self.trial and any(self.metrics()):
            yield ("try",), "what is measured is what its Try it shows"
        if experiments and self.experiment and self.experiment in experiments:
            yield from self._measurable(experiments[self.experiment])

    def metrics(self) -> Iterator[tuple[Location, str]]:
        """The metrics that it asks for, and where."""
        if self.metric:
            yield ("metric",), self.metric

    def set_to(self) -> Iterator[tuple[Location, tuple[Setting, ...]]]:
        """The values that settings may take, and where; the last step of a place is the name of the setting."""
        yield from ((("settings", name), values) for name, values in self.settings.items())

    def capped_at(self, settings: Mapping[str, Setting]) -> float | None:
        """Where the counts stop; None where they are no such counts."""
        cap = settings.get(self.cap) if self.cap else None
        return None if cap is None or isinstance(cap, str) else float(cap)

    def _measurable(self, experiment: Mapping[str, Any]) -> Found:
        metrics = experiment["metrics"]
        for location, metric in self.metrics():
            if metric not in metrics:
                yield location, f"{metric!r} is not a metric of {self.experiment}"
            elif isinstance(metrics, Mapping) and (stops := metrics[metric].get("cap")) != self.cap:
                yield ("cap",), f"{metric} stops at {stops}: write `cap: {stops}`" if stops else f"{metric} has no cap"
        for location, values in self.set_to():
            parameter = experiment["parameters"].get(location[-1])
            if parameter is None:
                yield location, f"is not a parameter of {self.experiment}"
            elif not all(accepted(value, parameter) for value in values):
                yield location, f"takes a value that {self.experiment} does not accept"


class PredictQuestion(MeasuredQuestion):
    """A question for the number itself."""

    kind: Literal["predict"]
    experiment: Id
    metric: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPrediction(DrawnQuestion):
    """The key is `metric` of the one run, times `scale`, in `unit`."""

    kind: ClassVar[str] = "predict"
    schema: ClassVar[type[PredictQuestion]] = PredictQuestion
    way: ClassVar[Way] = Way.NUMBER
    appealable: ClassVar[bool] = True
    brief: ClassVar[bool] = True

    metric: str
    unit: str = ""
    scale: float = 1.0
    cap: float | None = None  # a count beyond it did not end

    @classmethod
    def draw(cls, topic: str, question: PredictQuestion, chance: Chance) -> Self:
        """Draw the settings, and name them in the question."""
        settings = question.draw_settings(chance)
        return cls(
            **shared_by_all(topic, question) | asked_with(question, settings),
            runs=(QuestionRun(question.experiment, settings),),
            metric=question.metric,
            unit=question.unit,
            scale=question.scale,
            cap=question.capped_at(settings),
        )

    def read(self, picks: tuple[int, ...], text: str) -> Answer | None:
        """One number, with its unit or without."""
        number = formats.number_in(text, self.unit)
        return None if number is None else Answer(text=text, number=number)

    def find_key(self, runs: Runs = ()) -> Key | None:
        """What the run measured, in the unit of the question."""
        value = runs[0].get(self.metric) if runs else None
        return None if value is None or not math.isfinite(value) else Key(number=value * self.scale)

    def mark(self, answer: Answer, runs: Runs = (), grade: Grade | None = None) -> float | None:
        """1 within 10 %; further off it falls in the logarithm of the ratio, to 0 at a factor of 3."""
        key = self.find_key(runs)
        return None if key is None or key.number is None else closeness(key.number, answer.number or 0.0)

    def alike(self, answer: Answer, other: Answer) -> bool:
        """Within 10 % of each other."""
        one, two = answer.number or 0.0, other.number or 0.0
        return abs(one - two) <= (NEAR - 1) * abs(two)


def fields_of(text: str) -> list[tuple[str, str]]:
    """The names between braces in a text, each with what else stands there. Raises ValueError for an open brace."""
    parsed = string.Formatter().parse(text)
    return [(name, (form or "") + (conversion or "")) for _, name, form, conversion in parsed if name is not None]


def whole(value: Setting) -> Setting:
    """100.0 as 100, for people and for experiments that count."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def shown(settings: Mapping[str, Setting]) -> dict[str, str]:
    """The settings as people read them."""
    return {name: formats.setting(value) for name, value in settings.items()}


def asked_with(question: SettingsQuestion, settings: Mapping[str, Setting]) -> dict[str, str]:
    """What is asked, with the settings that it names in their places."""
    return {"ask": question.ask.format(**shown(settings)) if settings else question.ask}


def closeness(right: float, guess: float) -> float:
    """What a guess earns, from 0 to 1. Zero and a change of sign know no ratio: there only the exact number counts."""
    if is_near(right, guess):
        return 1.0
    if right * guess <= 0:
        return 0.0
    ratio = max(guess / right, right / guess)
    return max(0.0, 1 - math.log(max(ratio, NEAR) / NEAR) / math.log(FAR / NEAR))


def is_near(right: float, guess: float) -> bool:
    """Whether a guess has full marks."""
    return abs(guess - right) <= (NEAR - 1) * abs(right) * (1 + _ROUNDING)


def accepted(value: Setting, parameter: Mapping[str, Any]) -> bool:
    if "choices" in parameter:
        return value in parameter["choices"]
    if not isinstance(value, float) or (parameter.get("type") == "int" and not value.is_integer()):
        return False
    return bool(parameter["min"] <= value <= parameter["max"])
