"""A worker of the real catalogue in which every warning is an error: `python -m tests.simulations.strict BYTES`."""

import sys
import warnings

from bot.simulations.execute import serve
from bot.simulations.experiments import find

if __name__ == "__main__":
    warnings.simplefilter("error")
    serve(find, int(sys.argv[1]))
