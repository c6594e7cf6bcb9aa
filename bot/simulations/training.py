"""Losses and optimisers, and a step of training: what is minimised, and how.

A loss takes logits and returns its mean over the batch and its gradient in the logits. Cross-entropy is formed from the
logit, never from a probability that may have rounded to 0 or 1:

    binary   softplus(z) - y z, gradient p - y              Goodfellow et al. 2016 §6.2.2.2; Bishop 2006 §4.3.2
    softmax  -log_softmax(z)[label], gradient p - onehot    Goodfellow et al. 2016 §6.2.2.3

An optimiser changes a vector of parameters in place, given the gradient g there:

    momentum  v <- beta v + g, w <- w - lr v        Polyak 1964, in the form of Goh 2017 and of PyTorch
    Adam      m <- b1 m + (1 - b1) g, s <- b2 s + (1 - b2) g^2,
              w <- w - lr mhat / (sqrt(shat) + eps), mhat = m / (1 - b1^t), shat = s / (1 - b2^t)   Kingma & Ba 2015
"""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from bot.simulations.arrays import Array, Labels
from bot.simulations.layers import Net, log_softmax, logistic, softplus

Loss = Callable[[Array, Any], tuple[float, Array]]


def binary_cross_entropy(logits: Array, targets: Array) -> tuple[float, Array]:
    """Logits and targets (0 or 1) of one shape, (batch, 1) say."""
    loss = np.mean(softplus(logits) - targets * logits)
    return float(loss), (logistic(logits) - targets) / logits.size


def softmax_cross_entropy(logits: Array, labels: Labels) -> tuple[float, Array]:
    """Logits (batch, classes), labels (batch,) from 0 to classes - 1."""
    rows = np.arange(len(labels))
    log_p = log_softmax(logits)
    gradient = np.exp(log_p)
    gradient[rows, labels] -= 1.0
    return float(-log_p[rows, labels].mean()), gradient / len(labels)


def squared_error(outputs: Array, targets: Array) -> tuple[float, Array]:
    """Mean of (output - target)^2 over all entries."""
    error = outputs - targets
    return float(np.mean(error * error)), 2.0 * error / error.size


def accuracy(logits: Array, labels: Labels) -> float:
    """Share of rows (batch, classes) whose largest logit is the label's."""
    return float(np.mean(logits.argmax(axis=1) == labels))


def binary_accuracy(logits: Array, targets: Array) -> float:
    """Share of logits on the side of 0 that their target (0 or 1) asks for."""
    return float(np.mean((logits > 0) == (targets > 0.5)))


def calibration_error(probabilities: Array, came_true: Array, bins: int = 10) -> float:
    """Mean over samples of |share that came true - mean probability| in the sample's bin of equal width.

    Guo et al. 2017 §2 (ECE). Both arrays are (n,); came_true holds 0 and 1. For classes, give each sample's largest
    probability and whether that class was right.
    """
    bin_of = np.minimum((probabilities * bins).astype(np.int64), bins - 1)
    gaps = np.bincount(bin_of, probabilities - came_true, minlength=bins)
    return float(np.abs(gaps).sum() / len(probabilities))


def auroc(scores: Array, positive: Array) -> float:
    """The chance that a positive one has a higher score than another, ties half: 0.5 is guessing, 1 perfect ranking.

    Both arrays are (n,); positive holds 0 and 1. The area under the ROC curve: Mann & Whitney's U over the number of
    pairs. 0.5 where all are of one kind.
    """
    _, of, counts = np.unique(scores, return_inverse=True, return_counts=True)
    below = np.cumsum(counts) - counts  # how many have a lower score, by distinct score
    ranks = below[of] + (counts[of] + 1) / 2
    hits = float(positive.sum())
    pairs = hits * (len(scores) - hits)
    return float((ranks[positive > 0].sum() - hits * (hits + 1) / 2) / pairs) if pairs else 0.5


class Optimiser(Protocol):
    """Remembers what it needs between steps, so one belongs to one net."""

    def step(self, w: Array, g: Array) -> None:
        """Changes the parameters w in place, given the gradient g there."""


class SGD:
    """Gradient descent, with momentum where beta is not 0."""

    def __init__(self, lr: float, beta: float = 0.0) -> None:
        self.lr = lr
        self.beta = beta
        self._v: Array | None = None

    def step(self, w: Array, g: Array) -> None:
        if self.beta:
            if self._v is None:
                self._v = np.zeros_like(w)
            self._v *= self.beta
            self._v += g
            g = self._v
        w -= self.lr * g


class Adam:
    """With the usual b1 0.9, b2 0.999, eps 1e-8. `decay` adds decay w to the gradient (L2)."""

    def __init__(self, lr: float, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8, decay: float = 0.0) -> None:
        self.lr, self.b1, self.b2, self.eps, self.decay = lr, b1, b2, eps, decay
        self._m = self._s = np.zeros(0)
        self._t = 0

    def step(self, w: Array, g: Array) -> None:
        if not self._t:
            self._m, self._s = np.zeros_like(w), np.zeros_like(w)
        if self.decay:
            g = g + self.decay * w
        self._t += 1
        self._m += (1 - self.b1) * (g - self._m)
        self._s += (1 - self.b2) * (g * g - self._s)
        rate = self.lr / (1 - self.b1**self._t)
        w -= rate * self._m / (np.sqrt(self._s / (1 - self.b2**self._t)) + self.eps)


class Clipped:
    """Another optimiser on gradients whose norm is cut to `limit` (Pascanu et al. 2013)."""

    def __init__(self, optimiser: Optimiser, limit: float) -> None:
        self._optimiser, self._limit = optimiser, limit

    def step(self, w: Array, g: Array) -> None:
        norm = float(np.linalg.norm(g))
        self._optimiser.step(w, g * (self._limit / norm) if norm > self._limit else g)


def soft_threshold(w: Array, amount: float) -> Array:
    """S(w, t) = sign(w) max(|w| - t, 0), the proximal step of an L1 penalty: exact zeros (Beck & Teboulle 2009)."""
    return np.sign(w) * np.maximum(np.abs(w) - amount, 0.0)


def step(net: Net, optimiser: Optimiser, loss: Loss, x: Array, y: Array | Labels) -> float:
    """One step of training on one batch. Returns the loss before it."""
    value, dy = loss(net.forward(x, training=True), y)
    net.backward(dy)
    optimiser.step(net.vector, net.gradient)
    return value
