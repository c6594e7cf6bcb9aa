"""Activation functions side by side: curves, slopes, and what each makes of z ~ N(0, 1).

E[f'(z)^2] says how wide first weights should be: a layer of n inputs multiplies the mean square of gradients by
n Var(w) E[f'^2], so that Var(w) = 1 / (n E[f'^2]) keeps it. For ReLU this is 2/n (He et al. 2015 §2.2, eq. 14), for
SELU 0.93/n (our figure).

    ReLU      max(z, 0)                             Glorot et al. 2011 §3.1
    leaky     z if z > 0 else 0.01 z                Maas et al. 2013
    PReLU     leaky with a learned slope, here the 0.25 at which it starts   He et al. 2015 §2.1
    ELU       z if z > 0 else exp(z) - 1            Clevert et al. 2016
    SELU      1.0507 (z if z > 0 else 1.6733 (exp(z) - 1))                   Klambauer et al. 2017, eq. 2
    tanh      between -1 and 1: 1 - tanh(z) is 2 exp(-2z), too small for float64 to tell from 0 beyond z of about 19
    logistic  1 / (1 + exp(-z)), between 0 and 1

At a kink the slope is a convention: ReLU's at 0 is 0 here, as in PyTorch.
"""

from collections.abc import Callable

import numpy as np

from bot.formats import two_digits
from bot.simulations.arrays import Array, stream
from bot.simulations.experiment import Cell, Experiment, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import FRESH, Activation
from bot.simulations.plot import Axis, Line, Panel, Plot

OPERATIONS = 10  # a sample and function: exp counts as several

SAMPLES = Int("samples", "", 200000, 10000, 500000, "samples", "draws of z from N(0, 1)")

NAMES = {
    "relu": "ReLU",
    "leaky": "leaky 0.01",
    "prelu": "PReLU 0.25",
    "elu": "ELU",
    "selu": "SELU",
    "tanh": "tanh",
    "logistic": "logistic",
}


MEASURED: dict[str, tuple[str, Callable[[Array, Array], float]]] = {
    "mean": ("mean of f(z)", lambda y, slope: y.mean()),
    "var": ("variance of f(z)", lambda y, slope: y.var()),
    "Ed2": ("mean of f'(z) squared", lambda y, slope: (slope * slope).mean()),
    "maxd": ("largest slope met", lambda y, slope: np.abs(slope).max()),
    "maxabs": ("largest |f(z)| met", lambda y, slope: np.abs(y).max()),
}


def run(settings: RunSettings, seed: int) -> Outcome:
    z = stream(seed, "z").standard_normal(settings[SAMPLES])
    numbers = {f"{name}_{part}": value for name in NAMES for part, value in measured(FRESH[name], z).items()}
    return Outcome(headline(numbers), numbers, table(numbers), plot(numbers))


def measured(f: Activation, z: Array) -> dict[str, float]:
    y = f(z)
    slope = f.derivative(z, y)
    return {part: float(measure(y, slope)) for part, (_, measure) in MEASURED.items()}


def headline(numbers: dict[str, float]) -> str:
    slopes = ", ".join(f"{said} {two_digits(numbers[f'{name}_maxd'])}" for name, said in NAMES.items())
    selu, relu, tanh = (two_digits(numbers[f"{name}_var"]) for name in ("selu", "relu", "tanh"))
    return f"Largest slope: {slopes}; variance of the outputs for z ~ N(0, 1): SELU {selu}, ReLU {relu}, tanh {tanh}."


def table(numbers: dict[str, float]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (said, f"{numbers[f'{name}_mean']:.4f}", *(numbers[f"{name}_{part}"] for part in ("var", "Ed2", "maxd")))
        for name, said in NAMES.items()
    ]
    return Table(("activation", "mean", "variance", "mean of f′²", "largest f′"), rows)


def plot(numbers: dict[str, float]) -> Plot:
    """Leaky's curve all but lies on ReLU's, at a slope of 0.01."""
    z = np.linspace(-4, 4, 401)
    curves = {name: (f(z), f.derivative(z, f(z))) for name, f in FRESH.items() if name in NAMES}
    values = [Line(NAMES[name], z, y) for name, (y, _) in curves.items()]
    slopes = {name: Line(NAMES[name], z, slope) for name, (_, slope) in curves.items()}
    logistic, tanh, selu = (two_digits(numbers[f"{name}_maxd"]) for name in ("logistic", "tanh", "selu"))
    return Plot(
        [Panel(Axis("z"), Axis("f(z)"), values), Panel(Axis("z"), Axis("slope f′(z)"), list(slopes.values()))],
        f"Slopes reach {logistic} for logistic, {tanh} for tanh, {selu} for SELU",
        [slopes["selu"], slopes["logistic"]],
    )


def work(settings: RunSettings) -> int:
    return len(NAMES) * OPERATIONS * settings[SAMPLES]


EXPERIMENT = Experiment(
    name="activations",
    topic="activation-functions",
    title="Activation functions side by side",
    question="What do the activation functions make of a standard normal input?",
    parameters=(SAMPLES,),
    metrics=tuple(
        Metric(f"{name}_{part}", "", f"{meaning}, {said}")
        for name, said in NAMES.items()
        for part, (meaning, _) in MEASURED.items()
    ),
    work=work,
    run=run,
)
