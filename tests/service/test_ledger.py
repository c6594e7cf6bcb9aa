"""A verdict stands on what the experiments find: turn the experiment round and the verdict falls."""

from collections.abc import Mapping
from itertools import cycle, islice
from math import inf, nan
from threading import Event, Lock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import words
from bot.curriculum.claims import Tally
from bot.curriculum.model import Curriculum
from bot.errors import TutorError
from bot.service.ledger import Catalogue, CheckedClaim, Ledger, Spread

FIVE = range(5)
LAMBDA, ALPHA = 1.0507009873554805, 1.6732632423543772


def relu(z: np.ndarray) -> np.ndarray:
    return np.maximum(z, 0.0)


def selu(z: np.ndarray) -> np.ndarray:
    return LAMBDA * np.where(z > 0, z, ALPHA * np.expm1(np.minimum(z, 0.0)))


class Zeros:
    """Counts exact zeros of what it is told are SELU and ReLU, as the experiment `act-zeros` does."""

    def __init__(self, selu_is: object = selu) -> None:
        self.selu = selu_is
        self.ran: list[tuple[str, tuple[tuple[str, str], ...], int]] = []
        self._lock = Lock()

    def run(self, name: str, settings: Mapping[str, str], seed: int) -> Mapping[str, float]:
        with self._lock:
            self.ran.append((name, tuple(settings.items()), seed))
        z = np.random.default_rng(seed).standard_normal((64, 64))
        return {"selu_zero1": np.mean(self.selu(z) == 0), "relu_zero1": np.mean(relu(z) == 0)}  # type: ignore[operator]


class Scripted:
    """Gives the listed values of `m`, one a seed; a missing one is a run that failed."""

    def __init__(self, values: Mapping[int, float]) -> None:
        self.values = values

    def run(self, name: str, settings: Mapping[str, str], seed: int) -> Mapping[str, float]:
        if seed not in self.values:
            raise TutorError("It took too long.")
        return {"m": self.values[seed]}


CATALOGUE: Catalogue = [
    {
        "experiment": "toy",
        "parameters": {
            "steps": {"default": 10, "min": 1, "max": 100, "type": "int"},
            "act": {"default": "relu", "choices": ["relu"]},
        },
        "metrics": {"m": {"unit": "", "meaning": "what is measured", "cap": "steps"}},
    }
]


SENTENCE = "With {act} it took {m:steps} of {steps}."


def _toy(*lines: str, verdict: str = "supported", settings: Mapping[str, str] | None = None) -> Ledger:
    criterion = {"experiment": "toy", "holds": list(lines), "settings": settings or {}, "sentence": SENTENCE}
    criteria = [criterion] if lines else []
    qualified = {} if verdict == "supported" else {"reason": "beyond a toy"}
    claim = {"id": "t.c", "says": "It is so", "verdict": verdict, "criteria": criteria, **qualified}
    topic = {
        "id": "t",
        "title": "T",
        "question": "Is it so?",
        "answer": "It is so.",
        "asks": list("abcde"),
        "claims": [claim],
    }
    return Ledger(Curriculum.model_validate({"topics": [topic]}), CATALOGUE)


def _tried(ledger: Ledger, values: Mapping[int, float], seeds: range = FIVE) -> CheckedClaim:
    (tried,) = ledger.verify(Scripted(values), seeds)
    return tried


def test_a_flipped_experiment_fails_the_verdict(curriculum: Curriculum) -> None:
    ledger, claims = Ledger(curriculum, []), ["selu.produces-sparsity", "activation-functions.selu-sparse-activations"]
    assert [tried.earned for tried in ledger.verify(Zeros(), FIVE, claims=claims)] == [True, True]
    flipped = list(ledger.verify(Zeros(selu_is=relu), FIVE, claims=claims))
    assert [tried.earned for tried in flipped] == [False, False]
    assert flipped[0].criteria[0].held == 0
    assert flipped[0].criteria[0].measured["selu_zero1"].low > 0.4  # type: ignore[union-attr]


