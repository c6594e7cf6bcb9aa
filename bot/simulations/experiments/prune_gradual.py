"""Gradual pruning: cutting a little at a time against cutting once, to the same sparsity in the same number of steps.

Zhu & Gupta 2018, eq. 1: from step t0 on the share of weights at 0 follows a cubic schedule, fast while there is much to
cut and slower and slower towards the end, so that the net can mend itself between the cuts:

    s(t) = s_f (1 - (1 - (t - t0) / span)^3)    for t from t0 to t0 + span, then s_f

Every EVERY steps the smallest |w| of all layers together are cut to that share; a weight at 0 is among the smallest, so
it stays cut. The rivals share the first `warm` epochs, the steps, the batches and the final share:
    gradual   the schedule over `span` epochs, then `fine` epochs more
    early     one cut to s_f where the schedule begins, then span + fine epochs
    late      one cut to s_f where the schedule ends, then fine epochs
    dense     no cut
Net 20-h-h-5, ReLU, on five classes of Gaussian clusters; plain SGD, rate 0.1, batches of 32. Biases stay.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

import numpy as np

from bot.formats import percent, two_percent
from bot.simulations.arrays import FIVE_CLASSES, Array, Labels, batches, he, standard_normals, stream
from bot.simulations.experiment import Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import RELU, Net, all_weights, cut, dense_net, multiply_adds, staying
from bot.simulations.plot import Axis, Line, Panel, Plot
from bot.simulations.training import SGD, accuracy, softmax_cross_entropy, step

SAMPLES, TEST, SPREAD = 1000, 1000, 0.75
LR, BATCH = 0.1, 32
EPOCH = SAMPLES // BATCH  # steps
EVERY = 10  # steps between two cuts of the schedule, and between two looks at the accuracy

HIDDEN = Int("hidden", "h", 64, 32, 96, "units", "width of both hidden layers")
SHARE = Float("share", "s", 0.95, 0.5, 0.98, "", "share of the weights that are cut in the end")
WARM = Int("warm", "", 10, 2, 15, "epochs", "length of the training before the schedule begins")
SPAN = Int("span", "", 15, 2, 20, "epochs", "length of the schedule")
FINE = Int("fine", "", 5, 1, 10, "epochs", "length of the training after the schedule")

NAMES = {"gradual": "gradual", "early": "one cut, early", "late": "one cut, late", "dense": "no cut"}


@dataclass(frozen=True, slots=True)
class Training:
    """By look: the step, the test accuracy and the share of weights at 0. The last look is after the last step."""

    steps: list[int]
    accuracies: list[float]
    zeros: list[float]


Schedule = Callable[[int], float]
"""The share of weights to be cut at a step."""


def run(settings: RunSettings, seed: int) -> Outcome:
    first, last = begins_and_ends(settings)
    share = settings[SHARE]
    schedules: dict[str, Schedule] = {
        "gradual": lambda t: cubic(t, first, last, share),
        "early": lambda t: share if t >= first else 0.0,
        "late": lambda t: share if t >= last else 0.0,
        "dense": lambda t: 0.0,
    }
    data = FIVE_CLASSES.draw(stream(seed, "data"), SAMPLES, TEST, SPREAD)
    trainings = {name: train(schedule, data, settings, seed) for name, schedule in schedules.items()}
    return Outcome(headline(trainings, settings), metrics(trainings), table(trainings), plot(trainings))


def begins_and_ends(settings: RunSettings) -> tuple[int, int]:
    """The first and the last step of the schedule, multiples of EVERY."""
    first = settings[WARM] * EPOCH // EVERY * EVERY
    return first, first + settings[SPAN] * EPOCH // EVERY * EVERY


def cubic(t: int, first: int, last: int, share: float) -> float:
    """Zhu & Gupta 2018, eq. 1, from 0: the share to be cut at step t."""
    done = min(max((t - first) / (last - first), 0.0), 1.0)
    return share * (1 - (1 - done) ** 3)


def train(schedule: Schedule, data: tuple[Array, Labels, Array, Labels], settings: RunSettings, seed: int) -> Training:
    """Plain SGD: with momentum or Adam the optimiser's memory would have to be masked as well."""
    x, labels, test_x, test_labels = data
    net, sgd, masks = first_net(settings, seed), SGD(LR), None
    steps, accuracies, zeros = [], [], []
    order = islice(batches(stream(seed, "batches"), SAMPLES, BATCH), total(settings))
    for t, batch in enumerate(order):
        if t % EVERY == 0:
            if share := schedule(t):
                masks = staying([np.abs(layer.weights) for layer in net.dense], share)
                cut(net, masks)
            steps.append(t)
            accuracies.append(accuracy(net(test_x), test_labels))
            zeros.append(float(np.mean(all_weights(net) == 0)))
        step(net, sgd, softmax_cross_entropy, x[batch], labels[batch])
        if masks:
            cut(net, masks)
    ending = accuracy(net(test_x), test_labels), float(np.mean(all_weights(net) == 0))
    return Training([*steps, total(settings)], [*accuracies, ending[0]], [*zeros, ending[1]])


