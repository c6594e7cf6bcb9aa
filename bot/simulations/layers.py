"""Layers that go forward and backward, activations, dropout and batch norm among them, and the net that stacks them.

`forward(x, training)` remembers what `backward` needs; `backward(dy)` turns the gradient of the loss in the layer's
output into that in its input, and stores that in its parameters:

    y = x W + b    dW = x^T dy    db = sum over the batch of dy    dx = dy W^T
    y = f(z)       dz = dy f'(z)

An activation is elementwise, on arrays of any shape. Its derivative takes z and y = f(z), so that what f has computed
is not computed again.

    ReLU      max(z, 0)                           Glorot et al. 2011 §3.1 (Deep Sparse Rectifier Neural Networks)
    leaky     z if z > 0 else slope z             Maas et al. 2013
    PReLU     leaky with a learned slope          He et al. 2015 §2.1 (a starts at 0.25)
    RReLU     leaky, slope 1/U(3, 8) in training  Xu et al. 2015, U(3, 8); the mean 2/11 of the divisor at test
    ELU       z if z > 0 else exp(z) - 1          Clevert et al. 2016
    SELU      lambda (z if z > 0 else alpha (exp(z) - 1))  Klambauer et al. 2017, eq. 2; constants eq. 14
    logistic  1 / (1 + exp(-z))                   Goodfellow et al. 2016 §6.2.2.2
    softmax   exp(z_i) / sum_j exp(z_j)           Bridle 1990; Goodfellow et al. 2016 §6.2.2.3

Traps: exp overflows at 709.8, so every exp here has an argument of at most 0; exp(z) - 1 is 0 for |z| < 1e-16 where
expm1 is not; tanh and logistic round to exactly 1 from z of about 19 and 36.7.

Dropout switches each activation off with probability p in training, never at test:

    plain  h m / (1 - p)                    Srivastava et al. 2014 §4; the weights are scaled in training instead of
                                            at test (§1 and fig. 2), which is the same in expectation
    alpha  a (h m + alpha' (1 - m)) + b     Klambauer et al. 2017, paragraph "New Dropout Technique"
           alpha' = -lambda alpha, q = 1 - p, a = (q + alpha'^2 q (1 - q))^-1/2, b = -a (1 - q) alpha'

Batch normalization (Ioffe & Szegedy 2015, Alg. 1 and 2) gives each unit mean 0 and variance 1 over the batch, then a
learned scale and shift; at test it takes running averages of mean and variance instead:

    x' = (x - m) / sqrt(v + 1e-5), y = g x' + b    dx = g (dy - mean(dy) - x' mean(dy x')) / sqrt(v + 1e-5)

Pruning by magnitude cuts the smallest |w| of all layers together first (Han et al. 2015 §3).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np

from bot.simulations.arrays import Array, Bits

LAMBDA = 1.0507009873554805
ALPHA = 1.6732632423543772
LEAK = 0.01
PRELU_START = 0.25
RRELU_DIVISORS = (3.0, 8.0)
RRELU_TEST_SLOPE = 2 / 11


@dataclass(frozen=True, slots=True)
class Activation:
    """`f(z)`, `derivative(z, f(z))`, and `gain`: the weight variance times n that suits it (He 2, LeCun 1)."""

    name: str
    f: Callable[[Array], Array]
    derivative: Callable[[Array, Array], Array]
    gain: float = 1.0

    def __call__(self, z: Array) -> Array:
        return self.f(z)

    def suited(self, inputs: int) -> float:
        """Standard deviation of first weights that suits it: He for the ReLU family, LeCun for SELU, tanh, logistic."""
        return float(np.sqrt(self.gain / inputs))


def logistic(z: Array) -> Array:
    """1 / (1 + exp(-z)), as exp(z) / (1 + exp(z)) for negative z."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def softplus(z: Array) -> Array:
    """log(1 + exp(z)), the integral of the logistic function."""
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


