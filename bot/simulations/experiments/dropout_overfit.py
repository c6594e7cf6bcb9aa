"""Overfitting: what dropout does to a wide net with few samples, some of them labelled wrong.

Dropout trains a different thinned net at every step, so that no unit can rely on a certain other one (Srivastava et
al. 2014 §6 on generalisation). It narrows the gap between training and test; it does not close it. Nor does it help
everywhere: §7.4, fig. 10 sees no gain at 100 to 500 MNIST examples, most at middling sizes, and less beyond; with
plenty of data, or in a small net, it costs accuracy.

The same net is trained with and without dropout, from the same weights on the same batches:
    20-h-h-5, ReLU; Adam 0.0015, batches of 30; n samples of five classes of Gaussian clusters, a share `flip` of them
    (just that many, since the gain hangs on it) labelled as another class; test on 2000 samples with true labels.
The gap is test loss - training loss.
"""

from dataclasses import dataclass
from itertools import islice

import numpy as np

from bot.formats import number, percent, two_digits, two_percent
from bot.simulations.arrays import FIVE_CLASSES, Labels, batches, he, standard_normals, stream
from bot.simulations.experiment import Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import RELU, Net, dense_net, dropout_net, multiply_adds
from bot.simulations.plot import Axis, Bars, Panel, Plot
from bot.simulations.training import Adam, accuracy, softmax_cross_entropy, step

TEST, SPREAD, LR, BATCH = 2000, 0.85, 0.0015, 30

N = Int("n", "n", 150, 60, 250, "samples", "samples to train on")
HIDDEN = Int("hidden", "h", 128, 32, 160, "units", "width of both hidden layers")
DROP = Float("drop", "p", 0.5, 0.1, 0.7, "", "share of hidden activations dropped in training")
EPOCHS = Int("epochs", "", 120, 20, 120, "epochs", "length of the training")
FLIP = Float("flip", "", 0.1, 0.0, 0.3, "", "share of the training labels that are wrong")


@dataclass(frozen=True, slots=True)
class Case:
    """What a trained net reaches with dropout off; losses in nats."""

    train_loss: float
    test_loss: float
    train_accuracy: float
    test_accuracy: float

    @property
    def gap(self) -> float:
        """How much larger the test loss is than the training loss, in nats."""
        return self.test_loss - self.train_loss


def run(settings: RunSettings, seed: int) -> Outcome:
    x, labels, test_x, test_labels = FIVE_CLASSES.draw(stream(seed, "data"), settings[N], TEST, SPREAD)
    given = flipped(labels, settings[FLIP], stream(seed, "flips"))
    weights = [he(len(w)) * w for w in standard_normals(stream(seed, "weights"), widths(settings))]

    def trained(net: Net) -> Case:
        adam, chosen = Adam(LR), batches(stream(seed, "batches"), settings[N], BATCH)
        for batch in islice(chosen, steps(settings)):
            step(net, adam, softmax_cross_entropy, x[batch], given[batch])
        logits, test_logits = net(x), net(test_x)
        return Case(
            softmax_cross_entropy(logits, given)[0],
            softmax_cross_entropy(test_logits, test_labels)[0],
            accuracy(logits, given),
            accuracy(test_logits, test_labels),
        )

    plain = trained(dense_net(weights, RELU))
    drop = trained(dropout_net(weights, RELU, settings[DROP], stream(seed, "masks")))
    cases = {"no dropout": plain, f"dropout {number(settings[DROP])}": drop}
    return Outcome(headline(plain, drop, settings), metrics(plain, drop), table(cases), plot(cases))


def widths(settings: RunSettings) -> list[int]:
    return [FIVE_CLASSES.features, settings[HIDDEN], settings[HIDDEN], FIVE_CLASSES.classes]


