"""The experiments on activation functions, against quadrature, closed forms and other ways to compute the same."""

from math import log10

import numpy as np
import pytest

from bot.simulations.arrays import Array, standard_normals, stream
from bot.simulations.experiment import Experiment, RunSettings, read
from bot.simulations.experiments import (
    act_compare,
    activations,
    born_dead,
    logistic_hidden,
    logistic_output,
    rnn_tanh,
    softmax_output,
)
from bot.simulations.layers import FRESH, IDENTITY, LEAKY, LOGISTIC, RELU, TANH, dense_net, logistic, softplus
from bot.simulations.training import calibration_error
from tests.simulations.test_numerics import expectation


def given(experiment: Experiment, **values: object) -> RunSettings:
    return read(experiment.parameters, values)


def found(experiment: Experiment, seed: int = 0, **values: object) -> dict[str, float]:
    return dict(experiment.run(given(experiment, **values), seed).metrics)


@pytest.fixture(scope="module")
def moments() -> dict[str, float]:
    return found(activations.EXPERIMENT, samples=500000)


@pytest.mark.parametrize("name", activations.NAMES)
def test_moments_of_activations_are_those_of_quadrature(moments: dict[str, float], name: str) -> None:
    m, f = moments, FRESH[name]
    mean = expectation(f)
    assert m[f"{name}_mean"] == pytest.approx(mean, abs=0.008)
    assert m[f"{name}_var"] == pytest.approx(expectation(lambda z: f(z) ** 2) - mean**2, abs=0.01)
    assert m[f"{name}_Ed2"] == pytest.approx(expectation(lambda z: f.derivative(z, f(z)) ** 2), abs=0.008)


def dead(width: int, seeds: int) -> Array:
    """The share of dead ReLU nets by depth, over many nets."""
    settings = given(born_dead.EXPERIMENT, width=width, trials=500)
    shares = [born_dead.dead_share(RELU, born_dead.drawn(stream(s, "weights"), settings)) for s in range(seeds)]
    return np.asarray(np.mean(shares, axis=0))


def test_nets_of_width_one_die_by_halves() -> None:
    expected = 1 - 0.5 ** np.arange(born_dead.DEPTH)
    np.testing.assert_allclose(dead(1, 20), expected, atol=0.02)


def test_nets_of_width_two_die_as_counted() -> None:
    """At depth 2: one side of the line is lost to the first layer in half of the nets, and 1/4 or 1/16 die."""
    shares, bound = dead(2, 20), 1 - 0.75 ** np.arange(born_dead.DEPTH)
    assert shares[0] == 0
    assert shares[1] == pytest.approx(5 / 32, abs=0.015)
    assert (shares <= bound + 0.02).all()
    assert (np.diff(shares) >= 0).all()


def test_dead_is_an_output_that_no_input_on_the_line_changes() -> None:
    settings = given(born_dead.EXPERIMENT, width=2, trials=50)
    weights = born_dead.drawn(stream(3, "weights"), settings)[:5]
    h: Array = np.linspace(-3, 3, 61)[:, None]
    for w in weights:
        h = RELU(h @ w)
    constant = np.ptp(h, axis=1).max(axis=1) == 0
    assert 0 < constant.mean() < 1
    assert born_dead.dead_share(RELU, weights)[-1] == constant.mean()
    assert not born_dead.dead_share(LEAKY, weights).any()


def test_without_an_activation_the_state_is_a_power_of_the_matrix() -> None:
    settings = given(rnn_tanh.EXPERIMENT, width=16, T=30)
    w = stream(0, "w").standard_normal((16, 16)) / 4
    trace = rnn_tanh.unroll(IDENTITY, w, settings, 0)
    power = np.linalg.matrix_power(w, 30)
    h, dh = (stream(0, name).standard_normal((16, 16)) for name in ("state", "gradient"))
    assert trace.state[-1] == pytest.approx(log10(np.sqrt(np.mean((h @ power) ** 2))), abs=1e-9)
    grown = np.sqrt(np.mean((dh @ power.T) ** 2) / np.mean(dh**2))
    assert trace.gradient[-1] == pytest.approx(log10(grown), abs=1e-9)


