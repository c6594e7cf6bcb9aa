"""The mean of first weights: it is the spread that parts the units, and the zero mean that keeps the scale.

He et al. 2015 §2.2 assume weights of mean 0. With W = sqrt(2/n) (N(0, 1) + c) every unit of a layer gets one more term,
c sqrt(2/n) times the sum of the layer below: the same for all. ReLU's outputs add up to about 0.56 n, so the term is
0.8 c sqrt(n) beside a spread of sqrt(2) that the random part gives, and what counts is c sqrt(n). With c > 0
activations grow by a factor a layer and all inputs end as copies of one direction; with c < 0 they fade.

Seven means share the N(0, 1) matrices and the input. After `depth` layers:
    the mean square over the input's, and the mean cosine between two inputs' activations
Cosines rise with depth for ReLU at c = 0 too (0.87 after 10 layers), so that alone is no fault.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log10, nan

import numpy as np

from bot.formats import number, power, two_digits, two_power
from bot.simulations.arrays import Array, he, standard_normals, stream
from bot.simulations.experiment import Choice, Experiment, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import BY_NAME, multiply_adds
from bot.simulations.plot import Across, Axis, Line, Panel, Plot, Scatter

MEANS = (-0.3, -0.1, -0.03, 0.0, 0.03, 0.1, 0.3)

DEPTH = Int("depth", "L", 10, 1, 20, "layers", "number of layers")
WIDTH = Int("width", "n", 256, 32, 256, "units", "width of each layer")
BATCH = Int("batch", "", 64, 8, 128, "samples", "inputs sent through")
ACT = Choice("act", "f", "relu", ("relu", "leaky"), "", "activation of every layer")


@dataclass(frozen=True, slots=True)
class End:
    """log10 of the mean square at the end over the input's, -inf for 0; mean cosine between two inputs there."""

    growth: float
    cosine: float


def run(settings: RunSettings, seed: int) -> Outcome:
    weights = standard_normals(stream(seed, "weights"), [settings[WIDTH]] * (settings[DEPTH] + 1))
    x = stream(seed, "input").standard_normal((settings[BATCH], settings[WIDTH]))
    ends = {c: propagate(x, [he(len(w)) * (w + c) for w in weights], settings) for c in MEANS}
    return Outcome(headline(ends, settings), metrics(ends), table(ends), plot(ends, settings))


def propagate(x: Array, weights: Sequence[Array], settings: RunSettings) -> End:
    f, h = BY_NAME[settings[ACT]], x
    for w in weights:
        h = f(h @ w)
    square = float(np.mean(h * h) / np.mean(x * x))
    return End(log10(square) if square > 0 else -inf, mean_cosine(h))


def mean_cosine(h: Array) -> float:
    """Between every two rows (samples, units); rows of zeros have no direction and are left out."""
    lengths = np.sqrt(np.sum(h * h, axis=1))
    rows = h[lengths > 0] / lengths[lengths > 0, None]
    n = len(rows)
    if n < 2:
        return nan
    total = rows.sum(axis=0)  # its square is the sum of all cosines, n of them 1: each row's with itself
    return float((total @ total - n) / (n * (n - 1)))


def metrics(ends: dict[float, End]) -> dict[str, float]:
    growths = {f"log10q_{c:+.2f}": max(end.growth, -300.0) for c, end in ends.items()}
    return growths | {f"cos_{c:+.2f}": end.cosine for c, end in ends.items() if c >= 0}


def headline(ends: dict[float, End], settings: RunSettings) -> str:
    growth = [two_power(ends[c].growth) for c in (0.0, 0.1)]
    cosine = [two_digits(ends[c].cosine) for c in (0.0, 0.1)]
    return (
        f"Mean square at depth {settings[DEPTH]}: times {growth[0]} with weights of mean 0, times {growth[1]} "
        f"with mean 0.1σ (cosine between inputs: {cosine[0]} and {cosine[1]})."
    )


def table(ends: dict[float, End]) -> Table:
    rows = [(f"{c:+.2f}σ" if c else "0", power(end.growth), number(end.cosine)) for c, end in ends.items()]
    return Table(("mean", "mean square", "cosine between inputs"), rows)


def plot(ends: dict[float, End], settings: RunSettings) -> Plot:
    x = Axis("mean of the weights / σ", place="{} σ")
    growth = Line("", MEANS, [10**end.growth for end in ends.values()])
    cosine = Line("", MEANS, [end.cosine for end in ends.values()])

    def panel(y: Axis, line: Line, reference: Across) -> Panel:
        return Panel(x, y, [line, Scatter("", MEANS, line.y), reference])

    left = panel(Axis("mean square", log=True), growth, Across("unchanged", 1.0))
    right = panel(Axis("cosine between inputs", low=-0.1, high=1.1), cosine, Across("one direction", 1.0))
    zero, tenth = (two_power(ends[c].growth) for c in (0.0, 0.1))
    title = f"Depth {settings[DEPTH]}: mean square {zero} with mean 0, {tenth} with 0.1σ"
    return Plot([left, right], title, [growth, cosine])


def work(settings: RunSettings) -> int:
    return len(MEANS) * multiply_adds(settings[BATCH], [settings[WIDTH]] * (settings[DEPTH] + 1))


EXPERIMENT = Experiment(
    name="init-mean",
    topic="weight-initialization",
    title="First weights with a mean",
    question="Must random weights have a mean of zero?",
    parameters=(DEPTH, WIDTH, BATCH, ACT),
    metrics=(
        *(Metric(f"log10q_{c:+.2f}", "", f"log10 of the mean square, last layer over input, c = {c:g}") for c in MEANS),
        *(Metric(f"cos_{c:+.2f}", "", f"mean cosine between two inputs, last layer, c = {c:g}") for c in MEANS[3:]),
    ),
    work=work,
    run=run,
)
