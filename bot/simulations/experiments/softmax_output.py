"""A softmax output for several classes: a distribution, right where the classes exclude each other.

    softmax(z)_i = exp(z_i) / sum_j exp(z_j)      Bridle 1990; Goodfellow et al. 2016 §6.2.2.3

Exclusive classes: k Gaussians N(centre, I) with centres on a circle. Bayes' rule gives the true probabilities: they are
the softmax of x . centre, so that a softmax regression can reach them. Beside it, on the same data,
    logistics      k separate outputs, each class against the rest: for more than two classes no linear model fits
                   these, and nothing ties the sum to 1
    least squares  k linear outputs, some of them outside 0 to 1
Tags that may both be true: tag i is 1 where x_i + 0.3 noise > 0, for two features x_i ~ N(0, 1). A softmax is trained
on the tags divided by their number (points without a tag say nothing to it); it must share one unit of probability out,
so that over 1/2 means exactly one tag, and it can be right on half of the points only. Two logistic outputs need not.

exp overflows at 709.8: without subtracting the largest logit first, a row with a logit of 1000 becomes NaN.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bot.formats import number, percent, two_digits, two_percent
from bot.simulations.arrays import Array, Labels, stream
from bot.simulations.experiment import Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import logistic, softmax
from bot.simulations.plot import Axis, Bars, Panel, Plot
from bot.simulations.training import calibration_error

LR = 0.5
FRESH = 10000  # points drawn for the measurements after training
TAG_NOISE = 0.3

CLASSES = Int("k", "k", 3, 2, 6, "classes", "number of classes")
SAMPLES = Int("n", "n", 1500, 300, 3000, "samples", "samples to train on")
STEPS = Int("steps", "", 300, 100, 600, "steps", "length of the training by gradient descent")
SEPARATION = Float("sep", "r", 1.5, 0.5, 3.0, "", "distance of the class centres from 0")

Output = Callable[[Array], Array]


@dataclass(frozen=True, slots=True)
class Points:
    """x (n, 3) with a last column of ones, labels (n,), and each class's true probability (n, k)."""

    x: Array
    labels: Labels
    p: Array


def run(settings: RunSettings, seed: int) -> Outcome:
    numbers = exclusive(settings, seed) | tagged(settings, seed) | {"naive_nan_rate_at_1000": naive_failures(seed)}
    return Outcome(headline(numbers), numbers, table(numbers), plot(numbers))


def exclusive(settings: RunSettings, seed: int) -> dict[str, float]:
    """Trains the three outputs on k classes and compares them to Bayes' probabilities on fresh points."""
    data, fresh = drawn(seed, "data", settings[SAMPLES], settings), drawn(seed, "fresh points", FRESH, settings)
    targets = np.eye(settings[CLASSES])[data.labels]
    distribution = softmax(fresh.x @ descend(softmax, data.x, targets, settings))
    separate = logistic(fresh.x @ descend(logistic, data.x, targets, settings))
    linear = fresh.x @ np.linalg.lstsq(data.x, targets)[0]
    right = distribution.argmax(axis=1) == fresh.labels
    return {
        "softmax_rowsum_err": float(np.abs(distribution.sum(axis=1) - 1).max()),
        "softmax_abs_err_true": float(np.abs(distribution - fresh.p).mean()),
        "logistics_abs_err_true": float(np.abs(separate - fresh.p).mean()),
        "linear_abs_err_true": float(np.abs(linear - fresh.p).mean()),
        "softmax_ece": calibration_error(distribution.max(axis=1), right.astype(np.float64)),
        "softmax_acc": float(right.mean()),
        "bayes_acc": float(np.mean(fresh.p.argmax(axis=1) == fresh.labels)),
        "logistics_rowsum_min": float(separate.sum(axis=1).min()),
        "logistics_rowsum_max": float(separate.sum(axis=1).max()),
        "linear_outside01": float(np.mean((linear < 0) | (linear > 1))),
    }


def drawn(seed: int, purpose: str, n: int, settings: RunSettings) -> Points:
    """All centres have one norm, so that Bayes' log-probabilities are x . centre up to what the classes share."""
    draw = stream(seed, purpose)
    angles = 2 * np.pi * np.arange(settings[CLASSES]) / settings[CLASSES]
    centres = settings[SEPARATION] * np.column_stack([np.cos(angles), np.sin(angles)])
    labels = draw.integers(settings[CLASSES], size=n)
    x = centres[labels] + draw.standard_normal((n, 2))
    return Points(with_ones(x), labels, softmax(x @ centres.T))


def with_ones(x: Array) -> Array:
    return np.column_stack([x, np.ones(len(x))])


def descend(output: Output, x: Array, targets: Array, settings: RunSettings) -> Array:
    """Weights (3, k) after gradient descent on the cross-entropy: its gradient in the logits is p - target for both."""
    w = np.zeros((x.shape[1], targets.shape[1]))
    for _ in range(settings[STEPS]):
        w -= LR * x.T @ (output(x @ w) - targets) / len(x)
    return w


