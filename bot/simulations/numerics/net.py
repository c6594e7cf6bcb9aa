"""A stack of layers whose parameters are views of one vector, so that an optimiser is a formula on vectors."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import numpy as np

from bot.simulations.numerics import Array, Labels
from bot.simulations.numerics.activations import Activation
from bot.simulations.numerics.dropout import Dropout
from bot.simulations.numerics.layers import Dense, Layer, Nonlinear, Pointwise
from bot.simulations.numerics.losses import Loss
from bot.simulations.numerics.optimisers import Optimiser


class Net:
    """`vector` holds all parameters, `gradient` the loss's gradient in them after `backward`."""

    def __init__(self, layers: Iterable[Layer]) -> None:
        self.layers = list(layers)
        parts = [part for layer in self.layers for part in layer.parameters]
        self.vector = np.concatenate([part.ravel() for part in parts])
        self.gradient = np.zeros_like(self.vector)
        start = 0
        for layer in self.layers:
            shapes = [part.shape for part in layer.parameters]
            layer.parameters, layer.gradients = [], []
            for shape in shapes:
                end = start + int(np.prod(shape))
                layer.parameters.append(self.vector[start:end].reshape(shape))
                layer.gradients.append(self.gradient[start:end].reshape(shape))
                start = end

    def __call__(self, x: Array) -> Array:
        """The output (batch, outputs) at test: dropout off."""
        return self.forward(x, training=False)

    def forward(self, x: Array, training: bool) -> Array:
        """The output (batch, outputs); layers remember what `backward` needs."""
        for layer in self.layers:
            x = layer.forward(x, training)
        return x

    def backward(self, dy: Array) -> Array:
        """Fills `gradient` from the loss's gradient in the output; returns that in the input."""
        for layer in reversed(self.layers):
            dy = layer.backward(dy)
        return dy

    @property
    def dense(self) -> list[Dense]:
        """The layers that hold weights, first to last."""
        return [layer for layer in self.layers if isinstance(layer, Dense)]

    @property
    def hidden(self) -> list[Array]:
        """What the activations put out in the last forward, first to last."""
        return [layer.y for layer in self.layers if isinstance(layer, Nonlinear)]


def dense_net(weights: Sequence[Array], activation: Activation, bias: bool = True) -> Net:
    """Dense layers of these weights (copied) with the activation between them; biases start at 0."""
    return stacked(weights, lambda: Pointwise(activation), bias)


def stacked(weights: Sequence[Array], between: Callable[[], Layer], bias: bool = True) -> Net:
    """As dense_net, with a layer made anew between each two: one that learns or draws, say."""
    layers: list[Layer] = []
    for i, matrix in enumerate(weights):
        layers += [between()] if i else []
        layers.append(Dense(matrix, np.zeros(matrix.shape[1]) if bias else None))
    return Net(layers)


def dropout_net(weights: Sequence[Array], activation: Activation, p: float, masks: np.random.Generator) -> Net:
    """As dense_net, with dropout of share p behind each hidden activation."""
    layers: list[Layer] = []
    for i, matrix in enumerate(weights):
        layers += [Pointwise(activation), Dropout(p, masks)] if i else []
        layers.append(Dense(matrix, np.zeros(matrix.shape[1])))
    return Net(layers)


def step(net: Net, optimiser: Optimiser, loss: Loss, x: Array, y: Array | Labels) -> float:
    """One step of training on one batch. Returns the loss before it."""
    value, dy = loss(net.forward(x, training=True), y)
    net.backward(dy)
    optimiser.step(net.vector, net.gradient)
    return value


def multiply_adds(batch: int, widths: Sequence[int]) -> int:
    """Of one forward pass through dense layers: sum of batch x inputs x outputs. Training costs three times that."""
    return batch * sum(inputs * outputs for inputs, outputs in pairwise(widths))
