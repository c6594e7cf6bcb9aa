"""Monte Carlo dropout: what the spread of passes with dropout says of doubt, and what it leaves out.

Keep dropout on at inference, predict T times, and take the mean and the standard deviation of the passes (Gal &
Ghahramani 2016, eq. 6 and the predictive variance below it, §4: the sample variance plus that of the noise).

    m(x) = mean of T passes      s(x) = their sd      band: m +- 2 sqrt(s^2 + noise^2)

The error of m falls as s / sqrt(T), and the sd itself is uncertain by a share 1/sqrt(2(T - 1)). The passes cost T times
the arithmetic of one, a little less where the part before the first mask is kept; they "can be done concurrently" (§4).
s depends on p, a setting: with this weight decay it grows with p (§5.1 reports less of that, for tanh).

Net 1-h-h-1, ReLU, dropout behind each hidden layer; Adam 0.005 with weight decay 0.0001, full batch; n points of
sin(3x) + x/2 with noise of sd 0.1 on [-1, 1]. Asked on [-3, 3]: inside is |x| <= 1, outside 2 <= |x| <= 3.
"""

from dataclasses import dataclass

import numpy as np

from bot.formats import percent, two_digits, two_percent
from bot.simulations.arrays import Array, Bits, he, standard_normals, stream
from bot.simulations.experiment import Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import RELU, Net, dropout_net, multiply_adds
from bot.simulations.plot import Axis, Band, Line, Panel, Plot, Scatter, Series, Shade
from bot.simulations.training import Adam, squared_error, step

NOISE, LR, DECAY = 0.1, 0.005, 1e-4
X = np.linspace(-3, 3, 241)
INSIDE, OUTSIDE = np.abs(X) <= 1, np.abs(X) >= 2
FRESH = 100  # noisy targets at each x, for the coverage
GROUPS, GROUP = 20, 10  # means of ten passes, for their error

HIDDEN = Int("hidden", "h", 64, 16, 64, "units", "width of both hidden layers")
DROP = Float("drop", "p", 0.1, 0.02, 0.5, "", "share of hidden activations dropped, in training and in the passes")
T = Int("T", "T", 100, 5, 150, "passes", "passes with dropout on")
STEPS = Int("steps", "", 1500, 300, 1500, "steps", "length of the training")
N = Int("n", "n", 60, 20, 100, "points", "points to train on")


@dataclass(frozen=True, slots=True)
class Belief:
    """At each x: mean and sd of the passes, and the prediction with dropout off."""

    mean: Array
    sd: Array
    one: Array

    @property
    def band(self) -> Array:
        """Half the width of the 95 % band: doubt and noise."""
        return 2 * np.sqrt(self.sd**2 + NOISE**2)


def truth(x: Array) -> Array:
    return np.asarray(np.sin(3 * x) + x / 2)


def run(settings: RunSettings, seed: int) -> Outcome:
    draws = stream(seed, "data")
    x = draws.uniform(-1, 1, settings[N])
    y = truth(x) + NOISE * draws.standard_normal(settings[N])
    net = trained(x, y, settings, seed)
    drawn = passes(net, X, settings[T])
    belief = Belief(drawn.mean(axis=0), drawn.std(axis=0, ddof=1), net(X[:, None])[:, 0])
    numbers = metrics(belief, stream(seed, "fresh"), settings) | {"se_ratio_T10": error_of_ten(net, belief)}
    return Outcome(headline(numbers, settings), numbers, table(numbers), plot(belief, x, y, numbers))


def trained(x: Array, y: Array, settings: RunSettings, seed: int) -> Net:
    weights = [he(len(w)) * w for w in standard_normals(stream(seed, "weights"), widths(settings))]
    net, adam = dropout_net(weights, RELU, settings[DROP], stream(seed, "masks")), Adam(LR, decay=DECAY)
    for _ in range(settings[STEPS]):
        step(net, adam, squared_error, x[:, None], y[:, None])
    return net


def passes(net: Net, x: Array, count: int) -> Array:
    """(count, len(x)): predictions with a new mask for each, all in one batch."""
    return net.forward(np.tile(x, count)[:, None], training=True).reshape(count, len(x))


def error_of_ten(net: Net, belief: Belief) -> float:
    """Sd of the mean of ten passes over sd / sqrt(10), averaged over x inside: 1 where the error falls as 1/sqrt(T)."""
    means = passes(net, X[INSIDE], GROUPS * GROUP).reshape(GROUPS, GROUP, -1).mean(axis=1)
    return float(np.mean(means.std(axis=0, ddof=1)) / np.mean(belief.sd[INSIDE]) * np.sqrt(GROUP))


def widths(settings: RunSettings) -> list[int]:
    return [1, settings[HIDDEN], settings[HIDDEN], 1]


