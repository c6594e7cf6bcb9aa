"""Monte Carlo dropout in classification: it ranks doubt about as well as one pass does, and can make a net too humble.

One prediction with dropout off against the mean of T passes with dropout on (Gal & Ghahramani 2016 §5.2), in two
regimes, since either alone would mislead:

    A  overfitted   100 samples, p = 0.2, 300 epochs: one prediction is overconfident, and averaging mends much of that
    B  well fitted  200 samples, p = 0.5, 60 epochs: one prediction is about right, and averaging makes it too humble

The calibration error is the mean distance between confidence and the share that is right, in ten bins (Guo et al. 2017
§2). Whether a prediction knows where it errs is told by the entropy of its probabilities: AUROC is the chance that a
wrong answer has more of it than a right one (Hendrycks & Gimpel 2017), whatever its scale. The mean of the passes has
more entropy everywhere, so a ratio of wrong to right says little about the ranking; it is given beside. Test: 1000
samples. Net 20-h-h-5, ReLU; Adam 0.003, batches of 50; five classes of Gaussian clusters.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

import numpy as np

from bot.formats import percent, two_digits
from bot.simulations.arrays import FIVE_CLASSES, Array, Labels, batches, he, standard_normals, stream
from bot.simulations.experiment import Experiment, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import RELU, Net, dropout_net, multiply_adds, softmax
from bot.simulations.plot import Axis, Bars, Panel, Plot
from bot.simulations.training import Adam, auroc, calibration_error, softmax_cross_entropy, step

TEST, LR, BATCH = 1000, 0.003, 50
TINY = 1e-300

HIDDEN = Int("hidden", "h", 128, 32, 128, "units", "width of both hidden layers")
T = Int("T", "T", 50, 5, 100, "passes", "passes with dropout on")


@dataclass(frozen=True, slots=True)
class Regime:
    """How a net is trained: on how many samples, with which share of dropout p, for how many epochs."""

    name: str
    samples: int
    p: float
    epochs: int

    @property
    def steps(self) -> int:
        return self.epochs * (self.samples // BATCH)


REGIMES = {"A": Regime("A, overfitted", 100, 0.2, 300), "B": Regime("B, well fitted", 200, 0.5, 60)}


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a net predicts: probabilities (samples, classes), and how good they are."""

    p: Array
    labels: Labels

    @property
    def right(self) -> Array:
        """1 where the likeliest class is the label's, else 0."""
        return np.asarray(self.p.argmax(axis=1) == self.labels, dtype=np.float64)

    @property
    def accuracy(self) -> float:
        return float(self.right.mean())

    @property
    def nll(self) -> float:
        """Negative log-likelihood: the mean of -log p(label), in nats."""
        return float(-np.log(np.maximum(self.p[np.arange(len(self.labels)), self.labels], TINY)).mean())

    @property
    def ece(self) -> float:
        return calibration_error(self.p.max(axis=1), self.right)

    @property
    def entropy(self) -> Array:
        """Of each sample's probabilities, in nats."""
        return np.asarray(-np.sum(self.p * np.log(np.maximum(self.p, TINY)), axis=1))

    @property
    def entropy_ratio(self) -> float:
        """Mean entropy of wrong answers over that of right ones; 1 where none is wrong."""
        entropy, wrong = self.entropy, self.right == 0
        return float(entropy[wrong].mean() / max(entropy[~wrong].mean(), TINY)) if wrong.any() else 1.0

    @property
    def finds_errors(self) -> float:
        """AUROC of the entropy for wrong answers."""
        return auroc(self.entropy, 1 - self.right)


Pair = tuple[Prediction, Prediction]


def run(settings: RunSettings, seed: int) -> Outcome:
    pairs = {key: predictions(regime, settings, seed) for key, regime in REGIMES.items()}
    return Outcome(headline(pairs), metrics(pairs), table(pairs), plot(pairs))


def predictions(regime: Regime, settings: RunSettings, seed: int) -> Pair:
    """With dropout off, and the mean of T passes with dropout on."""
    x, labels, test_x, test_labels = FIVE_CLASSES.draw(stream(seed, "data"), regime.samples, TEST)
    weights = [he(len(w)) * w for w in standard_normals(stream(seed, "weights"), widths(settings))]
    net, adam = dropout_net(weights, RELU, regime.p, stream(seed, "masks")), Adam(LR)
    for batch in islice(batches(stream(seed, "batches"), regime.samples, BATCH), regime.steps):
        step(net, adam, softmax_cross_entropy, x[batch], labels[batch])
    return Prediction(softmax(net(test_x)), test_labels), Prediction(mean_of(settings[T], net, test_x), test_labels)


