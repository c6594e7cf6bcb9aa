"""How wide first weights are drawn: standard deviations, and the draws themselves.

LeCun   sqrt(1 / inputs)               Klambauer et al. 2017, paragraph "Initialization" (Gaussian, variance 1/n)
Glorot  sqrt(2 / (inputs + outputs))   Glorot & Bengio 2010, eq. 16 (the variance of its uniform law)
He      sqrt(2 / inputs)               He et al. 2015 §2.2, eq. 10
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from bot.simulations.numerics import Array
from bot.simulations.numerics.activations import Activation


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
