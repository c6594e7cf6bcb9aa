"""Can a dead unit come back?

All hidden biases start so low that every unit is off on every sample. Then ReLU's derivative is 0 everywhere: the
hidden weights get no gradient and never move (Maas et al. 2013, p. 2), and the net can only learn the mean of y. The
slope of leaky ReLU (0.01), and the exponential tail of ELU and SELU, let a little gradient through: units come back.

y = x1 (1 + x2) / 2 on inputs within +-1.5; net 2-h-1, weights cut to +-2, so that x W is at most 6 and a bias of -7 or
less keeps each unit off. Trained with Adam, which divides each gradient by its own usual size: tiny gradients still
give steps of the size of the rate. Plain SGD would take far longer.
"""

from dataclasses import dataclass

import numpy as np

from bot.formats import two_digits
from bot.simulations.arrays import Array, standard_normals, stream
from bot.simulations.experiment import Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import BY_NAME, Activation, Net, dense_net, multiply_adds
from bot.simulations.plot import Across, Axis, Line, Panel, Plot
from bot.simulations.training import Adam, squared_error, step

SAMPLES, REACH, LARGEST = 200, 1.5, 2.0

HIDDEN = Int("hidden", "h", 16, 4, 64, "units", "width of the hidden layer")
STEPS = Int("steps", "", 400, 50, 800, "steps", "length of the training")
LR = Float("lr", "η", 0.02, 0.001, 0.05, "", "learning rate of Adam")
BIAS = Float("bias", "b", -8.0, -12.0, -7.0, "", "all hidden biases at the start")

NAMES = {"relu": "ReLU", "leaky": "leaky", "elu": "ELU", "selu": "SELU"}


@dataclass(frozen=True, slots=True)
class Case:
    """One net, trained; `first_gradient` and `moved` are norms over the hidden layer's weights and biases."""

    losses: list[float]
    first_gradient: float
    moved: float


def run(settings: RunSettings, seed: int) -> Outcome:
    x = stream(seed, "data").uniform(-REACH, REACH, (SAMPLES, 2))
    y = (x[:, 0] * (1 + x[:, 1]) / 2)[:, None]
    cases = {name: train(net(BY_NAME[name], settings, seed), x, y, settings) for name in NAMES}
    variance = float(np.var(y))
    return Outcome(headline(cases), metrics(cases, variance), table(cases), plot(cases, variance))


def net(f: Activation, settings: RunSettings, seed: int) -> Net:
    normals = standard_normals(stream(seed, "weights"), [2, settings[HIDDEN], 1])
    made = dense_net([np.clip(f.suited(len(w)) * w, -LARGEST, LARGEST) for w in normals], f)
    made.dense[0].bias[:] = settings[BIAS]
    return made


def train(net: Net, x: Array, y: Array, settings: RunSettings) -> Case:
    hidden, adam = net.dense[0], Adam(settings[LR])
    start = [part.copy() for part in hidden.parameters]
    losses = [step(net, adam, squared_error, x, y)]
    first_gradient = norm(hidden.gradients)
    losses += [step(net, adam, squared_error, x, y) for _ in range(settings[STEPS] - 1)]
    losses.append(squared_error(net(x), y)[0])
    moved = norm([now - then for now, then in zip(hidden.parameters, start, strict=True)])
    return Case(losses, first_gradient, moved)


def norm(parts: list[Array]) -> float:
    return float(np.sqrt(sum(np.sum(part**2) for part in parts)))


def metrics(cases: dict[str, Case], variance: float) -> dict[str, float]:
    numbers = {"variance": variance}
    for name, case in cases.items():
        numbers |= {f"{name}_grad0": case.first_gradient, f"{name}_moved": case.moved, f"{name}_loss": case.losses[-1]}
    return numbers


def headline(cases: dict[str, Case]) -> str:
    moves = ", ".join(f"{two_digits(case.moved)} with {NAMES[name]}" for name, case in cases.items())
    losses = ", ".join(two_digits(case.losses[-1]) for case in cases.values())
    return f"How far the weights of dead units moved: {moves}; squared error {losses}."


def table(cases: dict[str, Case]) -> Table:
    rows = [(NAMES[name], c.first_gradient, c.moved, c.losses[-1]) for name, c in cases.items()]
    return Table(("activation", "first gradient", "moved", "squared error"), rows)


def plot(cases: dict[str, Case], variance: float) -> Plot:
    lines = [Line(NAMES[name], np.arange(len(case.losses)), case.losses) for name, case in cases.items()]
    mean = Across("guessing the mean", variance)
    relu, leaky = (two_digits(cases[name].moved) for name in ("relu", "leaky"))
    title = f"Dead units' weights move by {relu} with ReLU, {leaky} with leaky ReLU"
    return Plot([Panel(Axis("step"), Axis("squared error", log=True), [*lines, mean])], title, lines[:2])


def work(settings: RunSettings) -> int:
    return len(NAMES) * settings[STEPS] * 3 * multiply_adds(SAMPLES, [2, settings[HIDDEN], 1])


EXPERIMENT = Experiment(
    name="relu-revive",
    topic="activation-functions",
    title="Can a dead unit come back?",
    question="Do units that are off for every sample come back, with ReLU and with leaky kinds?",
    parameters=(HIDDEN, STEPS, LR, BIAS),
    metrics=(
        Metric("variance", "", "variance of y: the squared error of guessing its mean"),
        *(Metric(f"{key}_grad0", "", f"hidden layer's first gradient (norm), {name}") for key, name in NAMES.items()),
        *(Metric(f"{key}_moved", "", f"how far the hidden layer moved (norm), {name}") for key, name in NAMES.items()),
        *(Metric(f"{key}_loss", "", f"squared error after training, {name}") for key, name in NAMES.items()),
    ),
    work=work,
    run=run,
)
