"""The data sets that several experiments share, all drawn from a stream."""

from collections.abc import Iterator

import numpy as np

from bot.simulations.numerics import Array, Labels

CLASSES, CLUSTERS, FEATURES = 5, 3, 20


def xor_blobs(stream: np.random.Generator, n: int, spread: float) -> tuple[Array, Array]:
    """n points (n, 2) in Gaussian blobs at (+-1, +-1); targets (n, 1) are 1 where the signs differ."""
    corner = np.arange(n) % 4
    centres = np.array([[-1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [1.0, -1.0]])
    x = centres[corner] + spread * stream.standard_normal((n, 2))
    return x, (corner >= 2).astype(np.float64)[:, None]


def five_classes(
    stream: np.random.Generator, n: int, test: int = 0, spread: float = 1.0
) -> tuple[Array, Labels, Array, Labels]:
    """x (n, 20), labels (n,) from 0 to 4, and as many of `test`, from the same distribution.

    Each class is three Gaussians N(centre, spread^2 I) around centres that are themselves N(0, I): not linearly
    separable, yet a small net that has seen 2000 samples gets about 95 % right at spread 1 and 99 % at 0.75. Every
    feature is standardised by its mean and spread in the first n samples.
    """
    centres = stream.standard_normal((CLASSES, CLUSTERS, FEATURES))
    labels = stream.integers(CLASSES, size=n + test)
    cluster = stream.integers(CLUSTERS, size=n + test)
    x = centres[labels, cluster] + spread * stream.standard_normal((n + test, FEATURES))
    x = (x - x[:n].mean(axis=0)) / x[:n].std(axis=0)
    return x[:n], labels[:n], x[n:], labels[n:]


def batches(stream: np.random.Generator, n: int, size: int) -> Iterator[Labels]:
    """Endless mini-batches of indices: each epoch visits every sample once, in a new order; the rest is dropped."""
    while True:
        order = stream.permutation(n)
        for start in range(0, n - size + 1, size):
            yield order[start : start + size]
