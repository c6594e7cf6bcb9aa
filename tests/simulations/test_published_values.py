"""Runs against values from papers and closed forms that the rest of the tests do not hold them to already."""

from collections.abc import Callable
from functools import cache
from math import acos, isqrt, log, log10, pi, sqrt

import numpy as np
import pytest

from bot.simulations.arrays import Array
from bot.simulations.experiments import find, prepare
from bot.simulations.layers import SELU, alpha_affine
from bot.simulations.worker import Worker

Z = np.linspace(-12, 12, 48_001)
DENSITY = np.exp(-Z * Z / 2) / sqrt(2 * pi)


def mean_of(f: Callable[[Array], Array]) -> float:
    """E f(z) for z ~ N(0, 1), by the trapezium rule."""
    return float(np.trapezoid(f(Z) * DENSITY, Z))


@cache
def settled(gain: float, layers: int = 150) -> tuple[float, float]:
    """A wide SELU net with weights of variance gain/n, after many layers: the variance of its activations, and what
    the mean square of a gradient is multiplied by in a layer (mean field: z is normal with gain times E h^2).
    """
    square = 1.0
    for _ in range(layers):
        square = mean_of(lambda z: SELU(sqrt(gain * square) * z) ** 2)  # noqa: B023 - called at once
    z = sqrt(gain * square) * Z
    slope = float(np.trapezoid(SELU.derivative(z, SELU(z)) ** 2 * DENSITY, Z))
    mean = mean_of(lambda z: SELU(sqrt(gain * square) * z))
    return square - mean**2, gain * slope


@pytest.mark.parametrize(
    ("gain", "variance", "growth"),
    [(0.81, 0.4455, 1.0376), (1.21, 2.002, None), (0.9604, 0.864, None), (1.0, 1.0, 1.0716)],
)
def test_a_wide_selu_net_settles_where_mean_field_says(gain: float, variance: float, growth: float | None) -> None:
    """Klambauer et al. 2017, Thm 1, bounds the variance by [0.8, 1.5] for gains in [0.95, 1.1]."""
    found = settled(gain)
    assert found[0] == pytest.approx(variance, abs=2e-3)
    assert growth is None or found[1] == pytest.approx(growth, abs=2e-4)


@pytest.mark.slow
def test_deep_selu_nets_settle_there(strict: Worker) -> None:
    runs = [strict.run_now(prepare("selu-depth", {}, seed)).runs[0].metrics for seed in range(5)]
    middle = {name: float(np.median([run[name] for run in runs])) for name in runs[0]}
    assert middle["selu_0.9x_var"] == pytest.approx(settled(0.81)[0], rel=0.06)
    assert middle["selu_1.1x_var"] == pytest.approx(settled(1.21)[0], rel=0.06)
    assert middle["selu_input_N(3,2)_var"] == pytest.approx(1, rel=0.06)
    assert middle["selu_0.9x_log10grad"] == pytest.approx(100 * log10(settled(0.81)[1]), abs=0.3)
    assert middle["selu_lecun_log10grad"] == pytest.approx(100 * log10(settled(1.0)[1]), abs=0.3)
    assert middle["relu_0.9x_log10var"] == pytest.approx(100 * log10(0.81), abs=0.8)
    a, _ = alpha_affine(0.1)
    fades = 100 * log10(a * a * 0.9 * settled(1.0)[1])
    assert (a, fades) == (pytest.approx(0.9213, abs=1e-4), pytest.approx(-8.69, abs=0.01))
    assert middle["selu_alpha-dropout_log10grad"] == pytest.approx(fades, abs=0.3)


@pytest.mark.parametrize("kappa", [4, 10, 100, 1000])
def test_momentum_arrives_as_the_theory_of_quadratics_says(strict: Worker, kappa: int) -> None:
    """Polyak 1964; Goh 2017, "Optimal parameters"."""
    run = strict.run_now(prepare("momentum", {"kappa": kappa}, 0)).runs[0].metrics
    root = sqrt(kappa)
    assert run["beta_opt"] == pytest.approx(((root - 1) / (root + 1)) ** 2, rel=1e-12)
    assert run["lr_opt"] == pytest.approx((2 / (1 + 1 / root)) ** 2, rel=1e-12)
    plain = log(1000) / -log((kappa - 1) / (kappa + 1))
    assert abs(run["gd_opt_steps"] - min(plain, 3001)) < 1
    best = log(1000) / -log((root - 1) / (root + 1))  # of a double root: in the long run only
    assert 1.3 < run["opt_steps"] / best < 1.9
    swings = 3000 * acos((1 + 0.99999 - 0.2) / (2 * sqrt(0.99999))) / pi
    assert abs(run["b0.99999_cross"] - swings) < 1


@pytest.mark.slow
def test_the_first_loss_is_what_it_must_be(strict: Worker) -> None:
    """ln of the number of classes with tiny weights; the entropy of the share with log-odds (Lin et al. 2017 §3.3)."""
    assert strict.run_now(prepare("init-train", {"steps": 50}, 0)).runs[0].metrics["small_loss0"] == pytest.approx(
        log(5)
    )
    for share in (0.01, 0.1, 0.2):
        given = {"pos_rate": share, "steps": 50}
        run = strict.run_now(prepare("bias-init", given, 0)).runs[0].metrics
        entropy = -share * log(share) - (1 - share) * log(1 - share)
        assert run["prior_loss0"] == pytest.approx(entropy, rel=0.1)


def test_the_lasso_shrinks_by_its_penalty_and_ridge_by_a_factor() -> None:
    """Tibshirani 1996, on an orthonormal design: S(w, lambda), and w / (1 + lambda)."""
    module = find("sparse-l1").run.__globals__
    rows, lam = 64, 0.1
    x = np.array([[1.0 if bin(i & j).count("1") % 2 == 0 else -1.0 for j in range(isqrt(rows))] for i in range(rows)])
    y = x @ np.array([1.5, -1.0, 0.5, 0.05, 0, 0, 0, 0])
    np.testing.assert_allclose(x.T @ x / rows, np.eye(8))
    np.testing.assert_allclose(module["ista"](x, y, lam), [1.4, -0.9, 0.4, 0, 0, 0, 0, 0], atol=1e-12)


@pytest.mark.slow
def test_softmax_is_as_right_as_bayes(strict: Worker) -> None:
    run = strict.run_now(prepare("softmax-output", {}, 0)).runs[0].metrics
    assert run["bayes_acc"] == pytest.approx(0.836, abs=0.01)
    assert run["softmax_acc"] == pytest.approx(run["bayes_acc"], abs=0.01)
