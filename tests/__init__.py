"""The tests. Two processes run them on two cores: sums of matrices in threads of their own would only be in the way."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
