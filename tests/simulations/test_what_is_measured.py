"""What a criterion rests on is measured, and a headline says what came out of this one run."""

import re
from collections.abc import Iterable, Iterator

import pytest

from bot import formats
from bot.curriculum.model import Curriculum
from bot.simulations import experiments
from bot.simulations.experiment import Experiment
from bot.simulations.experiments import RunResult, find, prepare
from bot.simulations.worker import Worker

every = pytest.mark.parametrize("experiment", experiments.experiments(), ids=lambda one: one.name)
NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?:·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?|10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")


def numbers(text: str) -> set[str]:
    """The numbers in a text, as they are written."""
    return {found.rstrip(",") for found in NUMBER.findall(text)}


def written(value: float) -> Iterator[str]:
    """A value in every form in which a headline may show it; a metric may be a logarithm, or have one shown."""
    forms = (formats.number, formats.two_digits, formats.percent, formats.two_percent, formats.setting)
    yield from (form(value) for form in (*forms, formats.power, formats.two_power))
    if abs(value) < 300:
        yield from (formats.number(10**value), formats.two_digits(10**value))


def of_this_run(experiment: Experiment, run: RunResult) -> set[str]:
    """Every number that this run may speak of: its settings, its metrics, its table, and what its cases are called."""
    values: Iterable[object] = (*run.parameters.values(), *run.metrics.values())
    texts = [text for value in values if isinstance(value, int | float) for text in written(float(value))]
    texts += [str(value) for value in values]
    texts += [cell for row in (*run.rows, run.headers) for cell in row]
    texts += [metric.meaning for metric in experiment.metrics] + list(run.shown.values())
    return {one for text in texts for one in numbers(text)}


NAMES = {"0", "3", "95"}  # "always saying 0", "sin(3x)"; a band of two standard deviations is called one of 95 %


def smallest(experiment: Experiment) -> dict[str, object]:
    """Every number at the lower end of its range: the cheapest run."""
    return {name: said["min"] for name, said in experiment.described()["parameters"].items() if "min" in said}


@every
def test_the_numbers_of_a_headline_come_from_this_run(strict: Worker, experiment: Experiment) -> None:
    run = strict.run_now(prepare(experiment.name, smallest(experiment), 5)).runs[0]
    assert not numbers(run.headline) - of_this_run(experiment, run) - NAMES, run.headline


def test_a_number_of_another_run_in_a_headline_is_found(strict: Worker) -> None:
    experiment = find("momentum")
    run = strict.run_now(prepare("momentum", {"beta": 0.669}, 0)).runs[0]
    assert numbers("1,063 with β = 0.669, 57 with the best") <= of_this_run(experiment, run)
    assert numbers("43 with another rate of 1.7·10⁻⁵") - of_this_run(experiment, run) == {"43", "1.7·10⁻⁵"}


@pytest.fixture(scope="module")
def decided_by(curriculum: Curriculum) -> dict[str, set[str]]:
    """By experiment the metrics that a criterion holds against something."""
    found: dict[str, set[str]] = {}
    claims = [claim for topic in curriculum.topics for claim in topic.claims]
    for criterion in (criterion for claim in claims for criterion in claim.criteria):
        found.setdefault(criterion.experiment, set()).update(line.metric for line in criterion.holds)
    return found


# The same on every seed, and yet measured: a net, a simulation or a search has found it.
FOUND_EVERY_TIME = {
    "symmetry": {"he_rank"},  # of a trained matrix
    "bias-init": {"minus_5_dead"},  # units of small nets
    "logistic-output": {"wrong_ce_steps_to_nll06", "wrong_mse_steps_to_nll06"},  # counted, up to a cap
    "momentum": {
        *("b0.99999_steps", "b0.99_steps", "b0.9_steps", "b0.99999_cross"),  # counted, up to a cap
        *("lr_limit_b0", "lr_limit_b0.9", "lr_limit_b0.99"),  # searched for by trying rates
    },
    "momentum-valley": {"b0.99999_steps", "b0.99_steps", "b0.9_steps"},  # counted, up to a cap
}


@every
@pytest.mark.slow
def test_no_claim_rests_on_arithmetic(strict: Worker, experiment: Experiment, decided_by: dict[str, set[str]]) -> None:
    """Neither on a metric that is declared so, nor on one that comes out the same whatever the seed.

    A share of exactly none or all is a finding.
    """
    arithmetic = {metric.name for metric in experiment.metrics if metric.arithmetic}
    decisive = decided_by.get(experiment.name, set())
    assert not decisive & arithmetic
    least = smallest(experiment)
    runs = [strict.run_now(prepare(experiment.name, least, seed)).runs[0].metrics for seed in (0, 1, 5)]
    same = {name for name, value in runs[0].items() if all(run[name] == value for run in runs)}
    assert arithmetic <= same, "what follows from the settings alone does not hang on the seed"
    assert {name for name in same & decisive if runs[0][name] not in {0, 1}} <= FOUND_EVERY_TIME.get(
        experiment.name, set()
    )
