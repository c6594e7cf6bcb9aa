"""What every experiment of the catalogue keeps to."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.simulations import experiments
from bot.simulations.experiment import Choice, Experiment, read
from bot.simulations.experiments import prepare
from bot.simulations.worker import Worker

every = pytest.mark.parametrize("experiment", experiments.experiments(), ids=lambda one: one.name)


def at_end(experiment: Experiment, end: str) -> dict[str, Any]:
    """Every number at this end of its range: "min", "max" or "default"."""
    described = experiment.described()["parameters"].items()
    return {name: said[end] for name, said in described if end in said}


@every
def test_everything_is_declared_in_words(experiment: Experiment) -> None:
    assert experiment.question.endswith("?")
    assert len(experiment.title) <= 60
    for parameter in experiment.parameters:
        assert parameter.does
        assert len(parameter.does) <= 100
        parameter.read(parameter.default)
    names = [metric.name for metric in experiment.metrics]
    assert len(names) == len(set(names))
    assert all(metric.meaning for metric in experiment.metrics)


@every
@pytest.mark.parametrize("end", ["min", pytest.param("default", marks=pytest.mark.slow)])
def test_a_result_is_whole(strict: Worker, experiment: Experiment, end: str) -> None:
    result = strict.run_now(replace(prepare(experiment.name, at_end(experiment, end)), picture=True, numbers=True))
    run = result.runs[0]
    assert set(run.metrics) == {metric.name for metric in experiment.metrics}
    assert "\n" not in run.headline
    assert len(run.headline) <= 240
    cases = [row[0] for row in run.rows]
    assert len(cases) == len(set(cases))
    assert {len(row) for row in run.rows} == {len(run.headers)}
    assert len(result.alt) <= 1024
    assert result.png.startswith(b"\x89PNG")
    assert len(result.csv) < 8_000_000


@every
def test_work_grows_with_the_settings_and_is_affordable(experiment: Experiment) -> None:
    small, large = (experiment.work(read(experiment.parameters, at_end(experiment, end))) for end in ("min", "max"))
    assert 0 < small < large
    prepare(experiment.name, at_end(experiment, "max"))


@pytest.mark.slow
@every
@pytest.mark.parametrize("end", ["min", "max"])
def test_no_corner_of_the_ranges_breaks_or_takes_long(strict: Worker, experiment: Experiment, end: str) -> None:
    words = [(p.name, value) for p in experiment.parameters if isinstance(p, Choice) for value in p.choices]
    for name, value in words or [("", "")]:
        given = at_end(experiment, end) | ({name: value} if name else {})
        for seed in (1, 2):
            result = strict.run_now(prepare(experiment.name, given, seed))
            assert result.runs[0].seconds < 5  # two on a quiet machine


def test_the_catalogue_is_plain() -> None:
    plain = experiments.catalogue()
    assert json.loads(json.dumps(plain)) == plain
    assert [one["experiment"] for one in plain] == [one.name for one in experiments.experiments()]
