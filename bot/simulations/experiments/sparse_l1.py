"""L1 makes weights small; whether it makes them zero depends on the solver.

Linear regression, y = X w + noise, where k of d features count, minimising

    1/2 mean (x w - y)^2 + lam |w|_1            the lasso, Tibshirani 1996

The penalty has a kink at 0. A method that steps along a (sub)gradient passes the kink and hovers around it, at a
distance of about lr lam / 2 for plain descent (our figure); one that solves the penalty's part of each step exactly
ends on it, S(w, t) = sign(w) max(|w| - t, 0):

    none, L2            mini-batch SGD without penalty, with lam/2 |w|_2^2
    L1 subgradient      SGD on the loss with lam sign(w) added to the gradient
    L1 Adam             Adam on the same gradient
    L1 proximal SGD     w <- S(w - lr g, lr lam) after each mini-batch; its noise keeps some idle weights alive
    L1 ISTA             the same with all data and lr = 1/L, 400 steps      Beck & Teboulle 2009
"""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from bot.formats import number, percent, two_percent
from bot.simulations.arrays import Array, batches, stream
from bot.simulations.experiment import Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.plot import Across, Axis, Line, Panel, Plot
from bot.simulations.training import SGD, Adam, soft_threshold

NOISE, BATCH, LR, TEST, ISTA_STEPS = 0.5, 25, 0.01, 1000, 400
SMALL = 0.01

N = Int("n", "n", 200, 80, 500, "samples", "samples to fit")
D = Int("d", "d", 50, 20, 80, "features", "features, most of them idle")
K = Int("k", "k", 8, 1, 15, "features", "features that count")
LAM = Float("lam", "λ", 0.1, 0.01, 0.5, "", "strength of the penalties")
STEPS = Int("steps", "", 2000, 500, 5000, "steps", "mini-batch steps of SGD and Adam")

NAMES = {
    "none": "no penalty",
    "L2": "L2",
    "L1_subgradient": "L1 subgradient",
    "L1_Adam": "L1 Adam",
    "L1_prox-sgd": "L1 proximal SGD",
    "L1_ISTA": "L1 ISTA",
}


def run(settings: RunSettings, seed: int) -> Outcome:
    true, x, y, test_x, test_y = data(settings, seed)
    found = dict(solutions(x, y, settings, seed))
    errors = {name: float(np.mean((test_x @ w - test_y) ** 2)) for name, w in found.items()}
    return Outcome(headline(found, true), metrics(found, errors, true), table(found, errors), plot(found))


def data(settings: RunSettings, seed: int) -> tuple[Array, Array, Array, Array, Array]:
    """True weights (d,), then X (n, d), y (n,) and a test set. The first k weights are 1 to 2 in size."""
    draws = stream(seed, "data")
    k, d = settings[K], settings[D]
    true = np.zeros(d)
    true[:k] = draws.choice([-1.0, 1.0], k) * draws.uniform(1, 2, k)
    x = draws.standard_normal((settings[N] + TEST, d))
    y = x @ true + NOISE * draws.standard_normal(len(x))
    return true, x[:-TEST], y[:-TEST], x[-TEST:], y[-TEST:]


def solutions(x: Array, y: Array, settings: RunSettings, seed: int) -> Iterator[tuple[str, Array]]:
    """Each method's weights; all begin at 0, and all but ISTA see the same mini-batches."""
    for name in NAMES:
        yield name, ista(x, y, settings[LAM]) if name == "L1_ISTA" else descend(name, x, y, settings, seed)


def descend(name: str, x: Array, y: Array, settings: RunSettings, seed: int) -> Array:
    lam, w = settings[LAM], np.zeros(x.shape[1])
    optimiser = Adam(LR) if name == "L1_Adam" else SGD(LR)
    for batch in islice(batches(stream(seed, "batches"), len(x), BATCH), settings[STEPS]):
        g = gradient(x[batch], y[batch], w)
        if name == "L2":
            g += lam * w
        if name in ("L1_subgradient", "L1_Adam"):
            g += lam * np.sign(w)
        optimiser.step(w, g)
        if name == "L1_prox-sgd":
            w = soft_threshold(w, LR * lam)
    return w


