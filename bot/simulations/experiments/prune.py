"""Pruning: most of a trained net's small weights can be cut, most of its random ones cannot.

After training, the weights of all layers are ranked by |w| and the smallest set to 0 (magnitude pruning, Han et al.
2015 §3); the rival cuts as many at random. At 80, 90 and 95 % the cut net is trained on, its mask applied after every
step, so that no cut weight comes back. Biases stay. Han et al. 2015, fig. 5: about half of the weights go for free
without training on, many more with it, and repeated rounds (§3.4) take a large net to a ninth of its weights; this
small one has less to spare. Zeros alone save no time: a dense product multiplies by them like by any number.

Net 20-h-h-5, ReLU, on five classes of Gaussian clusters; plain SGD, rate 0.1, batches of 32.
"""

from dataclasses import dataclass
from itertools import islice

import numpy as np

from bot.formats import percent, two_percent
from bot.simulations.arrays import FIVE_CLASSES, Array, Bits, batches, he, standard_normals, stream
from bot.simulations.experiment import Experiment, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import RELU, all_weights, cut, dense_net, multiply_adds, staying
from bot.simulations.plot import Across, Axis, Line, Panel, Plot
from bot.simulations.training import SGD, accuracy, softmax_cross_entropy, step

SAMPLES, TEST, SPREAD = 1000, 2000, 0.75
LR, BATCH = 0.1, 32
CUTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
TUNED = (0.8, 0.9, 0.95)
FREE = 0.01  # of accuracy that a free cut may cost

HIDDEN = Int("hidden", "h", 128, 32, 128, "units", "width of both hidden layers")
EPOCHS = Int("epochs", "", 30, 5, 40, "epochs", "length of the training")
FINE = Int("fine", "", 10, 0, 15, "epochs", "length of the training after the cut")

NAMES = {"mag": "smallest cut", "rand": "random cut", "ft": "smallest, tuned"}

Curve = dict[float, "Point"]


@dataclass(frozen=True, slots=True)
class Point:
    """A net after a cut: test accuracy, and the share of its weights that are 0."""

    accuracy: float
    zeros: float


