"""Symmetry: units that start equal stay equal.

Two units with the same incoming and outgoing weights compute the same output and get the same gradient, so in a
deterministic network no step can part them: a layer of n copies is one unit (Goodfellow et al. 2016 §8.4). A net of
identical monotone units is a monotone function of one projection, which gets at most 3 of XOR's 4 blobs: 75 %.

Four starts of one net 2-h-h-1 on XOR, full-batch Adam on the cross-entropy:
    constant  every weight of a layer is |z| sqrt(2/inputs), with one z ~ N(0, 1) for all
    zero      every weight is 0
    almost    constant + 10 % independent noise, 0.1 sqrt(2/inputs) N(0, 1)
    he        independent, sqrt(2/inputs) N(0, 1)

With `drop` above 0 each hidden unit is switched off by itself with that probability in every step of training (dropout,
off when the results are taken). Copies then get different gradients and part: the exception that §8.4 names.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log

import numpy as np

from bot.formats import number, percent, two_percent
from bot.simulations.arrays import Array, he, standard_normals, stream, xor_blobs
from bot.simulations.experiment import Choice, Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import BY_NAME, Net, dropout_net, multiply_adds
from bot.simulations.plot import Across, Axis, Line, Panel, Plot
from bot.simulations.training import Adam, binary_accuracy, binary_cross_entropy, step

SAMPLES = 200
RANK_TOLERANCE = 1e-6  # BLAS may sum equal columns in another order, so copies differ by up to 1e-10

HIDDEN = Int("hidden", "h", 16, 2, 32, "units", "width of both hidden layers")
STEPS = Int("steps", "", 400, 50, 800, "steps", "length of the training")
LR = Float("lr", "η", 0.01, 0.001, 0.05, "", "learning rate of Adam")
NOISE = Float("noise", "σ", 0.35, 0.1, 0.6, "", "spread of each of the four blobs")
DROP = Float("drop", "p", 0.0, 0.0, 0.5, "", "share of hidden activations dropped in training")
ACT = Choice("act", "f", "tanh", ("tanh", "relu", "selu", "logistic"), "", "activation of the hidden layers")


@dataclass(frozen=True, slots=True)
class Case:
    """What became of one kind of first weights after training."""

    losses: list[float]
    accuracy: float
    rank: int
    unit_spread: float
    gradient_spread: float


def run(settings: RunSettings, seed: int) -> Outcome:
    x, y = xor_blobs(stream(seed, "data"), SAMPLES, settings[NOISE])
    cases = {}
    for name, w in starts(settings, seed):
        net = dropout_net(w, BY_NAME[settings[ACT]], settings[DROP], stream(seed, "masks"))
        cases[name] = train(net, x, y, settings)
    return Outcome(headline(cases), metrics(cases), table(cases), plot(cases, settings))


def starts(settings: RunSettings, seed: int) -> Iterator[tuple[str, list[Array]]]:
    """Each case's weights: 2-h-h-1. `almost` and `he` share their noise."""
    noise = standard_normals(stream(seed, "weights"), [2, settings[HIDDEN], settings[HIDDEN], 1])
    shared = abs(stream(seed, "shared value").standard_normal())  # a negative one would kill every ReLU at once
    yield "constant", [np.full_like(w, shared * he(len(w))) for w in noise]
    yield "zero", [np.zeros_like(w) for w in noise]
    yield "almost", [(shared + 0.1 * w) * he(len(w)) for w in noise]
    yield "he", [w * he(len(w)) for w in noise]


def train(net: Net, x: Array, y: Array, settings: RunSettings) -> Case:
    """Full-batch Adam; with plain SGD identical units add up, so that the step would grow with the width."""
    adam = Adam(settings[LR])
    losses = [step(net, adam, binary_cross_entropy, x, y)]
    gradient_spread = max(spread(layer.gradients[0]) for layer in net.dense[:2])
    losses += [step(net, adam, binary_cross_entropy, x, y) for _ in range(settings[STEPS] - 1)]
    logits = net(x)
    losses.append(binary_cross_entropy(logits, y)[0])
    unit_spread = max(spread(h) for h in net.hidden)
    return Case(losses, binary_accuracy(logits, y), rank(net.dense[1].weights), unit_spread, gradient_spread)


