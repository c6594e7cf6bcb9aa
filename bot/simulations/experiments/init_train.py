"""Training a deep ReLU net from four starts: a small version of He et al. 2015, fig. 3.

He's weights keep the gradient at any depth (He et al. 2015 §2.2); from Glorot's or smaller ones a 30-layer ReLU net
"completely stalls" (fig. 3), while one of 22 layers still trains, only later (fig. 2). It takes an optimiser that sees
the gradient's scale: with Adam, Glorot's start trains about as well here (our figure).

Four starts of one net 20-n-...-n-5 of `depth` layers, from the same N(0, 1) matrices, biases 0, on five classes of
Gaussian clusters; SGD with momentum 0.9 on the same batches of 64:
    small 0.01,   glorot sqrt(2/(inputs + outputs)),   he sqrt(2/inputs),   double 2 sqrt(2/inputs)
The loss is the mean of the last 20 steps'; a run whose loss passes a billion has diverged and is stopped there.
"""

from collections.abc import Iterator
from itertools import islice
from math import log

import numpy as np

from bot.formats import two_digits
from bot.simulations.arrays import FIVE_CLASSES, Array, Labels, batches, glorot, he, standard_normals, stream
from bot.simulations.experiment import Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import RELU, dense_net, multiply_adds
from bot.simulations.plot import Across, Axis, Down, Line, Panel, Plot
from bot.simulations.training import SGD, softmax_cross_entropy, step

SAMPLES, BATCH, MOMENTUM = 512, 64, 0.9
LAST, DIVERGED = 20, 1e9  # how many steps' mean loss counts, and the loss that is too much

DEPTH = Int("depth", "L", 20, 2, 20, "layers", "number of layers with weights")
WIDTH = Int("width", "n", 64, 16, 64, "units", "width of each hidden layer")
STEPS = Int("steps", "", 150, 50, 150, "steps", "length of the training")
LR = Float("lr", "η", 0.003, 0.0005, 0.02, "", "learning rate of SGD with momentum 0.9")

NAMES = {"small": "σ = 0.01", "glorot": "Glorot", "he": "He", "double": "2x He"}


def run(settings: RunSettings, seed: int) -> Outcome:
    x, labels, _, _ = FIVE_CLASSES.draw(stream(seed, "data"), SAMPLES)
    losses = {name: train(weights, x, labels, settings, seed) for name, weights in starts(settings, seed)}
    return Outcome(headline(losses, settings), metrics(losses), table(losses), plot(losses, settings))


def starts(settings: RunSettings, seed: int) -> Iterator[tuple[str, list[Array]]]:
    normals = standard_normals(stream(seed, "weights"), widths(settings))
    yield "small", [0.01 * w for w in normals]
    yield "glorot", [glorot(*w.shape) * w for w in normals]
    yield "he", [he(len(w)) * w for w in normals]
    yield "double", [2 * he(len(w)) * w for w in normals]


def widths(settings: RunSettings) -> list[int]:
    return [FIVE_CLASSES.features, *[settings[WIDTH]] * (settings[DEPTH] - 1), FIVE_CLASSES.classes]


def train(weights: list[Array], x: Array, labels: Labels, settings: RunSettings, seed: int) -> list[float]:
    """The loss of every step, cut to a billion at the last where it diverged."""
    net, sgd, losses = dense_net(weights, RELU), SGD(settings[LR], MOMENTUM), list[float]()
    with np.errstate(over="ignore", invalid="ignore"):
        for batch in islice(batches(stream(seed, "batches"), SAMPLES, BATCH), settings[STEPS]):
            loss = step(net, sgd, softmax_cross_entropy, x[batch], labels[batch])
            if not loss < DIVERGED:  # true of NaN as well
                return [*losses, DIVERGED]
            losses.append(loss)
    return losses


def final(losses: list[float]) -> float:
    return DIVERGED if losses[-1] == DIVERGED else float(np.mean(losses[-LAST:]))


def metrics(losses: dict[str, list[float]]) -> dict[str, float]:
    ends = {f"{name}_loss": final(curve) for name, curve in losses.items()}
    return ends | {f"{name}_loss0": curve[0] for name, curve in losses.items()} | {"chance": log(FIVE_CLASSES.classes)}


def headline(losses: dict[str, list[float]], settings: RunSettings) -> str:
    ends = ", ".join(f"{shown(losses[name])} from {NAMES[name]}" for name in ("he", "glorot", "small"))
    net = f"a {settings[DEPTH]}-layer ReLU net after {settings[STEPS]} steps of SGD"
    return f"Loss of {net}: {ends}; guessing gives {two_digits(log(FIVE_CLASSES.classes))}."


def shown(losses: list[float]) -> str:
    return f"diverged at step {len(losses)}" if losses[-1] == DIVERGED else two_digits(final(losses))


def table(losses: dict[str, list[float]]) -> Table:
    return Table(("start", "first loss", "after training"), [(NAMES[k], c[0], shown(c)) for k, c in losses.items()])


def plot(losses: dict[str, list[float]], settings: RunSettings) -> Plot:
    """What diverges is far above the view, so that only the step is marked where it was given up."""
    lines = {name: Line(NAMES[name], np.arange(len(curve)), curve) for name, curve in losses.items()}
    lost = [Down(f"{NAMES[name]} diverged", len(curve) - 1) for name, curve in losses.items() if curve[-1] == DIVERGED]
    chance = Across(f"ln {FIVE_CLASSES.classes}: guessing", log(FIVE_CLASSES.classes))
    he, glorot = ("diverged" if losses[n][-1] == DIVERGED else two_digits(final(losses[n])) for n in ("he", "glorot"))
    return Plot(
        [Panel(Axis("step"), Axis("loss on the batch", low=0, high=2.5), [*lines.values(), chance, *lost])],
        f"Loss after {settings[STEPS]} steps: {he} from He, {glorot} from Glorot; guessing {two_digits(chance.y)}",
        [lines["he"], lines["glorot"]],
    )


def work(settings: RunSettings) -> int:
    return 4 * settings[STEPS] * 3 * multiply_adds(BATCH, widths(settings))


EXPERIMENT = Experiment(
    name="init-train",
    topic="weight-initialization",
    title="Training from four starts",
    question="Does a deep ReLU net train from He, Glorot and small weights?",
    parameters=(DEPTH, WIDTH, STEPS, LR),
    metrics=(
        *(Metric(f"{key}_loss", "nats", f"mean loss of the last 20 steps, {name}") for key, name in NAMES.items()),
        *(Metric(f"{key}_loss0", "nats", f"loss before the first step, {name}") for key, name in NAMES.items()),
        Metric("chance", "nats", "loss of guessing among five classes, ln 5"),
    ),
    work=work,
    run=run,
)