def steps(settings: RunSettings) -> int:
    return settings[EPOCHS] * (settings[N] // BATCH)


def flipped(labels: Labels, share: float, draws: "np.random.Generator") -> Labels:
    """This share of the labels, to the nearest one, becomes another class, any of the four."""
    wrong = draws.permutation(len(labels))[: round(share * len(labels))]
    given = labels.copy()
    given[wrong] = (labels[wrong] + draws.integers(1, FIVE_CLASSES.classes, len(wrong))) % FIVE_CLASSES.classes
    return given


def metrics(plain: Case, drop: Case) -> dict[str, float]:
    return {
        "none_train_acc": plain.train_accuracy,
        "none_test_acc": plain.test_accuracy,
        "drop_train_acc": drop.train_accuracy,
        "drop_test_acc": drop.test_accuracy,
        "test_acc_gain": drop.test_accuracy - plain.test_accuracy,
        "none_test_loss": plain.test_loss,
        "drop_test_loss": drop.test_loss,
        "test_loss_ratio": drop.test_loss / plain.test_loss,
        "none_gap_loss": plain.gap,
        "drop_gap_loss": drop.gap,
    }


def headline(plain: Case, drop: Case, settings: RunSettings) -> str:
    return (
        f"Test accuracy {two_percent(plain.test_accuracy)} without dropout, "
        f"{two_percent(drop.test_accuracy)} with dropout {number(settings[DROP])}, "
        f"on {settings[N]} samples with {percent(settings[FLIP])} wrong labels; "
        f"the gap between test and training loss is {two_digits(plain.gap)} without, {two_digits(drop.gap)} with."
    )


def table(cases: dict[str, Case]) -> Table:
    rows = [
        (name, percent(c.train_accuracy), percent(c.test_accuracy), c.train_loss, c.test_loss)
        for name, c in cases.items()
    ]
    return Table(("training", "train accuracy", "test accuracy", "train loss", "test loss"), rows)


def plot(cases: dict[str, Case]) -> Plot:
    names, (plain, drop) = list(cases), cases.values()
    gaps = two_digits(plain.gap), two_digits(drop.gap)
    without, within = two_percent(plain.test_accuracy), two_percent(drop.test_accuracy)
    loss = [Bars("train", names, [c.train_loss for c in cases.values()])]
    loss.append(Bars("test", names, [c.test_loss for c in cases.values()]))
    right = [Bars("train", names, [100 * c.train_accuracy for c in cases.values()])]
    right.append(Bars("test", names, [100 * c.test_accuracy for c in cases.values()]))
    return Plot(
        [
            Panel(Axis("loss in nats"), Axis("training"), loss, "Loss"),
            Panel(Axis("accuracy in %"), Axis("training"), right, "Accuracy"),
        ],
        f"Test accuracy {without} without dropout, {within} with; loss gap {' and '.join(gaps)}",
        [right[1], loss[1]],
    )


def work(settings: RunSettings) -> int:
    training = 3 * steps(settings) * multiply_adds(BATCH, widths(settings))
    return 2 * (training + multiply_adds(settings[N] + TEST, widths(settings)))


EXPERIMENT = Experiment(
    name="dropout-overfit",
    topic="dropout",
    title="Dropout against overfitting",
    question="Does dropout prevent overfitting?",
    parameters=(N, HIDDEN, DROP, EPOCHS, FLIP),
    metrics=(
        Metric("none_train_acc", "share", "training accuracy without dropout, wrong labels counted as right"),
        Metric("none_test_acc", "share", "test accuracy without dropout"),
        Metric("drop_train_acc", "share", "training accuracy with dropout, wrong labels counted as right"),
        Metric("drop_test_acc", "share", "test accuracy with dropout"),
        Metric("test_acc_gain", "share", "drop_test_acc - none_test_acc"),
        Metric("none_test_loss", "nats", "test loss without dropout"),
        Metric("drop_test_loss", "nats", "test loss with dropout"),
        Metric("test_loss_ratio", "times", "test loss with dropout over without"),
        Metric("none_gap_loss", "nats", "test loss - training loss without dropout"),
        Metric("drop_gap_loss", "nats", "test loss - training loss with dropout"),
    ),
    work=work,
    run=run,
)
