"""tanh in a recurrent net: the state is bounded, the gradient is not looked after.

    h <- f(g h W),   W ~ N(0, 1/n), the same at every step;   back: dh <- g (dh f'(z)) W^T

W has a spectral radius of about 1 (the circular law), so without f a state grows about as g^t, and so does a gradient
on its way back. |tanh| < 1 bounds the state whatever g is; ReLU bounds nothing. The gradient is multiplied by f'(z) at
every step as well: at most 1 for tanh, at most 1/4 for logistic. Whether it vanishes or explodes is a race between g W
and f' (Pascanu et al. 2013).

Four functions share W, the first state N(0, 1) and the gradient N(0, 1) at the last step; ReLU, which halves a mean
square, gets sqrt(2) g. Sizes are root mean squares over batch and units, and logarithms of them are taken without
squaring what is tiny: a logistic gradient reaches 10^-180.
"""

from dataclasses import dataclass
from math import log10, sqrt

import numpy as np

from bot.formats import number, power, two_digits, two_power
from bot.simulations.arrays import Array, lecun, stream
from bot.simulations.experiment import Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import IDENTITY, LOGISTIC, RELU, TANH, Activation, multiply_adds
from bot.simulations.plot import Axis, Line, Panel, Plot

BATCH = 16
FLOOR = -300.0  # stands for log10(0): a ReLU state that has died

WIDTH = Int("width", "n", 64, 16, 128, "units", "size of the state")
STEPS = Int("T", "T", 100, 5, 200, "steps", "steps through time")
GAIN = Float("gain", "g", 1.5, 0.5, 2.0, "", "scale of the recurrent weights")

CASES: dict[str, tuple[Activation, float]] = {
    "tanh": (TANH, 1.0),
    "relu": (RELU, sqrt(2)),
    "logistic": (LOGISTIC, 1.0),
    "identity": (IDENTITY, 1.0),
}
NAMES = {"tanh": "tanh", "relu": "ReLU", "logistic": "logistic", "identity": "no activation"}


@dataclass(frozen=True, slots=True)
class Trace:
    """log10 of the state's size after each step, the first state's first, and of the gradient's by steps back (0 at
    the last step); the largest |h| of the last state.
    """

    state: Array
    gradient: Array
    largest: float


def run(settings: RunSettings, seed: int) -> Outcome:
    w = lecun(settings[WIDTH]) * stream(seed, "weights").standard_normal((settings[WIDTH], settings[WIDTH]))
    traces = {name: unroll(f, settings[GAIN] * scale * w, settings, seed) for name, (f, scale) in CASES.items()}
    return Outcome(headline(traces, settings), metrics(traces), table(traces), plot(traces, settings))


def unroll(f: Activation, w: Array, settings: RunSettings, seed: int) -> Trace:
    """T steps forward, then back through all of them."""
    shape = (BATCH, settings[WIDTH])
    h, slopes = stream(seed, "state").standard_normal(shape), []
    state = [size(h)]
    for _ in range(settings[STEPS]):
        z = h @ w
        h = f(z)
        slopes.append(f.derivative(z, h))
        state.append(size(h))
    dh = stream(seed, "gradient").standard_normal(shape)
    gradient = [size(dh)]
    for slope in reversed(slopes):
        dh = (dh * slope) @ w.T
        gradient.append(size(dh))
    return Trace(np.array(state), np.maximum(np.array(gradient) - gradient[0], FLOOR), float(np.abs(h).max()))


def size(x: Array) -> float:
    """log10 of the root mean square, the largest entry taken out before squaring."""
    largest = float(np.abs(x).max())
    return log10(largest) + log10(np.mean((x / largest) ** 2)) / 2 if largest > 0 else FLOOR


def metrics(traces: dict[str, Trace]) -> dict[str, float]:
    numbers = {f"{name}_log10rms": float(trace.state[-1]) for name, trace in traces.items()}
    numbers |= {f"{name}_log10grad": float(trace.gradient[-1]) for name, trace in traces.items()}
    return numbers | {"tanh_maxabs": traces["tanh"].largest}


def headline(traces: dict[str, Trace], settings: RunSettings) -> str:
    tanh, relu, logistic = traces["tanh"], traces["relu"], traces["logistic"]
    return (
        f"After {settings[STEPS]} steps the largest |h| of tanh is {two_digits(tanh.largest)}, ReLU's state has size "
        f"{two_power(relu.state[-1])}; gradients are multiplied by {two_power(tanh.gradient[-1])} with tanh, by "
        f"{two_power(logistic.gradient[-1])} with logistic."
    )


def table(traces: dict[str, Trace]) -> Table:
    rows = [(NAMES[name], power(trace.state[-1]), power(trace.gradient[-1])) for name, trace in traces.items()]
    return Table(("activation", "size of the last state", "gradient, first/last"), rows)


def plot(traces: dict[str, Trace], settings: RunSettings) -> Plot:
    steps = np.arange(settings[STEPS] + 1)

    def lines(curves: dict[str, Array]) -> dict[str, Line]:
        return {name: Line(NAMES[name], steps, shown(curve)) for name, curve in curves.items()}

    forward = lines({name: trace.state for name, trace in traces.items()})
    backward = lines({name: trace.gradient for name, trace in traces.items()})
    size, back = Axis("size", log=True), Axis("steps back", place="{} steps back")
    relu, tanh = (two_power(traces[name].state[-1]) for name in ("relu", "tanh"))
    return Plot(
        [
            Panel(Axis("step"), size, list(forward.values()), "State"),
            Panel(back, size, list(backward.values()), "Gradient"),
        ],
        f"At gain {number(settings[GAIN])}, after {settings[STEPS]} steps: ReLU's state {relu}, tanh's {tanh}",
        [forward["relu"], forward["tanh"]],
    )


def shown(exponents: Array) -> Array:
    """The sizes; a gap where there is nothing left."""
    return np.where(exponents > FLOOR, 10.0**exponents, np.nan)


def work(settings: RunSettings) -> int:
    return len(CASES) * 2 * multiply_adds(BATCH, [settings[WIDTH]] * (settings[STEPS] + 1))


EXPERIMENT = Experiment(
    name="rnn-tanh",
    topic="activation-functions",
    title="tanh in a recurrent net",
    question="What does tanh do for the state and the gradients of a recurrent net?",
    parameters=(WIDTH, STEPS, GAIN),
    metrics=(
        Metric("tanh_maxabs", "", "largest |h| of the last state, tanh"),
        *(Metric(f"{name}_log10rms", "", f"log10 of the last state's size, {said}") for name, said in NAMES.items()),
        *(
            Metric(f"{name}_log10grad", "", f"log10 of the gradient's size, first step over last, {said}")
            for name, said in NAMES.items()
        ),
    ),
    work=work,
    run=run,
)
