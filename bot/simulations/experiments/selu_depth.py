"""Depth: what 100 untrained layers do to the variance of activations and to gradients.

SELU maps N(0, 1) to mean 0 and variance 1, and draws other means and variances towards it when the weights have
variance 1/n (Klambauer et al. 2017, Thm 1 with its domain). The gradient is not held: E[f'(z)^2] = 1.0716 for
z ~ N(0, 1), so its mean square grows as 1.0716^L, 10^3.00 over 100 layers (our figure). Alpha dropout multiplies
that by a^2 q a layer, 10^-8.69 over 100 layers at p = 0.1. ReLU with He weights keeps both on average and forgives no
wrong scale.

A case is an activation, a weight scale, an input and a kind of dropout. All share the N(0, 1) matrices:
    z = s (h @ W),  h = f(z),  then dropout;   backward from a N(0, 1) gradient at the top
Mean and variance are over batch and units together: for ReLU they differ from the variance of a unit over the batch,
since its outputs become collinear.
"""

from dataclasses import dataclass

import numpy as np

from bot.formats import power, two_digits, two_power
from bot.simulations.arrays import Array, he, lecun, standard_normals, stream
from bot.simulations.experiment import Experiment, Float, Int, Metric, Outcome, RunSettings, Table, read
from bot.simulations.layers import OFF, RELU, SELU, TANH, Activation, alpha_affine, kept, multiply_adds
from bot.simulations.plot import Axis, Line, Panel, Plot

SELU_SLOPE = 1.0716  # E[f'(z)^2] for z ~ N(0, 1)

DEPTH = Int("depth", "L", 100, 5, 100, "layers", "number of layers")
WIDTH = Int("width", "n", 256, 64, 256, "units", "width of each layer")
BATCH = Int("batch", "", 64, 16, 128, "samples", "samples sent through")
DROP = Float("drop", "p", 0.1, 0.01, 0.3, "", "share of units dropped in the two dropout cases")
GAIN = Float(
    "gain", "g", 0.9, 0.8, 0.98, "", "weights of the too-small case over the right ones; 2 - g in the too-large"
)


@dataclass(frozen=True, slots=True)
class Case:
    """`scale` multiplies the N(0, 1) matrices; `drop` is "", "plain" or "alpha"."""

    f: Activation
    scale: float
    drop: str = ""
    shift: float = 0.0
    stretch: float = 1.0


@dataclass(frozen=True, slots=True)
class Trace:
    """Mean and variance after each layer, the input first; log10 of the gradient's mean square over that at the top,
    by layers back from there."""

    mean: Array
    variance: Array
    gradients: Array

    @property
    def log10_gradient(self) -> float:
        """Of the gradient's growth from top to bottom."""
        return float(self.gradients[-1])


def cases(settings: RunSettings) -> dict[str, Case]:
    n, g = settings[WIDTH], settings[GAIN]
    return {
        "selu_lecun": Case(SELU, lecun(n)),
        "selu_0.9x": Case(SELU, g * lecun(n)),
        "selu_1.1x": Case(SELU, (2 - g) * lecun(n)),
        "selu_he": Case(SELU, he(n)),
        "selu_dropout": Case(SELU, lecun(n), "plain"),
        "selu_alpha-dropout": Case(SELU, lecun(n), "alpha"),
        "selu_input_N(3,2)": Case(SELU, lecun(n), shift=3.0, stretch=2.0),
        "relu_he": Case(RELU, he(n)),
        "relu_0.9x": Case(RELU, g * he(n)),
        "relu_1.1x": Case(RELU, (2 - g) * he(n)),
        "relu_lecun": Case(RELU, lecun(n)),
        "tanh_lecun": Case(TANH, lecun(n)),
    }