def first_net(settings: RunSettings, seed: int) -> Net:
    return dense_net([he(len(w)) * w for w in standard_normals(stream(seed, "weights"), widths(settings))], RELU)


def widths(settings: RunSettings) -> list[int]:
    return [FIVE_CLASSES.features, settings[HIDDEN], settings[HIDDEN], FIVE_CLASSES.classes]


def total(settings: RunSettings) -> int:
    """Steps of each training."""
    return (settings[WARM] + settings[SPAN] + settings[FINE]) * EPOCH


def metrics(trainings: dict[str, Training]) -> dict[str, float]:
    right = {name: training.accuracies[-1] for name, training in trainings.items()}
    return {
        **{f"{name}_acc": found for name, found in right.items()},
        **{f"{name}_zeros": training.zeros[-1] for name, training in trainings.items()},
        **{f"{name}_lowest": min(after(training)) for name, training in trainings.items()},
        "total_steps": trainings["dense"].steps[-1],
        "gradual_minus_early_acc": right["gradual"] - right["early"],
        "gradual_minus_late_acc": right["gradual"] - right["late"],
        "dense_minus_gradual_acc": right["dense"] - right["gradual"],
    }


def after(training: Training) -> list[float]:
    """The accuracies from the first cut on; the last one where there is none."""
    return [right for right, share in zip(training.accuracies, training.zeros, strict=True) if share > 0] or (
        training.accuracies[-1:]
    )


def headline(trainings: dict[str, Training], settings: RunSettings) -> str:
    right = {name: two_percent(training.accuracies[-1]) for name, training in trainings.items()}
    return (
        f"Accuracy after {total(settings):,} steps with {percent(settings[SHARE])} of the weights cut: "
        f"{right['gradual']} by the gradual schedule, {right['early']} by one cut where it begins, {right['late']} by "
        f"one where it ends ({right['dense']} without a cut)."
    )


def table(trainings: dict[str, Training]) -> Table:
    rows = [
        (NAMES[name], percent(training.zeros[-1]), percent(min(after(training))), percent(training.accuracies[-1]))
        for name, training in trainings.items()
    ]
    return Table(("cut", "weights at 0", "lowest since the cut", "accuracy at the end"), rows)


def plot(trainings: dict[str, Training]) -> Plot:
    right = [Line(NAMES[key], t.steps, [100 * a for a in t.accuracies]) for key, t in trainings.items()]
    shares = [Line(NAMES[key], t.steps, [100 * z for z in t.zeros]) for key, t in trainings.items() if key != "dense"]
    gradual, early = (two_percent(trainings[key].accuracies[-1]) for key in ("gradual", "early"))
    return Plot(
        [
            Panel(Axis("step"), Axis("accuracy in %", low=0, high=103), right),
            Panel(Axis("step"), Axis("% of the weights at 0", low=0, high=103), shares),
        ],
        f"{gradual} right by gradual pruning, {early} by one early cut",
        right[:2],
    )


def work(settings: RunSettings) -> int:
    looks = total(settings) // EVERY + 2
    return len(NAMES) * (3 * BATCH * total(settings) + TEST * looks) * multiply_adds(1, widths(settings))


EXPERIMENT = Experiment(
    name="prune-gradual",
    topic="sparsity",
    title="Pruning little by little",
    question="Is it better to cut the weights little by little, or all at once?",
    parameters=(HIDDEN, SHARE, WARM, SPAN, FINE),
    metrics=(
        *(Metric(f"{key}_acc", "share", f"test accuracy at the end, {name}") for key, name in NAMES.items()),
        *(Metric(f"{key}_zeros", "share", f"weights that are 0 at the end, {name}") for key, name in NAMES.items()),
        *(
            Metric(f"{key}_lowest", "share", f"lowest test accuracy since the first cut, {n}")
            for key, n in NAMES.items()
        ),
        Metric("total_steps", "steps", "length of each training", arithmetic=True),
        Metric("gradual_minus_early_acc", "share", "gradual_acc - early_acc"),
        Metric("gradual_minus_late_acc", "share", "gradual_acc - late_acc"),
        Metric("dense_minus_gradual_acc", "share", "dense_acc - gradual_acc"),
    ),
    work=work,
    run=run,
)
