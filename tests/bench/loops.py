"""Three training loops of the experiments beside PyTorch in eager mode, where it is installed, and beside the matrix
products alone that they contain: `python -m tests.bench.loops`, on one thread each.
"""

from collections.abc import Callable, Sequence
from itertools import islice, pairwise
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from bot.simulations.arrays import FIVE_CLASSES, Array, batches, he, lecun, standard_normals, stream
from bot.simulations.experiment import read
from bot.simulations.experiments import find, momentum, selu_depth
from bot.simulations.layers import RELU, SELU, dropout_net
from bot.simulations.training import Adam, softmax_cross_entropy, step

ROUNDS = 7
WIDTHS, BATCH, STEPS, DROP = (FIVE_CLASSES.features, 128, 128, FIVE_CLASSES.classes), 32, 300, 0.5
DEPTH, WIDTH, SAMPLES = 100, 256, 64
Loop = Callable[[], object]


def main() -> None:
    torch = _torch()
    print(f"{'loop':<38}{'ours':>12}{'PyTorch eager':>16}{'products alone':>16}")
    for name, ours, theirs, floor in (
        (f"dense net with dropout, {STEPS} steps", training, torch and torch_training, training_products),
        (f"{DEPTH} layers there and back", layers, torch and torch_layers, layer_products),
        ("SGD with momentum on the quadratic", quadratic, torch and torch_quadratic, None),
    ):
        times = interleaved([one for one in (ours, theirs, floor) if one])
        shown = iter(times)
        cells = [f"{1e3 * next(shown):.1f} ms" if one else "not there" for one in (ours, theirs, floor)]
        print(f"{name:<38}{cells[0]:>12}{cells[1]:>16}{cells[2]:>16}{ratio(times, bool(theirs), bool(floor))}")
    print("not there: PyTorch is not installed, or the loop holds no matrix product.")


def interleaved(loops: Sequence[Loop]) -> list[float]:
    """The median time of each in seconds, taking turns, so that all meet the same disturbances."""
    times: list[list[float]] = [[] for _ in loops]
    for _ in range(ROUNDS):
        for loop, found in zip(loops, times, strict=True):
            start = perf_counter()
            loop()
            found.append(perf_counter() - start)
    return [median(found) for found in times]


def ratio(times: Sequence[float], theirs: bool, floor: bool) -> str:
    said = [f"{times[0] / times[-1]:.2f} x the products"] if floor else []
    said += [f"{times[0] / times[1]:.2f} x PyTorch"] if theirs else []
    return "  " + ", ".join(said)


def training() -> None:
    """What dropout-overfit does."""
    x, labels, _, _ = FIVE_CLASSES.draw(stream(0, "data"), 1000)
    weights = [he(len(w)) * w for w in standard_normals(stream(0, "weights"), WIDTHS)]
    net, adam = dropout_net(weights, RELU, DROP, stream(0, "masks")), Adam(1e-3)
    for batch in islice(batches(stream(0, "batches"), len(x), BATCH), STEPS):
        step(net, adam, softmax_cross_entropy, x[batch], labels[batch])


def training_products() -> None:
    draws = np.random.default_rng(0)
    inputs = [draws.standard_normal((BATCH, width)) for width in WIDTHS]
    weights = [draws.standard_normal(shape) for shape in pairwise(WIDTHS)]
    for _ in range(STEPS):
        for x, w, dy in zip(inputs, weights, inputs[1:], strict=False):
            _ = x @ w, x.T @ dy, dy @ w.T


def layers() -> None:
    """What selu-depth does for one of its cases."""
    settings = read(find("selu-depth").parameters, {"depth": DEPTH, "width": WIDTH, "batch": SAMPLES})
    selu_depth.propagate(selu_depth.Case(SELU, lecun(WIDTH)), _matrices(), settings, 0)


def layer_products() -> None:
    h = np.random.default_rng(0).standard_normal((SAMPLES, WIDTH))
    for w in _matrices():
        _ = h @ w, h @ w.T


def quadratic() -> None:
    """What momentum does for one beta: plain floats, two coordinates being too few for arrays to pay."""
    settings = read(find("momentum").parameters, {})
    momentum.descend(np.array([1.0, 1.0]), settings, 0.99, 0.2)


_made: list[Array] = []


def _matrices() -> list[Array]:
    if not _made:
        _made.extend(standard_normals(stream(0, "weights"), [WIDTH] * (DEPTH + 1)))
    return _made


def _torch() -> Any:
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    return torch


def torch_training() -> None:
    torch = _torch()
    x, labels, _, _ = FIVE_CLASSES.draw(stream(0, "data"), 1000)
    inputs, targets = torch.tensor(x), torch.tensor(labels)
    parts: list[Any] = []
    for i, (before, after) in enumerate(pairwise(WIDTHS)):
        parts += [torch.nn.ReLU(), torch.nn.Dropout(DROP)] if i else []
        parts.append(torch.nn.Linear(before, after))
    net = torch.nn.Sequential(*parts)
    adam = torch.optim.Adam(net.parameters(), 1e-3)
    for batch in islice(batches(stream(0, "batches"), len(x), BATCH), STEPS):
        chosen = torch.as_tensor(batch)
        adam.zero_grad()
        torch.nn.functional.cross_entropy(net(inputs[chosen]), targets[chosen]).backward()
        adam.step()


def torch_layers() -> None:
    torch = _torch()
    weights = [torch.as_tensor(w) for w in _matrices()]
    first = h = torch.randn(SAMPLES, WIDTH, requires_grad=True)
    seen = []
    for w in weights:
        h = torch.nn.functional.selu(lecun(WIDTH) * (h @ w))
        seen += [h.mean(), h.var()]
    h.backward(torch.randn(SAMPLES, WIDTH))
    _ = (first.grad**2).mean()


def torch_quadratic() -> None:
    torch = _torch()
    curvature = torch.tensor([0.01, 1.0])
    w = torch.tensor([1.0, 1.0], requires_grad=True)
    sgd = torch.optim.SGD([w], lr=0.2, momentum=0.99)
    for _ in range(3000):
        sgd.zero_grad()
        (0.5 * (curvature * w * w).sum()).backward()
        sgd.step()


if __name__ == "__main__":
    main()
