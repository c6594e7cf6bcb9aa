"""What dropout costs: more steps of training, hardly more arithmetic in each, and nothing at inference.

The same net is trained with and without dropout behind its hidden layers, from the same weights on the same batches,
until the loss of all training samples is down to `target`; that loss is taken every five steps with dropout off for
both, since a mask inflates it. Srivastava et al. 2014 §11: "2-3 times longer to train ... parameter updates are very
noisy". How many times depends on p and on the target.

Counted, not timed, for a step on a batch (seconds would tell of the machine):
    multiply-adds   3 a weight and sample: forward, gradient of the weights, gradient of the inputs,
                    less that of the net's own inputs, which nobody needs
    mask            2 multiplications and 1 random number a hidden activation
At inference no mask is drawn: the weights were scaled in training (§1 and fig. 2, the other way round).

Net 20-h-h-5, ReLU, on five classes of Gaussian clusters; Adam 0.001, batches of 64.
"""

from dataclasses import dataclass
from itertools import islice

import numpy as np

from bot.formats import capped, number, percent
from bot.simulations.arrays import FIVE_CLASSES, Array, batches, he, standard_normals, stream
from bot.simulations.experiment import Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import RELU, Net, dense_net, dropout_net, multiply_adds
from bot.simulations.plot import Across, Axis, Line, Panel, Plot
from bot.simulations.training import Adam, softmax_cross_entropy, step

SAMPLES, SPREAD, BATCH, LR = 1000, 0.75, 64, 0.001
EVERY = 5  # steps between two looks at the clean loss
AFFORDABLE = 30_000_000_000  # multiply-adds that both trainings may take together

HIDDEN = Int("hidden", "h", 128, 32, 256, "units", "width of both hidden layers")
DROP = Float("drop", "p", 0.5, 0.1, 0.6, "", "share of hidden activations dropped in training")
TARGET = Float("target", "", 0.3, 0.1, 1.0, "nats", "clean training loss to reach")


@dataclass(frozen=True, slots=True)
class Training:
    """The net, the clean loss every five steps, and the first step at which it met the target, or the limit + 1."""

    net: Net
    losses: list[float]
    steps: int


def run(settings: RunSettings, seed: int) -> Outcome:
    x, labels, _, _ = FIVE_CLASSES.draw(stream(seed, "data"), SAMPLES, 0, SPREAD)
    weights = [he(len(w)) * w for w in standard_normals(stream(seed, "weights"), widths(settings))]

    def train(net: Net) -> Training:
        adam, losses, steps = Adam(LR), [softmax_cross_entropy(net(x), labels)[0]], 0
        chosen = batches(stream(seed, "batches"), SAMPLES, BATCH)
        while losses[-1] > settings[TARGET]:
            if steps + EVERY > most_steps(settings):
                return Training(net, losses, most_steps(settings) + 1)
            for batch in islice(chosen, EVERY):
                step(net, adam, softmax_cross_entropy, x[batch], labels[batch])
            losses.append(softmax_cross_entropy(net(x), labels)[0])
            steps += EVERY
        return Training(net, losses, steps)

    plain = train(dense_net(weights, RELU))
    drop = train(dropout_net(weights, RELU, settings[DROP], stream(seed, "masks")))
    numbers = metrics(plain, drop, x, settings)
    return Outcome(headline(numbers, settings), numbers, table(numbers, settings), plot(plain, drop, settings))


def widths(settings: RunSettings) -> list[int]:
    return [FIVE_CLASSES.features, settings[HIDDEN], settings[HIDDEN], FIVE_CLASSES.classes]