def gradient(x: Array, y: Array, w: Array) -> Array:
    """The gradient in w of the squared error 1/2 mean (x w - y)^2."""
    return np.asarray(x.T @ (x @ w - y) / len(y))


def ista(x: Array, y: Array, lam: float, steps: int = ISTA_STEPS) -> Array:
    """Iterative soft thresholding; L is the largest curvature of the loss."""
    curvature = float(np.linalg.eigvalsh(x.T @ x / len(y))[-1])
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        w = soft_threshold(w - gradient(x, y, w) / curvature, lam / curvature)
    return w


def zeros(w: Array) -> float:
    return float(np.mean(w == 0))


def small(w: Array) -> float:
    return float(np.mean(np.abs(w) < SMALL))


def metrics(found: dict[str, Array], errors: dict[str, float], true: Array) -> dict[str, float]:
    lasso = found["L1_ISTA"]
    return {
        **{f"{name}_zeros": zeros(w) for name, w in found.items()},
        **{f"{name}_small": small(w) for name, w in found.items()},
        **{f"{name}_test_mse": error for name, error in errors.items()},
        "L1_ISTA_recall": float(np.mean(lasso[true != 0] != 0)),
        "L1_ISTA_false_kept": float(np.sum(lasso[true == 0] != 0)),
        "true_zeros": zeros(true),
    }


def headline(found: dict[str, Array], true: Array) -> str:
    share = {name: two_percent(zeros(w)) for name, w in found.items()}
    return (
        f"Weights that L1 sets to exactly zero: {share['L1_ISTA']} with ISTA, {share['L1_prox-sgd']} with proximal "
        f"SGD, {share['L1_subgradient']} with subgradient SGD and {share['L1_Adam']} with Adam "
        f"({two_percent(zeros(true))} are zero in truth)."
    )


def table(found: dict[str, Array], errors: dict[str, float]) -> Table:
    rows = [(NAMES[name], percent(zeros(w)), percent(small(w)), errors[name]) for name, w in found.items()]
    return Table(("method", "exactly 0", f"below {SMALL}", "test error"), rows)


def plot(found: dict[str, Array]) -> Plot:
    """A line ends where a method's weights are zero from there on."""

    def note(w: Array) -> str:
        return f"exactly 0 from weight {np.count_nonzero(w) + 1} on" if zeros(w) else ""

    lines = {
        name: Line(NAMES[name], np.arange(1, len(w) + 1), np.sort(np.abs(w))[::-1], note(w))
        for name, w in found.items()
    }
    size = Axis("size of the weight", log=True, low=1e-6, high=10)
    x, level = Axis("weights, largest first", place="weight {}"), Across(f"{number(SMALL)}: small", SMALL)
    ista, adam = (two_percent(zeros(found[name])) for name in ("L1_ISTA", "L1_Adam"))
    title = f"L1 makes {ista} of weights exactly 0 with ISTA, {adam} with Adam"
    return Plot([Panel(x, size, [*lines.values(), level])], title, [lines["L1_ISTA"], lines["L1_Adam"]])


def work(settings: RunSettings) -> int:
    d = settings[D]
    return 5 * settings[STEPS] * 2 * BATCH * d + settings[N] * d * (d + 2 * ISTA_STEPS) + 6 * TEST * d


EXPERIMENT = Experiment(
    name="sparse-l1",
    topic="sparsity",
    title="L1 and exact zeros",
    question="Does an L1 penalty make weights exactly zero?",
    parameters=(N, D, K, LAM, STEPS),
    metrics=(
        *(Metric(f"{key}_zeros", "share", f"weights that are exactly 0, {name}") for key, name in NAMES.items()),
        *(Metric(f"{key}_small", "share", f"weights with |w| below {SMALL}, {name}") for key, name in NAMES.items()),
        *(Metric(f"{key}_test_mse", "", f"mean squared error on new data, {name}") for key, name in NAMES.items()),
        Metric("L1_ISTA_recall", "share", "features that count and are kept by ISTA"),
        Metric("L1_ISTA_false_kept", "features", "idle features kept by ISTA"),
        Metric("true_zeros", "share", "weights that are 0 in truth"),
    ),
    work=work,
    run=run,
)
