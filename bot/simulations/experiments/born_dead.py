"""Dead at birth: deep, narrow ReLU nets whose output does not depend on the input, before any training.

A ReLU net with weights drawn symmetrically about 0 dies in probability as its depth grows (Lu et al. 2020, abstract).
Here nets of one input, zero biases and He weights (He et al. 2015 §2.2, eq. 10). Such a net is f(c x) = c f(x) for
c > 0, so that x = 1 and x = -1 tell all about the line, and it is dead where both give 0.

The first layer never kills it: a unit is on for positive or for negative x. A layer of n units then turns a vector to 0
with probability 2^-n, and must do so for both signs of x; so a net of L layers is dead with a probability of at most
    1 - (1 - 2^-n)^(L - 1)
(the upper bound of Lu et al. 2020; exact for n = 1; for n = 2, L = 2 the probability is 5/32). Leaky ReLU with the
same weights never gives 0.
"""

import numpy as np

from bot.formats import percent, two_percent
from bot.simulations.arrays import Array, he, stream
from bot.simulations.experiment import Experiment, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import LEAKY, RELU, Activation
from bot.simulations.plot import Axis, Line, Panel, Plot

DEPTH = 50
DEPTHS = (1, 2, 5, 10, 20, 50)
BOTH_SIGNS = np.array([[1.0], [-1.0]])

WIDTH = Int("width", "n", 2, 1, 8, "units", "width of every layer")
TRIALS = Int("trials", "", 400, 50, 500, "nets", "number of nets drawn")


def run(settings: RunSettings, seed: int) -> Outcome:
    weights = drawn(stream(seed, "weights"), settings)
    relu, leaky = dead_share(RELU, weights), dead_share(LEAKY, weights)
    bound = 1 - (1 - 0.5 ** settings[WIDTH]) ** np.arange(DEPTH, dtype=np.float64)
    return Outcome(
        headline(relu, leaky, settings),
        metrics(relu, leaky),
        table(relu, leaky, bound),
        plot(relu, leaky, bound, settings),
    )


def drawn(draw: "np.random.Generator", settings: RunSettings) -> list[Array]:
    """The weights of all nets, layer by layer: (trials, inputs, width), with one input in the first."""
    n, trials = settings[WIDTH], settings[TRIALS]
    inputs = [1] + [n] * (DEPTH - 1)
    return [he(i) * draw.standard_normal((trials, i, n)) for i in inputs]


def dead_share(f: Activation, weights: list[Array]) -> Array:
    """After each layer (depth,), the share of nets that give 0 for both signs of the input."""
    h: Array = BOTH_SIGNS
    shares = []
    for w in weights:
        h = f(h @ w)
        shares.append(np.mean(~h.any(axis=(1, 2))))
    return np.array(shares)


def metrics(relu: Array, leaky: Array) -> dict[str, float]:
    numbers = {f"relu_L{depth}_dead": float(relu[depth - 1]) for depth in DEPTHS}
    return numbers | {"leaky_L50_dead": float(leaky[-1])}


def headline(relu: Array, leaky: Array, settings: RunSettings) -> str:
    five, ten, fifty = (two_percent(relu[depth - 1]) for depth in (5, 10, 50))
    return (
        f"Of {settings[TRIALS]} untrained ReLU nets of width {settings[WIDTH]}, {five} are dead at depth 5, {ten} at "
        f"depth 10 and {fifty} at depth 50; of leaky ones with the same weights {two_percent(leaky[-1])}."
    )


def table(relu: Array, leaky: Array, bound: Array) -> Table:
    rows = [(f"depth {d}", percent(relu[d - 1]), percent(bound[d - 1]), percent(leaky[d - 1])) for d in DEPTHS]
    return Table(("layers", "ReLU dead", "upper bound", "leaky dead"), rows)


def plot(relu: Array, leaky: Array, bound: Array, settings: RunSettings) -> Plot:
    layers = np.arange(1, DEPTH + 1)
    shares = {"ReLU": relu, "upper bound": bound, "leaky": leaky}
    lines = [Line(name, layers, 100 * share) for name, share in shares.items()]
    x, y = Axis("depth in layers", place="depth {}"), Axis(f"dead at birth, % of {settings[TRIALS]} nets", low=-2)
    title = f"At width {settings[WIDTH]} and depth 10, {two_percent(relu[9])} are dead before training"
    return Plot([Panel(x, y, lines)], title, [lines[0], lines[2]])


def work(settings: RunSettings) -> int:
    """Two nets, two inputs, and drawing a weight costs some ten multiply-adds."""
    n = settings[WIDTH]
    return settings[TRIALS] * (n + (DEPTH - 1) * n * n) * (2 * 2 + 10)


EXPERIMENT = Experiment(
    name="born-dead",
    topic="activation-functions",
    title="ReLU nets that are dead at birth",
    question="How many deep, narrow ReLU nets are dead before training starts?",
    parameters=(WIDTH, TRIALS),
    metrics=(
        *(Metric(f"relu_L{d}_dead", "share", f"nets with a constant output, ReLU, depth {d}") for d in DEPTHS),
        Metric("leaky_L50_dead", "share", "nets with a constant output, leaky ReLU, depth 50"),
    ),
    work=work,
    run=run,
)
