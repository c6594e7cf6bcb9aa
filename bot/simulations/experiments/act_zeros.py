"""Which activations are exactly zero?

ReLU is 0 for every negative input, "around 50% of hidden units" at the start (Glorot et al. 2011 §3.1). SELU is 0 only
at 0: for very negative input it tends to -lambda alpha = -1.758 (Klambauer et al. 2017, eq. 2), a level that is its off
state and not 0. Sparse here means exactly 0. A tolerance would call leaky ReLU sparse, whose negative side is merely
small; and SELU written with exp(z) - 1 in place of expm1 shows false zeros for |z| < 1e-16.

One net 20-n-...-n-5 for each activation, from the same N(0, 1) matrices at the spread that suits it; full-batch Adam at
0.01 on five classes of Gaussian clusters. Hidden activations are counted over all samples and layers, before and after.
"""

from dataclasses import dataclass

import numpy as np

from bot.formats import percent, two_percent
from bot.simulations.arrays import FIVE_CLASSES, Array, standard_normals, stream
from bot.simulations.experiment import Experiment, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import FRESH, OFF, Net, multiply_adds, nonlinear, stacked
from bot.simulations.plot import Axis, Bars, Panel, Plot
from bot.simulations.training import Adam, softmax_cross_entropy, step

SAMPLES, LR = 300, 0.01
NEAR = 0.01  # what "nearly zero" means, for contrast
SATURATED = 0.9 * OFF  # -1.58: SELU's units that are all but off

WIDTH = Int("width", "n", 64, 16, 96, "units", "width of each hidden layer")
DEPTH = Int("depth", "L", 3, 1, 4, "layers", "number of hidden layers")
TRAIN = Int("train", "", 60, 0, 60, "steps", "length of the training")

NAMES = {
    "relu": "ReLU",
    "leaky": "leaky ReLU",
    "prelu": "PReLU",
    "rrelu": "RReLU",
    "elu": "ELU",
    "selu": "SELU",
    "tanh": "tanh",
    "logistic": "logistic",
}


@dataclass(frozen=True, slots=True)
class Shares:
    """Of all hidden activations of one net at one time."""

    zero: float
    near: float
    negative: float
    saturated: float


def run(settings: RunSettings, seed: int) -> Outcome:
    cases = {name: train(name, settings, seed) for name in NAMES}
    return Outcome(headline(cases), metrics(cases), table(cases), plot(cases))


def train(name: str, settings: RunSettings, seed: int) -> tuple[Shares, Shares]:
    """Trains one net: the shares of zero activations before and after it."""
    x, labels, _, _ = FIVE_CLASSES.draw(stream(seed, "data"), SAMPLES)
    normals = standard_normals(stream(seed, "weights"), widths(settings))
    draws = stream(seed, "slopes")
    net = stacked([FRESH[name].suited(len(w)) * w for w in normals], lambda: nonlinear(name, draws))
    before, adam = count(net, x), Adam(LR)
    for _ in range(settings[TRAIN]):
        step(net, adam, softmax_cross_entropy, x, labels)
    return before, count(net, x)


def widths(settings: RunSettings) -> list[int]:
    return [FIVE_CLASSES.features, *[settings[WIDTH]] * settings[DEPTH], FIVE_CLASSES.classes]


def count(net: Net, x: Array) -> Shares:
    net(x)
    h = np.array(net.hidden)
    shares = (np.mean(h == 0), np.mean(abs(h) < NEAR), np.mean(h < 0), np.mean(h < SATURATED))
    return Shares(*map(float, shares))


def metrics(cases: dict[str, tuple[Shares, Shares]]) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for name, (before, after) in cases.items():
        numbers |= {f"{name}_zero0": before.zero, f"{name}_zero1": after.zero, f"{name}_near1": after.near}
    selu = cases["selu"][1]
    return numbers | {"selu_negative1": selu.negative, "selu_saturated1": selu.saturated}


def headline(cases: dict[str, tuple[Shares, Shares]]) -> str:
    selu, relu = cases["selu"][1], cases["relu"][1]
    return (
        f"Activations that are exactly 0: {two_percent(selu.zero)} with SELU and {two_percent(relu.zero)} with ReLU; "
        f"{two_percent(selu.negative)} of SELU's are negative."
    )


def table(cases: dict[str, tuple[Shares, Shares]]) -> Table:
    rows = [
        (NAMES[name], percent(before.zero), percent(after.zero), percent(after.near))
        for name, (before, after) in cases.items()
    ]
    return Table(("activation", "zero at first", "zero after", f"within {NEAR} after"), rows)


def plot(cases: dict[str, tuple[Shares, Shares]]) -> Plot:
    names = [NAMES[name] for name in cases]
    zero = Bars("exactly 0", names, [100 * after.zero for _, after in cases.values()])
    near = Bars(f"within {NEAR} of 0", names, [100 * after.near for _, after in cases.values()])
    selu, relu = (two_percent(cases[name][1].zero) for name in ("selu", "relu"))
    panel = Panel(Axis("% of hidden activations after training"), Axis("activation"), [zero, near])
    return Plot([panel], f"Exactly 0 after training: {selu} of SELU's activations, {relu} of ReLU's")


def work(settings: RunSettings) -> int:
    return len(NAMES) * (3 * settings[TRAIN] + 2) * multiply_adds(SAMPLES, widths(settings))


EXPERIMENT = Experiment(
    name="act-zeros",
    topic="selu",
    title="Exact zeros",
    question="Does SELU make activations sparse?",
    parameters=(WIDTH, DEPTH, TRAIN),
    metrics=(
        *(
            Metric(f"{key}_{part}", "share", f"hidden activations {meaning} training, {name}")
            for key, name in NAMES.items()
            for part, meaning in {
                "zero0": "exactly 0 before",
                "zero1": "exactly 0 after",
                "near1": f"within {NEAR} of 0 after",
            }.items()
        ),
        Metric("selu_negative1", "share", "hidden activations below 0 after training, SELU"),
        Metric("selu_saturated1", "share", "hidden activations below -1.58 after training, SELU"),
    ),
    work=work,
    run=run,
)
