"""The worker process: `python -m bot.simulations.worker BYTES`. Started by client.py."""

import sys

from bot.simulations.catalogue import find
from bot.simulations.worker.server import serve

if __name__ == "__main__":
    serve(find, int(sys.argv[1]))
