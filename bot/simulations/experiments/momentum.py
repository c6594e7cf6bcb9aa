"""Momentum: what a coefficient too close to 1 does on a smooth quadratic.

    f(w) = (w1^2 / kappa + w2^2) / 2,    v <- beta v + gradient,    w <- w - lr v    (Polyak 1964; Goh 2017)

Along an axis of curvature c the steps follow the roots of r^2 - (1 + beta - lr c) r + beta = 0. Where they are
complex, their product is beta, so each has size sqrt(beta): the path swings and the swing shrinks by sqrt(beta) a
step, ln(1/tol) / -ln sqrt(beta) steps in all. Steps are stable for 0 < lr c < 2 + 2 beta (Goh 2017), so a larger beta
does not diverge here. The best pair (Goh 2017, "Optimal parameters") is
    beta = ((sqrt(kappa) - 1) / (sqrt(kappa) + 1))^2,    lr = (2 / (1 + sqrt(1/kappa)))^2
It has a rate of its own, so it stands in the table only, with that rate; what the headline compares shares one. At the
best pair both roots are one, and a double root is slower at first: its theory is right in the long run only, and 1.4 to
1.8 times as many steps are needed to come down to a thousandth.

Steps are counted to the last time that the distance is above the tolerance: a lucky crossing is no arrival.
"""

from cmath import sqrt as complex_sqrt
from dataclasses import dataclass
from math import hypot, inf, log, sqrt

import numpy as np

from bot.formats import capped, number, two_capped, two_digits
from bot.simulations.arrays import Array, stream
from bot.simulations.experiment import Cell, Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.plot import Across, Axis, Line, Panel, Plot

BETAS = (0.0, 0.9, 0.99, 0.99999)
WINDOW = 100  # steps; longer than half a swing, so that the largest distance in a window lies on the envelope
ROUNDING = 1e-12  # relative distance below which the curve is noise of the arithmetic

KAPPA = Float("kappa", "κ", 100.0, 4.0, 1000.0, "", "condition number: the steepest curvature over the flattest")
STEPS = Int("steps", "", 3000, 500, 10000, "steps", "length of the run")
TOL = Float("tol", "", 0.001, 1e-06, 0.1, "", "distance, as a share of the start's, that counts as arrived")
LR_FRAC = Float("lr_frac", "", 0.1, 0.01, 0.9, "", "learning rate as a share of plain descent's limit 2/L")
BETA = Float("beta", "β", 0.99999, 0.0, 0.999999, "", "momentum on trial, beside 0, 0.9, 0.99 and 0.99999")


