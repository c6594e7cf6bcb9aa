"""A worker of the real catalogue in which every warning is an error: `python -m tests.simulations.strict BYTES`."""

import sys
import warnings

from bot.simulations.catalogue import find
from bot.simulations.worker.server import serve

if __name__ == "__main__":
    warnings.simplefilter("error")
    serve(find, int(sys.argv[1]))