def test_a_gradient_through_time_is_a_slope() -> None:
    """Of sum(dh h_T) in the first state: its size against central differences."""
    settings = given(rnn_tanh.EXPERIMENT, width=16, T=5)
    w = stream(1, "w").standard_normal((16, 16)) / 4
    first, top = (stream(1, name).standard_normal((rnn_tanh.BATCH, 16)) for name in ("state", "gradient"))

    def value(h: Array) -> float:
        for _ in range(5):
            h = TANH(h @ w)
        return float(np.sum(top * h))

    slopes = np.zeros_like(first)
    for i in range(first.size):
        nudge = np.zeros(first.size)
        nudge[i] = 1e-5
        nudge = nudge.reshape(first.shape)
        slopes.flat[i] = (value(first + nudge) - value(first - nudge)) / 2e-5
    left = rnn_tanh.unroll(TANH, w, settings, 1).gradient[-1]
    assert left == pytest.approx(log10(np.linalg.norm(slopes) / np.linalg.norm(top)), abs=1e-6)


def test_sizes_are_logarithms_of_what_squares_could_not_hold() -> None:
    assert rnn_tanh.size(np.full((2, 2), 1e-250)) == pytest.approx(-250)
    assert rnn_tanh.size(np.array([[3e200, -4e200]])) == pytest.approx(log10(np.sqrt(12.5)) + 200)
    assert rnn_tanh.size(np.zeros((2, 2))) == rnn_tanh.FLOOR
    m = found(rnn_tanh.EXPERIMENT, T=200, gain=0.5, width=16)
    assert -190 < m["logistic_log10grad"] < -150


def test_tanh_bounds_the_state_and_not_the_gradient() -> None:
    small, large = (found(rnn_tanh.EXPERIMENT, gain=gain) for gain in (0.8, 2.0))
    assert small["tanh_log10grad"] < -3
    assert large["tanh_log10grad"] > 3
    assert large["tanh_maxabs"] <= 1 < large["relu_log10rms"]


def test_calibration_error() -> None:
    p = np.repeat([0.05, 0.95, 1.0], 100)
    right = np.concatenate([np.arange(100) < 5, np.arange(100) < 95, np.ones(100)]).astype(float)
    assert calibration_error(p, right) == pytest.approx(0)
    assert calibration_error(np.array([0.9, 0.91]), np.array([0.0, 0.0])) == pytest.approx(0.905)
    assert calibration_error(np.array([0.2, 0.8]), np.array([1.0, 1.0])) == pytest.approx(0.5)


def test_gradients_in_the_logit_are_slopes() -> None:
    z, step = np.linspace(-10, 10, 41), 1e-6
    for y in (0.0, 1.0):
        losses = {
            logistic_output.of_cross_entropy: lambda z, y=y: softplus(z) - y * z,
            logistic_output.of_squared_error: lambda z, y=y: (logistic(z) - y) ** 2,
        }
        for gradient, loss in losses.items():
            slope = (loss(z + step) - loss(z - step)) / (2 * step)
            np.testing.assert_allclose(gradient(logistic(z), np.full_like(z, y)), slope, atol=1e-8)


def test_the_confidently_wrong_gradients() -> None:
    m = found(logistic_output.EXPERIMENT, steps=100)
    assert m["cegrad_z-10"] == pytest.approx(-0.99995, abs=1e-5)
    assert m["msegrad_z-10"] == pytest.approx(-9.1e-5, abs=1e-6)


def test_gradient_descent_arrives_where_newton_does() -> None:
    settings = given(logistic_output.EXPERIMENT, steps=2000, lr=2.0)
    data = logistic_output.drawn(0, "data", 400)
    w = np.zeros(3)
    for _ in range(20):
        p = logistic(data.x @ w)
        w -= np.linalg.solve((data.x.T * (p * (1 - p))) @ data.x, data.x.T @ (p - data.y))
    z = data.x @ w
    best = np.mean(softplus(z) - data.y * z)
    for name in ("zero_ce", "wrong_ce"):
        case = logistic_output.descend(name, data, data, settings)
        assert case.nll[-1] == pytest.approx(best, abs=1e-9)