def mean_of(passes: int, net: Net, x: Array) -> Array:
    """The mean of the probabilities (samples, classes) of several passes with dropout on; logits are not averaged."""
    total = np.zeros((len(x), FIVE_CLASSES.classes))
    for _ in range(passes):
        total += softmax(net.forward(x, training=True))
    return total / passes


def widths(settings: RunSettings) -> list[int]:
    return [FIVE_CLASSES.features, settings[HIDDEN], settings[HIDDEN], FIVE_CLASSES.classes]


def metrics(pairs: dict[str, Pair]) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for key, (one, mean) in pairs.items():
        numbers |= {
            f"{key}_det_ece": one.ece,
            f"{key}_mc_ece": mean.ece,
            f"{key}_ece_gain": one.ece - mean.ece,
            f"{key}_nll_gain": one.nll - mean.nll,
            f"{key}_auroc_det": one.finds_errors,
            f"{key}_auroc_mc": mean.finds_errors,
            f"{key}_auroc_gain": mean.finds_errors - one.finds_errors,
            f"{key}_det_entropy_ratio": one.entropy_ratio,
            f"{key}_entropy_ratio": mean.entropy_ratio,
            f"{key}_mc_acc": mean.accuracy,
            f"{key}_det_acc": one.accuracy,
        }
    return numbers


def headline(pairs: dict[str, Pair]) -> str:
    def change(key: str, of: Callable[[Prediction], float]) -> str:
        one, mean = map(of, pairs[key])
        return f"{two_digits(one)} to {two_digits(mean)}"

    error, found = ({key: change(key, of) for key in pairs} for of in (lambda p: p.ece, lambda p: p.finds_errors))
    return (
        f"From one pass to the mean of passes with dropout: calibration error {error['A']} overfitted, {error['B']} "
        f"well fitted; finding errors by doubt (AUROC) {found['A']}, {found['B']}."
    )


def table(pairs: dict[str, Pair]) -> Table:
    rows = [
        (f"{key}, {how}", percent(said.accuracy), said.ece, said.nll, said.finds_errors)
        for key, pair in pairs.items()
        for how, said in zip(("one pass", "mean"), pair, strict=True)
    ]
    return Table(("net", "accuracy", "calibration error", "NLL", "AUROC of doubt"), rows)


def plot(pairs: dict[str, Pair]) -> Plot:
    def bars(of: Callable[[Prediction], float]) -> list[Bars]:
        names = [REGIMES[key].name for key in pairs]
        ways = enumerate(("one pass", "mean"))
        return [Bars(how, names, [of(pair[i]) for pair in pairs.values()]) for i, how in ways]

    moves = ", ".join(f"{two_digits(one.ece)} to {two_digits(mean.ece)} ({key})" for key, (one, mean) in pairs.items())
    error, found = bars(lambda p: p.ece), bars(lambda p: p.finds_errors)
    return Plot(
        [
            Panel(Axis("lower is better"), Axis("net"), error, "Calibration error"),
            Panel(Axis("AUROC; 0.5 is chance, 1 the best", high=1), Axis("net"), found, "Finding errors by doubt"),
        ],
        f"Averaged, calibration error goes {moves}",
        error,
    )


def work(settings: RunSettings) -> int:
    steps = sum(regime.steps for regime in REGIMES.values())
    trainings = 3 * steps * multiply_adds(BATCH, widths(settings))
    return trainings + len(REGIMES) * (settings[T] + 1) * multiply_adds(TEST, widths(settings))


EXPERIMENT = Experiment(
    name="mc-classify",
    topic="dropout",
    title="How sure, and how right",
    question="Does averaging passes with dropout make a classifier's confidence right?",
    parameters=(HIDDEN, T),
    metrics=tuple(
        Metric(f"{key}_{part}", unit, f"{meaning}, {regime.name[3:]}")
        for key, regime in REGIMES.items()
        for part, unit, meaning in (
            ("det_ece", "share", "calibration error of one prediction, dropout off"),
            ("mc_ece", "share", "calibration error of the mean of the passes"),
            ("ece_gain", "share", "det_ece - mc_ece"),
            ("nll_gain", "nats", "mean -log probability of the label, one prediction - mean of the passes"),
            ("auroc_det", "", "chance that a wrong answer has more entropy than a right one, one prediction"),
            ("auroc_mc", "", "chance that a wrong answer has more entropy than a right one, mean of the passes"),
            ("auroc_gain", "", "auroc_mc - auroc_det"),
            ("det_entropy_ratio", "times", "entropy of one prediction, wrong answers over right ones"),
            ("entropy_ratio", "times", "entropy of the mean of the passes, wrong answers over right ones"),
            ("mc_acc", "share", "accuracy of the mean of the passes"),
            ("det_acc", "share", "accuracy of one prediction"),
        )
    ),
    work=work,
    run=run,
)
