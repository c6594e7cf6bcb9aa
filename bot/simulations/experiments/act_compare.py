"""Eight activation functions on one task: how much the choice matters in a shallow net.

One net 20-h-h-5 on the five-class data, Adam on the softmax cross-entropy. Data, batches and the N(0, 1) draws of the
weights are shared; only f changes, and the spread of the weights that suits it:
    ReLU family  variance 2 / (n (1 + slope^2))    He et al. 2015 §2.2 (slope 0.01 leaky, 0.25 PReLU, 2/11 RReLU)
    ELU          1.5/n (our choice)
    SELU, tanh, logistic  1/n                      Klambauer et al. 2017, paragraph "Initialization"
PReLU learns one slope a layer (He et al. 2015 §2.1); RReLU draws 1/U(3, 8) in training and takes 2/11 at test (Xu et
al. 2015). The net is shallow and its training short: this is no ranking.
"""

from collections.abc import Sequence

from bot.formats import percent, two_percent
from bot.simulations.arrays import FIVE_CLASSES, Array, Labels, batches, standard_normals, stream
from bot.simulations.experiment import Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import FRESH, multiply_adds, nonlinear, stacked
from bot.simulations.plot import Axis, Dots, Panel, Plot
from bot.simulations.training import Adam, accuracy, softmax_cross_entropy, step

SAMPLES, TEST, BATCH = 2000, 2000, 64
SPREAD = 0.75

HIDDEN = Int("hidden", "h", 64, 16, 64, "units", "width of both hidden layers")
STEPS = Int("steps", "", 300, 50, 300, "steps", "length of the training")
LR = Float("lr", "η", 0.002, 0.0005, 0.01, "", "learning rate of Adam")

NAMES = {
    "relu": "ReLU",
    "leaky": "leaky ReLU",
    "prelu": "PReLU",
    "rrelu": "RReLU",
    "elu": "ELU",
    "selu": "SELU",
    "tanh": "tanh",
    "logistic": "logistic",
}
VARIANTS = ("leaky", "prelu", "rrelu")
Data = tuple[Array, Labels, Array, Labels]


def run(settings: RunSettings, seed: int) -> Outcome:
    weights = standard_normals(stream(seed, "weights"), widths(settings))
    data = FIVE_CLASSES.draw(stream(seed, "data"), SAMPLES, TEST, SPREAD)
    accuracies = {name: trained(name, weights, data, settings, seed) for name in NAMES}
    return Outcome(headline(accuracies), metrics(accuracies), table(accuracies), plot(accuracies))


def widths(settings: RunSettings) -> list[int]:
    return [FIVE_CLASSES.features, settings[HIDDEN], settings[HIDDEN], FIVE_CLASSES.classes]


def trained(name: str, weights: Sequence[Array], data: Data, settings: RunSettings, seed: int) -> float:
    """The accuracy on the test data of the net with this activation."""
    x, labels, test_x, test_labels = data
    fitted = [FRESH[name].suited(len(w)) * w for w in weights]
    net = stacked(fitted, lambda: nonlinear(name, stream(seed, "slopes")))
    adam, order = Adam(settings[LR]), batches(stream(seed, "batches"), SAMPLES, BATCH)
    for _ in range(settings[STEPS]):
        batch = next(order)
        step(net, adam, softmax_cross_entropy, x[batch], labels[batch])
    return accuracy(net(test_x), test_labels)


def metrics(accuracies: dict[str, float]) -> dict[str, float]:
    numbers = {f"{name}_acc": value for name, value in accuracies.items()}
    gaps = {name: accuracies[name] - accuracies["relu"] for name in VARIANTS}
    return numbers | {"leaky_minus_relu": gaps["leaky"], "variants_gap_abs": max(map(abs, gaps.values()))}


def headline(accuracies: dict[str, float]) -> str:
    family = [accuracies[name] for name in ("relu", *VARIANTS)]
    least, most = two_percent(min(family)), two_percent(max(family))
    selu, tanh, logistic = (two_percent(accuracies[name]) for name in ("selu", "tanh", "logistic"))
    return (
        f"Test accuracy after the same short training: {least} to {most} in the ReLU family, SELU {selu}, tanh {tanh}, "
        f"logistic {logistic}."
    )


def table(accuracies: dict[str, float]) -> Table:
    relu = accuracies["relu"]
    rows = [(NAMES[name], percent(value), f"{100 * (value - relu):+.2f}") for name, value in accuracies.items()]
    return Table(("activation", "test accuracy", "points over ReLU"), rows)


def plot(accuracies: dict[str, float]) -> Plot:
    family = [accuracies[name] for name in ("relu", *VARIANTS)]
    least, most, logistic = map(two_percent, (min(family), max(family), accuracies["logistic"]))
    dots = Dots("", [NAMES[name] for name in accuracies], [100 * value for value in accuracies.values()])
    family_gets = least if least == most else f"{least} to {most}"
    title = f"Test accuracy: ReLU family {family_gets}, logistic {logistic}"
    return Plot([Panel(Axis("test accuracy in %"), Axis("activation"), [dots])], title)


def work(settings: RunSettings) -> int:
    training = settings[STEPS] * 3 * multiply_adds(BATCH, widths(settings))
    return len(NAMES) * (training + multiply_adds(TEST, widths(settings)))


EXPERIMENT = Experiment(
    name="act-compare",
    topic="activation-functions",
    title="Eight activations on one task",
    question="How much does the choice of activation matter in a shallow net?",
    parameters=(HIDDEN, STEPS, LR),
    metrics=(
        *(Metric(f"{name}_acc", "share", f"test accuracy, {said}") for name, said in NAMES.items()),
        Metric("leaky_minus_relu", "share", "test accuracy, leaky ReLU less ReLU"),
        Metric("variants_gap_abs", "share", "largest |test accuracy - ReLU's| of leaky, PReLU and RReLU"),
    ),
    work=work,
    run=run,
)
