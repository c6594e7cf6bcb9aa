"""Settings at any mixture of the ends of their ranges: no warning, and every metric a finite number."""

import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from hypothesis import strategies as st

from bot.simulations.experiment import Experiment
from bot.simulations.experiments import find, prepare
from bot.simulations.worker import Worker

FINITE = [
    "init-depth",
    "init-train",
    "init-mean",
    "bias-init",
    "bias-role",
    "selu-train",
    "act-zeros",
    "dying-relu",
    "relu-revive",
    "activations",
    "born-dead",
    "act-compare",
    "rnn-tanh",
    "logistic-output",
    "logistic-hidden",
    "softmax-output",
    "momentum-valley",
    "momentum-noise",
    "sparse-l1",
    "prune",
    "sparse-three",
    "dropout-cost",
    "dropout-overfit",
    "dropout-capacity",
    "mc-dropout",
    "mc-classify",
]


def mixtures(experiment: Experiment) -> st.SearchStrategy[dict[str, Any]]:
    """Each number at either end or its default, each choice any."""
    described = experiment.described()["parameters"].items()
    ends = {
        name: st.sampled_from(said.get("choices") or [said["min"], said["default"], said["max"]])
        for name, said in described
    }
    return st.fixed_dictionaries(ends)


@pytest.mark.slow
@pytest.mark.parametrize("name", FINITE)
def test_every_mixture_of_ends_gives_finite_numbers(strict: Worker, name: str) -> None:
    @budget(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(mixtures(find(name)), st.sampled_from([0, 1, 2, 1_000_000]))
    def holds(values: dict[str, Any], seed: int) -> None:
        run = strict.run_now(prepare(name, values, seed)).runs[0]
        assert all(map(math.isfinite, run.metrics.values())), (values, seed)

    holds()