class Pruning:
    """A trained net that is cut, measured and brought back."""

    def __init__(self, settings: RunSettings, seed: int) -> None:
        self._x, self._labels, self._test_x, self._test_labels = FIVE_CLASSES.draw(
            stream(seed, "data"), SAMPLES, TEST, SPREAD
        )
        normals = standard_normals(stream(seed, "weights"), widths(settings))
        self._net = dense_net([he(len(w)) * w for w in normals], RELU)
        self._seed = seed
        self._train("batches", settings[EPOCHS], [])
        self._dense = self._net.vector.copy()
        self.magnitudes = [np.abs(layer.weights) for layer in self._net.dense]
        self.luck = [stream(seed, "luck", i).random(m.shape) for i, m in enumerate(self.magnitudes)]

    def curve(self, scores: list[Array], cuts: tuple[float, ...], fine: int = 0) -> Curve:
        """The dense net without each share of its lowest scores, trained on for `fine` epochs."""
        found = {}
        for share in cuts:
            self._net.vector[:] = self._dense
            masks = staying(scores, share)
            cut(self._net, masks)
            self._train("fine-tuning", fine, masks)
            right = accuracy(self._net(self._test_x), self._test_labels)
            found[share] = Point(right, float(np.mean(all_weights(self._net) == 0)))
        return found

    def _train(self, order: str, epochs: int, masks: list[Bits]) -> None:
        """Plain SGD: with momentum or Adam the optimiser's memory would have to be masked as well."""
        sgd = SGD(LR)
        chosen = batches(stream(self._seed, order), SAMPLES, BATCH)
        for batch in islice(chosen, epochs * (SAMPLES // BATCH)):
            step(self._net, sgd, softmax_cross_entropy, self._x[batch], self._labels[batch])
            if masks:
                cut(self._net, masks)


def run(settings: RunSettings, seed: int) -> Outcome:
    pruning = Pruning(settings, seed)
    curves = {
        "mag": pruning.curve(pruning.magnitudes, CUTS),
        "rand": pruning.curve(pruning.luck, CUTS),
        "ft": pruning.curve(pruning.magnitudes, TUNED, settings[FINE]),
    }
    return Outcome(headline(curves, settings), metrics(curves), table(curves), plot(curves))


def widths(settings: RunSettings) -> list[int]:
    return [FIVE_CLASSES.features, settings[HIDDEN], settings[HIDDEN], FIVE_CLASSES.classes]


def free(curve: Curve) -> float:
    """The largest cut up to which none costs more than a point."""
    costly = [share for share, point in curve.items() if point.accuracy < curve[0.0].accuracy - FREE - 1e-9]
    return max((share for share in curve if share < min(costly, default=1.0)), default=0.0)


def metrics(curves: dict[str, Curve]) -> dict[str, float]:
    dense, half = curves["mag"][0.0], {name: curves[name][0.5].accuracy for name in ("mag", "rand")}
    return {
        "dense_acc": dense.accuracy,
        "dense_zeros": dense.zeros,
        "mag_acc_0.5": half["mag"],
        "rand_acc_0.5": half["rand"],
        "mag_minus_rand_acc_0.5": half["mag"] - half["rand"],
        "mag_acc_0.8": curves["mag"][0.8].accuracy,
        **{f"ft_acc_{share}": point.accuracy for share, point in curves["ft"].items()},
        **{f"ft_zeros_{share}": point.zeros for share, point in curves["ft"].items()},
        "ft_minus_dense_acc_0.8": curves["ft"][0.8].accuracy - dense.accuracy,
        "mag_free_sparsity": free(curves["mag"]),
        "rand_free_sparsity": free(curves["rand"]),
    }


def headline(curves: dict[str, Curve], settings: RunSettings) -> str:
    right = {(name, share): two_percent(curve[share].accuracy) for name, curve in curves.items() for share in curve}
    return (
        f"Accuracy with half of the weights cut: {right['mag', 0.5]} without the smallest, {right['rand', 0.5]} "
        f"without random ones (dense: {right['mag', 0.0]}); with 80 % cut {right['mag', 0.8]}, and "
        f"{right['ft', 0.8]} after {settings[FINE]} more epochs."
    )


def table(curves: dict[str, Curve]) -> Table:
    def cell(name: str, share: float) -> str:
        return percent(curves[name][share].accuracy) if share in curves[name] else "-"

    rows = [(percent(share), *(cell(name, share) for name in NAMES)) for share in CUTS]
    return Table(("weights cut", "smallest cut", "random cut", "smallest, tuned"), rows)


def plot(curves: dict[str, Curve]) -> Plot:
    lines = [
        Line(name, [100 * share for share in curves[key]], [100 * point.accuracy for point in curves[key].values()])
        for key, name in NAMES.items()
    ]
    guessing = Across("guessing", 100 / FIVE_CLASSES.classes)
    x, y = Axis("% of the weights cut", place="{} % cut"), Axis("accuracy in %", low=0, high=103)
    kept, lost = (two_percent(curves[name][0.5].accuracy) for name in ("mag", "rand"))
    title = f"Half the weights cut: {kept} right without the smallest, {lost} at random"
    return Plot([Panel(x, y, [*lines, guessing])], title, lines[:2])


def work(settings: RunSettings) -> int:
    epochs = settings[EPOCHS] + len(TUNED) * settings[FINE]
    tests = 2 * len(CUTS) + len(TUNED)
    return (3 * SAMPLES * epochs + TEST * tests) * multiply_adds(1, widths(settings))


EXPERIMENT = Experiment(
    name="prune",
    topic="sparsity",
    title="Pruning by size and at random",
    question="How many weights can be cut from a trained net?",
    parameters=(HIDDEN, EPOCHS, FINE),
    metrics=(
        Metric("dense_acc", "share", "test accuracy before any cut"),
        Metric("dense_zeros", "share", "weights that are exactly 0 before any cut"),
        Metric("mag_acc_0.5", "share", "test accuracy without the smallest half of the weights"),
        Metric("rand_acc_0.5", "share", "test accuracy without a random half of the weights"),
        Metric("mag_minus_rand_acc_0.5", "share", "mag_acc_0.5 - rand_acc_0.5"),
        Metric("mag_acc_0.8", "share", "test accuracy without the smallest 80 % of the weights"),
        *(Metric(f"ft_acc_{s}", "share", f"test accuracy, smallest {percent(s)} cut and trained on") for s in TUNED),
        *(Metric(f"ft_zeros_{s}", "share", f"weights at 0, smallest {percent(s)} cut and trained on") for s in TUNED),
        Metric("ft_minus_dense_acc_0.8", "share", "ft_acc_0.8 - dense_acc"),
        Metric("mag_free_sparsity", "share", "largest cut of the smallest weights for at most one point of accuracy"),
        Metric("rand_free_sparsity", "share", "largest random cut for at most one point of accuracy"),
    ),
    work=work,
    run=run,
)