def most_steps(settings: RunSettings) -> int:
    """As many as can be afforded, at most 1000."""
    a_step = step_cost(settings) + multiply_adds(SAMPLES, widths(settings)) // EVERY
    return min(1000, AFFORDABLE // (2 * a_step) // EVERY * EVERY)


def step_cost(settings: RunSettings) -> int:
    """Multiply-adds of one step of training on one batch."""
    return 3 * multiply_adds(BATCH, widths(settings)) - BATCH * FIVE_CLASSES.features * settings[HIDDEN]


def mask_cost(settings: RunSettings) -> int:
    """Multiplications of the masks in one step, forward and backward."""
    return 2 * BATCH * 2 * settings[HIDDEN]


def inference_cost(net: Net) -> int:
    """Multiply-adds for one sample: a weight each, and no mask."""
    return sum(layer.weights.size for layer in net.dense)


def metrics(plain: Training, drop: Training, x: Array, settings: RunSettings) -> dict[str, float]:
    stripped = dense_net([layer.weights for layer in drop.net.dense], RELU)
    stripped.vector[:] = drop.net.vector
    overhead = mask_cost(settings) / step_cost(settings)
    ratio = drop.steps / max(plain.steps, 1)
    return {
        "none_steps": plain.steps,
        "drop_steps": drop.steps,
        "steps_ratio": ratio,
        "macs_step": step_cost(settings),
        "mask_mults": mask_cost(settings),
        "overhead_arith": overhead,
        "total_mac_ratio": ratio * (1 + overhead),
        "inference_ratio": inference_cost(drop.net) / inference_cost(plain.net),
        "inference_diff": float(np.abs(drop.net(x) - stripped(x)).max()),
        "most_steps": most_steps(settings),
    }


def reached(steps: float, settings: RunSettings) -> str:
    return capped(steps, most_steps(settings))


def headline(numbers: dict[str, float], settings: RunSettings) -> str:
    more = "more than " if numbers["drop_steps"] > most_steps(settings) else ""
    return (
        f"Steps to a training loss of {number(settings[TARGET])}: {reached(numbers['drop_steps'], settings)} with "
        f"dropout {number(settings[DROP])}, {reached(numbers['none_steps'], settings)} without ({more}"
        f"{number(numbers['steps_ratio'])} times); each has {percent(numbers['overhead_arith'])} more arithmetic, "
        f"inference none."
    )


def table(numbers: dict[str, float], settings: RunSettings) -> Table:
    rows = [
        ("without", reached(numbers["none_steps"], settings), numbers["macs_step"], 0, inference(settings)),
        (
            "with",
            reached(numbers["drop_steps"], settings),
            numbers["macs_step"],
            numbers["mask_mults"],
            inference(settings),
        ),
    ]
    return Table(("dropout", "steps", "multiply-adds a step", "for masks", "at inference"), rows)


def inference(settings: RunSettings) -> float:
    return multiply_adds(1, widths(settings))


def plot(plain: Training, drop: Training, settings: RunSettings) -> Plot:
    def line(label: str, training: Training) -> Line:
        return Line(label, EVERY * np.arange(len(training.losses)), training.losses)

    lines = [line("no dropout", plain), line(f"dropout {number(settings[DROP])}", drop)]
    target = Across(f"target {number(settings[TARGET])}", settings[TARGET])
    return Plot([Panel(Axis("step"), Axis("training loss, dropout off", low=0), [*lines, target])])


def work(settings: RunSettings) -> int:
    """An upper bound on the multiply-adds: most trainings are over long before their last step."""
    look = multiply_adds(SAMPLES, widths(settings))
    return 2 * (most_steps(settings) * (step_cost(settings) + look // EVERY) + 2 * look)


EXPERIMENT = Experiment(
    name="dropout-cost",
    topic="dropout",
    title="What dropout costs",
    question="Does dropout slow down training, or inference?",
    parameters=(HIDDEN, DROP, TARGET),
    metrics=(
        Metric("none_steps", "steps", "steps to the target without dropout; most_steps + 1 where it is not met"),
        Metric("drop_steps", "steps", "steps to the target with dropout; most_steps + 1 where it is not met"),
        Metric("steps_ratio", "times", "drop_steps over none_steps"),
        Metric("macs_step", "multiply-adds", "arithmetic of a step without masks"),
        Metric("mask_mults", "multiplications", "arithmetic of the masks in a step"),
        Metric("overhead_arith", "share", "mask_mults over macs_step"),
        Metric("total_mac_ratio", "times", "arithmetic to the target, with dropout over without"),
        Metric("inference_ratio", "times", "multiply-adds of a prediction, with dropout over without"),
        Metric(
            "inference_diff",
            "",
            "largest difference of two predictions with these weights, with dropout layers or without",
        ),
        Metric("most_steps", "steps", "where a training is given up"),
    ),
    work=work,
    run=run,
)
