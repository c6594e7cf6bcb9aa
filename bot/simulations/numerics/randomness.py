"""One stream of random numbers a purpose.

Cases that draw their weights from stream(seed, "weights") share them, and a case added later changes no other:
two runs differ in the one thing on trial.
"""

from zlib import crc32

import numpy as np


def stream(seed: int, *purpose: str | int) -> np.random.Generator:
    """A generator that depends on the seed and the purpose alone: stream(seed, "dropout", layer)."""
    words = [crc32(part.encode()) if isinstance(part, str) else part for part in purpose]
    return np.random.default_rng([seed, *words])
