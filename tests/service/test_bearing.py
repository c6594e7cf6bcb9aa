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


def test_claims_that_a_run_does_not_decide_are_counted(curriculum: Curriculum, run: RunResult) -> None:
    ledger = Ledger(curriculum, catalogue())
    decided = [one for one in ledger.bearings("symmetry", run) if one.held is not None]
    assert len(words.laboratory.bearings(decided, 2)) == 2
    more = words.laboratory.more_claims(decided, 2, "claims {topic}")
    assert more == f"{len(decided) - 2} more claims are about this run: `claims weight-initialization`"
    assert words.laboratory.more_claims(decided[:3], 2, "{topic}").startswith("1 more claim is about this run")
    assert words.laboratory.more_claims(decided[:2], 2, "{topic}") == ""
    elsewhere = ledger.bearings("momentum", run_of(requested("momentum", "beta=0.95")))
    assert words.laboratory.bearings(elsewhere, 2) == []
    told = words.laboratory.more_claims(elsewhere, 2, "/claims topic:{topic}")
    assert told == f"{len(elsewhere)} claims are decided by this experiment at other settings: `/claims topic:momentum`"


def test_a_criterion_that_is_not_met_is_not_called_met(curriculum: Curriculum, run: RunResult) -> None:
    turned = replace(run, metrics=dict.fromkeys(run.metrics, -1000000000.0))
    found = [one for one in Ledger(curriculum, catalogue()).bearings("symmetry", turned) if one.held is not None]
    assert found
    assert not all(one.held for one in found)
    told = next(one for one in found if not one.held)
    assert "not so on this seed" in words.laboratory.bearings([told], 1)[0]
    assert told.claim.says in words.laboratory.bearings([told], 1)[0]


def test_a_run_speaks_in_the_sentence_of_the_criterion_and_the_lines_are_there_too(
    curriculum: Curriculum, run: RunResult
) -> None:
    found = Ledger(curriculum, catalogue()).bearings("symmetry", run)
    spoken = next(one for one in found if one.held and one.sentence)
    assert f"Here: {spoken.sentence} That is as the verdict says." in words.laboratory.bearings([spoken], 1)[0]
    (raw,) = words.laboratory.raw_bearings([spoken])
    for line in spoken.criterion.holds:
        assert f"(`{line.metric}`)" in raw
        assert f"must be {line.bound}" in raw


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
    (before, *_) = ledger.evidence(claim)
    assert (before.found, before.sentence, {line.spread for line in before.lines}) == (None, "", {None})
    assert words.laboratory.measured([before]) == ["Not measured yet: `symmetry` decides it."]
    for seed in (0, 1):
        request = requested("symmetry", seed=seed)
        ledger.note("symmetry", request.runs[0], seed, run_of(request).metrics)
    ledger.note("symmetry", requested("symmetry", "hidden=8").runs[0], 2, run.metrics)
    (after, *_) = ledger.evidence(claim)
    assert after.found
    assert all(line.spread and line.spread.count == 2 for line in after.lines)
    assert after.sentence
    assert words.laboratory.measured([after]) == [f"{after.sentence} (2 runs)"]


def test_settings_as_typed_may_name_the_seed() -> None:
    assert requested("momentum", "beta=0.5, seed=7").seed == 7
    assert requested("momentum", "beta=0.5 seed=7", 3).seed == 3
    assert requested("momentum", compare="beta=0.5").runs[1]["beta"] == 0.5
    for settings, seed in (("beta=2", None), ("seed=-1", None), ("beta", None), ("", "1e9"), ("", "x")):
        with pytest.raises(UsageError):
            requested("momentum", settings, seed)