def test_claims_that_need_the_same_run_share_it(curriculum: Curriculum) -> None:
    experiments = Zeros()
    claims = ["selu.produces-sparsity", "activation-functions.selu-sparse-activations"]
    told: list[tuple[int, int]] = []
    list(Ledger(curriculum, []).verify(experiments, FIVE, 3, claims, lambda done, total: told.append((done, total))))
    assert sorted(experiments.ran) == [("act-zeros", (), seed) for seed in FIVE]
    assert told == [(done, 5) for done in range(1, 6)]


@pytest.mark.parametrize(
    ("seeds", "failing", "earned"),
    [(5, 0, True), (5, 1, False), (10, 1, True), (10, 2, False), (70, 7, True), (4, 0, None)],
)
def test_earned_means_nine_seeds_in_ten_of_at_least_five(seeds: int, failing: int, earned: bool | None) -> None:
    values = dict(enumerate([0.0] * failing + [1.0] * (seeds - failing)))
    tried = _tried(_toy("m > 0.5"), values, range(seeds))
    assert (tried.criteria[0].held, tried.criteria[0].seeds, tried.earned) == (seeds - failing, seeds, earned)


@settings(deadline=None)  # a busy machine is no fault
@given(st.lists(st.booleans(), min_size=5, max_size=40))
def test_earned_agrees_with_counting(outcomes: list[bool]) -> None:
    tried = _tried(_toy("m > 0.5"), dict(enumerate(map(float, outcomes))), range(len(outcomes)))
    assert tried.earned == (outcomes.count(False) * 10 <= len(outcomes))


def test_every_line_must_hold_on_the_same_seed() -> None:
    values = dict(enumerate(islice(cycle([0.0, 1.0]), 10)))
    assert _tried(_toy("m > 0.5", "m < 0.5"), values, range(10)).criteria[0].held == 0


def test_what_is_not_a_number_or_never_came_does_not_hold() -> None:
    tried = _tried(_toy("m > 0.5"), {0: nan, 1: 1.0, 2: inf, 3: 3.0})
    (held,) = tried.criteria
    assert (held.held, held.seeds, held.faults) == (3, 5, ("It took too long.",))
    assert held.measured["m"] == Spread(2.0, 1.0, 3.0, 2)


def test_a_parameter_is_what_the_criterion_sets_or_its_default() -> None:
    values = dict.fromkeys(FIVE, 15.0)
    assert _tried(_toy("m > 1 * steps"), values).earned
    assert not _tried(_toy("m > 1 * steps", settings={"steps": "20"}), values).earned


def test_an_untested_claim_is_neither_earned_nor_not() -> None:
    tried = _tried(_toy(verdict="untested"), {})
    assert (tried.criteria, tried.earned) == ((), None)


def test_a_fault_in_an_experiment_is_not_taken_for_a_verdict() -> None:
    class Broken:
        def run(self, name: str, settings: Mapping[str, str], seed: int) -> Mapping[str, float]:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(_toy("m > 0.5").verify(Broken(), FIVE))


def test_what_was_found_of_each_criterion() -> None:
    ledger = _toy("m > 1 * steps", "m < 100")
    claim = ledger.claims["t.c"][1]
    (before,) = ledger.evidence(claim)
    line = before.lines[0]
    assert (line.metric, line.meaning, line.bound, line.cap, line.spread) == (
        "m",
        "what is measured",
        "> steps",
        10,
        None,
    )
    assert (before.found, before.sentence) == (None, "")
    _tried(ledger, dict(enumerate([15.0, 11.0, 12.0, 9.0, 3.0])))
    (after,) = ledger.evidence(claim)
    assert after.found is not None
    assert after.lines[0].spread == Spread(11.0, 3.0, 15.0, 5)
    assert (after.found.held, after.found.seeds) == (3, 5)
    assert after.sentence == "With relu it took more than 10 steps of 10."
    assert _toy(verdict="untested").evidence(_toy(verdict="untested").claims["t.c"][1]) == ()


