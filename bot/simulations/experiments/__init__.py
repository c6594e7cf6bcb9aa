"""The lessons, one module an experiment, and the catalogue of them: one line each, in the order of the topics."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import Any

from bot.errors import UsageError
from bot.simulations.experiment import Experiment


class UnknownExperiment(UsageError):  # noqa: N818 - the name says what is wrong
    """There is no experiment of this name."""


MODULES = (
    "symmetry",
    "init_depth",
    "init_train",
    "init_mean",
    "bias_init",
    "bias_role",
    "selu_depth",
    "selu_train",
    "act_zeros",
    "activations",
    "dying_relu",
    "relu_revive",
    "born_dead",
    "act_compare",
    "rnn_tanh",
    "logistic_output",
    "logistic_hidden",
    "softmax_output",
    "momentum",
    "momentum_valley",
    "momentum_noise",
    "sparse_l1",
    "prune",
    "sparse_three",
    "dropout_cost",
    "dropout_overfit",
    "dropout_capacity",
    "mc_dropout",
    "mc_classify",
)


@cache
def experiments() -> tuple[Experiment, ...]:
    """Every experiment of the catalogue."""
    return tuple(import_module(f"bot.simulations.experiments.{module}").EXPERIMENT for module in MODULES)


@cache
def of_topic(topic: str) -> tuple[Experiment, ...]:
    """The experiments about the topic with that id."""
    return tuple(experiment for experiment in experiments() if experiment.topic == topic)


@cache
def _named() -> Mapping[str, Experiment]:
    return {experiment.name: experiment for experiment in experiments()}


def find(name: str) -> Experiment:
    """The experiment of this name. Raises UnknownExperiment, with the nearest name where one is near."""
    named = _named()
    if found := named.get(name.casefold()):
        return found
    near = get_close_matches(name.casefold(), named, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(named)}."
    raise UnknownExperiment(f"There is no experiment of that name. {hint}")


def catalogue() -> list[dict[str, Any]]:
    """Names, topics, titles, questions, parameters and metrics as plain values."""
    return [experiment.described() for experiment in experiments()]
