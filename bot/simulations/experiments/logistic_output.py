"""A logistic output for two classes: a probability, and why it is trained with the cross-entropy.

Labels are drawn from a logistic model, so the true probability p of every point is known. Full-batch gradient descent
with one of two losses, whose gradients in the logit z = x w are
    cross-entropy  softplus(z) - y z        p - y                   Goodfellow et al. 2016 §6.2.2.2; Bishop 2006 §4.3.2
    squared error  (p - y)^2                2 (p - y) p (1 - p)
The second dies where the output is confidently wrong, since p (1 - p) goes to 0: at z = -10, y = 1 it is -9.1e-5, the
first -0.99995. Both are tried from zero and from `start` times the true weights with the sign turned. From zero the
squared error arrives about as well: what differs is the gradient, not the optimum.

A linear output fitted by least squares is the comparison: some of its "probabilities" lie outside 0 to 1.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bot.formats import capped, two_capped, two_digits
from bot.simulations.arrays import Array, stream
from bot.simulations.experiment import Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import logistic
from bot.simulations.plot import Across, Axis, Line, Panel, Plot
from bot.simulations.training import binary_cross_entropy, calibration_error

TRUE = np.array([2.0, -1.0, 0.5])  # the last is the bias: its input is 1
FRESH = 5000  # points drawn for the measurements after training
RECOVERED = 0.6  # negative log-likelihood below which a wrong start counts as mended

SAMPLES = Int("n", "n", 400, 100, 2000, "samples", "samples to train on")
STEPS = Int("steps", "", 400, 100, 2000, "steps", "length of the training")
LR = Float("lr", "η", 0.5, 0.05, 2.0, "", "learning rate of gradient descent")
START = Float("start", "", 8.0, 2.0, 20.0, "", "how wrong the wrong start is: minus this times the true weights")

Gradient = Callable[[Array, Array], Array]


def of_cross_entropy(p: Array, y: Array) -> Array:
    return p - y


def of_squared_error(p: Array, y: Array) -> Array:
    return 2 * (p - y) * p * (1 - p)


CASES: dict[str, tuple[str, Gradient]] = {
    "zero_ce": ("zero: cross-entropy", of_cross_entropy),
    "zero_mse": ("zero: squared error", of_squared_error),
    "wrong_ce": ("wrong: cross-entropy", of_cross_entropy),
    "wrong_mse": ("wrong: squared error", of_squared_error),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One training: its loss on the training data by step, and what came of it on fresh points."""

    nll: Array
    p: Array
    fresh_nll: float
    calibration: float
    distance: float

    def steps_to(self, level: float) -> int:
        """Steps until the loss is below the level; number of steps + 1 where it never is."""
        below = np.flatnonzero(self.nll < level)
        return int(below[0]) if below.size else len(self.nll)


@dataclass(frozen=True, slots=True)
class Points:
    """x (n, 3) with a last column of ones, labels y, and the true probability of y = 1."""

    x: Array
    y: Array
    p: Array


def run(settings: RunSettings, seed: int) -> Outcome:
    data, fresh = drawn(seed, "data", settings[SAMPLES]), drawn(seed, "fresh points", FRESH)
    cases = {name: descend(name, data, fresh, settings) for name in CASES}
    numbers = metrics(cases, outside(data, fresh))
    return Outcome(headline(numbers, settings), numbers, table(cases, settings), plot(cases, settings))


def drawn(seed: int, purpose: str, n: int) -> Points:
    draw = stream(seed, purpose)
    x = np.column_stack([draw.standard_normal((n, 2)), np.ones(n)])
    p = logistic(x @ TRUE)
    return Points(x, (draw.random(n) < p).astype(np.float64), p)


def descend(name: str, data: Points, fresh: Points, settings: RunSettings) -> Case:
    gradient = CASES[name][1]
    w = -settings[START] * TRUE if name.startswith("wrong") else np.zeros_like(TRUE)
    nll = []
    for _ in range(settings[STEPS]):
        z = data.x @ w
        nll.append(binary_cross_entropy(z, data.y)[0])
        w = w - settings[LR] * (data.x.T @ gradient(logistic(z), data.y)) / len(z)
    nll.append(binary_cross_entropy(data.x @ w, data.y)[0])
    z = fresh.x @ w
    p = logistic(z)
    return Case(
        nll=np.array(nll),
        p=p,
        fresh_nll=binary_cross_entropy(z, fresh.y)[0],
        calibration=calibration_error(p, fresh.y),
        distance=float(np.abs(p - fresh.p).mean()),
    )


