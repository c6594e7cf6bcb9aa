"""Momentum under noisy gradients: a longer memory sums more noise.

    gradient g = w + sigma N(0, 1)  (curvature 1),   v <- beta v + g,   w <- w - lr v     (form of Goh 2017)

(w, v) is a linear system driven by noise, (w, v) <- A (w, v) + b N(0, 1), so that its covariance settles at the
solution of P = A P A^T + b b^T. Its first entry is (our derivation; Goh 2017: momentum "causes the errors to compound")
    Var(w) = lr sigma^2 (1 + beta) / ((1 - beta) (2 (1 + beta) - lr))
which for a small learning rate grows as 1 / (1 - beta).

Each momentum runs 64 chains on the same noise, begun at the settled covariance: from 0 they would take 1 / (1 - beta)
steps to spread. One chain says little, being correlated over as many steps; so 0.99999 is drawn in theory only.
"""

import numpy as np

from bot.formats import two_digits
from bot.simulations.arrays import Array, stream
from bot.simulations.experiment import Cell, Experiment, Float, Int, Metric, Outcome, RunSettings, Table
from bot.simulations.plot import Axis, Line, Panel, Plot, Scatter

BETAS = (0.0, 0.9, 0.99, 0.999)
TOO_SLOW = 0.99999  # theory only
CHAINS = 64

STEPS = Int("steps", "", 4000, 1000, 10000, "steps", "length of each chain")
LR = Float("lr", "η", 0.02, 0.005, 0.1, "", "learning rate")
SIGMA = Float("sigma", "σ", 1.0, 0.1, 3.0, "", "spread of the noise on each gradient")


def run(settings: RunSettings, seed: int) -> Outcome:
    measured = dict(zip(BETAS, walk(settings, seed), strict=True))
    numbers = metrics(measured, settings)
    return Outcome(headline(numbers, settings), numbers, table(measured, settings), plot(measured, settings))


def in_theory(beta: float, settings: RunSettings) -> float:
    """The variance of w at which a chain settles."""
    lr, sigma = settings[LR], settings[SIGMA]
    return lr * sigma**2 * (1 + beta) / ((1 - beta) * (2 * (1 + beta) - lr))


def covariance(beta: float, settings: RunSettings) -> Array:
    """P (2, 2) of (w, v): P = A P A^T + b b^T is linear in P, (I - A x A) vec(P) = vec(b b^T)."""
    lr, sigma = settings[LR], settings[SIGMA]
    a = np.array([[1 - lr, -lr * beta], [1.0, beta]])
    b = sigma * np.array([[-lr], [1.0]])
    flat = np.linalg.solve(np.eye(4) - np.kron(a, a), (b @ b.T).ravel())
    return np.asarray(flat.reshape(2, 2), dtype=np.float64)


def walk(settings: RunSettings, seed: int) -> list[float]:
    """Each momentum's mean of w^2 over chains and steps, for all momenta at once: arrays are (momenta, chains)."""
    roots = np.linalg.cholesky([covariance(beta, settings) for beta in BETAS])
    start = roots @ stream(seed, "start").standard_normal((2, CHAINS))
    w, v = start[:, 0], start[:, 1]
    beta, noise = np.array(BETAS)[:, None], stream(seed, "noise")
    squares = np.zeros_like(w)
    for _ in range(settings[STEPS]):
        v = beta * v + w + settings[SIGMA] * noise.standard_normal(CHAINS)
        w = w - settings[LR] * v
        squares += w * w
    return [float(value) for value in squares.mean(axis=1) / settings[STEPS]]


def gain_in_theory(beta: float, settings: RunSettings) -> float:
    return in_theory(beta, settings) / in_theory(0.0, settings)


def metrics(measured: dict[float, float], settings: RunSettings) -> dict[str, float]:
    numbers = {f"b{beta:g}_ratio": variance / in_theory(beta, settings) for beta, variance in measured.items()}
    numbers |= {f"b{beta:g}_var": variance for beta, variance in measured.items()}
    gain = measured[0.999] / measured[0.0]
    return numbers | {"noise_gain_b0.999": gain, "noise_gain_theory": gain_in_theory(0.999, settings)}


def headline(numbers: dict[str, float], settings: RunSettings) -> str:
    measured, theory = (two_digits(numbers[name]) for name in ("noise_gain_b0.999", "noise_gain_theory"))
    return f"Momentum 0.999 multiplies the variance that gradient noise leaves in w by {measured} (theory {theory})."


def table(measured: dict[float, float], settings: RunSettings) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (f"β {beta:g}", value, in_theory(beta, settings), value / measured[0.0]) for beta, value in measured.items()
    ]
    slow = (in_theory(TOO_SLOW, settings), gain_in_theory(TOO_SLOW, settings))
    rows.append((f"β {TOO_SLOW:g}", "too slow to measure", *slow))
    return Table(("momentum", "variance of w", "in theory", "times β 0"), rows)


def plot(measured: dict[float, float], settings: RunSettings) -> Plot:
    memory = np.geomspace(1, 1e5, 60)
    theory = Line("theory", memory, [in_theory(1 - 1 / m, settings) for m in memory])
    dots = Scatter(f"measured, {CHAINS} chains", [1 / (1 - beta) for beta in measured], list(measured.values()))
    x = Axis("memory 1/(1 - β): 1 for β 0, 1000 for 0.999, 10⁵ for 0.99999", log=True, place="memory {}")
    gain, foretold = two_digits(measured[0.999] / measured[0.0]), two_digits(gain_in_theory(0.999, settings))
    title = f"Momentum 0.999 multiplies the variance of w by {gain} (theory {foretold})"
    return Plot([Panel(x, Axis("variance of w", log=True), [theory, dots])], title)


def work(settings: RunSettings) -> int:
    """Some six operations a chain and step, and ten for a draw, which the momenta share."""
    return settings[STEPS] * CHAINS * (6 * len(BETAS) + 10)


EXPERIMENT = Experiment(
    name="momentum-noise",
    topic="momentum",
    title="Momentum under noisy gradients",
    question="What does momentum close to 1 make of noise in the gradients?",
    parameters=(STEPS, LR, SIGMA),
    metrics=(
        *(Metric(f"b{beta:g}_ratio", "times", f"measured variance over theory, β = {beta:g}") for beta in BETAS),
        *(Metric(f"b{beta:g}_var", "", f"measured variance of w, β = {beta:g}") for beta in BETAS),
        Metric("noise_gain_b0.999", "times", "variance with β = 0.999 over that with 0, measured"),
        Metric("noise_gain_theory", "times", "what the formula says of noise_gain_b0.999", arithmetic=True),
    ),
    work=work,
    run=run,
)
