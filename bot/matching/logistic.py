"""Logistic regression for a handful of inputs, by Newton's method: from evidence to a probability."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def fit(inputs: Floats, right: NDArray[np.bool_], weights: Floats | None = None, ridge: float = 1.0) -> Floats:
    """The coefficients, the constant last, that make `probability` of the inputs most likely."""
    rows = np.hstack([inputs, np.ones((len(inputs), 1))])
    counts = np.ones(len(rows)) if weights is None else weights
    penalty = np.full(rows.shape[1], ridge)
    penalty[-1] = 1e-6
    found = np.zeros(rows.shape[1])
    for _ in range(25):
        chance = _sigmoid(rows @ found)
        slope = rows.T @ (counts * (chance - right)) + penalty * found
        curve = (rows * (counts * chance * (1 - chance))[:, None]).T @ rows + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        found -= np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-9:
            break
    return found


def probability(inputs: Floats, coefficients: Floats) -> Floats:
    """The probability for each row of inputs."""
    return _sigmoid(inputs @ coefficients[:-1] + coefficients[-1])


def _sigmoid(x: Floats) -> Floats:
    result: Floats = 1 / (1 + np.exp(-np.clip(x, -40, 40)))
    return result
