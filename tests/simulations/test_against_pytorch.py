"""The shared arithmetic against PyTorch in float64, where it is installed."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bot.simulations import layers as act
from bot.simulations.arrays import Array, stream
from bot.simulations.layers import Net, PReLU, batch_norm_net, dense_net
from bot.simulations.training import (
    SGD,
    Adam,
    Optimiser,
    binary_cross_entropy,
    softmax_cross_entropy,
    squared_error,
    step,
)

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.slow  # its first step alone takes seconds
F = torch.nn.functional

PAIRS: list[tuple[act.Activation, Callable[[Any], Any]]] = [
    (act.RELU, F.relu),
    (act.LEAKY, lambda z: F.leaky_relu(z, 0.01)),
    (act.leaky(act.RRELU_TEST_SLOPE, "rrelu"), lambda z: F.rrelu(z, 2 / 11, 2 / 11)),
    (act.ELU, F.elu),
    (act.SELU, F.selu),
    (act.TANH, torch.tanh),
    (act.LOGISTIC, torch.sigmoid),
]


def leaf(x: Array) -> Any:
    return torch.tensor(x, dtype=torch.float64, requires_grad=True)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=lambda f: getattr(f, "name", ""))
def test_activations(ours: act.Activation, theirs: Callable[[Any], Any]) -> None:
    z = np.concatenate([np.linspace(-40, 40, 4001), [0.0, -1e-20, 800.0, -800.0]])
    x = leaf(z)
    y = theirs(x)
    y.sum().backward()
    np.testing.assert_allclose(ours(z), y.detach().numpy(), atol=1e-15, rtol=4e-16)
    np.testing.assert_allclose(ours.derivative(z, ours(z)), x.grad.numpy(), atol=1e-15)


@pytest.mark.parametrize("scale", [1.0, 100.0, 1e5])
def test_losses(scale: float) -> None:
    draw = stream(0, "logits")
    z, labels = scale * draw.normal(size=(30, 5)), draw.integers(5, size=30)
    bits = (draw.random((30, 5)) > 0.5).astype(float)
    pairs: list[tuple[Any, Any, Array]] = [
        (softmax_cross_entropy, lambda x, y: F.cross_entropy(x, torch.tensor(y)), labels),
        (binary_cross_entropy, lambda x, y: F.binary_cross_entropy_with_logits(x, torch.tensor(y)), bits),
        (squared_error, lambda x, y: F.mse_loss(x, torch.tensor(y)), bits),
    ]
    for ours, theirs, target in pairs:
        x = leaf(z)
        loss = theirs(x, target)
        loss.backward()
        value, gradient = ours(z, target)
        assert value == pytest.approx(loss.item(), rel=1e-14)
        np.testing.assert_allclose(gradient, x.grad.numpy(), atol=1e-16, rtol=1e-13)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lambda: SGD(0.05, 0.9), lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9)),
        (lambda: Adam(0.01), lambda p: torch.optim.Adam(p, lr=0.01)),
        (lambda: Adam(0.01, decay=0.1), lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=0.1)),
    ],
    ids=["momentum", "adam", "adam with decay"],
)
def test_two_hundred_steps(ours: Callable[[], Optimiser], theirs: Callable[[Any], Any]) -> None:
    draw = stream(1, "problem")
    a, b, start = draw.normal(size=(20, 6)), draw.normal(size=20), draw.normal(size=6)
    w, theta = start.copy(), leaf(start)
    optimiser, reference = ours(), theirs([theta])
    for _ in range(200):
        optimiser.step(w, a.T @ (a @ w - b) / 20)
        reference.zero_grad()
        (0.5 * ((torch.tensor(a) @ theta - torch.tensor(b)) ** 2).mean()).backward()
        reference.step()
    np.testing.assert_allclose(w, theta.detach().numpy(), rtol=1e-11, atol=1e-13)


def test_a_net_trains_as_theirs_does() -> None:
    draw = stream(2, "net")
    weights = [draw.normal(size=shape) / 3 for shape in [(4, 8), (8, 8), (8, 3)]]
    x, y = draw.normal(size=(40, 4)), draw.integers(3, size=40)
    net, adam = dense_net(weights, act.SELU), Adam(0.01)
    losses = [step(net, adam, softmax_cross_entropy, x, y) for _ in range(50)]
    theirs = torch.nn.Sequential(*(torch.nn.Linear(*w.shape, dtype=torch.float64) for w in weights))
    with torch.no_grad():
        for layer, w in zip(theirs, weights, strict=True):
            layer.weight.copy_(torch.tensor(w.T))
            layer.bias.zero_()
    reference = torch.optim.Adam(theirs.parameters(), lr=0.01)
    for ours in losses:
        h = torch.tensor(x)
        for i, layer in enumerate(theirs):
            h = layer(F.selu(h) if i else h)
        loss = F.cross_entropy(h, torch.tensor(y))
        assert ours == pytest.approx(loss.item(), rel=1e-10)
        reference.zero_grad()
        loss.backward()
        reference.step()


def test_batch_norm_trains_as_theirs_does() -> None:
    draw = stream(4, "net")
    weights = [draw.normal(size=shape) for shape in [(4, 8), (8, 3)]]
    x, y = draw.normal(size=(40, 4)), draw.integers(3, size=40)
    net, sgd = batch_norm_net(weights, act.RELU), SGD(0.1)
    first, last = (torch.nn.Linear(*w.shape, dtype=torch.float64) for w in weights)
    with torch.no_grad():
        for layer, w in zip((first, last), weights, strict=True):
            layer.weight.copy_(torch.tensor(w.T))
            layer.bias.zero_()
    theirs = torch.nn.Sequential(first, torch.nn.BatchNorm1d(8, dtype=torch.float64), torch.nn.ReLU(), last)
    reference = torch.optim.SGD(theirs.parameters(), lr=0.1)
    for batch in (slice(0, 25), slice(10, 40), slice(0, 40)) * 5:
        loss = F.cross_entropy(theirs(torch.tensor(x[batch])), torch.tensor(y[batch]))
        assert step(net, sgd, softmax_cross_entropy, x[batch], y[batch]) == pytest.approx(loss.item(), rel=1e-9)
        reference.zero_grad()
        loss.backward()
        reference.step()
    theirs.eval()
    np.testing.assert_allclose(net(x), theirs(torch.tensor(x)).detach().numpy(), rtol=1e-8, atol=1e-10)


def test_prelu_learns_the_same_slope_gradient() -> None:
    z = stream(3, "z").normal(size=(10, 4))
    net = Net([PReLU()])
    net.backward(squared_error(net.forward(z, training=True), np.zeros_like(z))[1])
    slope = torch.tensor([0.25], dtype=torch.float64, requires_grad=True)
    (F.prelu(torch.tensor(z), slope) ** 2).mean().backward()
    assert net.gradient[0] == pytest.approx(slope.grad.item(), rel=1e-12)
