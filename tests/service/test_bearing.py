"""What a run says to the claims behind it, and what the ledger remembers of it."""

from dataclasses import replace

import pytest

from bot import words
from bot.curriculum.model import Curriculum
from bot.errors import UsageError
from bot.service.laboratory import requested, requested_by
from bot.service.ledger import Bearing, Ledger
from bot.simulations.execute import execute
from bot.simulations.experiments import Request, RunResult, catalogue, find

CLAIM = "weight-initialization.symmetry"


def run_of(request: Request) -> RunResult:
    return execute(request, find).runs[0]


@pytest.fixture(scope="module")
def run() -> RunResult:
    return run_of(requested("symmetry"))


def of(found: tuple[Bearing, ...], claim_id: str) -> Bearing:
    return next(one for one in found if one.claim.id == claim_id)


def test_every_claim_of_the_experiment_is_named_those_at_these_settings_first(
    curriculum: Curriculum, run: RunResult
) -> None:
    found = Ledger(curriculum, catalogue()).bearings("symmetry", run)
    expected = {c.id for t in curriculum.topics for c in t.claims if "symmetry" in {x.experiment for x in c.criteria}}
    assert {one.claim.id for one in found} == expected
    assert len(found) == len(expected)
    kinds = [one.held is None for one in found]
    assert kinds == sorted(kinds)
    assert any(one.held for one in found)


def test_a_run_at_other_settings_decides_nothing(curriculum: Curriculum) -> None:
    changed = run_of(requested("symmetry", "noise=0.3 hidden=8"))
    assert all(one.held is None for one in Ledger(curriculum, catalogue()).bearings("symmetry", changed))


def test_what_a_run_says_to_several_claims_alike_is_said_once(curriculum: Curriculum) -> None:
    found = Ledger(curriculum, catalogue()).bearings("momentum", run_of(requested("momentum", "beta=0.95")))
    same = [one for one in found if not one.criterion.settings]
    assert len(same) > 1
    told = words.laboratory.bearings(same)
    assert [one.claim.says in line for one, line in zip(same, told, strict=True)] == [True] * len(same)
    assert ["earned at" in line for line in told] == [False] * (len(same) - 1) + [True]


def test_a_criterion_that_is_not_met_is_not_called_met(curriculum: Curriculum, run: RunResult) -> None:
    turned = replace(run, metrics=dict.fromkeys(run.metrics, -1000000000.0))
    found = [one for one in Ledger(curriculum, catalogue()).bearings("symmetry", turned) if one.held is not None]
    assert found
    assert not all(one.held for one in found)
    told = next(one for one in found if not one.held)
    assert "not so on this seed" in words.laboratory.bearings([told])[0]
    assert told.claim.says in words.laboratory.bearings([told])[0]


def test_every_criterion_makes_a_run(curriculum: Curriculum) -> None:
    for topic in curriculum.topics:
        for claim in topic.claims:
            for criterion in claim.criteria:
                request = requested_by(criterion)
                for name, value in criterion.settings.items():
                    assert str(request.runs[0][name]).removesuffix(".0") == value.removesuffix(".0") or float(value)


def test_the_ledger_shows_the_number_of_a_run_made_here(curriculum: Curriculum, run: RunResult) -> None:
    ledger = Ledger(curriculum, catalogue())
    claim = next(
        c
        for t in curriculum.topics
        for c in t.claims
        if c.deciding and c.deciding[0].experiment == "symmetry" and not c.deciding[0].settings
    )
    before = ledger.deciding(claim)
    assert before is not None
    assert before.spread is None
    assert words.laboratory.deciding(before).startswith("Decided by")
    for seed in (0, 1):
        request = requested("symmetry", seed=seed)
        ledger.note("symmetry", request.runs[0], seed, run_of(request).metrics)
    ledger.note("symmetry", requested("symmetry", "hidden=8").runs[0], 2, run.metrics)
    after = ledger.deciding(claim)
    assert after is not None
    assert after.spread is not None
    assert "of 2 seeds" in words.laboratory.deciding(after)


def test_settings_as_typed_may_name_the_seed() -> None:
    assert requested("momentum", "beta=0.5, seed=7").seed == 7
    assert requested("momentum", "beta=0.5 seed=7", 3).seed == 3
    assert requested("momentum", compare="beta=0.5").runs[1]["beta"] == 0.5
    for settings, seed in (("beta=2", None), ("seed=-1", None), ("beta", None), ("", "1e9"), ("", "x")):
        with pytest.raises(UsageError):
            requested("momentum", settings, seed)