def softmax(z: Array) -> Array:
    """Each row (..., k) becomes a distribution; the row's maximum is subtracted first, which changes nothing else."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def log_softmax(z: Array) -> Array:
    """log(softmax(z)) without forming softmax, which may round to 0."""
    shifted = z - z.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def _relu(z: Array) -> Array:
    return np.maximum(z, 0.0)


def _step(z: Array, _: Array) -> Array:
    return (z > 0).astype(np.float64)  # 0 at 0 is a convention, PyTorch's too


def _elu(z: Array, scale: float, alpha: float) -> Array:
    return scale * (np.maximum(z, 0.0) + alpha * np.expm1(np.minimum(z, 0.0)))


def _elu_derivative(z: Array, y: Array, scale: float, alpha: float) -> Array:
    return np.where(z > 0, scale, y + scale * alpha)  # scale alpha exp(z) = y + scale alpha


def leaky(slope: float = LEAK, name: str = "leaky") -> Activation:
    """z for positive z, slope z for the rest. RReLU at test is leaky(RRELU_TEST_SLOPE)."""
    return Activation(
        name,
        lambda z: np.where(z > 0, z, slope * z),
        lambda z, _: np.where(z > 0, 1.0, slope),
        gain=2 / (1 + slope**2),
    )


RELU = Activation("relu", _relu, _step, gain=2.0)
LEAKY = leaky()
ELU = Activation("elu", lambda z: _elu(z, 1.0, 1.0), lambda z, y: _elu_derivative(z, y, 1.0, 1.0), gain=1.5)
SELU = Activation("selu", lambda z: _elu(z, LAMBDA, ALPHA), lambda z, y: _elu_derivative(z, y, LAMBDA, ALPHA))
TANH = Activation("tanh", np.tanh, lambda _, y: 1.0 - y * y)
LOGISTIC = Activation("logistic", logistic, lambda _, y: y * (1.0 - y))
IDENTITY = Activation("identity", lambda z: z, lambda z, _: np.ones_like(z))

BY_NAME = {a.name: a for a in (RELU, LEAKY, ELU, SELU, TANH, LOGISTIC, IDENTITY)}

FRESH = BY_NAME | {"prelu": leaky(PRELU_START, "prelu"), "rrelu": leaky(RRELU_TEST_SLOPE, "rrelu")}
"""As BY_NAME, and the two kinds that learn or draw their slope, as they are at test before training."""


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

    def __init__(self, stream: "np.random.Generator") -> None:
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


def nonlinear(name: str, draws: "np.random.Generator") -> Nonlinear:
    """The activation of that name as a layer: one of BY_NAME, or "prelu", or "rrelu", which alone draws."""
    if name == "prelu":
        return PReLU()
    return RReLU(draws) if name == "rrelu" else Pointwise(BY_NAME[name])


OFF = -LAMBDA * ALPHA
"""alpha', what SELU tends to for very negative input: -1.7581."""


def kept(stream: "np.random.Generator", shape: tuple[int, ...], p: float) -> Bits:
    """An array of that shape: True where a unit stays on, which has probability 1 - p."""
    return stream.random(shape) >= p


def alpha_affine(p: float) -> tuple[float, float]:
    """(a, b) that bring mean and variance back to (0, 1) after units were set to alpha'."""
    q = 1.0 - p
    a = (q + OFF**2 * q * (1.0 - q)) ** -0.5
    return a, -a * (1.0 - q) * OFF


class Dropout:
    """The plain kind. Its stream is drawn from in training only."""

    def __init__(self, p: float, stream: "np.random.Generator") -> None:
        self.p = p
        self._stream = stream
        self.parameters: list[Array] = []
        self.gradients: list[Array] = []

    def forward(self, x: Array, training: bool) -> Array:
        self._scale = kept(self._stream, x.shape, self.p) * (1.0 / (1.0 - self.p)) if training else np.ones(1)
        return x * self._scale if training else x

    @property
    def dropped(self) -> Bits:
        """Which activations the last forward in training switched off."""
        return np.asarray(self._scale == 0)

    def backward(self, dy: Array) -> Array:
        return dy * self._scale


