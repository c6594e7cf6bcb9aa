"""First biases on a problem with a rare class.

Zero biases are the common start (Glorot & Bengio 2010 §2.3; Goodfellow et al. 2016 §8.4). Two cases
are worth a thought:
    prior    the output bias at the log-odds log(pi / (1 - pi)) of the rare class, so that the net starts by guessing
             its share pi (Lin et al. 2017 §3.3, §4.1): the loss starts at the entropy of pi, the end is about the same
    minus_5  hidden biases so low that ReLU units start out off, and most stay so (Goodfellow §8.4: avoid saturation);
             now and then the few units of the first layer that are on bring others back, so that twelve nets with
             first weights of their own are trained, and those counted that end where they began
An LSTM's forget gate is a third (1: Jozefowicz et al. 2015): logistic(b)^50 of the signal is left after 50 steps.

Seven starts of one net 2-h-h-1, ReLU, on positives N((2.2, 2.2), 0.7² I) and negatives N(0, I): He weights, a tenth of
that for the output, SGD with momentum 0.9 on the full batch. Accuracy says little at 5 % positives: "never" gets 95 %.
"""

from dataclasses import dataclass
from math import log, sqrt

import numpy as np

from bot.formats import percent, two_digits, two_percent
from bot.simulations.arrays import Array, he, standard_normals, stream
from bot.simulations.experiment import Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import RELU, Net, dense_net, logistic, multiply_adds
from bot.simulations.plot import Across, Axis, Line, Panel, Plot
from bot.simulations.training import SGD, binary_accuracy, binary_cross_entropy, step

SAMPLES, CENTRE, SPREAD, MOMENTUM = 500, 2.2, 0.7, 0.9
TRIALS = 12  # nets with hidden biases -5
STUCK = 0.9  # a net is stuck whose loss ends above this share of the entropy of guessing
FIRST = 20  # steps that are drawn by themselves

RATE = Float("pos_rate", "π", 0.05, 0.01, 0.5, "", "share of positives")
HIDDEN = Int("hidden", "h", 32, 4, 40, "units", "width of both hidden layers")
STEPS = Int("steps", "", 300, 50, 300, "steps", "length of the training")
LR = Float("lr", "η", 0.1, 0.01, 0.3, "", "learning rate of SGD with momentum 0.9")

