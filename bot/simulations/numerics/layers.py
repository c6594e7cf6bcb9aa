"""Layers that go forward and backward.

`forward(x, training)` remembers what `backward` needs; `backward(dy)` turns the gradient of the loss in the layer's
output into that in its input, and stores that in its parameters:

    y = x W + b    dW = x^T dy    db = sum over the batch of dy    dx = dy W^T
    y = f(z)       dz = dy f'(z)
"""

from typing import Protocol

import numpy as np

from bot.simulations.numerics import Array
from bot.simulations.numerics.activations import BY_NAME, PRELU_START, RRELU_DIVISORS, RRELU_TEST_SLOPE, Activation


class Layer(Protocol):
    """`parameters` and `gradients` match one to one; a net replaces both by views of its two vectors."""

    parameters: list[Array]
    gradients: list[Array]

    def forward(self, x: Array, training: bool) -> Array:
        """Output (batch, outputs) for input (batch, inputs)."""

    def backward(self, dy: Array) -> Array:
        """Gradient in the input, for the batch of the last forward."""


class Dense:
    """x W + b with W (inputs, outputs); without a bias when none is given."""

    def __init__(self, weights: Array, bias: Array | None = None) -> None:
        self.parameters = [weights] if bias is None else [weights, bias]
        self.gradients = [np.zeros_like(parameter) for parameter in self.parameters]

    @property
    def weights(self) -> Array:
        """W, a view once the layer is in a net."""
        return self.parameters[0]

    @property
    def bias(self) -> Array:
        """b (outputs,). Raises IndexError in a layer without one."""
        return self.parameters[1]

    def forward(self, x: Array, training: bool) -> Array:
        self._x = x
        y = x @ self.parameters[0]
        if len(self.parameters) > 1:
            y += self.parameters[1]
        return y

    def backward(self, dy: Array) -> Array:
        np.matmul(self._x.T, dy, out=self.gradients[0])
        if len(self.parameters) > 1:
            dy.sum(axis=0, out=self.gradients[1])
        return dy @ self.parameters[0].T


class Pointwise:
    """An activation. `z` and `y` are those of the last forward."""

    def __init__(self, activation: Activation) -> None:
        self.activation = activation
        self.parameters: list[Array] = []
        self.gradients: list[Array] = []

    def forward(self, x: Array, training: bool) -> Array:
        self.z, self.y = x, self.activation(x)
        return self.y

    def backward(self, dy: Array) -> Array:
        return dy * self.activation.derivative(self.z, self.y)


class PReLU:
    """Leaky with one learned slope a layer (He et al. 2015 §2.1): its gradient is the sum of dy z over negative z.

    `rate` multiplies that gradient: what the slope learns at, over the rate of the net.
    """

    def __init__(self, rate: float = 1.0) -> None:
        self.rate = rate
        self.parameters = [np.array([PRELU_START])]
        self.gradients = [np.zeros(1)]

    def forward(self, x: Array, training: bool) -> Array:
        self.z = x
        self.y = np.where(x > 0, x, self.parameters[0] * x)
        return self.y

    def backward(self, dy: Array) -> Array:
        self.gradients[0][0] = self.rate * np.sum(dy * np.minimum(self.z, 0.0))
        return dy * np.where(self.z > 0, 1.0, self.parameters[0])


class RReLU:
    """Leaky with slope 1/U(3, 8) drawn for every unit and sample in training, 2/11 at test (Xu et al. 2015)."""

    def __init__(self, stream: np.random.Generator) -> None:
        self._stream = stream
        self.parameters: list[Array] = []
        self.gradients: list[Array] = []

    def forward(self, x: Array, training: bool) -> Array:
        slope = 1 / self._stream.uniform(*RRELU_DIVISORS, x.shape) if training else RRELU_TEST_SLOPE
        self._slope = np.where(x > 0, 1.0, slope)
        self.z = x
        self.y = x * self._slope
        return self.y

    def backward(self, dy: Array) -> Array:
        return dy * self._slope


Nonlinear = Pointwise | PReLU | RReLU


def nonlinear(name: str, draws: np.random.Generator) -> Nonlinear:
    """The activation of that name as a layer: one of BY_NAME, or "prelu", or "rrelu", which alone draws."""
    if name == "prelu":
        return PReLU()
    return RReLU(draws) if name == "rrelu" else Pointwise(BY_NAME[name])