def run(settings: RunSettings, seed: int) -> Outcome:
    weights = standard_normals(stream(seed, "weights"), [settings[WIDTH]] * (settings[DEPTH] + 1))
    traces = {name: propagate(case, weights, settings, seed) for name, case in cases(settings).items()}
    return Outcome(headline(traces), metrics(traces), table(traces, settings), plot(traces, settings))


def propagate(case: Case, weights: list[Array], settings: RunSettings, seed: int) -> Trace:
    """Forward through all layers and back. Every case draws the same inputs, masks and top gradient."""
    shape = (settings[BATCH], settings[WIDTH])
    masks = stream(seed, "masks")
    h = case.shift + case.stretch * stream(seed, "input").standard_normal(shape)
    means, variances, slopes = [h.mean()], [h.var()], []
    for w in weights:
        z = case.scale * (h @ w)
        h = case.f(z)
        slope = case.f.derivative(z, h)
        if case.drop:
            h, factor = dropped(h, case.drop, settings[DROP], masks)
            slope = slope * factor
        slopes.append(slope)
        means.append(h.mean())
        variances.append(h.var())
    top = stream(seed, "gradient").standard_normal(shape)
    growth = backward(top, slopes, weights, case.scale)
    return Trace(np.array(means), np.array(variances), growth)


def dropped(h: Array, kind: str, p: float, masks: "np.random.Generator") -> tuple[Array, Array]:
    """The activations after dropout, and the factor it puts on each one's gradient."""
    on = kept(masks, h.shape, p)
    if kind == "plain":
        factor = np.where(on, 1 / (1 - p), 0.0)
        return h * factor, factor
    a, b = alpha_affine(p)
    return a * np.where(on, h, OFF) + b, np.where(on, a, 0.0)


def backward(top: Array, slopes: list[Array], weights: list[Array], scale: float) -> Array:
    """log10 of the mean square after each layer back over that at the top, beginning with the top's own 0."""
    g, growth = top, [0.0]
    for slope, w in zip(reversed(slopes), reversed(weights), strict=True):
        g = scale * ((g * slope) @ w.T)
        growth.append(log10(float(np.mean(g * g) / np.mean(top * top))))
    return np.array(growth)


def log10(x: float) -> float:
    """The common logarithm of x, where x may have underflowed to 0: at least -300."""
    return float(np.log10(max(x, 1e-300)))


def metrics(traces: dict[str, Trace]) -> dict[str, float]:
    selu = traces["selu_lecun"]
    numbers = {
        "selu_lecun_mean": float(selu.mean[-1]),
        "selu_lecun_maxabsmean": float(np.abs(selu.mean[1:]).max()),
        "selu_lecun_minvar": float(selu.variance[1:].min()),
        "selu_lecun_maxvar": float(selu.variance[1:].max()),
    }
    for name, trace in traces.items():
        numbers[f"{name}_var"] = float(trace.variance[-1])
        numbers[f"{name}_log10var"] = log10(trace.variance[-1])
        numbers[f"{name}_log10grad"] = trace.log10_gradient
    return numbers | {"selu_log10grad_theory": (len(selu.mean) - 1) * log10(SELU_SLOPE)}


def names(settings: RunSettings) -> dict[str, str]:
    g, p = settings[GAIN], settings[DROP]
    return {
        "selu_lecun": "SELU, LeCun",
        "selu_0.9x": f"SELU, {g:.3g}x",
        "selu_1.1x": f"SELU, {2 - g:.3g}x",
        "selu_he": "SELU, He",
        "selu_dropout": f"SELU, dropout {p:.3g}",
        "selu_alpha-dropout": f"SELU, alpha dropout {p:.3g}",
        "selu_input_N(3,2)": "SELU, input N(3, 2²)",
        "relu_he": "ReLU, He",
        "relu_0.9x": f"ReLU, {g:.3g}x He",
        "relu_1.1x": f"ReLU, {2 - g:.3g}x He",
        "relu_lecun": "ReLU, LeCun",
        "tanh_lecun": "tanh, LeCun",
    }