NAMES = {
    "zero": "0",
    "small_0.01": "0.01",
    "one": "1",
    "normal": "N(0, 1)",
    "prior": "log-odds",
    "minus_5": "hidden -5",
    "no_bias": "no bias",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One start, trained: the share of dead hidden units at the end, and how far all biases together moved."""

    losses: list[float]
    accuracy: float
    dead: float
    moved: float


def run(settings: RunSettings, seed: int) -> Outcome:
    x, y = rare_class(stream(seed, "data"), settings[RATE])
    cases = {name: train(started(name, settings, seed), x, y, settings) for name in NAMES}
    others = [train(started("minus_5", settings, seed, trial), x, y, settings) for trial in range(1, TRIALS)]
    numbers = metrics(cases, settings) | {"minus_5_stuck": stuck([cases["minus_5"], *others], settings)}
    return Outcome(headline(cases, numbers, settings), numbers, table(cases, settings), plot(cases, settings))


def rare_class(draws: "np.random.Generator", rate: float) -> tuple[Array, Array]:
    """Points (n, 2) and targets (n, 1); the first round(rate n) are positive."""
    y = (np.arange(SAMPLES) < round(rate * SAMPLES)).astype(np.float64)[:, None]
    noise = draws.standard_normal((SAMPLES, 2))
    return np.where(y > 0, CENTRE + SPREAD * noise, noise), y


def started(name: str, settings: RunSettings, seed: int, trial: int = 0) -> Net:
    """The net of one case before training: of one trial all cases have the same weights, and differ in their biases."""
    purpose = ("weights", trial) if trial else ("weights",)
    weights = [he(len(w)) * w for w in standard_normals(stream(seed, *purpose), widths(settings))]
    net = dense_net([*weights[:-1], 0.1 * weights[-1]], RELU, bias=name != "no_bias")
    log_odds = log(settings[RATE] / (1 - settings[RATE]))
    values = {"small_0.01": (0.01, 0.01), "one": (1.0, 1.0), "prior": (0.0, log_odds), "minus_5": (-5.0, 0.0)}
    hidden, output = values.get(name, (0.0, 0.0))
    draws = stream(seed, "biases")
    for bias in biases(net):
        value = hidden if bias.size > 1 else output
        bias[:] = draws.standard_normal(bias.shape) if name == "normal" else value
    return net


def widths(settings: RunSettings) -> list[int]:
    return [2, settings[HIDDEN], settings[HIDDEN], 1]


def biases(net: Net) -> list[Array]:
    return [bias for layer in net.dense for bias in layer.parameters[1:]]


def train(net: Net, x: Array, y: Array, settings: RunSettings) -> Case:
    start, sgd = [bias.copy() for bias in biases(net)], SGD(settings[LR], MOMENTUM)
    losses = [step(net, sgd, binary_cross_entropy, x, y) for _ in range(settings[STEPS])]
    logits = net(x)
    losses.append(binary_cross_entropy(logits, y)[0])
    dead = float(np.mean([(h <= 0).all(axis=0) for h in net.hidden]))
    moved = sum(float(np.sum((now - then) ** 2)) for now, then in zip(biases(net), start, strict=True))
    return Case(losses, binary_accuracy(logits, y), dead, sqrt(moved))


def entropy(rate: float) -> float:
    """What guessing the positives' share costs: -pi log pi - (1 - pi) log(1 - pi)."""
    return -rate * log(rate) - (1 - rate) * log(1 - rate)


def stuck(cases: list[Case], settings: RunSettings) -> float:
    """The share of nets that end about where guessing the share of positives would."""
    return float(np.mean([case.losses[-1] > STUCK * entropy(settings[RATE]) for case in cases]))


def metrics(cases: dict[str, Case], settings: RunSettings) -> dict[str, float]:
    zero, prior = cases["zero"], cases["prior"]
    accuracies = {f"{name}_acc": cases[name].accuracy for name in ("zero", "small_0.01", "normal")}
    return {
        **{f"{name}_loss": case.losses[-1] for name, case in cases.items()},
        **accuracies,
        "zero_loss0": zero.losses[0],
        "prior_loss0": prior.losses[0],
        "zero_loss10": zero.losses[10],
        "prior_loss10": prior.losses[10],
        "ratio_loss0_zero_over_prior": zero.losses[0] / prior.losses[0],
        "minus_5_dead": cases["minus_5"].dead,
        "zero_moved": zero.moved,
        "entropy_floor0": entropy(settings[RATE]),
        "zero_minus_small_acc_abs": abs(zero.accuracy - accuracies["small_0.01_acc"]),
        "zero_minus_normal_acc_abs": abs(zero.accuracy - accuracies["normal_acc"]),
        **{f"lstm_left_b{b}": float(logistic(np.array(float(b))) ** 50) for b in (0, 1, 3)},
    }


def headline(cases: dict[str, Case], numbers: dict[str, float], settings: RunSettings) -> str:
    zero, prior = cases["zero"].losses, cases["prior"].losses
    return (
        f"Loss with zero biases: {two_digits(zero[0])}, after {settings[STEPS]} steps {two_digits(zero[-1])}; "
        f"output bias at the log-odds: {two_digits(prior[0])}, then {two_digits(prior[-1])}; hidden biases -5: "
        f"{two_percent(numbers['minus_5_stuck'])} of nets end no better than guessing the rare class's share."
    )


def table(cases: dict[str, Case], settings: RunSettings) -> Table:
    rows = [(NAMES[name], c.losses[0], c.losses[10], c.losses[-1], percent(c.dead)) for name, c in cases.items()]
    return Table(("biases", "first loss", "10 steps", f"{settings[STEPS]} steps", "dead units"), rows)


def plot(cases: dict[str, Case], settings: RunSettings) -> Plot:
    """Left the steps in which the starts differ; 0.01 lies on 0 in both."""
    named = NAMES | {"zero": "biases 0", "one": "biases 1"}
    lines = {name: Line(named[name], np.arange(len(c.losses)), c.losses) for name, c in cases.items()}
    early = [Line(named[name], np.arange(FIRST), cases[name].losses[:FIRST]) for name in ("zero", "one", "prior")]
    whole = [lines[name] for name in ("zero", "prior", "no_bias", "minus_5")]
    floor = Across("guessing", entropy(settings[RATE]))
    zero, prior = (two_digits(cases[name].losses[0]) for name in ("zero", "prior"))
    return Plot(
        [
            Panel(Axis("step"), Axis("loss", low=0), [*early, floor], "At first"),
            Panel(Axis("step"), Axis("loss", log=True, high=2), [*whole, floor], "All of the training"),
        ],
        f"Loss starts at {zero} with zero biases, {prior} at the log-odds",
        early[::2],
    )


def work(settings: RunSettings) -> int:
    return (len(NAMES) + TRIALS - 1) * settings[STEPS] * 3 * multiply_adds(SAMPLES, widths(settings))


EXPERIMENT = Experiment(
    name="bias-init",
    topic="bias-initialization",
    title="First biases and a rare class",
    question="Is zero a good start for biases, and when is another value better?",
    parameters=(RATE, HIDDEN, STEPS, LR),
    metrics=(
        *(Metric(f"{key}_loss", "nats", f"loss after training, biases {name}") for key, name in NAMES.items()),
        *(Metric(f"{key}_acc", "share", f"accuracy, biases {NAMES[key]}") for key in ("zero", "small_0.01", "normal")),
        *(Metric(f"{key}_loss0", "nats", f"loss before training, {NAMES[key]}") for key in ("zero", "prior")),
        *(Metric(f"{key}_loss10", "nats", f"loss after 10 steps, {NAMES[key]}") for key in ("zero", "prior")),
        Metric("ratio_loss0_zero_over_prior", "times", "loss before training, biases 0 over log-odds"),
        Metric("minus_5_dead", "share", "hidden units off for every sample after training, hidden biases -5"),
        Metric("minus_5_stuck", "share", "of 12 nets, hidden biases -5, that end no better than guessing the share"),
        Metric("zero_moved", "", "how far training moved the biases from 0 (norm)"),
        Metric("entropy_floor0", "nats", "entropy of the positives' share: the loss of guessing it", arithmetic=True),
        Metric("zero_minus_small_acc_abs", "share", "size of the difference in accuracy, biases 0 and 0.01"),
        Metric("zero_minus_normal_acc_abs", "share", "size of the difference in accuracy, biases 0 and N(0, 1)"),
        *(
            Metric(f"lstm_left_b{b}", "share", f"left after 50 steps of a forget gate at bias {b}", arithmetic=True)
            for b in (0, 1, 3)
        ),
    ),
    work=work,
    run=run,
)