def metrics(belief: Belief, draws: "np.random.Generator", settings: RunSettings) -> dict[str, float]:
    one_pass, first = multiply_adds(1, widths(settings)), multiply_adds(1, widths(settings)[:2])
    missed = np.abs(truth(X) + NOISE * draws.standard_normal((FRESH, len(X))) - belief.mean)

    def covered(half: Array, where: Bits) -> float:
        return float(np.mean(missed[:, where] <= half[where]))

    def rmse(prediction: Array) -> float:
        return float(np.sqrt(np.mean((prediction - truth(X))[INSIDE] ** 2)))

    inside, outside = float(belief.sd[INSIDE].mean()), float(belief.sd[OUTSIDE].mean())
    return {
        "cost_ratio": settings[T] * one_pass / one_pass,
        "cost_ratio_shared_start": (first + settings[T] * (one_pass - first)) / one_pass,
        "std_in": inside,
        "std_out": outside,
        "std_ratio": outside / inside,
        "cover_mc_only": covered(2 * belief.sd, INSIDE),
        "cover_mc_plus_noise": covered(belief.band, INSIDE),
        "cover_out": covered(belief.band, OUTSIDE),
        "rmse_det_in": rmse(belief.one),
        "rmse_mc_in": rmse(belief.mean),
    }


def headline(numbers: dict[str, float], settings: RunSettings) -> str:
    inside, outside = two_digits(numbers["std_in"]), two_digits(numbers["std_out"])
    covered = two_percent(numbers["cover_mc_plus_noise"]), two_percent(numbers["cover_out"])
    return (
        f"The sd of {settings[T]} passes is {inside} inside the data and {outside} outside; with the noise, a 95 % "
        f"band covers {covered[0]} of new targets inside, {covered[1]} outside."
    )


def table(numbers: dict[str, float]) -> Table:
    rows = [
        ("inside", numbers["std_in"], percent(numbers["cover_mc_plus_noise"]), percent(numbers["cover_mc_only"])),
        ("outside", numbers["std_out"], percent(numbers["cover_out"]), "-"),
    ]
    return Table(("where", "sd of the passes", "covered by the band", "without the noise"), rows)


def plot(belief: Belief, x: Array, y: Array, numbers: dict[str, float]) -> Plot:
    def band(label: str, half: Array) -> Band:
        return Band(label, X, belief.mean - half, belief.mean + half)

    passes, noisy = band("mean ± 2 sd", 2 * belief.sd), band("with the noise", belief.band)
    inside = Shade("range of the data", -1.0, 1.0)
    curves: list[Series] = [Line("mean", X, belief.mean), Line("truth", X, truth(X)), Scatter("data", x, y)]
    spread = two_digits(numbers["std_in"]), two_digits(numbers["std_out"])
    return Plot(
        [Panel(Axis("x"), Axis("y"), [inside, noisy, passes, *curves])],
        f"Passes differ by {spread[0]} (sd) inside the data, {spread[1]} outside",
        [passes, noisy],
    )


def work(settings: RunSettings) -> int:
    training = 3 * settings[STEPS] * multiply_adds(settings[N], widths(settings))
    asked = (settings[T] + 1) * len(X) + GROUPS * GROUP * int(INSIDE.sum())
    return training + multiply_adds(asked, widths(settings))


EXPERIMENT = Experiment(
    name="mc-dropout",
    topic="dropout",
    title="Doubt from dropout",
    question="Does the spread of passes with dropout show where a net is unsure?",
    parameters=(HIDDEN, DROP, T, STEPS, N),
    metrics=(
        Metric("cost_ratio", "times", "multiply-adds of T passes over one", arithmetic=True),
        Metric(
            "cost_ratio_shared_start",
            "times",
            "the same where the part before the first mask is computed once",
            arithmetic=True,
        ),
        Metric("std_in", "", "mean sd of the passes where |x| <= 1"),
        Metric("std_out", "", "mean sd of the passes where 2 <= |x| <= 3"),
        Metric("std_ratio", "times", "std_out over std_in"),
        Metric("cover_mc_only", "share", "new targets inside within 2 sd of the mean"),
        Metric("cover_mc_plus_noise", "share", "new targets inside within 2 sqrt(sd² + noise²), nominally 0.95"),
        Metric("cover_out", "share", "new targets outside within 2 sqrt(sd² + noise²), nominally 0.95"),
        Metric("se_ratio_T10", "times", "sd of the mean of ten passes over sd / sqrt(10), inside"),
        Metric("rmse_det_in", "", "error of one prediction with dropout off, inside"),
        Metric("rmse_mc_in", "", "error of the mean of the passes, inside"),
    ),
    work=work,
    run=run,
)
