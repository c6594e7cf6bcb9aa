"""The arithmetic that one run may take: counted from its settings, refused before anything runs."""

from bot.simulations.experiment import Experiment
from bot.simulations.faults import TooMuchWork
from bot.simulations.settings import Settings

LIMIT = 40_000_000_000
"""Multiply-adds: some four seconds of one core, twice what the dearest experiment takes at the end of its ranges."""


def check(experiment: Experiment, settings: Settings, limit: int = LIMIT) -> None:
    """Raises TooMuchWork where the run would take more than the limit."""
    work = experiment.work(settings)
    if work > limit:
        raise TooMuchWork(
            f"{experiment.name} with these settings takes {_billions(work)} multiply-adds; "
            f"at most {_billions(limit)} are allowed. Make it smaller."
        )


def _billions(count: int) -> str:
    return f"{count / 1e9:,.3g} billion"
