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

from dataclasses import dataclass

import numpy as np

from bot.simulations.experiment import Experiment, Metric, Outcome, Table
from bot.simulations.formats import number
from bot.simulations.numerics import Array
from bot.simulations.numerics.activations import FRESH, Activation
from bot.simulations.numerics.randomness import stream
from bot.simulations.parameters import Int
from bot.simulations.plot import Axis, Line, Panel, Plot
from bot.simulations.settings import Settings

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


@dataclass(frozen=True, slots=True)
class Seen:
    """What a function made of the draws: of its outputs mean, variance and largest size, of its slopes the rest."""

    mean: float
    variance: float
    largest: float
    mean_square_slope: float
    steepest: float


def run(settings: Settings, seed: int) -> Outcome:
    z = stream(seed, "z").standard_normal(settings[SAMPLES])
    seen = {name: tried(FRESH[name], z) for name in NAMES}
    return Outcome(headline(seen), metrics(seen), table(seen), plot())


def tried(f: Activation, z: Array) -> Seen:
    y = f(z)
    slope = f.derivative(z, y)
    return Seen(
        mean=float(y.mean()),
        variance=float(y.var()),
        largest=float(np.abs(y).max()),
        mean_square_slope=float(np.mean(slope * slope)),
        steepest=float(np.abs(slope).max()),
    )


def metrics(seen: dict[str, Seen]) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for name, one in seen.items():
        numbers[f"{name}_mean"] = one.mean
        numbers[f"{name}_var"] = one.variance
        numbers[f"{name}_Ed2"] = one.mean_square_slope
        numbers[f"{name}_maxd"] = one.steepest
        numbers[f"{name}_maxabs"] = one.largest
    return numbers


def headline(seen: dict[str, Seen]) -> str:
    tanh, selu, relu = seen["tanh"], seen["selu"], seen["relu"]
    return (
        f"Of z ~ N(0, 1) tanh makes values up to {tanh.largest:.6f} in size, with mean {tanh.mean:.4f}; "
        f"SELU's outputs have variance {number(selu.variance)}, ReLU's {number(relu.variance)} and "
        f"tanh's {number(tanh.variance)}."
    )


def table(seen: dict[str, Seen]) -> Table:
    rows = [(NAMES[name], f"{s.mean:.4f}", s.variance, s.mean_square_slope, s.steepest) for name, s in seen.items()]
    return Table(("activation", "mean", "variance", "mean of f′²", "largest f′"), rows)


def plot() -> Plot:
    """Leaky is left out: at slope 0.01 its curve lies on ReLU's."""
    z = np.linspace(-4, 4, 401)
    curves = {NAMES[name]: (f(z), f.derivative(z, f(z))) for name, f in FRESH.items() if name in NAMES}
    del curves[NAMES["leaky"]]
    values = [Line(name, z, y) for name, (y, _) in curves.items()]
    slopes = [Line(name, z, slope) for name, (_, slope) in curves.items()]
    return Plot([Panel(Axis("z"), Axis("f(z)"), values), Panel(Axis("z"), Axis("slope f′(z)"), slopes)])


def work(settings: Settings) -> int:
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
        for part, meaning in {
            "mean": "mean of f(z)",
            "var": "variance of f(z)",
            "Ed2": "mean of f'(z) squared",
            "maxd": "largest slope met",
            "maxabs": "largest |f(z)| met",
        }.items()
    ),
    work=work,
    run=run,
)
