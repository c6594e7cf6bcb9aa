"""Capacity: a small net cannot afford dropout.

At each step only a share 1 - p of the units and (1 - p)^2 of the weights between hidden layers are at work. Srivastava
et al. 2014, appendix A: dropping units reduces the capacity, so a net that needs n units should have n/p of them (their
p is the share that is kept). In a net with units to spare that is invisible; here there are none.

The same net 1-h-h-1, tanh, fits y = sin(3x) on 100 points of [-2, 2] with and without dropout behind its hidden layers,
from the same weights, full-batch Adam 0.01. The error is taken with dropout off. Without dropout it falls by decades
more on one seed than on another, so the ratio of the two spans decades too: the error with dropout is the number to
quote.
"""

import numpy as np

from bot.formats import number, percent, two_digits
from bot.simulations.arrays import Array, lecun, standard_normals, stream
from bot.simulations.experiment import Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import TANH, Net, dense_net, dropout_net, multiply_adds
from bot.simulations.plot import Axis, Dots, Line, Panel, Plot
from bot.simulations.training import Adam, squared_error, step

POINTS, END, LR = 100, 2.0, 0.01

HIDDEN = Int("hidden", "h", 16, 8, 64, "units", "width of both hidden layers")
DROP = Float("drop", "p", 0.5, 0.05, 0.8, "", "share of hidden activations dropped in training")
STEPS = Int("steps", "", 1200, 300, 2000, "steps", "length of the training")


def run(settings: RunSettings, seed: int) -> Outcome:
    x = np.linspace(-END, END, POINTS)[:, None]
    y = np.sin(3 * x)
    weights = [lecun(len(w)) * w for w in standard_normals(stream(seed, "weights"), widths(settings))]
    masks = stream(seed, "masks")
    fits = {
        "none": fitted(dense_net(weights, TANH), x, y, settings[STEPS]),
        "drop": fitted(dropout_net(weights, TANH, settings[DROP], masks), x, y, settings[STEPS]),
    }
    numbers = metrics(fits, y, settings)
    return Outcome(headline(numbers, settings), numbers, table(numbers, settings), plot(x, y, fits, numbers, settings))


def fitted(net: Net, x: Array, y: Array, steps: int) -> Array:
    """What the trained net says of x, dropout off."""
    adam = Adam(LR)
    for _ in range(steps):
        step(net, adam, squared_error, x, y)
    return net(x)


def widths(settings: RunSettings) -> list[int]:
    return [1, settings[HIDDEN], settings[HIDDEN], 1]


def metrics(fits: dict[str, Array], y: Array, settings: RunSettings) -> dict[str, float]:
    errors = {name: squared_error(fit, y)[0] for name, fit in fits.items()}
    return {
        "none_train_mse": errors["none"],
        "drop_train_mse": errors["drop"],
        "ratio": errors["drop"] / max(errors["none"], 1e-300),
        "target_variance": float(y.var()),
        "active_weights": (1 - settings[DROP]) ** 2,
    }


def headline(numbers: dict[str, float], settings: RunSettings) -> str:
    drop, none = (two_digits(numbers[f"{key}_train_mse"]) for key in ("drop", "none"))
    return (
        f"Training error of {settings[HIDDEN]} tanh units a layer on sin(3x): {drop} with "
        f"dropout {number(settings[DROP])}, {none} without "
        f"(always saying 0: {two_digits(numbers['target_variance'])})."
    )


def names(settings: RunSettings) -> dict[str, str]:
    return {"none": "no dropout", "drop": f"dropout {number(settings[DROP])}"}


def table(numbers: dict[str, float], settings: RunSettings) -> Table:
    share = {"none": "100 %", "drop": percent(numbers["active_weights"])}
    rows = [(name, numbers[f"{key}_train_mse"], share[key]) for key, name in names(settings).items()]
    return Table(("training", "training error", "hidden weights at work"), rows)


def plot(x: Array, y: Array, fits: dict[str, Array], numbers: dict[str, float], settings: RunSettings) -> Plot:
    across, named = x[:, 0], names(settings)
    lines = [Line(named[key], across, fit[:, 0]) for key, fit in fits.items()]
    errors = Dots("", list(named.values()), [numbers[f"{key}_train_mse"] for key in named])
    drop, none = (two_digits(numbers[f"{key}_train_mse"]) for key in ("drop", "none"))
    return Plot(
        [
            Panel(Axis("x"), Axis("f(x)"), [Line("sin(3x)", across, y[:, 0]), *lines]),
            Panel(Axis("mean square", log=True), Axis("training"), [errors], "Training error"),
        ],
        f"Training error {drop} with dropout {number(settings[DROP])}, {none} without",
        [errors, lines[1]],
    )


def work(settings: RunSettings) -> int:
    return 2 * 3 * settings[STEPS] * multiply_adds(POINTS, widths(settings))


EXPERIMENT = Experiment(
    name="dropout-capacity",
    topic="dropout",
    title="Dropout in a small net",
    question="Does dropout reduce what a net can fit?",
    parameters=(HIDDEN, DROP, STEPS),
    metrics=(
        Metric("none_train_mse", "", "mean squared training error without dropout"),
        Metric("drop_train_mse", "", "mean squared training error with dropout, taken with dropout off"),
        Metric("ratio", "times", "drop_train_mse over none_train_mse"),
        Metric("target_variance", "", "mean squared error of always saying the mean", arithmetic=True),
        Metric(
            "active_weights", "share", "weights between the hidden layers at work in a step, (1 - p)²", arithmetic=True
        ),
    ),
    work=work,
    run=run,
)