@dataclass(frozen=True, slots=True)
class Path:
    """One descent: distance to the minimum by step (the start's is 1), and what the steep coordinate did."""

    distance: Array
    peak: float
    crossings: int
    length: float

    def steps_to(self, tol: float) -> int:
        """The first step after which the distance stays below tol; number of steps + 1 where it does not."""
        return int(np.flatnonzero(self.distance >= tol)[-1]) + 1

    def rate(self) -> float:
        """The factor a step by which the envelope shrinks: a line through the logarithms of window maxima."""
        near = np.flatnonzero(self.distance < ROUNDING)
        distance = self.distance[: near[0] if near.size else None]
        windows = distance[: len(distance) // WINDOW * WINDOW].reshape(-1, WINDOW)
        if len(windows) < 2:
            return float((distance[-1] / distance[0]) ** (1 / (len(distance) - 1)))
        at = windows.argmax(axis=1) + WINDOW * np.arange(len(windows))
        skip = int(len(windows) > 2)  # the first window holds the transient
        return float(np.exp(np.polyfit(at[skip:], np.log(distance[at[skip:]]), 1)[0]))


def run(settings: RunSettings, seed: int) -> Outcome:
    start = stream(seed, "start").uniform(0.5, 1.5, 2)
    lr = 2 * settings[LR_FRAC]  # the limit of plain descent is 2 / L, and L = 1
    paths = {beta: descend(start, settings, beta, lr) for beta in (*BETAS, settings[BETA])}
    numbers = metrics(paths, start, settings)
    best = best_pair(settings)
    rows = table(paths, descend(start, settings, *best), settings)
    return Outcome(headline(paths, settings), numbers, rows, plot(paths, settings))


def best_pair(settings: RunSettings) -> tuple[float, float]:
    """The best momentum and the learning rate that goes with it, for L = 1."""
    kappa = settings[KAPPA]
    return ((sqrt(kappa) - 1) / (sqrt(kappa) + 1)) ** 2, (2 / (1 + sqrt(1 / kappa))) ** 2


def descend(start: Array, settings: RunSettings, beta: float, lr: float) -> Path:
    """Plain floats: two coordinates are too few for arrays to pay."""
    flat = 1 / settings[KAPPA]
    w1, w2 = map(float, start)
    v1 = v2 = 0.0
    first, scale = w2, hypot(w1, w2)
    steep, distance, length = [w2], [1.0], 0.0
    for _ in range(settings[STEPS]):
        v1 = beta * v1 + flat * w1
        v2 = beta * v2 + w2
        w1 -= lr * v1
        w2 -= lr * v2
        steep.append(w2)
        distance.append(hypot(w1, w2) / scale)
        length += lr * hypot(v1, v2)
    side = np.array(steep) / first
    crossings = int(np.sum(side[1:] * side[:-1] < 0))
    return Path(np.array(distance), max(0.0, -float(side.min())), crossings, length / scale)


def rate(beta: float, lr: float, curvature: float) -> float:
    """Theory: the larger root of r^2 - (1 + beta - lr c) r + beta = 0 in size."""
    b = 1 + beta - lr * curvature
    root = complex_sqrt(b * b - 4 * beta)
    return max(abs(b + root), abs(b - root)) / 2


def steps_in_theory(beta: float, settings: RunSettings) -> float:
    """ln(1/tol) / -ln(rate), where rate is that of the slower axis; infinite where it does not converge."""
    lr = 2 * settings[LR_FRAC]
    slowest = max(rate(beta, lr, 1.0), rate(beta, lr, 1 / settings[KAPPA]))
    return log(1 / settings[TOL]) / -log(slowest) if slowest < 1 else inf


def velocity_under_constant_gradient(beta: float) -> float:
    """Where v <- beta v + 1 settles: the memory, 1 / (1 - beta)."""
    v = 0.0
    for _ in range(5000):
        v = beta * v + 1.0
    return v


def learning_rate_limit(beta: float) -> float:
    """The largest rate that does not diverge where L = 1, by bisection."""
    low, high = 0.0, 5.0
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (low, middle) if diverges(beta, middle) else (middle, high)
    return low


def diverges(beta: float, lr: float) -> bool:
    w, v = 1.0, 0.0
    for _ in range(2000):
        v = beta * v + w
        w -= lr * v
        if abs(w) > 1e4:
            return True
    return False


def metrics(paths: dict[float, Path], start: Array, settings: RunSettings) -> dict[str, float]:
    tol, (best_beta, best_lr) = settings[TOL], best_pair(settings)
    numbers: dict[str, float] = {
        "opt_steps": descend(start, settings, best_beta, best_lr).steps_to(tol),
        "gd_opt_steps": descend(start, settings, 0.0, 2 / (1 + 1 / settings[KAPPA])).steps_to(tol),
        "beta_opt": best_beta,
        "lr_opt": best_lr,
        "lr": 2 * settings[LR_FRAC],
        "b0.99999_steps_theory": steps_in_theory(0.99999, settings),
    }
    for name, beta in [*((f"b{beta:g}", beta) for beta in BETAS), ("beta", settings[BETA])]:
        numbers[f"{name}_steps"] = paths[beta].steps_to(tol)
        numbers[f"{name}_final"] = float(paths[beta].distance[-1])
        numbers[f"{name}_peak"] = paths[beta].peak
        numbers[f"{name}_cross"] = paths[beta].crossings
        numbers[f"{name}_path"] = paths[beta].length
    for beta in (0.9, 0.99):
        numbers[f"b{beta}_rate"] = paths[beta].rate()
        numbers[f"eff_step_b{beta}"] = velocity_under_constant_gradient(beta)
    return numbers | {f"lr_limit_b{beta:g}": learning_rate_limit(beta) for beta in BETAS[:3]}


def headline(paths: dict[float, Path], settings: RunSettings) -> str:
    """What is compared has one learning rate."""
    beta, cap = settings[BETA], settings[STEPS]
    other = 0.9 if beta != 0.9 else 0.99
    tried, beside = (capped(paths[b].steps_to(settings[TOL]), cap) for b in (beta, other))
    return (
        f"Steps to the minimum at learning rate {number(2 * settings[LR_FRAC])}: {tried} with β = {beta:.9g}, {beside} "
        f"with {other}. β = {beta:.9g} overshoots by {two_digits(paths[beta].peak)} of the start's distance and "
        f"travels {two_digits(paths[beta].length)} times it."
    )


def table(paths: dict[float, Path], best: Path, settings: RunSettings) -> Table:
    tol, cap, (beta_opt, lr_opt) = settings[TOL], settings[STEPS], best_pair(settings)
    in_theory = log(1 / tol) / -log(sqrt(beta_opt))
    rows: list[tuple[Cell, ...]] = [
        (f"β {beta:.9g}", capped(path.steps_to(tol), cap), steps_in_theory(beta, settings), path.peak, path.length)
        for beta, path in sorted(paths.items())
    ]
    name = f"best β {two_digits(beta_opt)}, η {two_digits(lr_opt)}"
    rows.append((name, capped(best.steps_to(tol), cap), f"{number(in_theory)} in the long run", best.peak, best.length))
    return Table(("momentum", "steps", "in theory", "overshoot", "path"), rows)


def plot(paths: dict[float, Path], settings: RunSettings) -> Plot:
    steps, cap, tried = np.arange(settings[STEPS] + 1), settings[STEPS], settings[BETA]
    lines = {beta: Line(f"β {beta:.9g}", steps, path.distance, swings(path)) for beta, path in sorted(paths.items())}
    axis = Axis("distance to the minimum", log=True, low=settings[TOL] / 100, high=10)
    other = 0.9 if tried != 0.9 else 0.99
    needed = (f"{two_capped(paths[b].steps_to(settings[TOL]), cap)} with β\u00a0{b:.9g}" for b in (tried, other))
    return Plot(
        [Panel(Axis("step"), axis, [*lines.values(), Across(f"arrived: {number(settings[TOL])}", settings[TOL])])],
        f"Steps to the minimum: {', '.join(needed)}",
        [lines[tried], lines[other]],
    )


def swings(path: Path) -> str:
    """What the distance alone does not show."""
    return f"crosses the minimum {path.crossings:,} times on the steep axis" if path.crossings > 1 else ""


def work(settings: RunSettings) -> int:
    """Four multiply-adds a coordinate pair and step, seven descents, and the bisections."""
    return 7 * 4 * settings[STEPS] + 3 * 13 * 2 * 2000 + 2 * 5000


def declared(name: str, beta: str) -> list[Metric]:
    return [
        Metric(f"{name}_steps", "steps", f"steps until the distance stays below tol, {beta}", cap=STEPS),
        Metric(f"{name}_final", "of the start", f"distance at the end, {beta}"),
        Metric(f"{name}_peak", "of the start", f"farthest point beyond the minimum along the steep axis, {beta}"),
        Metric(f"{name}_cross", "times", f"crossings of the minimum along the steep axis, {beta}"),
        Metric(f"{name}_path", "start distances", f"length of the path, {beta}"),
    ]


EXPERIMENT = Experiment(
    name="momentum",
    topic="momentum",
    title="Momentum close to 1",
    question="What does a momentum coefficient such as 0.99999 do?",
    parameters=(KAPPA, STEPS, TOL, LR_FRAC, BETA),
    metrics=(
        *(metric for beta in BETAS for metric in declared(f"b{beta:g}", f"β = {beta:g}")),
        *declared("beta", "β on trial"),
        *(Metric(f"b{b}_rate", "a step", f"measured factor of the envelope, β = {b}") for b in (0.9, 0.99)),
        *(
            Metric(f"eff_step_b{b}", "gradients", f"velocity under a constant gradient, β = {b}", arithmetic=True)
            for b in (0.9, 0.99)
        ),
        *(Metric(f"lr_limit_b{b:g}", "1/L", f"largest stable learning rate, β = {b:g}") for b in BETAS[:3]),
        Metric("b0.99999_steps_theory", "steps", "ln(1/tol) / -ln(rate), β = 0.99999", arithmetic=True),
        Metric("opt_steps", "steps", "steps with the best β and learning rate", cap=STEPS),
        Metric("gd_opt_steps", "steps", "steps of plain descent at its best learning rate", cap=STEPS),
        Metric("lr", "1/L", "the learning rate of all but the best", arithmetic=True),
        Metric("beta_opt", "", "the best β for this κ", arithmetic=True),
        Metric("lr_opt", "1/L", "the learning rate that goes with it", arithmetic=True),
    ),
    work=work,
    run=run,
)