def spread(columns: Array) -> float:
    """The largest difference between any unit (a column) and the first."""
    return float(np.abs(columns - columns[:, :1]).max())


def rank(matrix: Array) -> int:
    """Number of singular values above 1e-6 of the largest."""
    values = np.linalg.svd(matrix, compute_uv=False)
    return int(np.sum(values > RANK_TOLERANCE * values[0])) if values[0] > 0 else 0


def metrics(cases: dict[str, Case]) -> dict[str, float]:
    constant, independent = cases["constant"], cases["he"]
    return {
        "constant_acc": constant.accuracy,
        "he_acc": independent.accuracy,
        "constant_loss": constant.losses[-1],
        "he_loss": independent.losses[-1],
        "loss_ratio": constant.losses[-1] / independent.losses[-1],
        "constant_rank": constant.rank,
        "he_rank": independent.rank,
        "constant_unit_spread": constant.unit_spread,
        "constant_grad_spread0": constant.gradient_spread,
        "zero_loss": cases["zero"].losses[-1],
        "almost_acc": cases["almost"].accuracy,
        "he_unit_spread": independent.unit_spread,
        "he_grad_spread0": independent.gradient_spread,
    }


NAMES = {"constant": "one shared value", "zero": "all zero", "almost": "shared + 10 % noise", "he": "He, independent"}


def headline(cases: dict[str, Case]) -> str:
    constant, independent = cases["constant"], cases["he"]
    return (
        f"Accuracy on XOR: {percent(constant.accuracy)} with one shared starting value, "
        f"{percent(independent.accuracy)} with independent He weights "
        f"(hidden matrix of rank {constant.rank} against {independent.rank})."
    )


def table(cases: dict[str, Case]) -> Table:
    rows = [(NAMES[name], percent(c.accuracy), number(c.losses[-1]), c.rank) for name, c in cases.items()]
    return Table(("start", "accuracy", "final loss", "rank of W2"), rows)


def plot(cases: dict[str, Case], settings: RunSettings) -> Plot:
    """With dropout the last loss is left out: it alone is taken without masks."""
    steps = np.arange(settings[STEPS] + (settings[DROP] == 0))
    lines = {name: Line(NAMES[name], steps, c.losses[: len(steps)]) for name, c in cases.items()}
    shared, independent = (two_percent(cases[name].accuracy) for name in ("constant", "he"))
    return Plot(
        [Panel(Axis("step"), Axis("loss", log=True), [*lines.values(), Across("ln 2: guessing", log(2))])],
        f"Accuracy on XOR: {shared} with one shared value, {independent} with He",
        [lines["constant"], lines["he"]],
    )


def work(settings: RunSettings) -> int:
    hidden = settings[HIDDEN]
    return 4 * settings[STEPS] * 3 * multiply_adds(SAMPLES, [2, hidden, hidden, 1])


EXPERIMENT = Experiment(
    name="symmetry",
    topic="weight-initialization",
    title="Equal weights stay equal",
    question="What happens when all weights start with the same value?",
    parameters=(HIDDEN, STEPS, LR, NOISE, DROP, ACT),
    metrics=(
        Metric("constant_acc", "share", "accuracy after training, one shared value"),
        Metric("he_acc", "share", "accuracy after training, He"),
        Metric("constant_loss", "nats", "loss after training, one shared value"),
        Metric("he_loss", "nats", "loss after training, He"),
        Metric("loss_ratio", "times", "loss after training, one shared value over He"),
        Metric("constant_rank", "", "rank of the hidden matrix after training, one shared value"),
        Metric("he_rank", "", "rank of the hidden matrix after training, He"),
        Metric(
            "constant_unit_spread", "", "largest difference between two units' outputs after training, shared value"
        ),
        Metric("constant_grad_spread0", "", "largest difference between two units' first gradients, shared value"),
        Metric("zero_loss", "nats", "loss after training, all zero"),
        Metric("almost_acc", "share", "accuracy after training, shared value with 10 % noise"),
        Metric("he_unit_spread", "", "largest difference between two units' outputs after training, He"),
        Metric("he_grad_spread0", "", "largest difference between two units' first gradients, He"),
    ),
    work=work,
    run=run,
)
