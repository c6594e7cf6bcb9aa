"""Runs that are asked for in plain words: which settings a message says."""

import pytest

from bot.errors import UsageError
from bot.service.laboratory import requested, spoken_request
from bot.simulations.experiment import Choice
from bot.simulations.experiments import experiments


@pytest.mark.parametrize(
    ("experiment", "said", "settings", "seed"),
    [
        ("momentum", "simulate momentum 0.99", "beta=0.99", 0),
        ("momentum", "show me momentum with beta 0.999, 600 steps and seed 3", "beta=0.999 steps=600", 3),
        ("momentum", "run momentum, beta = .9", "beta=0.9", 0),
        ("momentum", "momentum close to 1 with a tol of 1e-4", "tol=0.0001", 0),
        ("dying-relu", "show me dying relu", "", 0),
        ("dying-relu", "dying relu at a learning rate of 0.1", "lr=0.1", 0),
        ("dropout-overfit", "simulate dropout 0.3 on 100 samples", "drop=0.3 n=100", 0),
        ("symmetry", "equal weights with ReLU and 8 hidden units", "act=relu hidden=8", 0),
        ("selu-depth", "selu, 50 layers", "depth=50", 0),
        ("mc-dropout", "mc dropout with 20 passes", "T=20", 0),
        ("sparse-l1", "l1 λ=0.2", "lam=0.2", 0),
    ],
)
def test_values_stand_beside_what_they_set(experiment: str, said: str, settings: str, seed: int) -> None:
    assert spoken_request(said, experiment) == requested(experiment, settings, seed)


def test_what_is_not_allowed_is_told_or_left_out() -> None:
    with pytest.raises(UsageError, match="beta must be"):
        spoken_request("simulate momentum 2", "momentum")
    assert spoken_request("simulate momentum 2 with seed 5", "momentum", strictly=False) == requested("momentum", "", 5)


@pytest.mark.parametrize("experiment", experiments(), ids=lambda one: one.name)
def test_every_setting_can_be_said_by_its_name(experiment: object) -> None:
    for one in experiment.parameters:  # type: ignore[attr-defined]
        value = one.choices[-1] if isinstance(one, Choice) else one.default
        name = experiment.name  # type: ignore[attr-defined]
        assert spoken_request(f"run it with {one.name} {value}", name).runs[0][one.name] == value