def test_tally_and_contradicted(curriculum: Curriculum) -> None:
    selu_topic = curriculum.topic("selu")
    assert selu_topic is not None
    assert selu_topic.tally == Tally(supported=0, depends=5, contradicted=1, untested=1)
    assert [claim.ref for claim in selu_topic.contradicted] == ["3.6"]


def test_no_seed_runs_nothing(curriculum: Curriculum) -> None:
    experiments = Zeros()
    tried = list(Ledger(curriculum, []).verify(experiments, ()))
    assert len(tried) == len(Ledger(curriculum, []).claims)
    assert (experiments.ran, {one.earned for one in tried}) == ([], {None})


def test_leaving_early_begins_no_further_run() -> None:
    claim = _toy("m > 0.5").claims["t.c"][1]
    criterion = claim.criteria[0]
    claims = [
        claim.model_copy(
            update={"id": f"t.c{n}", "criteria": (criterion.model_copy(update={"settings": {"steps": n}}),)}
        )
        for n in "123"
    ]
    topic = _toy().curriculum.topics[0].model_copy(update={"claims": tuple(claims)})
    begun, left = [], Event()

    class Slow:
        def run(self, name: str, settings: Mapping[str, str], seed: int) -> Mapping[str, float]:
            begun.append(settings["steps"])
            if settings["steps"] == "2":
                assert left.wait(30)
            return {"m": 1.0}

    def after_run(done: int, total: int) -> None:
        if done > 1:  # the third run has been cancelled
            left.set()

    trial = Ledger(Curriculum(topics=(topic,)), CATALOGUE).verify(Slow(), range(1), after_run=after_run)
    assert next(trial).claim.id == "t.c1"
    trial.close()
    assert "3" not in begun


def test_what_the_doors_say(curriculum: Curriculum) -> None:
    assert words.laboratory.tested(Tally(5, 1, 1, 1)) == "Tested: 5 claims hold, 1 depends, 1 does not, 1 untested"
    assert words.laboratory.tested(Tally(1, arithmetic=1)) == "Tested: 1 claim holds, 1 is arithmetic"
    assert words.laboratory.tested(Tally(0, 2, 2)) == "Tested: 2 claims depend, 2 do not"
    assert words.laboratory.tested(Tally(1)) == "Tested: 1 claim holds"
    assert words.laboratory.tested(Tally()) == ""
    wrong = [claim for topic in curriculum.topics for claim in topic.claims if claim.verdict == "contradicted"]
    assert words.laboratory.disagreement(wrong[:1]).startswith(
        "The experiments disagree on one point, “SELU is capable of"
    )
    assert words.laboratory.disagreement(wrong).count("\n- ") == 3
    ledger = _toy("m > 1 * steps", settings={"steps": "10"})
    claim = ledger.claims["t.c"][1]
    found = ledger.evidence(claim)
    assert words.laboratory.measured(found) == ["Not measured yet: `toy steps=10` decides it."]
    assert words.laboratory.raw(found[0]) == [
        "`toy steps=10`, not measured yet:",
        "what is measured (`m`); must be > steps",
    ]
    _tried(ledger, dict(enumerate([9.5, 10.0, 11.0, 11.0, 11.0])))
    found = ledger.evidence(claim)
    assert words.laboratory.measured(found) == [
        "With relu it took more than 10 steps of 10. (5 runs, 3 of them as the verdict says)"
    ]
    assert words.laboratory.raw(found[0]) == [
        "`toy steps=10`, held on 3 of 5 seeds:",
        "what is measured (`m`) >10 [9.5, >10]; must be > steps",
    ]
    assert words.laboratory.decided(found[0]) == "`toy`: what is measured >10 [9.5, >10]; must be > steps; 3 of 5 seeds"
    assert words.laboratory.measured([]) == []
