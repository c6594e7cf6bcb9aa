"""Momentum in a curved valley: where the quadratic's calm ends.

    f(x, y) = (1 - x)^2 + 100 (y - x^2)^2         Rosenbrock's function: a bent, narrow valley, minimum at (1, 1)
    v <- beta v + gradient,  w <- w - lr v        Polyak 1964, in the form of Goh 2017

On a quadratic momentum near 1 swings and stays bounded. Here the curvature depends on the place: a velocity that has
gathered along the valley's floor is carried up its wall at the bend, where the curvature is more than the learning rate
can bear. Four momenta share the start (-1.2, 1) + 0.1 N(0, I) and the learning rate. Steps are counted to the last time
that f is above 0.001: a lucky crossing is no arrival. A path stops when f is above 10^12, and has then diverged; with
momentum near 1 whether that happens is a matter of the start and of rounding, so it is counted over twelve starts how
often the path goes to three times the start's distance or farther.
"""

from dataclasses import dataclass
from math import hypot

import numpy as np

from bot.formats import capped, percent, two_capped, two_digits
from bot.simulations.arrays import Array, stream
from bot.simulations.experiment import Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.plot import Axis, Contour, Line, Panel, Plot, Scatter

BETAS = (0.0, 0.9, 0.99, 0.99999)
ARRIVED, DIVERGED = 1e-3, 1e12  # values of f
DRAWN = 400  # steps in the picture
TRIALS, FAR = (
    12,
    3.0,
)  # starts with momentum near 1; a path has strayed that went so many times the start's distance away

STEPS = Int("steps", "", 6000, 500, 20000, "steps", "length of the run")
LR = Float("lr", "η", 0.0002, 5e-05, 0.001, "", "learning rate")


@dataclass(frozen=True, slots=True)
class Path:
    """One descent: the places (steps + 1, 2) and f at each; shorter than the run where it has diverged."""

    places: Array
    heights: Array

    @property
    def distances(self) -> Array:
        """The distance from the minimum (1, 1) at each step (steps + 1,)."""
        return np.hypot(self.places[:, 0] - 1, self.places[:, 1] - 1)

    @property
    def diverged(self) -> bool:
        return bool(self.heights[-1] > DIVERGED)

    @property
    def strayed(self) -> bool:
        """Whether it was three times as far from the minimum as at the start, or farther."""
        return bool(self.distances.max() >= FAR * self.distances[0])

    @property
    def uphill(self) -> float:
        """The share of all steps, from 0 to 1, that made f larger."""
        return float(np.mean(np.diff(self.heights) > 0))

    def steps(self, cap: int) -> int:
        """The first step after which f stays below 0.001; cap + 1 where there is none."""
        last_above = int(np.flatnonzero(self.heights >= ARRIVED)[-1])
        return last_above + 1 if last_above + 1 < len(self.heights) else cap + 1


def run(settings: RunSettings, seed: int) -> Outcome:
    start = np.array([-1.2, 1.0]) + 0.1 * stream(seed, "start").standard_normal(2)
    paths = {beta: descend(start, beta, settings) for beta in BETAS}
    strayed = [paths[0.99999].strayed]
    for trial in range(1, TRIALS):
        other = np.array([-1.2, 1.0]) + 0.1 * stream(seed, "start", trial).standard_normal(2)
        strayed.append(descend(other, 0.99999, settings).strayed)
    numbers = metrics(paths, settings) | {"b0.99999_strayed": float(np.mean(strayed))}
    return Outcome(headline(paths, settings), numbers, table(paths, settings), plot(paths, settings))


def height(x: float, y: float) -> float:
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def descend(start: Array, beta: float, settings: RunSettings) -> Path:
    """Plain floats: two coordinates are too few for arrays to pay."""
    lr = settings[LR]
    x, y = map(float, start)
    vx = vy = 0.0
    places, heights = [(x, y)], [height(x, y)]
    for _ in range(settings[STEPS]):
        off = y - x * x
        vx = beta * vx - 2 * (1 - x) - 400 * x * off
        vy = beta * vy + 200 * off
        x -= lr * vx
        y -= lr * vy
        places.append((x, y))
        heights.append(height(x, y))
        if heights[-1] > DIVERGED:
            break
    return Path(np.array(places), np.array(heights))


