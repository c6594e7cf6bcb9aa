"""The experiments on zeros, dead units and drift, against what must hold at any setting."""

import numpy as np
import pytest

from bot.simulations.arrays import stream
from bot.simulations.experiment import Experiment, RunSettings, read
from bot.simulations.experiments import act_zeros, dying_relu, relu_revive, selu_train
from bot.simulations.layers import FRESH, PReLU, nonlinear
from bot.simulations.training import SGD, Clipped


def given(experiment: Experiment, **values: object) -> RunSettings:
    return read(experiment.parameters, values)


def found(experiment: Experiment, seed: int = 0, **values: object) -> dict[str, float]:
    return dict(experiment.run(given(experiment, **values), seed).metrics)


@pytest.mark.parametrize("name", FRESH)
def test_a_layer_by_name_is_that_activation(name: str) -> None:
    z = np.linspace(-5, 5, 101)[:, None]
    layer, f = nonlinear(name, stream(0, "slopes")), FRESH[name]
    np.testing.assert_array_equal(layer.forward(z, training=False), f(z))
    np.testing.assert_array_equal(dying_relu.derivative(layer), f.derivative(z, f(z)))


def test_a_slower_slope_is_the_same_gradient_scaled() -> None:
    z, dy = stream(0, "z").standard_normal((2, 20, 3))
    layers = [PReLU(), PReLU(0.125)]
    for layer in layers:
        layer.forward(z, training=True)
    np.testing.assert_array_equal(layers[0].backward(dy), layers[1].backward(dy))
    assert layers[1].gradients[0] == layers[0].gradients[0] / 8


def test_gradients_are_cut_at_the_norm_and_no_shorter_one_is() -> None:
    for g, step in (([30.0, 40.0], [6.0, 8.0]), ([0.3, 0.4], [0.3, 0.4])):
        w = np.zeros(2)
        Clipped(SGD(1.0), 10.0).step(w, np.array(g))
        np.testing.assert_allclose(w, -np.array(step), rtol=1e-15)


def test_only_relu_has_exact_zeros() -> None:
    m = found(act_zeros.EXPERIMENT, width=16, depth=2, train=20)
    assert {name for name in act_zeros.NAMES if m[f"{name}_zero1"] > 0} == {"relu"}
    assert m["leaky_near1"] > 10 * m["selu_near1"]  # a tolerance would call leaky sparse


def test_without_training_nothing_changes() -> None:
    m = found(act_zeros.EXPERIMENT, width=16, depth=1, train=0)
    assert m["relu_zero0"] == m["relu_zero1"] == pytest.approx(0.5, abs=0.1)


@pytest.mark.slow
def test_few_units_die_at_a_small_rate() -> None:
    """So it is an accident of large steps, and no fate."""
    deaths = [found(dying_relu.EXPERIMENT, seed, lr=0.05)["relu_dead"] for seed in range(3)]
    assert max(deaths) < 0.1


def test_a_dead_unit_is_one_off_on_every_sample() -> None:
    settings = given(dying_relu.EXPERIMENT, hidden=8)
    net = dying_relu.net("relu", settings, 0)
    net.dense[0].bias[:] = [-100, -100, -100, 100, 100, 100, 100, 100]
    net.dense[1].bias[:] = 1000
    net(stream(0, "x").standard_normal((50, 3)))
    assert dying_relu.dead_share(net) == 3 / 16


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("hidden", [4, 64])
def test_at_every_allowed_bias_all_units_start_off(seed: int, hidden: int) -> None:
    m = found(relu_revive.EXPERIMENT, seed, hidden=hidden, bias=-7.0, steps=50)
    assert m["relu_grad0"] == m["relu_moved"] == 0
    assert min(m["leaky_grad0"], m["elu_grad0"], m["selu_grad0"]) > 0


def test_a_dead_net_learns_the_mean_and_no_more() -> None:
    m = found(relu_revive.EXPERIMENT, steps=800)
    assert m["relu_loss"] == pytest.approx(m["variance"], rel=1e-6)


def test_a_shallow_relu_net_needs_no_selu() -> None:
    """The lead of SELU is one of depth: with two hidden layers ReLU does as well."""
    m = found(selu_train.EXPERIMENT, depth=2)
    assert m["selu_loss"] > 0.5 * m["relu_he_loss"]
    assert 0.9 < m["selu_minvar0"] < m["selu_maxvar0"] < 1.15
