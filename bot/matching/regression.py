"""The arithmetic of learning: regularised least squares on a sparse matrix.

It is solved in the dual by conjugate gradients, with held-out scores:

    minimise  sum_i (w.x_i - y_i)^2 + ridge |w|^2     with  w = X' a,  (X X' + ridge) a = y

Each fold's solution leaves that fold's rows out; all folds share the Gram matrix X X' and every product with it, so
that scores of texts a model has not seen cost little more than the model. (Hestenes & Stiefel 1952; Rifkin 2003.)
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int64]

_OFTEN = 120  # features in more rows than this are multiplied as a dense block, the others pair by pair
_BLOCKS = 6  # the dense product is symmetric: of six stripes of rows each needs only what stands right of its diagonal
_STEPS = 20  # of conjugate gradients; the scores no longer change in the fourth digit


@dataclass(frozen=True, slots=True)
class Sparse:
    """A sparse matrix as rows, columns and values of its entries."""

    rows: Ints
    columns: Ints
    values: Floats
    shape: tuple[int, int]


def gram(matrix: Sparse) -> Singles:
    """Return the inner products of all rows with each other, in single precision.

    With values that are whole multiples of 1/1024 (see `rounded`) every sum below 16 is exact, whatever the order and
    the number of threads.
    """
    counts = np.bincount(matrix.columns, minlength=matrix.shape[1])
    often = counts > _OFTEN
    chosen = often[matrix.columns]
    dense = np.zeros((matrix.shape[0], int(often.sum())), dtype=np.float32)
    dense[matrix.rows[chosen], (np.cumsum(often) - 1)[matrix.columns[chosen]]] = matrix.values[chosen]
    products = _symmetric(dense)
    _add_pairs(products, matrix.rows[~chosen], matrix.columns[~chosen], matrix.values[~chosen].astype(np.float32))
    return products


def rounded(values: Floats) -> Floats:
    """Return values as whole multiples of 1/1024."""
    result: Floats = np.round(values * 1024) / 1024
    return result


def _symmetric(dense: Singles) -> Singles:
    """The product of a matrix with its transpose, little more than half of it computed."""
    n = len(dense)
    products = np.empty((n, n), dtype=np.float32)
    edges = np.linspace(0, n, _BLOCKS + 1).astype(int)
    for start, end in pairwise(edges):
        np.matmul(dense[start:end], dense[start:].T, out=products[start:end, start:])
        products[end:, start:end] = products[start:end, end:].T
    return products


def _add_pairs(products: Singles, rows: Ints, columns: Ints, values: Singles) -> None:
    """Adds the products of all pairs of rows that share a column, columns of the same size together."""
    order = np.argsort(columns, kind="stable")
    rows, values = rows[order], values[order]
    starts = np.flatnonzero(np.diff(columns[order], prepend=-1))
    sizes = np.diff(starts, append=len(order))
    flat = products.reshape(-1)
    for size in np.unique(sizes):
        members = starts[sizes == size][:, None] + np.arange(size)
        row, value = rows[members], values[members]
        places = row[:, :, None] * len(products) + row[:, None, :]
        np.add.at(flat, places.reshape(-1), (value[:, :, None] * value[:, None, :]).reshape(-1))


def solve(
    products: Singles, targets: Floats, ridge: float, folds: Ints, weights: Floats | None = None
) -> tuple[Floats, Floats]:
    """Return the dual weights (rows x targets), and for every row the scores of the model that has not seen its fold.

    `folds` numbers each row's fold from 0; `weights` say how much a row's error counts.
    """
    kinds, count = targets.shape[1], int(folds.max(initial=-1)) + 1
    seen = [np.ones(len(folds), dtype=bool), *(folds != fold for fold in range(count))]
    counts = np.ones(len(folds)) if weights is None else weights
    scale = np.repeat((np.array(seen) * np.sqrt(counts)).T, kinds, axis=1)
    dual = _conjugate_gradients(products, np.tile(targets, count + 1), ridge, scale)
    held_out, single = np.empty_like(targets), dual.astype(np.float32)
    for fold in range(count):
        rows = folds == fold
        held_out[rows] = products[rows] @ single[:, (fold + 1) * kinds : (fold + 2) * kinds]
    return dual[:, :kinds], held_out


def primal(matrix: Sparse, dual: Floats) -> Floats:
    """Return the weights of the columns (columns x targets) that the dual weights of the first rows stand for."""
    used = int(np.searchsorted(matrix.rows, len(dual)))
    rows, columns, values = matrix.rows[:used], matrix.columns[:used], matrix.values[:used]
    sums = [np.bincount(columns, values * dual[rows, k], minlength=matrix.shape[1]) for k in range(dual.shape[1])]
    return np.stack(sums, axis=1) if sums else np.zeros((matrix.shape[1], 0))


def _conjugate_gradients(products: Singles, targets: Floats, ridge: float, scale: Floats) -> Floats:
    """Solves (S K S + ridge) b = S y column by column, and returns S b.

    The products with the large matrix are in single precision, which halves the time; all sums over them in double.
    """
    solution = np.zeros_like(targets)
    residual = targets * scale
    direction = residual.copy()
    energy = np.maximum((residual**2).sum(0), 1e-30)
    for _ in range(_STEPS):
        ahead = (products @ (direction * scale).astype(np.float32)) * scale + ridge * direction
        step = energy / np.maximum((direction * ahead).sum(0), 1e-30)
        solution += step * direction
        residual -= step * ahead
        left = np.maximum((residual**2).sum(0), 1e-30)
        direction = residual + (left / energy) * direction
        energy = left
    return solution * scale
