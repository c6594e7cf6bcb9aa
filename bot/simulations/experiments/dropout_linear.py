"""Dropout in linear regression is an L2 penalty, exactly.

Switch each input of y = x w off with probability p, the rest divided by 1 - p. Averaged over the masks m, the loss is

    E 1/2 mean (y - (x m / (1 - p)) w)^2  =  1/2 mean (y - x w)^2 + 1/2 p/(1-p) sum_j mean(x_j^2) w_j^2

since the mean of m / (1 - p) is 1 and its variance p / (1 - p) (Wager, Wang & Liang 2013, eq. 7; Srivastava et al. 2014
§9.1). So the best w has a closed form, that of ridge regression with a penalty of its own for each input:

    w = (X'X/n + p/(1-p) diag(X'X/n))^-1 X'y/n

Both are compared, with all else equal:
    dropout   gradient descent with new masks at each step, averaged over the later half of the steps
    plain     the same without masks
    ridge     the closed form above        even      ridge with one penalty for all, its size p/(1-p) times the mean of
    squares   least squares                          the mean squares: what is told apart is the form of the penalty
The spreads of the inputs range from 1/2 to 2. Distances are Euclidean, over that from ridge to least squares.
"""

import numpy as np

from bot.formats import number, two_digits
from bot.simulations.arrays import Array, stream
from bot.simulations.experiment import Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.layers import kept
from bot.simulations.plot import Axis, Line, Panel, Plot

NOISE, TEST = 1.0, 1000
LOOK = 50  # steps between two points of the picture
SAFE = 0.3  # the learning rate over 1/L, L being the largest curvature of the loss with its penalty

N = Int("n", "n", 60, 30, 200, "samples", "samples to fit")
D = Int("d", "d", 20, 5, 25, "inputs", "inputs of the regression")
DROP = Float("drop", "p", 0.3, 0.05, 0.6, "", "share of inputs dropped in training")
STEPS = Int("steps", "", 4000, 1000, 8000, "steps", "steps of gradient descent")

NAMES = {
    "dropout": "dropout",
    "plain": "no dropout",
    "ridge": "ridge",
    "even": "ridge, even",
    "squares": "least squares",
}


def run(settings: RunSettings, seed: int) -> Outcome:
    x, y, test_x, test_y = data(settings, seed)
    strength = settings[DROP] / (1 - settings[DROP])
    squares = np.mean(x * x, axis=0)
    paths = {
        "dropout": descent(x, y, settings, stream(seed, "masks")),
        "plain": descent(x, y, settings, None),
    }
    found = {
        **{name: late_average(path)[-1] for name, path in paths.items()},
        "ridge": ridge(x, y, strength * squares),
        "even": ridge(x, y, np.full_like(squares, strength * squares.mean())),
        "squares": ridge(x, y, np.zeros_like(squares)),
    }
    errors = {name: float(np.mean((test_x @ w - test_y) ** 2)) for name, w in found.items()}
    numbers = metrics(found, errors, strength)
    return Outcome(headline(numbers, settings), numbers, table(found, numbers), plot(found, paths, numbers))


def data(settings: RunSettings, seed: int) -> tuple[Array, Array, Array, Array]:
    """X (n, d) and y (n,), and as many of a test set; each input has as much to say of y as any other."""
    draws = stream(seed, "data")
    spreads = np.geomspace(0.5, 2.0, settings[D])
    true = draws.standard_normal(settings[D]) / spreads
    x = spreads * draws.standard_normal((settings[N] + TEST, settings[D]))
    y = x @ true + NOISE * draws.standard_normal(len(x))
    return x[:-TEST], y[:-TEST], x[-TEST:], y[-TEST:]


def ridge(x: Array, y: Array, penalties: Array) -> Array:
    """The w that minimises 1/2 mean (x w - y)^2 + 1/2 sum_j penalties_j w_j^2."""
    return np.asarray(np.linalg.solve(x.T @ x / len(y) + np.diag(penalties), x.T @ y / len(y)))


def descent(x: Array, y: Array, settings: RunSettings, masks: "np.random.Generator | None") -> Array:
    """The weights (steps + 1, d) at each step, from 0; with dropout on the inputs where there are masks."""
    p = settings[DROP]
    second = x.T @ x / len(y)
    lr = SAFE / float(np.linalg.eigvalsh(second + p / (1 - p) * np.diag(np.diag(second)))[-1])
    path = np.zeros((settings[STEPS] + 1, x.shape[1]))
    for i in range(settings[STEPS]):
        seen = x if masks is None else x * kept(masks, x.shape, p) / (1 - p)
        path[i + 1] = path[i] - lr * (seen.T @ (seen @ path[i] - y)) / len(y)
    return path


