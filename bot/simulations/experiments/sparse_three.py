"""Three ways to a sparse net, on one net and one data set: which of them leave zeros among the weights?

    dense           plain SGD on the cross-entropy
    dropout         the same with dropout behind each hidden layer      Srivastava et al. 2014 §4
    L1 subgradient  l1 sign(w) added to the gradient of each weight
    L1 proximal     w <- S(w - lr g, lr l1), soft thresholding          Beck & Teboulle 2009
    pruned          the dense net without its smallest weights          Han et al. 2015 §3

A dropout mask switches activations off for one step; no weight is set to 0, and after training none is. What dropout
does make sparser is the activations (Srivastava et al. 2014 §7.2): more of them are exactly 0 at inference, when no
mask is drawn. The proximal step is one of plain SGD: behind Adam the threshold would have to follow Adam's own step.

Net 20-h-h-5, ReLU, on five classes of Gaussian clusters; SGD, rate 0.15, the same batches of 64 for all.
"""

from dataclasses import dataclass
from itertools import islice

import numpy as np

from bot.formats import percent, two_percent
from bot.simulations.arrays import FIVE_CLASSES, Array, Labels, batches, he, standard_normals, stream
from bot.simulations.experiment import Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import RELU, Dropout, Net, all_weights, cut, dense_net, dropout_net, multiply_adds, staying
from bot.simulations.plot import Axis, Bars, Panel, Plot
from bot.simulations.training import SGD, accuracy, soft_threshold, softmax_cross_entropy

SAMPLES, TEST, SPREAD = 1000, 2000, 0.75
LR, BATCH = 0.15, 64
SMALL = 1e-3

HIDDEN = Int("hidden", "h", 64, 32, 96, "units", "width of both hidden layers")
EPOCHS = Int("epochs", "", 40, 10, 50, "epochs", "length of each training")
L1 = Float("l1", "λ", 0.003, 0.0003, 0.006, "", "strength of the L1 penalty")
DROP = Float("drop", "p", 0.5, 0.1, 0.7, "", "share of activations dropped in training")
KEEP = Float("keep", "", 0.5, 0.1, 0.9, "", "share of the weights that pruning keeps")

NAMES = {
    "dense": "dense",
    "dropout": "dropout",
    "L1_subgradient": "L1 subgradient",
    "L1_prox": "L1 proximal",
    "pruned": "pruned",
}

Data = tuple[Array, Labels, Array, Labels]


@dataclass(frozen=True, slots=True)
class Case:
    """A trained net: shares of weights and of activations at inference, and the test accuracy."""

    zeros: float
    small: float
    accuracy: float
    active_zeros: float
    activation: float


def run(settings: RunSettings, seed: int) -> Outcome:
    data = FIVE_CLASSES.draw(stream(seed, "data"), SAMPLES, TEST, SPREAD)
    nets = {name: trained(name, data, settings, seed) for name in NAMES if name != "pruned"}
    cases = {name: measured(net, data) for name, net in nets.items()}
    masked, silent = under_the_mask(nets["dropout"], data[0])
    dense = nets["dense"]
    cut(dense, staying([np.abs(layer.weights) for layer in dense.dense], 1 - settings[KEEP]))
    cases["pruned"] = measured(dense, data)
    numbers = metrics(cases) | {"dropout_mask_zero": masked, "dropout_train_act_zero": silent}
    return Outcome(headline(cases), numbers, table(cases), plot(cases))


