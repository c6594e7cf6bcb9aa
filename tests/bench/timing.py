"""How long decisions take, on one core."""

import time
from collections.abc import Sequence

import numpy as np

from bot.matching.decision import Decider, Decision
from tests.bench.table import Row, Section


def timed(tutor: Decider, texts: Sequence[str]) -> tuple[list[Decision], list[float]]:
    """The decisions and the processor seconds that each took."""
    decisions, seconds = [], []
    for text in texts:
        start = time.process_time()
        decisions.append(tutor.decide(text))
        seconds.append(time.process_time() - start)
    return decisions, seconds


def in_words(seconds: Sequence[float]) -> str:
    """Median and 99th percentile."""
    return f"median {np.median(seconds) * 1e3:.2f} ms, p99 {np.quantile(seconds, 0.99) * 1e3:.2f} ms"


def section(tutor: Decider, texts: Sequence[str]) -> Section:
    """How long decisions take, as a section of the table."""
    _, seconds = timed(tutor, texts)
    median, p99 = float(np.median(seconds)) * 1e3, float(np.quantile(seconds, 0.99)) * 1e3
    return Section("times of a decision", [Row("median ms", median, 0.5, True), Row("p99 ms", p99, 3, True)])