def late_average(path: Array) -> Array:
    """For each step the mean of the weights over the later half of the steps up to it (steps + 1, d)."""
    steps = np.arange(1, len(path) + 1)
    sums = np.vstack([np.zeros_like(path[:1]), path.cumsum(axis=0)])
    begin = steps // 2
    return np.asarray((sums[steps] - sums[begin]) / (steps - begin)[:, None])


def metrics(found: dict[str, Array], errors: dict[str, float], strength: float) -> dict[str, float]:
    apart = float(np.linalg.norm(found["ridge"] - found["squares"]))

    def between(a: str, b: str) -> float:
        return float(np.linalg.norm(found[a] - found[b])) / apart

    return {
        "dropout_to_ridge": between("dropout", "ridge"),
        "dropout_to_squares": between("dropout", "squares"),
        "dropout_to_even": between("dropout", "even"),
        "plain_to_squares": between("plain", "squares"),
        "plain_to_ridge": between("plain", "ridge"),
        **{f"{name}_size": float(np.linalg.norm(w)) for name, w in found.items()},
        **{f"{name}_test_mse": error for name, error in errors.items()},
        "strength": strength,
    }


def headline(numbers: dict[str, float], settings: RunSettings) -> str:
    return (
        f"With p = {number(settings[DROP])}, dropout ends at {two_digits(numbers['dropout_to_ridge'])} from ridge "
        f"regression with p/(1-p) = {two_digits(numbers['strength'])} times the mean square of each input, and at "
        f"{two_digits(numbers['dropout_to_squares'])} from least squares, in distances between the two."
    )


def table(found: dict[str, Array], numbers: dict[str, float]) -> Table:
    def away(name: str, other: str) -> str:
        return number(numbers[f"{name}_to_{other}"]) if f"{name}_to_{other}" in numbers else ""

    rows = [
        (said, away(name, "ridge"), away(name, "squares"), numbers[f"{name}_size"], numbers[f"{name}_test_mse"])
        for name, said in NAMES.items()
    ]
    return Table(("weights", "from ridge", "from least squares", "length", "test error"), rows)


def plot(found: dict[str, Array], paths: dict[str, Array], numbers: dict[str, float]) -> Plot:
    apart = float(np.linalg.norm(found["ridge"] - found["squares"]))
    steps = np.arange(0, len(paths["dropout"]), LOOK)
    distances = [
        Line(NAMES[name], steps, np.linalg.norm(late_average(path)[steps] - found["ridge"], axis=1) / apart)
        for name, path in paths.items()
    ]
    order = np.argsort(found["squares"])[::-1]
    features = np.arange(1, len(order) + 1)
    weights = [Line(NAMES[name], features, found[name][order]) for name in ("squares", "ridge", "dropout")]
    near, plain = (two_digits(numbers[f"{name}_to_ridge"]) for name in ("dropout", "plain"))
    return Plot(
        [
            Panel(Axis("step"), Axis("distance from ridge; least squares is 1", log=True), distances),
            Panel(Axis("input, largest weight first", place="input {}"), Axis("weight"), weights),
        ],
        f"Distance from ridge: {near} with dropout, {plain} without",
        distances,
    )


def work(settings: RunSettings) -> int:
    n, d = settings[N], settings[D]
    return 2 * settings[STEPS] * 2 * n * d + 3 * n * d * d + 5 * TEST * d


EXPERIMENT = Experiment(
    name="dropout-linear",
    topic="dropout",
    title="Dropout in linear regression",
    question="Which penalty is dropout on the inputs of a linear regression?",
    parameters=(N, D, DROP, STEPS),
    metrics=(
        Metric(
            "dropout_to_ridge", "", "distance of dropout's weights from ridge, over that of ridge from least squares"
        ),
        Metric("dropout_to_squares", "", "distance of dropout's weights from least squares, likewise"),
        Metric("dropout_to_even", "", "distance of dropout's weights from ridge with one penalty for all, likewise"),
        Metric("plain_to_squares", "", "distance of the weights without dropout from least squares, likewise"),
        Metric("plain_to_ridge", "", "distance of the weights without dropout from ridge, likewise"),
        *(Metric(f"{key}_size", "", f"length of the weights, {name}") for key, name in NAMES.items()),
        *(Metric(f"{key}_test_mse", "", f"mean squared error on new data, {name}") for key, name in NAMES.items()),
        Metric("strength", "", "p/(1-p), the penalty over the mean square of the input", arithmetic=True),
    ),
    work=work,
    run=run,
)