def trained(name: str, data: Data, settings: RunSettings, seed: int) -> Net:
    """All start from the same weights and see the same batches."""
    x, labels, _, _ = data
    weights = [he(len(w)) * w for w in standard_normals(stream(seed, "weights"), widths(settings))]
    masks = stream(seed, "masks")
    net = dropout_net(weights, RELU, settings[DROP], masks) if name == "dropout" else dense_net(weights, RELU)
    sgd, l1 = SGD(LR), settings[L1]
    for batch in islice(batches(stream(seed, "batches"), SAMPLES, BATCH), settings[EPOCHS] * (SAMPLES // BATCH)):
        _, error = softmax_cross_entropy(net.forward(x[batch], training=True), labels[batch])
        net.backward(error)
        if name == "L1_subgradient":
            for layer in net.dense:
                layer.gradients[0] += l1 * np.sign(layer.weights)
        sgd.step(net.vector, net.gradient)
        if name == "L1_prox":
            for layer in net.dense:
                layer.weights[:] = soft_threshold(layer.weights, LR * l1)
    return net


def measured(net: Net, data: Data) -> Case:
    _, _, x, labels = data
    logits, weights = net(x), all_weights(net)
    activations = np.hstack(net.hidden)
    return Case(
        float(np.mean(weights == 0)),
        float(np.mean(np.abs(weights) < SMALL)),
        accuracy(logits, labels),
        float(np.mean(activations == 0)),
        float(activations.mean()),
    )


def under_the_mask(net: Net, x: Array) -> tuple[float, float]:
    """In one forward pass of training: the share of activations dropped, and the share at 0 for either reason."""
    net.forward(x, training=True)
    dropped = np.hstack([layer.dropped for layer in net.layers if isinstance(layer, Dropout)])
    return float(dropped.mean()), float(np.mean(dropped | (np.hstack(net.hidden) == 0)))


def widths(settings: RunSettings) -> list[int]:
    return [FIVE_CLASSES.features, settings[HIDDEN], settings[HIDDEN], FIVE_CLASSES.classes]


def metrics(cases: dict[str, Case]) -> dict[str, float]:
    dense, dropout = cases["dense"], cases["dropout"]
    return {
        **{f"{name}_zeros": case.zeros for name, case in cases.items()},
        **{f"{name}_acc": case.accuracy for name, case in cases.items()},
        **{f"{name}_small": case.small for name, case in cases.items()},
        **{f"{name}_act_zero": case.active_zeros for name, case in cases.items()},
        "dense_activation": dense.activation,
        "dropout_activation": dropout.activation,
        "L1_prox_minus_dense_acc": cases["L1_prox"].accuracy - dense.accuracy,
        "dropout_minus_dense_small": dropout.small - dense.small,
        "dropout_minus_dense_act_zero": dropout.active_zeros - dense.active_zeros,
    }


def headline(cases: dict[str, Case]) -> str:
    zeros = ", ".join(f"{NAMES[name]} {two_percent(cases[name].zeros)}" for name in NAMES if name != "dense")
    active = [two_percent(cases[name].active_zeros) for name in ("dense", "dropout")]
    return (
        f"Weights that are exactly zero after training: {zeros}; activations that are zero at inference: "
        f"{active[0]} in the dense net, {active[1]} in the one trained with dropout."
    )


def table(cases: dict[str, Case]) -> Table:
    rows = [
        (NAMES[name], percent(case.zeros), percent(case.active_zeros), percent(case.accuracy))
        for name, case in cases.items()
    ]
    return Table(("net", "weights at 0", "activations at 0", "accuracy"), rows)


def plot(cases: dict[str, Case]) -> Plot:
    names = [NAMES[name] for name in cases]
    right = [f"({percent(case.accuracy)} right)" for case in cases.values()]
    weights = Bars("weights", names, [100 * case.zeros for case in cases.values()], right)
    active = Bars("activations", names, [100 * case.active_zeros for case in cases.values()])
    dropout, l1, cut = (two_percent(cases[name].zeros) for name in ("dropout", "L1_prox", "pruned"))
    return Plot(
        [
            Panel(Axis("% of weights"), Axis("net"), [weights], "Exactly 0 after training"),
            Panel(Axis("% of activations"), Axis("net"), [active], "Exactly 0 at inference"),
        ],
        f"Weights at exactly 0: dropout {dropout}, L1 proximal {l1}, pruned {cut}",
    )


def work(settings: RunSettings) -> int:
    steps = settings[EPOCHS] * (SAMPLES // BATCH)
    return 4 * steps * 3 * multiply_adds(BATCH, widths(settings)) + multiply_adds(5 * TEST + SAMPLES, widths(settings))


def declared() -> list[Metric]:
    meanings = {
        "zeros": "weights that are exactly 0 after training",
        "acc": "test accuracy",
        "small": f"weights with |w| below {SMALL}",
        "act_zero": "activations that are exactly 0 at inference",
    }
    return [
        Metric(f"{k}_{part}", "share", f"{said}, {name}")
        for part, said in meanings.items()
        for k, name in NAMES.items()
    ]


EXPERIMENT = Experiment(
    name="sparse-three",
    topic="sparsity",
    title="Three ways to a sparse model",
    question="Do L1, dropout and pruning make a net's weights zero?",
    parameters=(HIDDEN, EPOCHS, L1, DROP, KEEP),
    metrics=(
        *declared(),
        Metric("dropout_mask_zero", "share", "activations dropped in a forward pass of training"),
        Metric("dropout_train_act_zero", "share", "activations that are 0 in that pass, dropped or not"),
        Metric("dense_activation", "", "mean activation at inference, dense"),
        Metric("dropout_activation", "", "mean activation at inference, dropout"),
        Metric("L1_prox_minus_dense_acc", "share", "L1_prox_acc - dense_acc"),
        Metric("dropout_minus_dense_small", "share", "dropout_small - dense_small"),
        Metric("dropout_minus_dense_act_zero", "share", "dropout_act_zero - dense_act_zero"),
    ),
    work=work,
    run=run,
)
