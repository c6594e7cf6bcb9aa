"""Logistic units in hidden layers: the gradient that is left for the first one, before any training.

The logistic function's slope is at most 1/4, so each layer that a gradient passes on its way down costs a factor of
four or more, where the weights keep its size: 0.25^(L - 1) from layer L to layer 1, 10^-5.4 for ten layers. Glorot &
Bengio 2010 §3.1 saw deep nets of logistic units stall. tanh has slope 1 at 0, ReLU 1 on half of its inputs, and weights
that make up for that half (He et al. 2015 §2.2, eq. 14).

One set of N(0, 1) matrices, scaled for each activation (variance 2/n for ReLU, 1/n for the others), biases 0, inputs
N(0, 1), one linear output; the loss is its mean over the batch. Two ratios, layer 1 over layer L:
    signal    size of dloss/dz, what the slopes alone do
    weights   size of dloss/dW = h^T dz, which adds up over the batch: where a deep layer's inputs h have become much
              the same for all samples (ReLU, logistic), its gradients add up instead of averaging out, and the ratio
              is smaller by up to sqrt(batch). ReLU's 10^-0.9 is this, not a vanishing (our finding)
"""

from dataclasses import dataclass
from math import log10

import numpy as np

from bot.formats import power, two_power
from bot.simulations.arrays import Array, standard_normals, stream
from bot.simulations.experiment import Experiment, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import LOGISTIC, RELU, SELU, TANH, Activation, multiply_adds
from bot.simulations.plot import Axis, Line, Panel, Plot

BATCH = 128

DEPTH = Int("depth", "L", 10, 2, 30, "layers", "number of hidden layers")
WIDTH = Int("width", "n", 64, 16, 128, "units", "width of the input and of every hidden layer")

CASES = {"logistic": LOGISTIC, "tanh": TANH, "relu": RELU, "selu": SELU}
NAMES = {"logistic": "logistic", "tanh": "tanh", "relu": "ReLU", "selu": "SELU"}


@dataclass(frozen=True, slots=True)
class Sizes:
    """log10 of the size (root of the sum of squares) of each hidden layer's gradients, the first layer's first."""

    weights: Array
    signal: Array

    @property
    def left(self) -> float:
        """log10 of the first layer's gradient in its weights over the last's."""
        return float(self.weights[0] - self.weights[-1])

    @property
    def signal_left(self) -> float:
        """log10 of the first layer's signal over the last's."""
        return float(self.signal[0] - self.signal[-1])


def run(settings: RunSettings, seed: int) -> Outcome:
    n, depth = settings[WIDTH], settings[DEPTH]
    weights = standard_normals(stream(seed, "weights"), [n] * (depth + 1) + [1])
    x = stream(seed, "input").standard_normal((BATCH, n))
    sizes = {name: gradients(f, weights, x) for name, f in CASES.items()}
    return Outcome(headline(sizes, settings), metrics(sizes), table(sizes, settings), plot(sizes, settings))


def gradients(f: Activation, weights: list[Array], x: Array) -> Sizes:
    """Forward, then back from the mean output. The output layer's own gradient is not counted."""
    matrices = [f.suited(len(w)) * w for w in weights]
    inputs, slopes = [x], []
    for w in matrices[:-1]:
        z = inputs[-1] @ w
        h = f(z)
        slopes.append(f.derivative(z, h))
        inputs.append(h)
    dz = np.full((len(x), 1), 1 / len(x))
    of_weights, of_signal = [], []
    for i in reversed(range(len(slopes))):
        dz = (dz @ matrices[i + 1].T) * slopes[i]
        of_weights.append(size(inputs[i].T @ dz))
        of_signal.append(size(dz))
    return Sizes(np.array(of_weights[::-1]), np.array(of_signal[::-1]))


def size(x: Array) -> float:
    """log10 of the root of the sum of squares."""
    return log10(float(np.linalg.norm(x)))


def in_theory(settings: RunSettings) -> float:
    """log10 of the most that logistic slopes leave of a signal, where weights keep its size."""
    return (settings[DEPTH] - 1) * log10(0.25)


def metrics(sizes: dict[str, Sizes]) -> dict[str, float]:
    numbers = {f"{name}_log10_g1_over_gL": one.left for name, one in sizes.items()}
    return numbers | {f"{name}_log10_signal": one.signal_left for name, one in sizes.items()}


def headline(sizes: dict[str, Sizes], settings: RunSettings) -> str:
    tanh, relu, selu = (two_power(sizes[name].left) for name in ("tanh", "relu", "selu"))
    return (
        f"The first of {settings[DEPTH]} logistic layers gets {two_power(sizes['logistic'].left)} times the last one's "
        f"gradient; with tanh it is {tanh} times, with ReLU {relu}, with SELU {selu}."
    )


def table(sizes: dict[str, Sizes], settings: RunSettings) -> Table:
    rows = [(NAMES[name], power(one.left), power(one.signal_left)) for name, one in sizes.items()]
    bound = ("0.25 a layer", "-", power(in_theory(settings)))
    return Table(("layer 1 over last", "gradient of weights", "error sent back"), [*rows, bound])


def plot(sizes: dict[str, Sizes], settings: RunSettings) -> Plot:
    x, y = Axis("layers below the last", place="{} layers below"), Axis("relative to the last layer", log=True)
    below = np.arange(settings[DEPTH])

    def lines(curves: dict[str, Array]) -> list[Line]:
        return [Line(NAMES[name], below, 10 ** (curve - curve[-1])[::-1]) for name, curve in curves.items()]

    weights = lines({name: one.weights for name, one in sizes.items()})
    error = lines({name: one.signal for name, one in sizes.items()})
    slope = Line("0.25 a layer", below, 0.25**below)
    left = two_power(sizes["logistic"].left)
    return Plot(
        [Panel(x, y, weights, "Gradient of the weights"), Panel(x, y, [*error, slope], "Error sent back")],
        f"The first of {settings[DEPTH]} logistic layers gets {left} of the last's gradient",
        weights[:2],
    )


def work(settings: RunSettings) -> int:
    return len(CASES) * 3 * multiply_adds(BATCH, [settings[WIDTH]] * (settings[DEPTH] + 1))


EXPERIMENT = Experiment(
    name="logistic-hidden",
    topic="activation-functions",
    title="Logistic units in hidden layers",
    question="How much gradient do logistic hidden layers leave for the first one?",
    parameters=(DEPTH, WIDTH),
    metrics=tuple(
        Metric(f"{name}_log10_{part}", "", f"log10 of {meaning}, {said}")
        for part, meaning in {
            "g1_over_gL": "the first layer's gradient over the last's, in norm",
            "signal": "the first layer's dloss/dz over the last's, in norm",
        }.items()
        for name, said in NAMES.items()
    ),
    work=work,
    run=run,
)
