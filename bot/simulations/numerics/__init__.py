"""The arithmetic that experiments share: small, in float64, safe from overflow, each formula with its source.

Arrays of samples are (batch, features); weights are (inputs, outputs), so that a layer is x @ W + b.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Bits = NDArray[np.bool_]
Labels = NDArray[np.int64]