def outside(data: Points, fresh: Points) -> float:
    """Share of fresh points whose linear least-squares output is below 0 or above 1."""
    w = np.linalg.lstsq(data.x, data.y)[0]
    output = fresh.x @ w
    return float(np.mean((output < 0) | (output > 1)))


def metrics(cases: dict[str, Case], linear_outside: float) -> dict[str, float]:
    p, y = logistic(np.array([-10.0])), np.array([1.0])
    numbers = {
        "linear_outside01": linear_outside,
        "cegrad_z-10": float(of_cross_entropy(p, y)[0]),
        "msegrad_z-10": float(of_squared_error(p, y)[0]),
        "output_min": float(cases["zero_ce"].p.min()),
        "output_max": float(cases["zero_ce"].p.max()),
    }
    for name, case in cases.items():
        numbers[f"{name}_ece"] = case.calibration
        numbers[f"{name}_abs_err_true"] = case.distance
        numbers[f"{name}_nll"] = case.fresh_nll
        numbers[f"{name}_steps_to_nll06"] = case.steps_to(RECOVERED)
    return numbers


def headline(numbers: dict[str, float], settings: RunSettings) -> str:
    ce, mse = (capped(numbers[f"wrong_{loss}_steps_to_nll06"], settings[STEPS]) for loss in ("ce", "mse"))
    return (
        f"From a confidently wrong start the cross-entropy takes {ce} steps to recover, squared error {mse}; "
        f"from zero, p is off the true probability by {two_digits(numbers['zero_ce_abs_err_true'])} on average."
    )


def table(cases: dict[str, Case], settings: RunSettings) -> Table:
    rows = [
        (
            CASES[name][0],
            case.fresh_nll,
            capped(case.steps_to(RECOVERED), settings[STEPS]),
            case.calibration,
            case.distance,
        )
        for name, case in cases.items()
    ]
    return Table(("start and loss", "NLL", f"steps to {RECOVERED}", "calibration error", "off true p"), rows)


def plot(cases: dict[str, Case], settings: RunSettings) -> Plot:
    lines = {name: Line(CASES[name][0], np.arange(len(case.nll)), case.nll) for name, case in cases.items()}
    recovered = Across(f"recovered: {RECOVERED}", RECOVERED)
    ce, mse = (two_capped(cases[f"wrong_{loss}"].steps_to(RECOVERED), settings[STEPS]) for loss in ("ce", "mse"))
    return Plot(
        [Panel(Axis("step"), Axis("negative log-likelihood", log=True), [*lines.values(), recovered])],
        f"From a wrong start cross-entropy recovers in {ce} steps, squared error {mse}",
        [lines["wrong_ce"], lines["wrong_mse"]],
    )


def work(settings: RunSettings) -> int:
    """Forward and back through three weights, and some twenty for the exponentials of a point."""
    inputs = len(TRUE)
    return len(CASES) * (settings[STEPS] * settings[SAMPLES] + FRESH) * (2 * inputs + 20)


EXPERIMENT = Experiment(
    name="logistic-output",
    topic="activation-functions",
    title="A logistic output and its loss",
    question="Why does a logistic output need the cross-entropy, and is it a probability?",
    parameters=(SAMPLES, STEPS, LR, START),
    metrics=(
        *(
            metric
            for name, (said, _) in CASES.items()
            for metric in (
                Metric(f"{name}_ece", "", f"calibration error on fresh points, {said}"),
                Metric(f"{name}_abs_err_true", "", f"mean distance to the true probability, {said}"),
                Metric(f"{name}_nll", "nats", f"negative log-likelihood of fresh points, {said}"),
                Metric(f"{name}_steps_to_nll06", "steps", f"steps to a loss below {RECOVERED}, {said}", cap=STEPS),
            )
        ),
        Metric("linear_outside01", "share", "least-squares outputs below 0 or above 1"),
        Metric("cegrad_z-10", "", "gradient of the cross-entropy at z = -10, y = 1"),
        Metric("msegrad_z-10", "", "gradient of the squared error at z = -10, y = 1"),
        Metric("output_min", "", "smallest output, cross-entropy"),
        Metric("output_max", "", "largest output, cross-entropy"),
    ),
    work=work,
    run=run,
)
