"""The arithmetic of learning, against direct solutions."""

import numpy as np
import pytest

from bot.matching import classifiers, regression


def sparse(rng: np.random.Generator, rows: int, columns: int) -> regression.Sparse:
    taken = [(i, j) for i in range(rows) for j in sorted(rng.choice(columns, 12, replace=False).tolist())]
    where = np.array(taken, dtype=np.int32)
    return regression.Sparse(where[:, 0], where[:, 1], regression.rounded(rng.random(len(taken))), (rows, columns))


def dense(matrix: regression.Sparse) -> np.ndarray:
    full = np.zeros(matrix.shape)
    full[matrix.rows, matrix.columns] = matrix.values
    return full


def test_the_gram_matrix_is_that_of_the_dense_matrix() -> None:
    matrix = sparse(np.random.default_rng(1), 900, 70)  # columns in some 150 rows: both ways of multiplying are used
    products = regression.gram(matrix, 0.25)
    assert len(products.stripes) > 1
    apart = np.abs(products.whole() - (dense(matrix) @ dense(matrix).T + 0.25))
    assert apart.max() <= 0.51 / products.scale


def test_products_among_some_rows_are_those_of_these_rows() -> None:
    products = regression.gram(sparse(np.random.default_rng(5), 900, 60))
    chosen = np.flatnonzero(np.random.default_rng(6).random(900) < 0.1)
    assert (products.among(chosen).whole() == products.whole()[np.ix_(chosen, chosen)]).all()
    assert (
        products.among(chosen[chosen > 850]).whole()
        == products.whole()[851:, 851:][np.ix_(*[chosen[chosen > 850] - 851] * 2)]
    ).all()


def test_weights_are_those_of_the_direct_solution() -> None:
    rng = np.random.default_rng(2)
    matrix = sparse(rng, 40, 15)
    targets, counts = rng.choice([-1.0, 1.0], (40, 3)), rng.uniform(0.5, 2, 40)
    dual, _ = regression.solve(regression.gram(matrix), targets, 2.0, np.zeros(40, dtype=int), counts)
    rows = dense(matrix)
    direct = np.linalg.solve(rows.T @ (counts[:, None] * rows) + 2 * np.eye(15), rows.T @ (counts[:, None] * targets))
    assert regression.primal(matrix, dual) == pytest.approx(direct, abs=1e-3)  # the products are cut to 16 bits


def test_held_out_scores_are_those_of_a_model_without_the_fold() -> None:
    rng = np.random.default_rng(3)
    matrix = sparse(rng, 30, 15)
    targets, folds = rng.choice([-1.0, 1.0], (30, 2)), np.arange(30) % 3
    _, held_out = regression.solve(regression.gram(matrix), targets, 2.0, folds)
    products = regression.gram(matrix).whole()
    kept = folds != 1
    alone = np.linalg.solve(products[np.ix_(kept, kept)] + 2 * np.eye(int(kept.sum())), targets[kept])
    assert held_out[~kept] == pytest.approx(products[np.ix_(~kept, kept)] @ alone, abs=1e-6)


def test_logistic_regression_finds_the_chances_it_was_drawn_from() -> None:
    rng = np.random.default_rng(4)
    inputs = rng.normal(size=(20_000, 2))
    truth = 1 / (1 + np.exp(-(inputs @ np.array([2.0, -1.0]) + 0.5)))
    found = classifiers.fit_logistic(inputs, rng.random(20_000) < truth)
    assert found == pytest.approx([2.0, -1.0, 0.5], abs=0.1)
    assert np.abs(classifiers.probability(inputs, found) - truth).max() < 0.05
