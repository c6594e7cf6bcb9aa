"""Cutting weights: which go, and the cut itself. Biases stay.

magnitude   the smallest |w| of all layers together go first   Han et al. 2015 §3
"""

from collections.abc import Sequence

import numpy as np

from bot.simulations.numerics import Array, Bits
from bot.simulations.numerics.net import Net


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
    """Sets the weights outside the masks to 0."""
    for layer, mask in zip(net.dense, masks, strict=True):
        np.multiply(layer.weights, mask, out=layer.weights)
