"""All that is drawn at random: streams, first weights, data sets and batches.

Cases that draw their weights from stream(seed, "weights") share them, and a case added later changes no other: two
runs differ in the one thing on trial. Standard deviations of first weights:

    LeCun   sqrt(1 / inputs)               Klambauer et al. 2017, paragraph "Initialization" (Gaussian, variance 1/n)
    Glorot  sqrt(2 / (inputs + outputs))   Glorot & Bengio 2010, eq. 16 (the variance of its uniform law)
    He      sqrt(2 / inputs)               He et al. 2015 §2.2, eq. 10
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from zlib import crc32

import numpy as np

from bot.simulations.numerics import Array, Labels
from bot.simulations.numerics.activation_functions import Activation


def stream(seed: int, *purpose: str | int) -> np.random.Generator:
    """A generator that depends on the seed and the purpose alone: stream(seed, "dropout", layer)."""
    words = [crc32(part.encode()) if isinstance(part, str) else part for part in purpose]
    return np.random.default_rng([seed, *words])


def lecun(inputs: int) -> float:
    """Standard deviation that keeps the variance of a linear layer."""
    return float(np.sqrt(1 / inputs))


def glorot(inputs: int, outputs: int) -> float:
    """Standard deviation between keeping the forward and the backward variance of a linear layer."""
    return float(np.sqrt(2 / (inputs + outputs)))


def he(inputs: int) -> float:
    """Standard deviation that keeps the mean square of a ReLU layer."""
    return float(np.sqrt(2 / inputs))


def suited(activation: Activation, inputs: int) -> float:
    """Standard deviation that suits the activation: He for the ReLU family, LeCun for SELU, tanh and logistic."""
    return float(np.sqrt(activation.gain / inputs))


def standard_normals(stream: np.random.Generator, widths: Sequence[int]) -> list[Array]:
    """One matrix (inputs, outputs) of N(0, 1) a layer, for cases to scale: same directions, different sizes."""
    return [stream.standard_normal(shape) for shape in pairwise(widths)]


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
