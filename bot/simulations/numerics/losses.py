"""Losses from logits: each returns the mean over the batch and its gradient in the logits.

Cross-entropy is formed from the logit, never from a probability that may have rounded to 0 or 1:
binary  softplus(z) - y z,     gradient p - y      Goodfellow et al. 2016 §6.2.2.2; Bishop 2006 §4.3.2
softmax -log_softmax(z)[label], gradient p - onehot Goodfellow et al. 2016 §6.2.2.3
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from bot.simulations.numerics import Array, Labels
from bot.simulations.numerics.activations import log_softmax, logistic, softplus

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