def test_steps_are_counted_to_one_more_than_there_were() -> None:
    data = logistic_output.drawn(0, "data", 100)
    case = logistic_output.descend("wrong_mse", data, data, given(logistic_output.EXPERIMENT, steps=100))
    assert case.steps_to(0.6) == 101
    assert case.steps_to(100.0) == 0


@pytest.mark.parametrize("name", logistic_hidden.CASES)
def test_gradients_of_hidden_layers_are_those_of_a_net(name: str) -> None:
    f = logistic_hidden.CASES[name]
    weights = standard_normals(stream(0, "weights"), [8] * 5 + [1])
    x = stream(0, "x").standard_normal((16, 8))
    sizes = logistic_hidden.gradients(f, weights, x)
    net = dense_net([f.suited(len(w)) * w for w in weights], f, bias=False)
    net.forward(x, training=True)
    net.backward(np.full((16, 1), 1 / 16))
    expected = [log10(np.linalg.norm(layer.gradients[0])) for layer in net.dense[:-1]]
    np.testing.assert_allclose(sizes.weights, expected, atol=1e-9)


def test_a_logistic_layer_passes_at_most_a_quarter() -> None:
    weights = standard_normals(stream(0, "weights"), [64] * 11 + [1])
    x = stream(0, "x").standard_normal((32, 64))
    orthogonal = [np.linalg.qr(w)[0] * 8 if w.shape[1] > 1 else w for w in weights]  # times lecun(64): keeps sizes
    sizes = logistic_hidden.gradients(LOGISTIC, orthogonal, x)
    assert sizes.signal_left < logistic_hidden.in_theory(given(logistic_hidden.EXPERIMENT))


@pytest.mark.parametrize("k", [2, 3, 6])
def test_true_probabilities_are_those_of_bayes(k: int) -> None:
    settings = given(softmax_output.EXPERIMENT, k=k)
    points = softmax_output.drawn(0, "data", 200, settings)
    angles = 2 * np.pi * np.arange(k) / k
    centres = 1.5 * np.column_stack([np.cos(angles), np.sin(angles)])
    densities = np.exp(-((points.x[:, None, :2] - centres) ** 2).sum(axis=2) / 2)
    np.testing.assert_allclose(points.p, densities / densities.sum(axis=1, keepdims=True), atol=1e-12)


def test_for_two_classes_separate_logistics_are_a_softmax() -> None:
    m = found(softmax_output.EXPERIMENT, k=2)
    assert m["logistics_rowsum_min"] == pytest.approx(1, abs=1e-9)
    assert m["logistics_rowsum_max"] == pytest.approx(1, abs=1e-9)


def test_two_tags_are_got_right_as_often_as_their_noise_allows() -> None:
    """A tag agrees with the sign of its feature with probability 1 - arctan(noise)/pi."""
    one = 1 - np.arctan(softmax_output.TAG_NOISE) / np.pi
    m = found(softmax_output.EXPERIMENT)
    assert m["multilabel_logistic_exact"] == pytest.approx(one**2, abs=0.02)
    assert m["multilabel_softmax_exact"] <= 0.5 + 0.02  # exactly one tag


def test_a_short_comparison_of_activations_learns() -> None:
    m = found(act_compare.EXPERIMENT, hidden=16, steps=50, lr=0.01)
    assert all(0.4 < m[f"{name}_acc"] <= 1 for name in act_compare.NAMES)
    assert m["leaky_minus_relu"] == m["leaky_acc"] - m["relu_acc"]
    assert m["variants_gap_abs"] == max(abs(m[f"{f}_acc"] - m["relu_acc"]) for f in ("leaky", "prelu", "rrelu"))
