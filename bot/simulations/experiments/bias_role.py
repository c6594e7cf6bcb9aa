"""What biases are for: a tanh net without them is an odd function through the origin.

tanh(-z) = -tanh(z), so without biases f(-x) = -f(x) and f(0) = 0 whatever the weights are, as a line without an
intercept must pass through the origin (Goodfellow et al. 2016 §5.1.4; §6.1 uses biases to learn XOR). The target is
even on purpose, and not 0 at 0; of an odd target through 0 a net without biases could fit all.

    y = 1.5 + cos(1.5 x) on [-2, 2],   net 1-h-1, tanh, Adam on the full batch, with biases and without
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from bot.formats import two_digits
from bot.simulations.arrays import Array, lecun, standard_normals, stream
from bot.simulations.experiment import Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import TANH, Net, dense_net, multiply_adds
from bot.simulations.plot import Axis, Line, Panel, Plot, Scatter
from bot.simulations.training import Adam, squared_error, step

SAMPLES = 101  # evenly spaced
WITH, WITHOUT = "with biases", "without"

HIDDEN = Int("hidden", "h", 16, 2, 64, "units", "width of the hidden layer")
STEPS = Int("steps", "", 400, 50, 1000, "steps", "length of the training")
LR = Float("lr", "η", 0.02, 0.002, 0.05, "", "learning rate of Adam")


@dataclass(frozen=True, slots=True)
class Fit:
    """A trained net: its outputs on the grid and at 0, its loss, and the norm of its biases, which start at 0."""

    outputs: Array
    mse: float
    at_zero: float
    bias_norm: float


def run(settings: RunSettings, seed: int) -> Outcome:
    x = np.linspace(-2, 2, SAMPLES)[:, None]
    y = target(x)
    normals = standard_normals(stream(seed, "weights"), [1, settings[HIDDEN], 1])
    weights = [lecun(len(w)) * w for w in normals]
    fits = {name: fit(dense_net(weights, TANH, bias=name == WITH), x, y, settings) for name in (WITH, WITHOUT)}
    return Outcome(headline(fits), metrics(fits), table(fits), plot(fits, x, y))


def target(x: Array) -> Array:
    return 1.5 + np.cos(1.5 * x)


def fit(net: Net, x: Array, y: Array, settings: RunSettings) -> Fit:
    adam = Adam(settings[LR])
    for _ in range(settings[STEPS]):
        step(net, adam, squared_error, x, y)
    at_zero = float(net(np.zeros((1, 1)))[0, 0])
    biases = [float(np.sum(bias**2)) for layer in net.dense for bias in layer.parameters[1:]]
    outputs = net(x)
    return Fit(outputs, squared_error(outputs, y)[0], at_zero, sqrt(sum(biases)))


def metrics(fits: dict[str, Fit]) -> dict[str, float]:
    return {
        "with_bias_mse": fits[WITH].mse,
        "no_bias_mse": fits[WITHOUT].mse,
        "with_bias_f0": fits[WITH].at_zero,
        "no_bias_f0": fits[WITHOUT].at_zero,
        "bias_norm_learned": fits[WITH].bias_norm,
    }


def headline(fits: dict[str, Fit]) -> str:
    biased, plain = fits[WITH], fits[WITHOUT]
    return (
        f"Squared error {two_digits(biased.mse)} with biases and {two_digits(plain.mse)} without; "
        f"at x = 0, where the target is 2.5, the nets say {two_digits(biased.at_zero)} and {two_digits(plain.at_zero)}."
    )


def table(fits: dict[str, Fit]) -> Table:
    rows = [(name, one.mse, one.at_zero, one.bias_norm) for name, one in fits.items()]
    return Table(("net", "squared error", "f(0)", "norm of biases"), rows)


def plot(fits: dict[str, Fit], x: Array, y: Array) -> Plot:
    lines = [Line(name, x[:, 0], one.outputs[:, 0]) for name, one in fits.items()]
    some = slice(None, None, 5)
    dots = Scatter("target", x[some, 0], y[some, 0])
    title = f"Squared error {two_digits(fits[WITH].mse)} with biases, {two_digits(fits[WITHOUT].mse)} without"
    return Plot([Panel(Axis("x"), Axis("f(x)"), [*lines, dots])], title)


def work(settings: RunSettings) -> int:
    return 2 * settings[STEPS] * 3 * multiply_adds(SAMPLES, [1, settings[HIDDEN], 1])


EXPERIMENT = Experiment(
    name="bias-role",
    topic="bias-initialization",
    title="A net without biases",
    question="What do biases let a network fit?",
    parameters=(HIDDEN, STEPS, LR),
    metrics=(
        Metric("with_bias_mse", "", "squared error after training, with biases"),
        Metric("no_bias_mse", "", "squared error after training, without biases"),
        Metric("with_bias_f0", "", "output at x = 0 with biases; the target is 2.5"),
        Metric("no_bias_f0", "", "output at x = 0 without biases"),
        Metric("bias_norm_learned", "", "norm of the biases after training; they start at 0"),
    ),
    work=work,
    run=run,
)
