"""Dropout: each activation is switched off with probability p in training, never at test.

plain  h m / (1 - p)                       Srivastava et al. 2014 §4; the weights are scaled in training instead of
                                           at test (§1 and fig. 2), which is the same in expectation
alpha  a (h m + alpha' (1 - m)) + b        Klambauer et al. 2017, paragraph "New Dropout Technique"
       alpha' = -lambda alpha, q = 1 - p, a = (q + alpha'^2 q (1 - q))^-1/2, b = -a (1 - q) alpha'
"""

import numpy as np

from bot.simulations.numerics import Array, Bits
from bot.simulations.numerics.activations import ALPHA, LAMBDA

OFF = -LAMBDA * ALPHA
"""alpha', what SELU tends to for very negative input: -1.7581."""


def kept(stream: np.random.Generator, shape: tuple[int, ...], p: float) -> Bits:
    """True with probability 1 - p."""
    return stream.random(shape) >= p


def alpha_affine(p: float) -> tuple[float, float]:
    """(a, b) that bring mean and variance back to (0, 1) after units were set to alpha'."""
    q = 1.0 - p
    a = (q + OFF**2 * q * (1.0 - q)) ** -0.5
    return a, -a * (1.0 - q) * OFF


class Dropout:
    """The plain kind. Its stream is drawn from in training only."""

    def __init__(self, p: float, stream: np.random.Generator) -> None:
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
