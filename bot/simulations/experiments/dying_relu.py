"""Dying ReLU: units that are off for every sample get no gradient, and stay off.

A ReLU unit whose input is negative on all data has derivative 0 there, so no step changes its weights (Maas et al.
2013, p. 2). Large steps throw units into that state. A leaky slope always lets some gradient back:
    leaky 0.01 (Maas et al. 2013),  PReLU one learned slope a layer, from 0.25 (He et al. 2015 §2.1),
    RReLU 1/U(3, 8) in training, 2/11 at test (Xu et al. 2015),  ELU and SELU flatten, to 0 below z = -37 (by rounding)

Regression with an offset, y = 3 sin x1 + x2 x3 + 5, x ~ N(0, I); net 3-h-h-1, full-batch SGD at a large rate, gradients
cut at norm 10 (without that the loss overflows). Dead means derivative 0 on every sample. How many die depends on the
rate: 1 % at 0.05, half at 0.5 (our figures). No dead units is not yet a good fit: see ELU and SELU at this rate.

A shared slope moves all h units of its layer at once, so the loss curves h^2 times as much in it as in one weight
(our estimate), and it learns at 1/h^2 of the rate. At the full rate (`prelu_fast`) it swings, and spoils the fit.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bot.formats import percent, two_digits, two_percent
from bot.simulations.arrays import Array, standard_normals, stream
from bot.simulations.experiment import Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import FRESH, Net, Nonlinear, PReLU, multiply_adds, nonlinear, stacked
from bot.simulations.plot import Axis, Dots, Line, Panel, Plot
from bot.simulations.training import SGD, Clipped, squared_error, step

SAMPLES, FEATURES, NORM = 256, 3, 10.0
EVERY = 4  # steps between two counts of dead units

HIDDEN = Int("hidden", "h", 32, 8, 64, "units", "width of both hidden layers")
STEPS = Int("steps", "", 200, 50, 400, "steps", "length of the training")
LR = Float("lr", "η", 0.4, 0.01, 1.0, "", "learning rate of SGD; gradients are cut at norm 10")

NAMES = {
    "relu": "ReLU",
    "leaky": "leaky",
    "prelu": "PReLU",
    "prelu_fast": "PReLU, fast slope",
    "rrelu": "RReLU",
    "elu": "ELU",
    "selu": "SELU",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One net, trained: the share of dead hidden units at every fourth step and at the end, and the loss there."""

    dead: list[float]
    loss: float


def run(settings: RunSettings, seed: int) -> Outcome:
    x = stream(seed, "data").standard_normal((SAMPLES, FEATURES))
    y = (3 * np.sin(x[:, 0]) + x[:, 1] * x[:, 2] + 5)[:, None]
    cases = {name: train(net(name, settings, seed), x, y, settings) for name in NAMES}
    return Outcome(headline(cases), metrics(cases), table(cases), plot(cases, settings))


def widths(settings: RunSettings) -> list[int]:
    return [FEATURES, settings[HIDDEN], settings[HIDDEN], 1]


def net(name: str, settings: RunSettings, seed: int) -> Net:
    """All from the same N(0, 1) matrices, at the spread that suits the activation."""
    kind, draws = name.removesuffix("_fast"), stream(seed, "slopes")
    slow = 1 / settings[HIDDEN] ** 2
    normals = standard_normals(stream(seed, "weights"), widths(settings))
    weights = [FRESH[kind].suited(len(w)) * w for w in normals]
    return stacked(weights, lambda: PReLU(slow) if name == "prelu" else nonlinear(kind, draws))


def train(net: Net, x: Array, y: Array, settings: RunSettings) -> Case:
    optimiser, dead = Clipped(SGD(settings[LR]), NORM), []
    for i in range(settings[STEPS]):
        step(net, optimiser, squared_error, x, y)
        if i % EVERY == 0:
            dead.append(dead_share(net))  # of the forward pass before the step
    loss = squared_error(net(x), y)[0]
    return Case([*dead, dead_share(net)], loss)


def dead_share(net: Net) -> float:
    """Of all hidden units in the last forward pass: derivative 0 on every sample."""
    return float(
        np.mean([(derivative(layer) == 0).all(axis=0) for layer in net.layers if isinstance(layer, Nonlinear)])
    )


def derivative(layer: Nonlinear) -> Array:
    """f'(z): what comes back for 1. Overwrites a slope's gradient, which the next step makes anew."""
    return layer.backward(np.ones_like(layer.z))


def metrics(cases: Mapping[str, Case]) -> dict[str, float]:
    dead = {f"{name}_dead": case.dead[-1] for name, case in cases.items()}
    return {"relu_dead0": cases["relu"].dead[0]} | dead | {f"{name}_loss": case.loss for name, case in cases.items()}


def headline(cases: Mapping[str, Case]) -> str:
    dead = {name: two_percent(case.dead[-1]) for name, case in cases.items()}
    losses = ", ".join(two_digits(cases[name].loss) for name in ("relu", "leaky", "prelu", "rrelu"))
    others = ", ".join(f"{said} {two_digits(cases[name].loss)}" for name, said in (("elu", "ELU"), ("selu", "SELU")))
    return (
        f"Dead units: {dead['relu']} with ReLU, {dead['leaky']} with leaky ReLU, {dead['prelu']} with PReLU, "
        f"{dead['rrelu']} with RReLU; squared error {losses} ({others})."
    )


def table(cases: Mapping[str, Case]) -> Table:
    rows = [(NAMES[name], percent(c.dead[0]), percent(c.dead[-1]), c.loss) for name, c in cases.items()]
    return Table(("activation", "dead at first", "dead after", "squared error"), rows)


def plot(cases: Mapping[str, Case], settings: RunSettings) -> Plot:
    """The case of the fast slope is left to the table."""
    steps = [*range(0, settings[STEPS], EVERY), settings[STEPS]]
    most = np.max([case.dead for name, case in cases.items() if name != "relu"], axis=0)
    relu, other = (
        Line(name, steps, 100 * np.array(dead))
        for name, dead in (("ReLU", cases["relu"].dead), ("most of any other", most))
    )
    shown = {NAMES[name]: case.loss for name, case in cases.items() if name != "prelu_fast"}
    losses = Dots("", list(shown), list(shown.values()))
    dead, rest = two_percent(cases["relu"].dead[-1]), two_percent(float(most[-1]))
    return Plot(
        [
            Panel(Axis("step"), Axis("dead units in %", low=-2, high=102), [relu, other]),
            Panel(Axis("squared error after training", log=True), Axis("activation"), [losses]),
        ],
        f"Dead: {dead} of ReLU units, at most {rest} elsewhere; SELU's error {two_digits(cases['selu'].loss)}",
        [relu, losses],
    )


def work(settings: RunSettings) -> int:
    return len(NAMES) * settings[STEPS] * 3 * multiply_adds(SAMPLES, widths(settings))


EXPERIMENT = Experiment(
    name="dying-relu",
    topic="activation-functions",
    title="Dying ReLU",
    question="Do ReLU units die in training, and do leaky variants help?",
    parameters=(HIDDEN, STEPS, LR),
    metrics=(
        Metric("relu_dead0", "share", "dead hidden units before training, ReLU"),
        *(Metric(f"{key}_dead", "share", f"dead hidden units after training, {name}") for key, name in NAMES.items()),
        *(Metric(f"{key}_loss", "", f"squared error after training, {name}") for key, name in NAMES.items()),
    ),
    work=work,
    run=run,
    chaotic=True,
)
