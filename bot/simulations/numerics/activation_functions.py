"""Activation functions and their derivatives, elementwise on arrays of any shape.

The derivative takes z and y = f(z), so that what f has computed is not computed again.

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
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bot.simulations.numerics import Array

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