def headline(traces: dict[str, Trace]) -> str:
    selu, relu = traces["selu_lecun"], traces["relu_he"]
    depth = len(selu.mean) - 1
    return (
        f"After {depth} SELU layers the variance is {two_digits(selu.variance[-1])} and the gradient's mean square "
        f"{two_power(selu.log10_gradient)} times what it was (theory {two_power(depth * log10(SELU_SLOPE))}); "
        f"ReLU with He weights: {two_digits(relu.variance[-1])} and {two_power(relu.log10_gradient)}."
    )


def table(traces: dict[str, Trace], settings: RunSettings) -> Table:
    rows = [
        (name, power(log10(traces[key].variance[-1])), power(traces[key].log10_gradient))
        for key, name in names(settings).items()
    ]
    return Table(("case", f"variance at layer {settings[DEPTH]}", "gradient, bottom/top"), rows)


def plot(traces: dict[str, Trace], settings: RunSettings) -> Plot:
    """Forward: right and wrong scales of the weights, which SELU forgives and ReLU does not. Back: what is left of the
    gradient. The other cases stand in the table."""
    layers, named, depth = np.arange(settings[DEPTH] + 1), names(settings), settings[DEPTH]
    forward = {key: Line(named[key], layers, traces[key].variance) for key in FORWARD}
    back = {key: Line(named[key], layers, 10 ** traces[key].gradients) for key in BACK}
    selu, alpha = traces["selu_lecun"], traces["selu_alpha-dropout"]
    variance, kept = two_digits(selu.variance[-1]), two_power(selu.log10_gradient)
    price = two_power(alpha.log10_gradient)
    above = Axis("layers back from the output", place="{} layers back")
    return Plot(
        [
            Panel(Axis("layer"), Axis("variance", log=True), list(forward.values()), "Activations"),
            Panel(above, Axis("mean square", log=True), list(back.values()), "Gradients"),
        ],
        f"{depth} SELU layers: variance {variance}, gradient times {kept}, with alpha dropout {price}",
        [back["selu_lecun"], forward["selu_lecun"]],
    )


FORWARD = ("selu_lecun", "selu_0.9x", "selu_1.1x", "relu_0.9x", "relu_1.1x")
BACK = ("selu_lecun", "selu_alpha-dropout", "selu_he", "relu_he", "tanh_lecun")


def work(settings: RunSettings) -> int:
    forward = multiply_adds(settings[BATCH], [settings[WIDTH]] * (settings[DEPTH] + 1))
    return len(cases(settings)) * 2 * forward


def declared() -> list[Metric]:
    numbers = {
        "var": "variance at the last layer",
        "log10var": "log10 of the variance at the last layer",
        "log10grad": "log10 of the gradient's mean square, bottom over top",
    }
    cases = names(read(PARAMETERS, {})).items()
    return [
        Metric(f"{key}_{part}", "", f"{meaning}, {name}") for key, name in cases for part, meaning in numbers.items()
    ]


PARAMETERS = (DEPTH, WIDTH, BATCH, DROP, GAIN)

EXPERIMENT = Experiment(
    name="selu-depth",
    topic="selu",
    title="A hundred layers of SELU",
    question="Does SELU keep activations and gradients stable in a deep network?",
    parameters=PARAMETERS,
    metrics=(
        Metric("selu_lecun_mean", "", "mean at the last layer, SELU with LeCun weights"),
        Metric("selu_lecun_maxabsmean", "", "largest |mean| of any layer, SELU with LeCun weights"),
        Metric("selu_lecun_minvar", "", "smallest variance of any layer, SELU with LeCun weights"),
        Metric("selu_lecun_maxvar", "", "largest variance of any layer, SELU with LeCun weights"),
        *declared(),
        Metric("selu_log10grad_theory", "", "log10 of the growth by formula, of selu_lecun_log10grad", arithmetic=True),
    ),
    work=work,
    run=run,
)
