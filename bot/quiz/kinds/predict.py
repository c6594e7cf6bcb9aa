"""Predicts the number that an experiment, run after the close, will measure. Close counts.

Points: 1 within 10 %; further off they fall in the logarithm of the ratio, to 0 at a factor of 3.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.curriculum.questions import PredictQuestion, Setting
from bot.quiz.chance import Chance

NEAR, FAR = 1.1, 3.0
Metrics = Mapping[str, float | None]  # of one run; what was not finite is None
_NUMBER = re.compile(r"[+-]?(\d{1,15}(\.\d{0,15})?|\.\d{1,15})(e[+-]?\d{1,3})?")
_AROUND = re.compile(r"^(about|around|roughly|approximately|approx\.?|circa|ca\.?|~|≈|=)\s*")


@dataclass(frozen=True, slots=True)
class Run:
    """A run of an experiment: its settings, those left out being at their defaults."""

    experiment: str
    settings: Mapping[str, Setting]


@dataclass(frozen=True, slots=True)
class Predict:
    """The key is `metric` of the run, times `scale`, in `unit`. A count beyond `cap` did not end."""

    run: Run
    metric: str
    unit: str = ""
    scale: float = 1.0
    cap: float | None = None
    kind: Literal["predict"] = "predict"


def drawn_settings(question: PredictQuestion, chance: Chance) -> dict[str, Setting]:
    """One of the values listed for each setting."""
    return {name: whole(chance.pick(values, f"setting {name}")) for name, values in question.settings.items()}


def whole(value: Setting) -> Setting:
    """100.0 as 100, for people and for experiments that count."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def shown(settings: Mapping[str, Setting]) -> dict[str, str]:
    """The settings as people read them."""
    return {name: value if isinstance(value, str) else f"{value:.12g}" for name, value in settings.items()}


def composed(question: PredictQuestion, settings: Mapping[str, Setting]) -> Predict:
    """The question with its settings drawn."""
    run = Run(question.experiment, settings)
    return Predict(run, question.metric, question.unit, question.scale, capped_at(question, settings))


def capped_at(question: PredictQuestion, settings: Mapping[str, Setting]) -> float | None:
    """Where the counts of a question stop; None where they are no such counts."""
    cap = settings.get(question.cap) if question.cap else None
    return None if cap is None or isinstance(cap, str) else float(cap)


def key(form: Predict, runs: Sequence[Metrics]) -> float | None:
    """What was to be predicted; None where the run did not give a finite number."""
    value = runs[0].get(form.metric) if runs else None
    return None if value is None or not math.isfinite(value) else value * form.scale


def points(right: float, guess: float) -> float:
    """From 0 to 1. Zero and a change of sign know no ratio: there only the exact number counts."""
    if abs(guess - right) <= (NEAR - 1) * abs(right) * (1 + 1e-9):
        return 1.0
    if right * guess <= 0:
        return 0.0
    ratio = max(guess / right, right / guess)
    return max(0.0, 1 - math.log(max(ratio, NEAR) / NEAR) / math.log(FAR / NEAR))


def number(text: str, unit: str = "") -> float | None:
    """A number as people type it ("about 1,350 steps", "0,4", "2e3", "55%"); None where it is none, or not one only."""
    bare = _AROUND.sub("", text.strip().lower().replace("−", "-")).removesuffix(unit.lower()).removesuffix("%").strip()
    if re.fullmatch(r"[+-]?\d{1,3}([, ]\d{3})+(\.\d+)?", bare):
        bare = re.sub("[, ]", "", bare)
    bare = re.sub(r"^([+-]?\d*),(\d+)$", r"\1.\2", bare)
    return value if _NUMBER.fullmatch(bare) and math.isfinite(value := float(bare)) else None
