"""The experiments on sparsity and dropout against closed forms and by hand."""

from functools import partial
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bot.simulations.arrays import FIVE_CLASSES, Array, standard_normals, stream
from bot.simulations.experiment import read
from bot.simulations.experiments import (
    dropout_cost,
    dropout_linear,
    dropout_overfit,
    mc_classify,
    mc_dropout,
    prepare,
    prune,
    prune_gradual,
    sparse_l1,
)
from bot.simulations.layers import RELU, Dropout, all_weights, cut, dense_net, dropout_net, staying
from bot.simulations.training import SGD, soft_threshold
from bot.simulations.worker import Worker


def lasso(seed: int = 0, n: int = 60, d: int = 10) -> tuple[Array, Array]:
    draws = np.random.default_rng(seed)
    x = draws.standard_normal((n, d))
    return x, x[:, 0] - 2 * x[:, 1] + 0.5 * draws.standard_normal(n)


@pytest.mark.parametrize("lam", [0.01, 0.1, 0.5])
def test_ista_meets_the_optimality_conditions_of_the_lasso(lam: float) -> None:
    x, y = lasso()
    w = sparse_l1.ista(x, y, lam)
    g = sparse_l1.gradient(x, y, w)
    np.testing.assert_allclose(g[w != 0], -lam * np.sign(w[w != 0]), atol=1e-12)
    assert (np.abs(g[w == 0]) <= lam).all()


def test_ista_on_orthogonal_features_is_one_soft_threshold() -> None:
    x, _ = np.linalg.qr(np.random.default_rng(1).standard_normal((50, 6)))
    x *= np.sqrt(len(x))  # so that X^T X / n = I
    y = x @ np.array([3.0, -2.0, 0.3, 0.05, 0.0, -0.2])
    np.testing.assert_allclose(sparse_l1.ista(x, y, 0.25, 1), soft_threshold(x.T @ y / len(y), 0.25), atol=1e-12)


