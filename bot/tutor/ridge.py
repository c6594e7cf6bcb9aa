"""Regularised least squares on a sparse matrix, solved in the dual by conjugate gradients, with held-out scores.

    minimise  sum_i (w.x_i - y_i)^2 + ridge |w|^2     with  w = X' a,  (X X' + ridge) a = y

Each fold's solution leaves that fold's rows out; all folds share the Gram matrix X X' and every product with it, so
that scores of texts a model has not seen cost little more than the model. (Hestenes & Stiefel 1952; Rifkin 2003.)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_OFTEN = 50  # features in more rows than this are multiplied as a dense block, the others pair by pair
_STEPS = 20


@dataclass(frozen=True, slots=True)
class Sparse:
    """A sparse matrix as rows, columns and values of its entries."""

    rows: Ints
    columns: Ints
    values: Floats
    shape: tuple[int, int]


def gram(matrix: Sparse) -> Floats:
    """The inner products of all rows with each other.

    Frequent columns are multiplied as a dense block in single precision: with values that are whole multiples of
    1/1024 (see `rounded`) every sum below 16 is exact, whatever the order and the number of threads.
    """
    n = matrix.shape[0]
    counts = np.bincount(matrix.columns, minlength=matrix.shape[1])
    often = counts > _OFTEN
    dense = np.zeros((n, int(often.sum())), dtype=np.float32)
    chosen = often[matrix.columns]
    dense[matrix.rows[chosen], (np.cumsum(often) - 1)[matrix.columns[chosen]]] = matrix.values[chosen]
    rare = Sparse(matrix.rows[~chosen], matrix.columns[~chosen], matrix.values[~chosen], matrix.shape)
    products = _pairwise(rare, counts)
    products += dense @ dense.T
    return products


def rounded(values: Floats) -> Floats:
    """Values as whole multiples of 1/1024."""
    result: Floats = np.round(values * 1024) / 1024
    return result


def _pairwise(matrix: Sparse, counts: Ints) -> Floats:
    """The inner products by way of the pairs of rows that share a column."""
    n = matrix.shape[0]
    order = np.argsort(matrix.columns, kind="stable")
    rows, values = matrix.rows[order], matrix.values[order]
    mates = counts[matrix.columns[order]]
    first = np.cumsum(mates) - mates  # where the pairs of an entry begin
    size = np.bincount(matrix.columns, minlength=matrix.shape[1])
    begin = np.repeat(np.cumsum(size) - size, size)  # where the column of an entry begins
    other = np.arange(int(mates.sum())) - np.repeat(first - begin, mates)
    places = np.repeat(rows * n, mates) + rows[other]
    weights = (np.repeat(values, mates) * values[other]).astype(np.float64)  # without entries they would be whole
    return np.bincount(places, weights, minlength=n * n).astype(np.float64, copy=False).reshape(n, n)


def solve(
    products: Floats, targets: Floats, ridge: float, folds: Ints, weights: Floats | None = None
) -> tuple[Floats, Floats]:
    """The dual weights (rows x targets), and for every row the scores of the model that has not seen its fold.

    `weights` say how much a row's error counts.
    """
    kinds, count = targets.shape[1], int(folds.max(initial=-1)) + 1
    seen = [np.ones(len(folds), dtype=bool), *(folds != fold for fold in range(count))]
    counts = np.ones(len(folds)) if weights is None else weights
    scale = np.repeat((np.array(seen) * np.sqrt(counts)).T, kinds, axis=1)
    dual = _conjugate_gradients(products, np.tile(targets, count + 1), ridge, scale)
    held_out = np.empty_like(targets)
    for fold in range(count):
        rows = folds == fold
        held_out[rows] = products[rows] @ dual[:, (fold + 1) * kinds : (fold + 2) * kinds]
    return dual[:, :kinds], held_out


def primal(matrix: Sparse, dual: Floats) -> Floats:
    """The weights of the columns (columns x targets) that the dual weights of the first rows stand for."""
    used = int(np.searchsorted(matrix.rows, len(dual)))
    rows, columns, values = matrix.rows[:used], matrix.columns[:used], matrix.values[:used]
    sums = [np.bincount(columns, values * dual[rows, k], minlength=matrix.shape[1]) for k in range(dual.shape[1])]
    return np.stack(sums, axis=1) if sums else np.zeros((matrix.shape[1], 0))


def _conjugate_gradients(products: Floats, targets: Floats, ridge: float, scale: Floats) -> Floats:
    """Solves (S K S + ridge) b = S y column by column, and returns S b."""
    solution = np.zeros_like(targets)
    residual = targets * scale
    direction = residual.copy()
    energy = np.maximum((residual**2).sum(0), 1e-30)
    for _ in range(_STEPS):
        ahead = (products @ (direction * scale)) * scale + ridge * direction
        step = energy / np.maximum((direction * ahead).sum(0), 1e-30)
        solution += step * direction
        residual -= step * ahead
        left = np.maximum((residual**2).sum(0), 1e-30)
        direction = residual + (left / energy) * direction
        energy = left
    return solution * scale
