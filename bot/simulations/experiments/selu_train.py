"""Training deep dense nets with SELU, with ReLU, and with ReLU and batch normalization.

SELU with weights of variance 1/n is meant to hold mean 0 and variance 1 of every layer (Klambauer et al. 2017, Thm 1),
which leaves each layer a gradient of useful size. The theorem allows for weights near that start; training moves them,
so mean and variance drift: the drift is measured here, layer by layer, over all samples and units.

Five nets 20-n-...-n-5 with `depth` hidden layers, biases 0, on five classes of Gaussian clusters (standardised input);
plain SGD at one rate on the same batches of 64, from the same N(0, 1) matrices:
    selu        SELU, variance 1/n
    relu_he     ReLU, 2/n (He et al. 2015 §2.2)
    relu_lecun  ReLU, 1/n
    relu_bn     as relu_he, with batch normalization before each ReLU
    relu_bn10   as relu_bn at ten times the rate, which the other nets would not bear
SELU is meant to make batch normalization needless (Klambauer et al. 2017, "Introduction"), so that is what it has to be
held against; the losses are taken with running averages there. The steps are few, so this is about speed, not about the
best loss in the end, nor about new data.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from bot.formats import number, two_digits
from bot.simulations.arrays import FIVE_CLASSES, Array, Labels, batches, he, lecun, standard_normals, stream
from bot.simulations.experiment import Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import RELU, SELU, Net, batch_norm_net, dense_net, multiply_adds
from bot.simulations.plot import Across, Axis, Line, Panel, Plot
from bot.simulations.training import SGD, softmax_cross_entropy, step

SAMPLES, BATCH = 512, 64

DEPTH = Int("depth", "L", 16, 2, 16, "layers", "number of hidden layers")
WIDTH = Int("width", "n", 64, 16, 64, "units", "width of each hidden layer")
STEPS = Int("steps", "", 150, 50, 150, "steps", "length of the training")
LR = Float("lr", "η", 0.01, 0.001, 0.03, "", "learning rate of SGD")


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to build and train a net."""

    name: str
    spread: Callable[[int], float]  # standard deviation of the first weights, by a layer's inputs
    stacked: Callable[[Sequence[Array]], Net]
    rate: float = 1  # the learning rate over η


