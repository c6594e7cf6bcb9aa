"""The experiments on first weights and biases, against closed forms."""

from math import log, log10

import numpy as np
import pytest

from bot.simulations.arrays import stream
from bot.simulations.experiment import Experiment, RunSettings, read
from bot.simulations.experiments import bias_init, bias_role, init_depth, init_mean, init_train


def given(experiment: Experiment, **values: object) -> RunSettings:
    return read(experiment.parameters, values)


def found(experiment: Experiment, seed: int = 0, **values: object) -> dict[str, float]:
    return dict(experiment.run(given(experiment, **values), seed).metrics)


@pytest.mark.parametrize("act", ["relu", "leaky"])
def test_scales_that_share_their_noise_differ_by_exactly_what_theory_says(act: str) -> None:
    """These activations are homogeneous, so that twice the weights are 4^depth in the mean square, to rounding."""
    m = found(init_depth.EXPERIMENT, depth=10, width=64, batch=16, act=act)
    for part in ("act", "grad"):
        assert m[f"he_{part}_log10"] - m[f"glorot_{part}_log10"] == pytest.approx(10 * log10(2), abs=1e-9)
        assert m[f"large_{part}_log10"] - m[f"he_{part}_log10"] == pytest.approx(10 * log10(4), abs=1e-9)


def test_theory_of_depth() -> None:
    settings = given(init_depth.EXPERIMENT)
    scales = init_depth.scales(settings)
    in_theory = {name: init_depth.in_theory(scale, settings) for name, scale in scales.items()}
    expected = {"zero": -np.inf, "small": -94.6, "glorot": -15.05, "he": 0, "large": 30.1}
    assert in_theory == pytest.approx(expected, abs=0.05)
    assert np.isnan(init_depth.in_theory(0.1, given(init_depth.EXPERIMENT, act="tanh")))


def test_weights_of_zero_let_nothing_through() -> None:
    outcome = init_depth.EXPERIMENT.run(given(init_depth.EXPERIMENT, depth=2, width=32, batch=16), 0)
    assert list(outcome.table.rows[0]) == ["all 0", "0", "0", "0"]


def test_a_start_twice_too_wide_diverges_and_is_stopped() -> None:
    settings = given(init_train.EXPERIMENT)
    data = stream(0, "data")
    x, labels = data.standard_normal((512, 20)), data.integers(5, size=512)
    weights = dict(init_train.starts(settings, 0))["double"]
    losses = init_train.train(weights, x, labels, settings, 0)
    assert losses[0] > 1e4
    assert losses[-1] == init_train.DIVERGED == init_train.final(losses)
    assert len(losses) < 10


def test_the_mean_cosine_is_that_of_all_pairs() -> None:
    h = stream(0, "rows").standard_normal((7, 5))
    h[3] = 0  # no direction
    rows = [row / np.linalg.norm(row) for i, row in enumerate(h) if i != 3]
    pairs = [a @ b for i, a in enumerate(rows) for b in rows[:i]]
    assert init_mean.mean_cosine(h) == pytest.approx(np.mean(pairs), abs=1e-12)
    assert np.isnan(init_mean.mean_cosine(np.zeros((4, 5))))


def test_a_mean_grows_activations_by_the_factor_of_their_common_part() -> None:
    """Far above the spread, every unit gets c sqrt(2/n) times the sum of n equal ones below: c^2 2 n a layer."""
    deep, shallow = (found(init_mean.EXPERIMENT, depth=depth, batch=8)["log10q_+0.30"] for depth in (9, 8))
    assert deep - shallow == pytest.approx(log10(0.3**2 * 2 * 256), abs=0.05)


def test_log_odds_start_at_the_entropy() -> None:
    assert bias_init.entropy(0.5) == pytest.approx(log(2))
    assert bias_init.entropy(0.05) == pytest.approx(0.1985, abs=1e-4)
    m = found(bias_init.EXPERIMENT, steps=50, hidden=8)
    assert m["prior_loss0"] == pytest.approx(m["entropy_floor0"], abs=0.06)


def test_log_odds_of_even_classes_are_zero() -> None:
    m = found(bias_init.EXPERIMENT, steps=50, hidden=8, pos_rate=0.5)
    assert (m["prior_loss0"], m["prior_loss"]) == (m["zero_loss0"], m["zero_loss"])


def test_what_a_forget_gate_leaves() -> None:
    m = found(bias_init.EXPERIMENT, steps=50, hidden=4)
    expected = {0: 0.5**50, 1: (1 + np.exp(-1)) ** -50, 3: (1 + np.exp(-3)) ** -50}
    assert {b: m[f"lstm_left_b{b}"] for b in expected} == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_without_biases_the_best_fit_to_an_even_target_is_zero(seed: int) -> None:
    grid = np.linspace(-2, 2, bias_role.SAMPLES)
    m = found(bias_role.EXPERIMENT, seed)
    assert m["no_bias_f0"] == 0
    assert m["no_bias_mse"] == pytest.approx(np.mean(bias_role.target(grid) ** 2), rel=1e-3)