@pytest.mark.parametrize("lr", [0.1, 0.01, 0.001])
def test_subgradient_descent_hovers_at_half_a_step_from_zero(lr: float) -> None:
    lam, w, sgd = 0.1, np.array([0.0123]), SGD(lr)
    late = []
    for step in range(40_000 // 10):
        sgd.step(w, w + lam * np.sign(w))  # loss 1/2 w^2
        late += [abs(w[0])] if step > 3000 else []
    assert w[0] != 0
    assert np.mean(late) == pytest.approx(lr * lam / 2, rel=0.15)


@given(arrays(np.float64, (4, 5), elements=st.floats(0, 1), unique=True), st.floats(0, 1))
def test_a_cut_takes_the_lowest_scores_of_all_layers_together(scores: Array, share: float) -> None:
    parts = [scores[:3], scores[3:]]
    masks = staying(parts, share)
    stays = np.concatenate([mask.ravel() for mask in masks])
    flat = np.concatenate([part.ravel() for part in parts])
    assert np.sum(~stays) == round(share * 20)
    assert max(flat[~stays], default=-1) < min(flat[stays], default=2)


def test_a_cut_leaves_the_biases() -> None:
    net = dense_net([np.ones((3, 4)), np.ones((4, 2))], RELU)
    net.vector += 0.5
    cut(net, staying([layer.weights for layer in net.dense], 1.0))
    assert not all_weights(net).any()
    assert all((layer.bias == 0.5).all() for layer in net.dense)


def test_the_free_cut_ends_before_the_first_that_costs() -> None:
    accuracies = {0.0: 0.98, 0.1: 0.98, 0.2: 0.971, 0.3: 0.96, 0.4: 0.975}
    assert prune.free({share: prune.Point(right, share) for share, right in accuracies.items()}) == 0.2


def test_dropout_is_absent_at_inference_and_scaled_in_training() -> None:
    weights = [np.random.default_rng(0).standard_normal(shape) for shape in ((3, 50), (50, 2))]
    x = np.random.default_rng(1).standard_normal((4, 3))
    net, plain = dropout_net(weights, RELU, 0.4, stream(0, "masks")), dense_net(weights, RELU)
    np.testing.assert_array_equal(net(x), plain(x))
    mean = net.forward(np.tile(x, (4000, 1)), training=True).reshape(4000, 4, 2).mean(axis=0)
    np.testing.assert_allclose(mean, plain(x), atol=0.5)
    layer = net.layers[2]
    assert isinstance(layer, Dropout)
    assert layer.dropped.mean() == pytest.approx(0.4, abs=0.01)


def test_arithmetic_of_a_step_is_that_of_its_matrix_products() -> None:
    given = read(dropout_cost.EXPERIMENT.parameters, {})
    forward = 20 * 128 + 128 * 128 + 128 * 5
    step_cost = dropout_cost.step_cost(dropout_cost.widths(128))
    assert step_cost == 64 * (3 * forward - 20 * 128)
    assert dropout_cost.mask_cost(given) / step_cost == pytest.approx(0.0091, abs=1e-4)


def test_the_net_of_fewer_units_is_a_part_of_the_full_one() -> None:
    """Its units are those that are left when the others of each hidden layer send nothing on."""
    given = read(dropout_cost.EXPERIMENT.parameters, {"hidden": 32, "drop": 0.6})
    full = standard_normals(stream(0, "weights"), dropout_cost.widths(32))
    units = dropout_cost.active(given)
    fewer = dropout_cost.part_of(full, units)
    assert [m.shape for m in fewer] == [(20, 13), (13, 13), (13, 5)]
    x = stream(1, "x").standard_normal((4, 20))
    silenced = [full[0], *(np.where(np.arange(32)[:, None] < units, m, 0) for m in full[1:])]
    np.testing.assert_allclose(dense_net(fewer, RELU)(x), dense_net(silenced, RELU)(x), atol=1e-12)


@pytest.mark.parametrize("p", [0.1, 0.5])
def test_dropout_in_linear_regression_is_ridge(p: float) -> None:
    """Against least squares on every mask there is, each as often as it comes."""
    draws = np.random.default_rng(1)
    x = draws.standard_normal((12, 4)) * [0.5, 1, 2, 1]
    y = x @ draws.standard_normal(4) + draws.standard_normal(12)
    seen, known = [], []
    for mask in product([0.0, 1.0], repeat=4):
        root = np.sqrt(p ** (4 - sum(mask)) * (1 - p) ** sum(mask))
        seen.append(root * x * np.array(mask) / (1 - p))
        known.append(root * y)
    expected = np.linalg.lstsq(np.concatenate(seen), np.concatenate(known), rcond=None)[0]
    penalties = p / (1 - p) * np.mean(x * x, axis=0)
    np.testing.assert_allclose(dropout_linear.ridge(x, y, penalties), expected, atol=1e-10)
    plain = np.linalg.lstsq(x, y, rcond=None)[0]
    np.testing.assert_allclose(dropout_linear.ridge(x, y, np.zeros(4)), plain, atol=1e-10)


def test_descent_without_masks_follows_its_closed_form() -> None:
    """On one input of mean square 1 the distance shrinks by 1 - lr a step, with lr = 0.3 / (1 + p/(1-p)) = 0.21."""
    given = read(dropout_linear.EXPERIMENT.parameters, {"steps": 1000, "drop": 0.3})
    path = dropout_linear.descent(np.ones((5, 1)), np.full(5, 2.0), given, None)
    assert path[1:4, 0] == pytest.approx([2 * (1 - 0.79**t) for t in (1, 2, 3)])


@given(arrays(np.float64, st.tuples(st.integers(1, 30), st.just(2)), elements=st.floats(-10, 10)))
def test_the_late_average_is_that_of_the_later_half(path: Array) -> None:
    expected = [path[(k + 1) // 2 : k + 1].mean(axis=0) for k in range(len(path))]
    np.testing.assert_allclose(dropout_linear.late_average(path), expected, atol=1e-9)


def test_just_the_asked_share_of_labels_is_wrong() -> None:
    labels = np.arange(150) % 5
    given = dropout_overfit.flipped(labels, 0.1, stream(0, "flips"))
    assert np.sum(given != labels) == 15
    assert set(given) <= set(range(5))


def test_the_cubic_schedule_is_that_of_the_paper() -> None:
    """Zhu & Gupta 2018, eq. 1: s_f + (s_i - s_f) (1 - (t - t0) / (n dt))^3, s_i being 0."""
    for t, done in ((0, 0), (100, 0), (150, 0.25), (200, 0.5), (300, 1), (400, 1)):
        expected = 0.9 + (0 - 0.9) * (1 - done) ** 3
        assert prune_gradual.cubic(t, 100, 300, 0.9) == pytest.approx(expected, abs=1e-12)


def test_all_ways_of_pruning_end_with_the_same_weights_cut_after_the_same_steps() -> None:
    given = read(prune_gradual.EXPERIMENT.parameters, {"hidden": 32, "warm": 2, "span": 2, "fine": 1})
    first, last = prune_gradual.begins_and_ends(given)
    data = FIVE_CLASSES.draw(stream(0, "data"), prune_gradual.SAMPLES, 10)
    schedule = partial(prune_gradual.cubic, first=first, last=last, share=0.95)
    once = {at: (lambda t, at=at: 0.95 if t >= at else 0.0) for at in (first, last)}
    gradual, early, late = (prune_gradual.train(s, data, given, 0) for s in (schedule, once[first], once[last]))
    weights = 20 * 32 + 32 * 32 + 32 * 5
    for training in (gradual, early, late):
        assert training.steps[-1] == 5 * 31
        assert training.zeros[-1] == round(0.95 * weights) / weights
        assert training.zeros == sorted(training.zeros)  # what is cut stays cut
    wanted = [schedule(t) for t in gradual.steps]
    assert gradual.zeros == pytest.approx(wanted, abs=1 / weights)
    assert next(t for t, z in zip(early.steps, early.zeros, strict=True) if z) == first
    assert next(t for t, z in zip(late.steps, late.zeros, strict=True) if z) == last
    assert early.accuracies[: first // 10] == gradual.accuracies[: first // 10]


def test_passes_share_their_points_and_differ_in_their_masks() -> None:
    net = dropout_net([np.ones((1, 8)), np.ones((8, 1))], RELU, 0.5, stream(0, "masks"))
    drawn = mc_dropout.passes(net, np.array([1.0, -1.0]), 3)
    assert drawn.shape == (3, 2)
    assert not drawn[:, 1].any()  # ReLU is off there, whatever the mask
    assert len(set(drawn[:, 0])) > 1


def test_entropy_ratio_and_nll_of_a_prediction_by_hand() -> None:
    labels = np.array([0, 1])
    sure_and_wrong = mc_classify.Prediction(np.array([[0.5, 0.5], [0.9, 0.1]]), labels)
    entropies = -0.5 * np.log(0.25), -0.9 * np.log(0.9) - 0.1 * np.log(0.1)
    assert sure_and_wrong.accuracy == 0.5
    assert sure_and_wrong.nll == pytest.approx(-(np.log(0.5) + np.log(0.1)) / 2)
    assert sure_and_wrong.entropy_ratio == pytest.approx(entropies[1] / entropies[0])
    assert sure_and_wrong.finds_errors == 0  # the one error is the surer answer
    all_right = mc_classify.Prediction(np.array([[1.0, 0.0], [0.0, 1.0]]), labels)
    assert (all_right.entropy_ratio, all_right.nll, all_right.ece) == (1.0, 0.0, 0.0)


def test_a_target_out_of_reach_is_said_to_be(strict: Worker) -> None:
    run = strict.run_now(prepare("dropout-cost", {"hidden": 32, "drop": 0.6, "target": 0.1}, 0)).runs[0]
    assert run.metrics["drop_steps"] == run.metrics["most_steps"] + 1
    assert ">2,000 with dropout" in run.headline