class AlphaDropout(Dropout):
    """The kind for SELU: off means alpha', and mean and variance are restored."""

    def forward(self, x: Array, training: bool) -> Array:
        if not training:
            self._scale = np.ones(1)
            return x
        a, b = alpha_affine(self.p)
        on = kept(self._stream, x.shape, self.p)
        self._scale = a * on
        return np.where(on, a * x, a * OFF) + b


class BatchNorm:
    """Batch normalization of `units` outputs, with scale 1 and shift 0 to begin with.

    The running averages take a tenth of each batch's mean and variance (the variance over n - 1), as PyTorch's do.
    """

    EPS, KEPT = 1e-5, 0.9

    def __init__(self, units: int) -> None:
        self.parameters = [np.ones(units), np.zeros(units)]
        self.gradients = [np.zeros(units), np.zeros(units)]
        self.mean, self.variance = np.zeros(units), np.ones(units)

    def forward(self, x: Array, training: bool) -> Array:
        mean, variance = (x.mean(axis=0), x.var(axis=0)) if training else (self.mean, self.variance)
        if training:
            self.mean = self.KEPT * self.mean + (1 - self.KEPT) * mean
            self.variance = self.KEPT * self.variance + (1 - self.KEPT) * variance * len(x) / (len(x) - 1)
        self._training, self._spread = training, np.sqrt(variance + self.EPS)
        self._normal = (x - mean) / self._spread
        return self.parameters[0] * self._normal + self.parameters[1]

    def backward(self, dy: Array) -> Array:
        np.sum(dy * self._normal, axis=0, out=self.gradients[0])
        np.sum(dy, axis=0, out=self.gradients[1])
        if self._training:  # mean and variance hang on x too
            dy = dy - (self.gradients[1] + self._normal * self.gradients[0]) / len(dy)
        return dy * (self.parameters[0] / self._spread)


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


def dropout_net(weights: Sequence[Array], activation: Activation, p: float, masks: "np.random.Generator") -> Net:
    """As dense_net, with dropout of share p behind each hidden activation."""
    layers: list[Layer] = []
    for i, matrix in enumerate(weights):
        layers += [Pointwise(activation), Dropout(p, masks)] if i else []
        layers.append(Dense(matrix, np.zeros(matrix.shape[1])))
    return Net(layers)


def batch_norm_net(weights: Sequence[Array], activation: Activation) -> Net:
    """As dense_net, with batch normalization before each activation (Ioffe & Szegedy 2015 §3.2)."""
    layers: list[Layer] = []
    for i, matrix in enumerate(weights):
        layers += [BatchNorm(len(matrix)), Pointwise(activation)] if i else []
        layers.append(Dense(matrix, np.zeros(matrix.shape[1])))
    return Net(layers)


def multiply_adds(batch: int, widths: Sequence[int]) -> int:
    """Of one forward pass through dense layers: sum of batch x inputs x outputs. Training costs three times that."""
    return batch * sum(inputs * outputs for inputs, outputs in pairwise(widths))


def all_weights(net: Net) -> Array:
    """The weights of all layers in one vector, a copy, without biases."""
    return np.concatenate([layer.weights.ravel() for layer in net.dense])


def staying(scores: Sequence[Array], share: float) -> list[Bits]:
    """A mask for each matrix of scores: False for the `share` of all entries with the lowest."""
    order = np.concatenate([matrix.ravel() for matrix in scores]).argsort()
    stays = np.ones(len(order), dtype=np.bool_)
    stays[order[: round(share * len(order))]] = False
    ends = np.cumsum([matrix.size for matrix in scores])[:-1]
    return [part.reshape(m.shape) for part, m in zip(np.split(stays, ends), scores, strict=True)]


def cut(net: Net, masks: Sequence[Bits]) -> None:
    """Sets to 0, in place, every weight that is False in its layer's mask."""
    for layer, mask in zip(net.dense, masks, strict=True):
        np.multiply(layer.weights, mask, out=layer.weights)