def tagged(settings: RunSettings, seed: int) -> dict[str, float]:
    """Share of fresh points on which both tags are right, for a softmax and for two logistic outputs."""
    x, tags = with_tags(stream(seed, "tags"), settings[SAMPLES])
    fresh, truth = with_tags(stream(seed, "fresh tags"), FRESH)
    some = tags.any(axis=1)
    shared = tags[some] / tags[some].sum(axis=1, keepdims=True)
    one = softmax(fresh @ descend(softmax, x[some], shared, settings))
    each = logistic(fresh @ descend(logistic, x, tags, settings))
    return {"multilabel_softmax_exact": all_right(one, truth), "multilabel_logistic_exact": all_right(each, truth)}


def with_tags(draw: "np.random.Generator", n: int) -> tuple[Array, Array]:
    """x (n, 3) with a last column of ones, and tags (n, 2) of 0 and 1."""
    x = draw.standard_normal((n, 2))
    return with_ones(x), (x + TAG_NOISE * draw.standard_normal((n, 2)) > 0).astype(np.float64)


def all_right(p: Array, tags: Array) -> float:
    return float(np.mean(((p > 0.5) == (tags > 0.5)).all(axis=1)))


def naive_failures(seed: int) -> float:
    """Share of rows with a logit of 1000 that exp(z) / sum(exp(z)), written down plainly, turns to NaN."""
    z = stream(seed, "logits").standard_normal((100, 3))
    z[:, 0] = 1000
    with np.errstate(over="ignore", invalid="ignore"):
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return float(np.isnan(p).any(axis=1).mean())


def headline(numbers: dict[str, float]) -> str:
    softmax, logistics = two_digits(numbers["softmax_abs_err_true"]), two_digits(numbers["logistics_abs_err_true"])
    one, two = two_percent(numbers["multilabel_softmax_exact"]), two_percent(numbers["multilabel_logistic_exact"])
    return (
        f"Off the true probabilities: {softmax} with a softmax, {logistics} with separate logistic outputs; "
        f"both of two free tags right: {one} against {two}."
    )


def table(numbers: dict[str, float]) -> Table:
    sums = f"{numbers['logistics_rowsum_min']:.3g} to {numbers['logistics_rowsum_max']:.3g}"
    return Table(
        ("output", "off true p", "sum of a row", "both tags right"),
        [
            (
                "softmax",
                numbers["softmax_abs_err_true"],
                f"1 ± {number(numbers['softmax_rowsum_err'])}",
                percent(numbers["multilabel_softmax_exact"]),
            ),
            (
                NAMES["logistics"],
                numbers["logistics_abs_err_true"],
                sums,
                percent(numbers["multilabel_logistic_exact"]),
            ),
            ("least squares", numbers["linear_abs_err_true"], "1, but not all in 0..1", "-"),
        ],
    )


NAMES = {"softmax": "softmax", "logistics": "logistic units", "linear": "least squares"}


def plot(numbers: dict[str, float]) -> Plot:
    off = {name: numbers[f"{key}_abs_err_true"] for key, name in NAMES.items()}
    right = {
        NAMES["softmax"]: numbers["multilabel_softmax_exact"],
        NAMES["logistics"]: numbers["multilabel_logistic_exact"],
    }
    distances = Bars("", list(off), list(off.values()))
    tags = Bars("", list(right), [100 * share for share in right.values()])
    softmax, separate = (two_digits(numbers[f"{key}_abs_err_true"]) for key in ("softmax", "logistics"))
    return Plot(
        [
            Panel(Axis("mean distance to the true p"), Axis("output"), [distances], "Exclusive classes"),
            Panel(Axis("both tags right, in %", high=100), Axis("output"), [tags], "Two free tags"),
        ],
        f"Off the true probabilities: softmax {softmax}, separate logistic units {separate}",
    )


def work(settings: RunSettings) -> int:
    """A step goes through 3 x k weights forward and back, and some ten for the exponentials of an output."""
    passes = settings[STEPS] * settings[SAMPLES]
    return passes * (2 * settings[CLASSES] + 2 * 2) * (2 * 3 + 10)


EXPERIMENT = Experiment(
    name="softmax-output",
    topic="activation-functions",
    title="A softmax output",
    question="When does a softmax give the right probabilities?",
    parameters=(CLASSES, SAMPLES, STEPS, SEPARATION),
    metrics=(
        Metric("softmax_rowsum_err", "", "largest |sum of a row - 1|, softmax"),
        Metric("softmax_abs_err_true", "", "mean distance to the true probabilities, softmax"),
        Metric("logistics_abs_err_true", "", "mean distance to the true probabilities, separate logistic outputs"),
        Metric("linear_abs_err_true", "", "mean distance to the true probabilities, least squares"),
        Metric("softmax_ece", "", "calibration error of the largest probability, softmax"),
        Metric("softmax_acc", "share", "accuracy on fresh points, softmax"),
        Metric("bayes_acc", "share", "accuracy of the true probabilities, the best there is"),
        Metric("logistics_rowsum_min", "", "smallest sum of a row, separate logistic outputs"),
        Metric("logistics_rowsum_max", "", "largest sum of a row, separate logistic outputs"),
        Metric("linear_outside01", "share", "least-squares outputs below 0 or above 1"),
        Metric("multilabel_softmax_exact", "share", "points with both tags right, softmax"),
        Metric("multilabel_logistic_exact", "share", "points with both tags right, two logistic outputs"),
        Metric("naive_nan_rate_at_1000", "share", "rows with a logit of 1000 that a plain exp turns to NaN"),
    ),
    work=work,
    run=run,
)
