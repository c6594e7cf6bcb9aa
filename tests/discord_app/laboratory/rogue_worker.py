"""A worker in which three experiments misbehave: `python -m tests.discord_app.laboratory.rogue_worker BYTES`."""

import sys
from dataclasses import replace

from bot.simulations import experiments
from bot.simulations.execute import serve
from bot.simulations.experiment import Experiment
from tests.simulations import rogues

ROGUES = {"momentum": rogues.hang, "momentum-noise": rogues.die, "momentum-valley": rogues.creep}


def find(name: str) -> Experiment:
    experiment = experiments.find(name)
    return replace(experiment, run=ROGUES[name]) if name in ROGUES else experiment


if __name__ == "__main__":
    serve(find, int(sys.argv[1]))