KINDS = {
    "selu": Kind("SELU", lecun, lambda weights: dense_net(weights, SELU)),
    "relu_he": Kind("ReLU (He)", he, lambda weights: dense_net(weights, RELU)),
    "relu_lecun": Kind("ReLU (LeCun)", lecun, lambda weights: dense_net(weights, RELU)),
    "relu_bn": Kind("ReLU, batch norm", he, lambda weights: batch_norm_net(weights, RELU)),
    "relu_bn10": Kind("batch norm, 10 η", he, lambda weights: batch_norm_net(weights, RELU), rate=10),
}
NAMES = {key: kind.name for key, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class State:
    """Of one net at one time, over all samples: the loss, and mean and variance of each hidden layer."""

    loss: float
    means: Array
    variances: Array


@dataclass(frozen=True, slots=True)
class Case:
    """A net before and after training, with the loss on each batch between."""

    before: State
    after: State
    losses: list[float]


def run(settings: RunSettings, seed: int) -> Outcome:
    x, labels, _, _ = FIVE_CLASSES.draw(stream(seed, "data"), SAMPLES)
    cases = {name: train(kind, x, labels, settings, seed) for name, kind in KINDS.items()}
    return Outcome(headline(cases, settings), metrics(cases), table(cases, settings), plot(cases, settings))


def widths(settings: RunSettings) -> list[int]:
    return [FIVE_CLASSES.features, *[settings[WIDTH]] * settings[DEPTH], FIVE_CLASSES.classes]


def train(kind: Kind, x: Array, labels: Labels, settings: RunSettings, seed: int) -> Case:
    net = kind.stacked([kind.spread(len(w)) * w for w in standard_normals(stream(seed, "weights"), widths(settings))])
    before, sgd = state(net, x, labels), SGD(kind.rate * settings[LR])
    chosen = batches(stream(seed, "batches"), SAMPLES, BATCH)
    losses = []
    for _ in range(settings[STEPS]):
        batch = next(chosen)
        losses.append(step(net, sgd, softmax_cross_entropy, x[batch], labels[batch]))
    return Case(before, state(net, x, labels), losses)


def state(net: Net, x: Array, labels: Labels) -> State:
    loss = softmax_cross_entropy(net(x), labels)[0]
    means, variances = zip(*((h.mean(), h.var()) for h in net.hidden), strict=True)
    return State(loss, np.array(means), np.array(variances))


def metrics(cases: dict[str, Case]) -> dict[str, float]:
    before, after = cases["selu"].before, cases["selu"].after
    return {
        **{f"{name}_loss": case.after.loss for name, case in cases.items()},
        **{f"{name}_loss0": case.before.loss for name, case in cases.items()},
        "selu_maxmean0": float(abs(before.means).max()),
        "selu_maxmean1": float(abs(after.means).max()),
        "selu_minvar0": float(before.variances.min()),
        "selu_maxvar0": float(before.variances.max()),
        "selu_minvar1": float(after.variances.min()),
        "selu_maxvar1": float(after.variances.max()),
        "chance": log(FIVE_CLASSES.classes),
    }


def headline(cases: dict[str, Case], settings: RunSettings) -> str:
    named = {
        "selu": "SELU",
        "relu_he": "ReLU",
        "relu_bn": "ReLU and batch norm",
        "relu_bn10": "the same at 10 times the rate",
    }
    ends = ", ".join(f"{two_digits(cases[key].after.loss)} with {name}" for key, name in named.items())
    before, after = (two_digits(float(s.variances.max())) for s in (cases["selu"].before, cases["selu"].after))
    drift = f"largest variance of a SELU layer: {before} before, {after} after"
    return f"Loss after {settings[STEPS]} steps: {ends}; {drift}."


def span(state: State) -> str:
    """The smallest and the largest variance of any hidden layer, as text for the table."""
    return f"{number(float(state.variances.min()))} to {number(float(state.variances.max()))}"


def table(cases: dict[str, Case], settings: RunSettings) -> Table:
    rows = [(NAMES[name], c.before.loss, c.after.loss, span(c.before), span(c.after)) for name, c in cases.items()]
    return Table(("net", "first loss", f"{settings[STEPS]} steps", "variance", "after"), rows)


def plot(cases: dict[str, Case], settings: RunSettings) -> Plot:
    curves = {name: Line(NAMES[name], np.arange(len(case.losses)), case.losses) for name, case in cases.items()}
    chance = Across("guessing", log(FIVE_CLASSES.classes))
    before, after = cases["selu"].before.variances, cases["selu"].after.variances
    layers = np.arange(1, len(before) + 1)
    drift = [Line("before", layers, before), Line("after", layers, after)]
    selu, relu, norm = (two_digits(cases[name].after.loss) for name in ("selu", "relu_he", "relu_bn"))
    return Plot(
        [
            Panel(Axis("step"), Axis("loss on the batch", low=0, high=2.5), [*curves.values(), chance]),
            Panel(Axis("layer"), Axis("variance", low=0), drift, "SELU's layers, training"),
        ],
        f"Loss after {settings[STEPS]} steps: SELU {selu}, ReLU {relu}, with batch norm {norm}",
        [curves["selu"], curves["relu_he"]],
    )


def work(settings: RunSettings) -> int:
    training = settings[STEPS] * 3 * multiply_adds(BATCH, widths(settings))
    return len(KINDS) * (training + 2 * multiply_adds(SAMPLES, widths(settings)))


EXPERIMENT = Experiment(
    name="selu-train",
    topic="selu",
    title="Deep dense nets, SELU and ReLU",
    question="Does a deep dense net train faster with SELU, and do its layers stay normalised?",
    parameters=(DEPTH, WIDTH, STEPS, LR),
    metrics=(
        *(Metric(f"{key}_loss", "nats", f"loss on all data after training, {name}") for key, name in NAMES.items()),
        *(Metric(f"{key}_loss0", "nats", f"loss on all data before training, {name}") for key, name in NAMES.items()),
        *(
            Metric(f"selu_{part}{time}", "", f"{meaning} of any hidden layer {when} training, SELU")
            for time, when in enumerate(("before", "after"))
            for part, meaning in {
                "maxmean": "largest |mean|",
                "minvar": "smallest variance",
                "maxvar": "largest variance",
            }.items()
        ),
        Metric("chance", "nats", "loss of guessing among five classes, ln 5", arithmetic=True),
    ),
    work=work,
    run=run,
)
