"""How long decisions take, on one core."""

import time
from collections.abc import Sequence

import numpy as np

from bot.matching.decision import Decider, Decision


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
