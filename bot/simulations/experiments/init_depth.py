"""How wide the first weights are: the scale of activations and gradients, layer by layer, before training.

With z = h W and W of mean 0 and variance s^2, ReLU multiplies the mean square by n s^2 / 2 a layer, forward and
backward alike (He et al. 2015 §2.2, eq. 10 and 14). He's s^2 = 2/n keeps both. Glorot's, 1/n where all layers are n
wide (Glorot & Bengio 2010, eq. 16), halves both: 2^-50 = 10^-15 over 50 layers. A fixed small s loses them sooner.

Five cases share N(0, 1) matrices, a N(0, 1) input and a N(0, 1) gradient at the top, and differ in s:
    zero 0,   small 0.01,   glorot sqrt(1/n),   he sqrt(2/n),   large 2 sqrt(2/n)
What strays from theory is the noise of a finite width: the logarithm's variance is about 5 depth/width (our figure).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log10

import numpy as np

from bot.formats import power, two_power
from bot.simulations.arrays import Array, glorot, he, standard_normals, stream
from bot.simulations.experiment import Choice, Experiment, Float, Int, Metric, Outcome, RunSettings, Table, read
from bot.simulations.layers import BY_NAME, multiply_adds
from bot.simulations.plot import Axis, Line, Panel, Plot, Scatter

DEPTH = Int("depth", "L", 50, 1, 50, "layers", "number of layers")
WIDTH = Int("width", "n", 256, 32, 256, "units", "width of each layer")
BATCH = Int("batch", "", 128, 16, 128, "samples", "samples sent through")
ACT = Choice("act", "f", "relu", ("relu", "leaky", "tanh", "selu"), "", "activation of every layer")
SMALL = Float("small", "σ", 0.01, 0.001, 0.05, "", "spread of the small weights")
LARGE = Float("large_gain", "g", 2.0, 1.1, 3.0, "", "spread of the large weights over He's")


@dataclass(frozen=True, slots=True)
class Trace:
    """log10 of the mean square after each layer, the input first, and of the gradient's; both are 0 where they start.

    `theory` is the same after all layers, nan for an activation that has no such rule.
    """

    activations: Array
    gradients: Array
    theory: float


def run(settings: RunSettings, seed: int) -> Outcome:
    weights = standard_normals(stream(seed, "weights"), [settings[WIDTH]] * (settings[DEPTH] + 1))
    traces = {name: propagate(scale, weights, settings, seed) for name, scale in scales(settings).items()}
    return Outcome(headline(traces, settings), metrics(traces), table(traces, settings), plot(traces, settings))


def scales(settings: RunSettings) -> dict[str, float]:
    n = settings[WIDTH]
    large = settings[LARGE] * he(n)
    return {"zero": 0.0, "small": settings[SMALL], "glorot": glorot(n, n), "he": he(n), "large": large}


def propagate(scale: float, weights: Sequence[Array], settings: RunSettings, seed: int) -> Trace:
    """Sends one batch forward through all layers, and one gradient back: log10 of both mean squares by layer."""
    shape, f = (settings[BATCH], settings[WIDTH]), BY_NAME[settings[ACT]]
    h, slopes = stream(seed, "input").standard_normal(shape), []
    up = [mean_square(h)]
    for w in weights:
        z = scale * (h @ w)
        h = f(z)
        slopes.append(f.derivative(z, h))
        up.append(mean_square(h))
    g = stream(seed, "gradient").standard_normal(shape)
    down = [mean_square(g)]
    for w, slope in zip(reversed(weights), reversed(slopes), strict=True):
        g = scale * ((g * slope) @ w.T)
        down.append(mean_square(g))
    return Trace(np.array(up) - up[0], np.array(down[::-1]) - down[0], in_theory(scale, settings))


def mean_square(x: Array) -> float:
    """log10 of the mean of x^2; -inf where all of x is 0."""
    value = float(np.vdot(x, x)) / x.size
    return log10(value) if value > 0 else -inf


def in_theory(scale: float, settings: RunSettings) -> float:
    """log10 of (n s^2 / 2)^L for ReLU, and (n s^2 (1 + slope^2) / 2)^L for its leaky kind."""
    if settings[ACT] not in ("relu", "leaky"):
        return np.nan
    factor = settings[WIDTH] * scale**2 / BY_NAME[settings[ACT]].gain
    return settings[DEPTH] * log10(factor) if factor > 0 else -inf


CASES = {"small": "σ = {small:.3g}", "glorot": "Glorot", "he": "He", "large": "{large:.3g}x He"}


def said(name: str, settings: RunSettings) -> str:
    return CASES[name].format(small=settings[SMALL], large=settings[LARGE]) if name in CASES else "all 0"


def metrics(traces: dict[str, Trace]) -> dict[str, float]:
    activations = {f"{name}_act_log10": max(float(traces[name].activations[-1]), -300.0) for name in CASES}
    return activations | {f"{name}_grad_log10": max(float(traces[name].gradients[0]), -300.0) for name in CASES}


def headline(traces: dict[str, Trace], settings: RunSettings) -> str:
    he, glorot, small = (
        f"{two_power(float(traces[name].gradients[0]))} with {said(name, settings)}"
        for name in ("he", "glorot", "small")
    )
    passed = f"At depth {settings[DEPTH]} ({settings[ACT]}) the gradient's mean square is multiplied by"
    return f"{passed} {he} weights, {glorot} and {small}."


def table(traces: dict[str, Trace], settings: RunSettings) -> Table:
    rows = [
        (said(name, settings), power(float(t.activations[-1])), power(float(t.gradients[0])), foretold(t.theory))
        for name, t in traces.items()
    ]
    return Table(("weights", "activations", "gradient", "in theory"), rows)


def foretold(exponent: float) -> str:
    return "no rule" if np.isnan(exponent) else power(exponent)


def plot(traces: dict[str, Trace], settings: RunSettings) -> Plot:
    layers = np.arange(settings[DEPTH] + 1)
    dots = layers[:: max(1, settings[DEPTH] // 5)]
    rules = [10 ** (traces[name].theory * dots / settings[DEPTH]) for name in CASES]
    theory = Scatter("dots: theory", np.tile(dots, len(rules)), np.concatenate(rules))

    def lines(curves: dict[str, Array]) -> dict[str, Line]:
        return {name: Line(said(name, settings), layers, 10**curve) for name, curve in curves.items()}

    forward = lines({name: traces[name].activations for name in CASES})
    backward = lines({name: traces[name].gradients[::-1] for name in CASES})
    size, back = Axis("mean square", log=True), Axis("layers back from the output", place="{} layers back")
    he, glorot = (two_power(float(traces[name].gradients[0])) for name in ("he", "glorot"))
    return Plot(
        [
            Panel(Axis("layer"), size, [*forward.values(), theory], "Activations"),
            Panel(back, size, [*backward.values(), theory], "Gradients"),
        ],
        f"Depth {settings[DEPTH]}: gradient times {he} with He, {glorot} with Glorot",
        [backward["he"], backward["glorot"]],
    )


def work(settings: RunSettings) -> int:
    return 5 * 2 * multiply_adds(settings[BATCH], [settings[WIDTH]] * (settings[DEPTH] + 1))


PARAMETERS = (DEPTH, WIDTH, BATCH, ACT, SMALL, LARGE)

EXPERIMENT = Experiment(
    name="init-depth",
    topic="weight-initialization",
    title="The scale of first weights",
    question="What does He initialization do for activations and gradients in a deep network?",
    parameters=PARAMETERS,
    metrics=tuple(
        Metric(f"{name}_{part}_log10", "", f"log10 of {meaning}, {said(name, read(PARAMETERS, {}))}")
        for name in CASES
        for part, meaning in {
            "act": "the activations' mean square, last layer over input",
            "grad": "the gradient's mean square, input over last layer",
        }.items()
    ),
    work=work,
    run=run,
)