def metrics(paths: dict[float, Path], settings: RunSettings) -> dict[str, float]:
    start = paths[0.0].places[0]
    numbers = {"start_dist": hypot(start[0] - 1, start[1] - 1)}
    for beta, path in paths.items():
        numbers[f"b{beta:g}_steps"] = path.steps(settings[STEPS])
        numbers[f"b{beta:g}_maxdist"] = float(path.distances.max())
        numbers[f"b{beta:g}_uphill_share"] = path.uphill
        numbers[f"b{beta:g}_diverged"] = float(path.diverged)
    return numbers


def headline(paths: dict[float, Path], settings: RunSettings) -> str:
    steps = {beta: capped(path.steps(settings[STEPS]), settings[STEPS]) for beta, path in paths.items()}
    last = paths[0.99999]
    ending = "diverges" if last.diverged else "does not diverge on this seed"
    return (
        f"Steps to the minimum: {steps[0.9]} with β = 0.9, {steps[0.99]} with 0.99, {steps[0.99999]} with "
        f"0.99999, which strays {two_digits(last.distances.max())} from it and {ending}."
    )


def table(paths: dict[float, Path], settings: RunSettings) -> Table:
    rows = [
        (
            f"β {beta:g}",
            capped(path.steps(settings[STEPS]), settings[STEPS]),
            float(path.distances.max()),
            percent(path.uphill),
            "yes" if path.diverged else "no",
        )
        for beta, path in paths.items()
    ]
    return Table(("momentum", "steps", "farthest", "steps uphill", "diverged"), rows)


def plot(paths: dict[float, Path], settings: RunSettings) -> Plot:
    x, y = np.linspace(-1.7, 1.7, 171), np.linspace(-0.8, 2.4, 161)
    valley = Contour(x, y, np.array([[height(a, b) for a in x] for b in y]), [2, 10, 40, 120, 300])
    ways = [Line(f"β {beta:g}", *path.places[: DRAWN + 1].T) for beta, path in paths.items()]
    ends = [Scatter("start", *paths[0.0].places[:1].T), Scatter("minimum", [1.0], [1.0])]
    across, up = Axis("x", low=-1.7, high=1.7), Axis("y", low=-0.8, high=2.4)
    distances = {beta: Line(f"β {beta:g}", np.arange(len(p.heights)), p.distances) for beta, p in paths.items()}
    distance = Axis("distance to the minimum", log=True, low=0.01)
    steps = (
        f"{two_capped(paths[b].steps(settings[STEPS]), settings[STEPS])} with β\u00a0{b:g}" for b in (0.9, 0.99999)
    )
    return Plot(
        [
            Panel(across, up, [valley, *ways, *ends], f"First {DRAWN} steps"),
            Panel(Axis("step"), distance, list(distances.values())),
        ],
        f"Steps to the minimum: {', '.join(steps)}",
        [distances[0.99999], distances[0.9]],
    )


def work(settings: RunSettings) -> int:
    """Multiply-adds: a step of the descent takes some twenty."""
    return (len(BETAS) + TRIALS - 1) * 20 * settings[STEPS]


EXPERIMENT = Experiment(
    name="momentum-valley",
    topic="momentum",
    title="Momentum in a curved valley",
    question="What does momentum close to 1 do where the valley bends?",
    parameters=(STEPS, LR),
    metrics=(
        Metric("start_dist", "", "distance of the start from the minimum"),
        Metric(
            "b0.99999_strayed", "share", "of 12 starts, those that went 3 times as far away, or farther, β = 0.99999"
        ),
        *(
            metric
            for beta in BETAS
            for metric in (
                Metric(f"b{beta:g}_steps", "steps", f"steps until f stays below {ARRIVED:g}, β = {beta:g}", cap=STEPS),
                Metric(f"b{beta:g}_maxdist", "", f"largest distance from the minimum, β = {beta:g}"),
                Metric(f"b{beta:g}_uphill_share", "share", f"steps that made f larger, β = {beta:g}"),
                Metric(f"b{beta:g}_diverged", "", f"1 where f went above 10^12, β = {beta:g}"),
            )
        ),
    ),
    work=work,
    run=run,
    chaotic=True,
)
