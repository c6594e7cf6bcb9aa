"""Momentum off the quadratic: the valley and the noise, against finite differences and the covariance equation."""

import numpy as np
import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from bot.simulations.experiment import Experiment, RunSettings, read
from bot.simulations.experiments import momentum_noise, momentum_valley
from bot.simulations.training import SGD


def given(experiment: Experiment, **values: object) -> RunSettings:
    return read(experiment.parameters, values)


def slope(w: np.ndarray) -> np.ndarray:
    """The gradient of the valley by central differences."""
    steps = 1e-5 * np.eye(2)
    return np.array([momentum_valley.height(*(w + s)) - momentum_valley.height(*(w - s)) for s in steps]) / 2e-5


@pytest.mark.parametrize("beta", momentum_valley.BETAS)
def test_a_path_is_that_of_the_shared_optimiser(beta: float) -> None:
    start = np.array([-1.1, 0.9])
    path = momentum_valley.descend(start, beta, given(momentum_valley.EXPERIMENT, steps=500))
    w, sgd = start.copy(), SGD(0.0002, beta)
    for place, height in zip(path.places[:40], path.heights[:40], strict=True):
        np.testing.assert_allclose(place, w, atol=1e-6)
        assert height == momentum_valley.height(*place)
        sgd.step(w, slope(w))


def test_a_crossing_is_no_arrival() -> None:
    def path(*heights: float) -> momentum_valley.Path:
        return momentum_valley.Path(np.zeros((len(heights), 2)), np.array(heights))

    assert path(4.0, 1e-4, 2.0, 1e-4, 1e-5).steps(cap=4) == 3
    assert path(4.0, 1e-4, 1e-4, 1e-4, 2.0).steps(cap=4) == 5
    assert path(4.0, 1e-4, 1e13).steps(cap=4) == 5
    assert path(4.0, 1e-4, 1e13).diverged
    assert path(4.0, 5.0, 3.0).uphill == 0.5


def test_a_diverged_path_stops_and_stays_finite() -> None:
    settings = given(momentum_valley.EXPERIMENT, lr=0.001, steps=20000)
    path = momentum_valley.descend(np.array([-1.2, 1.0]), 0.99999, settings)
    assert path.diverged
    assert len(path.heights) < 20001
    assert np.isfinite(path.distances).all()


betas = st.floats(0, 0.99999)


@for_any(betas, st.floats(0.005, 0.1), st.floats(0.1, 3))
def test_the_formula_solves_the_covariance_equation(beta: float, lr: float, sigma: float) -> None:
    settings = given(momentum_noise.EXPERIMENT, lr=lr, sigma=sigma)
    p = momentum_noise.covariance(beta, settings)
    assert p[0, 0] == pytest.approx(momentum_noise.in_theory(beta, settings), rel=1e-6)
    assert np.linalg.eigvalsh(p).min() > 0


@for_any(st.floats(0.005, 0.1), st.floats(0.1, 3))
def test_without_momentum_the_variance_is_that_of_a_first_order_process(lr: float, sigma: float) -> None:
    """w <- (1 - lr) w - lr sigma N(0, 1) settles at lr^2 sigma^2 / (1 - (1 - lr)^2)."""
    settings = given(momentum_noise.EXPERIMENT, lr=lr, sigma=sigma)
    expected = lr**2 * sigma**2 / (1 - (1 - lr) ** 2)
    assert momentum_noise.in_theory(0.0, settings) == pytest.approx(expected, rel=1e-9)


def test_the_noise_scales_out() -> None:
    runs = [momentum_noise.EXPERIMENT.run(given(momentum_noise.EXPERIMENT, sigma=s, steps=1000), 0) for s in (1, 2)]
    one, two = (run.metrics for run in runs)
    for beta in momentum_noise.BETAS:
        assert two[f"b{beta:g}_ratio"] == pytest.approx(one[f"b{beta:g}_ratio"], rel=1e-9)
        assert two[f"b{beta:g}_var"] == pytest.approx(4 * one[f"b{beta:g}_var"], rel=1e-9)
