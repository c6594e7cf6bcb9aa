"""What dropout costs: more steps of training, hardly more arithmetic in each, and nothing at inference.

Three nets are trained on the same batches until the loss of all training samples is down to `target`; it is taken every
five steps with dropout off, since a mask inflates it:
    without  no dropout
    with     the same first weights, dropout of share p behind each hidden layer
    fewer    no dropout, and only the first (1 - p) h units of each hidden layer: as many as dropout leaves at work

Srivastava et al. 2014 §11: "2-3 times longer to train ... parameter updates are very noisy". Dropout does two things at
once: it adds noise, and it leaves fewer units at work in each step. The third net has the one without the other: what
it needs beyond the first is the price of fewer units, what dropout needs beyond it that of the noise. That is a proxy,
no proof: the units at work change from step to step, and the loss is taken with all of them. How many times longer it
takes depends on the width, on p and on the target.

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

from bot.formats import capped, number, two_capped, two_percent
from bot.simulations.arrays import FIVE_CLASSES, Array, batches, he, standard_normals, stream
from bot.simulations.experiment import Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import RELU, Net, dense_net, dropout_net, multiply_adds
from bot.simulations.plot import Across, Axis, Line, Panel, Plot
from bot.simulations.training import Adam, softmax_cross_entropy, step

SAMPLES, SPREAD, BATCH, LR = 1000, 0.75, 64, 0.001
EVERY = 5  # steps between two looks at the clean loss
AFFORDABLE = 38_000_000_000  # multiply-adds that the three trainings may take together
MOST_STEPS = 2000

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
    normals = standard_normals(stream(seed, "weights"), widths(settings[HIDDEN]))
    weights = [he(len(w)) * w for w in normals]

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
    fewer = train(dense_net([he(len(w)) * w for w in part_of(normals, active(settings))], RELU))
    numbers = metrics(plain, drop, fewer, x, settings)
    return Outcome(headline(numbers, settings), numbers, table(numbers, settings), plot(plain, drop, fewer, settings))


def active(settings: RunSettings) -> int:
    """How many units of a hidden layer dropout leaves at work on average, (1 - p) h."""
    return round((1 - settings[DROP]) * settings[HIDDEN])


def part_of(matrices: list[Array], units: int) -> list[Array]:
    """Of each matrix the entries between the first `units` of each hidden layer; inputs and outputs all stay."""
    first, *middle, last = matrices
    return [first[:, :units], *(matrix[:units, :units] for matrix in middle), last[:units]]


def widths(hidden: int) -> list[int]:
    return [FIVE_CLASSES.features, hidden, hidden, FIVE_CLASSES.classes]


def most_steps(settings: RunSettings) -> int:
    """As many as can be afforded, at most 2,000."""
    a_step = step_cost(widths(settings[HIDDEN])) + multiply_adds(SAMPLES, widths(settings[HIDDEN])) // EVERY
    return min(MOST_STEPS, AFFORDABLE // (3 * a_step) // EVERY * EVERY)


def step_cost(sizes: list[int]) -> int:
    """Multiply-adds of one step of training on one batch, in a net of these widths."""
    return 3 * multiply_adds(BATCH, sizes) - multiply_adds(BATCH, sizes[:2])


def mask_cost(settings: RunSettings) -> int:
    """Multiplications of the masks in one step, forward and backward."""
    return 2 * BATCH * 2 * settings[HIDDEN]


def metrics(plain: Training, drop: Training, fewer: Training, x: Array, settings: RunSettings) -> dict[str, float]:
    stripped = dense_net([layer.weights for layer in drop.net.dense], RELU)
    stripped.vector[:] = drop.net.vector
    overhead = mask_cost(settings) / step_cost(widths(settings[HIDDEN]))
    ratio = drop.steps / max(plain.steps, 1)
    return {
        "none_steps": plain.steps,
        "drop_steps": drop.steps,
        "fewer_steps": fewer.steps,
        "steps_ratio": ratio,
        "fewer_ratio": fewer.steps / max(plain.steps, 1),
        "noise_ratio": drop.steps / max(fewer.steps, 1),
        "macs_step": step_cost(widths(settings[HIDDEN])),
        "mask_mults": mask_cost(settings),
        "overhead_arith": overhead,
        "total_mac_ratio": ratio * (1 + overhead),
        "inference_diff": float(np.abs(drop.net(x) - stripped(x)).max()),
        "most_steps": most_steps(settings),
    }


def reached(steps: float, settings: RunSettings) -> str:
    return capped(steps, most_steps(settings))


def headline(numbers: dict[str, float], settings: RunSettings) -> str:
    return (
        f"Steps to a training loss of {number(settings[TARGET])}: {reached(numbers['none_steps'], settings)} with "
        f"{settings[HIDDEN]} units a layer, {reached(numbers['drop_steps'], settings)} with dropout "
        f"{number(settings[DROP])} on them, {reached(numbers['fewer_steps'], settings)} with {active(settings)} "
        f"units and no dropout; a step with dropout has {two_percent(numbers['overhead_arith'])} more arithmetic, "
        f"inference none."
    )


def table(numbers: dict[str, float], settings: RunSettings) -> Table:
    full, fewer = settings[HIDDEN], active(settings)

    def row(name: str, steps: str, units: int, masks: float) -> tuple[str, str, float, float, float]:
        sizes = widths(units)
        return (name, reached(numbers[steps], settings), step_cost(sizes), masks, multiply_adds(1, sizes))

    rows = [
        row(f"{full} units", "none_steps", full, 0),
        row(f"{full}, dropout {number(settings[DROP])}", "drop_steps", full, numbers["mask_mults"]),
        row(f"{fewer} units", "fewer_steps", fewer, 0),
    ]
    return Table(("net", "steps", "multiply-adds a step", "for masks", "at inference"), rows)


def plot(plain: Training, drop: Training, fewer: Training, settings: RunSettings) -> Plot:
    def line(label: str, training: Training) -> Line:
        return Line(label, EVERY * np.arange(len(training.losses)), training.losses)

    lines = [
        line(f"{settings[HIDDEN]} units", plain),
        line(f"{settings[HIDDEN]}, dropout {number(settings[DROP])}", drop),
        line(f"{active(settings)} units", fewer),
    ]
    aim, loss = number(settings[TARGET]), Axis("training loss, dropout off", low=0)
    cost, more, less = (two_capped(one.steps, most_steps(settings)) for one in (plain, drop, fewer))
    return Plot(
        [
            Panel(
                Axis("step"),
                loss,
                [*lines, Across(f"target {aim}", settings[TARGET])],
            )
        ],
        f"To loss {aim}: {cost} steps, with dropout {more}, with {active(settings)} units {less}",
        lines[:2],
    )


def work(settings: RunSettings) -> int:
    """An upper bound on the multiply-adds: most trainings are over long before their last step."""
    look = multiply_adds(SAMPLES, widths(settings[HIDDEN]))
    return 3 * (most_steps(settings) * (step_cost(widths(settings[HIDDEN])) + look // EVERY) + 2 * look)


EXPERIMENT = Experiment(
    name="dropout-cost",
    topic="dropout",
    title="What dropout costs",
    question="Does dropout slow down training, or inference?",
    parameters=(HIDDEN, DROP, TARGET),
    metrics=(
        Metric("none_steps", "steps", "steps to the target without dropout; most_steps + 1 where it is not met"),
        Metric("drop_steps", "steps", "steps to the target with dropout; most_steps + 1 where it is not met"),
        Metric("fewer_steps", "steps", "steps to the target with (1 - p) h units and no dropout; likewise"),
        Metric("steps_ratio", "times", "drop_steps over none_steps"),
        Metric("fewer_ratio", "times", "fewer_steps over none_steps: what fewer units cost by themselves"),
        Metric("noise_ratio", "times", "drop_steps over fewer_steps: what dropout costs beyond that"),
        Metric("macs_step", "multiply-adds", "arithmetic of a step without masks", arithmetic=True),
        Metric("mask_mults", "multiplications", "arithmetic of the masks in a step", arithmetic=True),
        Metric("overhead_arith", "share", "mask_mults over macs_step", arithmetic=True),
        Metric("total_mac_ratio", "times", "arithmetic to the target, with dropout over without"),
        Metric(
            "inference_diff",
            "",
            "largest difference of two predictions with these weights, with dropout layers or without",
        ),
        Metric("most_steps", "steps", "where a training is given up", arithmetic=True),
    ),
    work=work,
    run=run,
)
