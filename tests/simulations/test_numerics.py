"""The shared arithmetic against closed forms, quadrature and finite differences."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bot.simulations import layers as act
from bot.simulations.arrays import Array, glorot, he, lecun, stream
from bot.simulations.layers import (
    OFF,
    AlphaDropout,
    BatchNorm,
    Dense,
    Dropout,
    Layer,
    Net,
    Pointwise,
    PReLU,
    RReLU,
    alpha_affine,
    dense_net,
    multiply_adds,
)
from bot.simulations.training import (
    SGD,
    Adam,
    auroc,
    binary_cross_entropy,
    soft_threshold,
    softmax_cross_entropy,
    squared_error,
    step,
)

ALL = [*act.BY_NAME.values(), act.leaky(0.25, "prelu"), act.leaky(act.RRELU_TEST_SLOPE, "rrelu")]
anything = st.floats(-1e5, 1e5)
HUGE = np.array([-1e308, -1e5, -745.2, -709.8, -1e-20, 0.0, 1e-20, 709.8, 745.2, 1e5])


def expectation(f: Callable[[Array], Array]) -> float:
    """E[f(z)] for z ~ N(0, 1) by the trapezium rule on a fine grid."""
    z = np.linspace(-12, 12, 480_001)
    return float(np.trapezoid(f(z) * np.exp(-z * z / 2) / np.sqrt(2 * np.pi), z))


@pytest.mark.parametrize("f", ALL, ids=lambda f: f.name)
def test_derivatives_are_slopes(f: act.Activation) -> None:
    z = np.linspace(-6, 6, 1000)  # 0 is not among them: ReLU has no slope there
    slope = (f(z + 1e-6) - f(z - 1e-6)) / 2e-6
    np.testing.assert_allclose(f.derivative(z, f(z)), slope, atol=5e-9)


@pytest.mark.parametrize("f", ALL, ids=lambda f: f.name)
def test_no_input_overflows(f: act.Activation) -> None:
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        y = f(HUGE)
        assert np.isfinite(f.derivative(HUGE, y)).all()


def test_selu_has_no_false_zeros() -> None:
    assert act.SELU(np.array([-1e-20]))[0] == pytest.approx(-1.76e-20, rel=1e-2)
    assert act.SELU(np.array([-1e6]))[0] == pytest.approx(-1.7580993408473766)


def test_selu_keeps_mean_0_and_variance_1() -> None:
    assert expectation(act.SELU) == pytest.approx(0, abs=1e-8)
    assert expectation(lambda z: act.SELU(z) ** 2) == pytest.approx(1, abs=1e-8)
    assert expectation(lambda z: act.SELU.derivative(z, act.SELU(z)) ** 2) == pytest.approx(1.0716, abs=1e-3)


@pytest.mark.parametrize("slope", [0.0, 0.01, 0.25])
def test_the_gain_of_the_relu_family_keeps_the_mean_square(slope: float) -> None:
    f = act.leaky(slope)
    assert f.gain * expectation(lambda z: f(z) ** 2) == pytest.approx(1, abs=1e-6)


@given(arrays(np.float64, (3, 4), elements=anything))
def test_softmax_is_a_distribution_however_large_the_logits(z: Array) -> None:
    p = act.softmax(z)
    np.testing.assert_allclose(p.sum(axis=1), 1, atol=1e-12)
    assert ((p >= 0) & (p <= 1)).all()
    np.testing.assert_allclose(act.softmax(z + 7.0), p, atol=1e-9)
    assert np.isfinite(act.log_softmax(z)).all()


@given(anything, anything)
def test_two_class_softmax_is_the_logistic_of_the_difference(a: float, b: float) -> None:
    p = act.softmax(np.array([[a, b]]))[0, 1]
    assert p == pytest.approx(act.logistic(np.array([b - a]))[0], abs=1e-12)


@given(arrays(np.float64, 5, elements=anything))
def test_logistic_and_softplus(z: Array) -> None:
    np.testing.assert_allclose(act.logistic(z) + act.logistic(-z), 1, atol=1e-15)
    np.testing.assert_allclose(act.softplus(z) - act.softplus(-z), z, atol=1e-10)


@given(arrays(np.float64, (6, 1), elements=anything), arrays(np.float64, (6, 1), elements=st.sampled_from([0.0, 1.0])))
def test_binary_cross_entropy_is_two_class_softmax(z: Array, y: Array) -> None:
    pairs = np.concatenate([np.zeros_like(z), z], axis=1)
    loss, gradient = binary_cross_entropy(z, y)
    other, other_gradient = softmax_cross_entropy(pairs, y[:, 0].astype(int))
    assert loss == pytest.approx(other, rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(gradient[:, 0], other_gradient[:, 1], atol=1e-12)


def numeric(f: Callable[[], float], w: Array) -> Array:
    """The gradient of f in w by central differences; w is changed in place and restored."""
    slopes = np.zeros_like(w)
    for i in range(w.size):
        kept = w.flat[i]
        w.flat[i] = kept + 1e-6
        above = f()
        w.flat[i] = kept - 1e-6
        slopes.flat[i] = (above - f()) / 2e-6
        w.flat[i] = kept
    return slopes


def every_layer() -> list[Layer]:
    draw = stream(1, "weights")
    first, *rest = (Dense(draw.normal(size=shape), draw.normal(size=shape[1])) for shape in [(3, 5), (5, 5), (5, 4)])
    return [first, Pointwise(act.SELU), rest[0], PReLU(), rest[1]]


@pytest.mark.parametrize("loss", [softmax_cross_entropy, squared_error], ids=["softmax", "squared"])
def test_backward_is_the_gradient(loss: Callable[..., tuple[float, Array]]) -> None:
    net = Net(every_layer())
    x = stream(2, "x").normal(size=(7, 3))
    y = np.arange(7) % 4 if loss is softmax_cross_entropy else stream(2, "y").normal(size=(7, 4))
    into_x = net.backward(loss(net.forward(x, training=True), y)[1])
    np.testing.assert_allclose(net.gradient, numeric(lambda: loss(net(x), y)[0], net.vector), atol=1e-7)
    np.testing.assert_allclose(into_x, numeric(lambda: loss(net(x), y)[0], x), atol=1e-7)


@pytest.mark.parametrize("kind", [Dropout, AlphaDropout])
def test_dropout_backward_uses_the_mask_of_the_forward(kind: type[Dropout]) -> None:
    x, dy = stream(3, "x").normal(size=(20, 10)), np.ones((20, 10))
    layer = kind(0.5, stream(3, "mask"))
    layer.forward(x, training=True)
    slope = layer.backward(dy)
    again = kind(0.5, stream(3, "mask")).forward(x + 1e-3, training=True)
    first = kind(0.5, stream(3, "mask")).forward(x, training=True)
    np.testing.assert_allclose((again - first) / 1e-3, slope, atol=1e-9)
    assert 0.3 < np.mean(slope == 0) < 0.7
    np.testing.assert_array_equal(layer.forward(x, training=False), x)
    np.testing.assert_array_equal(layer.backward(dy), dy)


@pytest.mark.parametrize("p", [0.05, 0.1, 0.5])
def test_alpha_dropout_keeps_mean_0_and_variance_1(p: float) -> None:
    a, b = alpha_affine(p)
    h = act.SELU(stream(4, "h").normal(size=(1000, 1000)))
    out = AlphaDropout(p, stream(4, "mask")).forward(h, training=True)
    assert out.mean() == pytest.approx(0, abs=0.01)
    assert out.var() == pytest.approx(1, abs=0.01)
    assert a * (1 - p) * 0 + a * p * OFF + b == pytest.approx(0, abs=1e-12)


def test_dropout_keeps_the_mean() -> None:
    out = Dropout(0.3, stream(5, "mask")).forward(np.ones((1000, 1000)), training=True)
    assert out.mean() == pytest.approx(1, abs=0.005)


def test_batch_norm_gives_mean_0_and_variance_1_and_its_gradient() -> None:
    draw = stream(8, "weights")
    layers: list[Layer] = [Dense(draw.normal(size=(3, 5)), draw.normal(size=5)), BatchNorm(5), Pointwise(act.TANH)]
    net = Net([*layers, Dense(draw.normal(size=(5, 4)))])
    norm = layers[1]
    norm.parameters[0][:], norm.parameters[1][:] = draw.uniform(0.5, 2, 5), draw.normal(size=5)
    x, y = stream(8, "x").normal(size=(7, 3)), stream(8, "y").normal(size=(7, 4))
    for training in (True, False):  # at test with the running averages, which no longer move

        def loss(training: bool = training) -> float:
            return squared_error(net.forward(x, training), y)[0]

        into_x = net.backward(squared_error(net.forward(x, training), y)[1])
        gradient = net.gradient.copy()
        np.testing.assert_allclose(gradient, numeric(loss, net.vector), atol=1e-7)
        np.testing.assert_allclose(into_x, numeric(loss, x), atol=1e-7)
    plain = BatchNorm(2).forward(3 + 10 * stream(8, "plain").normal(size=(50, 2)), training=True)
    np.testing.assert_allclose((plain.mean(axis=0), plain.var(axis=0)), ([0, 0], [1, 1]), atol=1e-6)


def test_rrelu_is_random_in_training_only() -> None:
    layer, x = RReLU(stream(6, "slopes")), -np.ones((1000, 100))
    slopes = -layer.forward(x, training=True)
    assert (slopes.min(), slopes.max()) == (pytest.approx(1 / 8, abs=1e-3), pytest.approx(1 / 3, abs=1e-3))
    np.testing.assert_array_equal(layer.backward(np.ones_like(x)), slopes)
    np.testing.assert_array_equal(layer.forward(x, training=False), np.full_like(x, -2 / 11))


def test_momentum_is_its_closed_form() -> None:
    """Under a constant gradient the velocity is (1 - beta^t) / (1 - beta)."""
    w, optimiser = np.zeros(1), SGD(0.1, 0.9)
    for _ in range(20):
        optimiser.step(w, np.ones(1))
    expected = -0.1 * sum((1 - 0.9**t) / (1 - 0.9) for t in range(1, 21))
    assert w[0] == pytest.approx(expected, rel=1e-12)


def test_adam_takes_steps_of_the_learning_rate_under_a_constant_gradient() -> None:
    w, optimiser = np.zeros(2), Adam(0.01)
    for _ in range(10):
        optimiser.step(w, np.array([1e-3, -50.0]))
    np.testing.assert_allclose(w, [-0.1, 0.1], rtol=1e-4)


@given(arrays(np.float64, 6, elements=st.floats(-10, 10)), st.floats(0, 5))
def test_soft_threshold_minimises_its_objective(w: Array, amount: float) -> None:
    def objective(v: Array) -> Array:
        return (v - w) ** 2 / 2 + amount * np.abs(v)

    best = soft_threshold(w, amount)
    for other in (best + 1e-3, best - 1e-3, np.zeros_like(w), w):
        assert (objective(best) <= objective(other) + 1e-12).all()
    assert (best[np.abs(w) <= amount] == 0).all()


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=20))
def test_auroc_is_the_share_of_pairs_in_order(found: list[tuple[int, bool]]) -> None:
    pairs = [(a > b) + (a == b) / 2 for a, hit in found for b, other in found if hit and not other]
    scores, positive = (np.array(part, dtype=float) for part in zip(*found, strict=True))
    assert auroc(scores, positive) == pytest.approx(np.mean(pairs) if pairs else 0.5)


def test_initialisers() -> None:
    assert lecun(100) == pytest.approx(0.1)
    assert he(200) == pytest.approx(0.1)
    assert glorot(50, 150) == pytest.approx(0.1)
    assert act.RELU.suited(200) == pytest.approx(0.1)
    assert act.SELU.suited(100) == pytest.approx(0.1)


def test_a_net_copies_its_weights_and_learns() -> None:
    weights = [stream(7, "w").normal(size=(2, 8)), stream(7, "v").normal(size=(8, 1))]
    net, kept = dense_net(weights, act.TANH), [w.copy() for w in weights]
    x = stream(7, "x").normal(size=(50, 2))
    y = (x[:, :1] * x[:, 1:] > 0).astype(float)
    adam = Adam(0.05)
    losses = [step(net, adam, binary_cross_entropy, x, y) for _ in range(300)]
    assert losses[-1] < 0.1 * losses[0]
    np.testing.assert_array_equal(weights[0], kept[0])
    assert net.dense[0].weights.base is not None
    assert multiply_adds(50, [2, 8, 1]) == 50 * (16 + 8)


def test_streams_depend_on_seed_and_purpose_alone() -> None:
    assert stream(1, "a").random() == stream(1, "a").random()
    drawn = {stream(seed, *purpose).random() for seed in (1, 2) for purpose in (("a",), ("b",), ("a", 1), ("a", 2))}
    assert len(drawn) == 8
