"""Claims in the knowledge files: each broken rule told by file, line, key and rule; those that ship are all there."""

import re
from pathlib import Path
from textwrap import indent

import pytest

from bot.curriculum.document import stands_in
from bot.curriculum.loader import Catalogue, load
from bot.curriculum.model import Curriculum
from bot.errors import Fault, KnowledgeError
from bot.quiz.kinds import Kinds
from bot.simulations.experiments import catalogue
from tests.conftest import ROOT

TOPIC = """\
id: batch-norm
title: Batch normalization
question: What does batch normalization do?
answer: |-
  It normalizes each feature over the batch:

  - and it speeds training up.
asks: [what is batch norm, batchnorm explained, why normalize the batch, BN layer, does batch norm help]
claims:
"""
CLAIM = """\
- id: batch-norm.normalizes
  says: normalizes each feature
  verdict: supported
  sources: ['Ioffe & Szegedy (2015), Batch Normalization']
  criteria:
    - experiment: layers
      settings: {depth: 5, act: tanh}
      holds:
        - var <= 1.2
        - steps < 0.5 * depth
      sentence: 'With {depth} layers of {act} it took {steps:steps}.'
"""
CATALOGUE: Catalogue = [
    {
        "experiment": "layers",
        "parameters": {
            "depth": {"default": 10, "min": 1, "max": 20, "type": "int"},
            "lr": {"default": 0.1, "min": 1e-4, "max": 1.0, "type": "float"},
            "act": {"default": "relu", "choices": ["relu", "tanh"]},
        },
        "metrics": {"var": {"meaning": "variance"}, "steps": {"meaning": "steps"}},
    }
]


def _load(folder: Path, *claims: str, catalogue: Catalogue | None = CATALOGUE) -> Curriculum:
    (folder / "topic.yaml").write_text(TOPIC + indent("".join(claims), "  "), "utf-8")
    return load(folder, catalogue)


def _faults(folder: Path, *claims: str) -> list[Fault]:
    with pytest.raises(KnowledgeError) as caught:
        _load(folder, *claims)
    return list(caught.value.faults)


def test_an_eighth_topic_brings_its_own_claims(tmp_path: Path) -> None:
    claim = _load(tmp_path, CLAIM).topics[0].claims[0]
    assert (claim.id, claim.verdict, claim.ref) == ("batch-norm.normalizes", "supported", None)
    assert [str(line) for line in claim.criteria[0].holds] == ["var <= 1.2", "steps < 0.5 * depth"]
    assert claim.criteria[0].settings == {"depth": "5", "act": "tanh"}
    assert claim.deciding == (claim.criteria[0], claim.criteria[0].holds[0])


def test_a_topic_needs_no_claims(tmp_path: Path) -> None:
    (tmp_path / "topic.yaml").write_text(TOPIC.removesuffix("claims:\n"))
    assert load(tmp_path, CATALOGUE).topics[0].claims == ()


@pytest.mark.parametrize(
    ("old", "new", "key", "word"),
    [
        ("batch-norm.normalizes", "normalizes", "id", "such as dropout.slows-training"),
        ("batch-norm.normalizes", "dropout.normalizes", "id", "must begin with the topic's id: batch-norm."),
        ("normalizes each feature", "normalizes every feature", "says", "word for word"),
        ("normalizes each feature", "ormalizes each feature", "says", "word for word"),
        ("supported", "supported\n  ref: banana", "ref", "must be the number of a claim, such as 5.5"),
        ("supported", "proven", "verdict", "'supported'"),
        ("supported", "depends", "condition", "is required where the verdict is depends"),
        ("supported", "contradicted", "instead", "is required where the verdict is contradicted"),
        ("supported", "untested\n  reason: none", "criteria", "a claim that is untested has none"),
        ("supported", "supported\n  reason: none", "reason", "belongs to the verdict untested or arithmetic only"),
        ("supported", "supported\n  verdikt: x", "verdikt", "is not a known key"),
        ("var <= 1.2", "var = 1.2", "criteria[1].holds[1]", "must read 'metric op number'"),
        ("var <= 1.2", "{var: 1}", "criteria[1].holds[1]", "must read"),
        ("experiment: layers", "experiment: layer", "criteria[1].experiment", "did you mean layers?"),
        ("var <= 1.2", "vars <= 1.2", "criteria[1].holds[1]", "not a metric of layers; did you mean var?"),
        ("* depth", "* act", "criteria[1].holds[2]", "'act' is not a metric or number parameter"),
        ("depth: 5", "depht: 5", "criteria[1].settings.depht", "did you mean depth?"),
        ("depth: 5", "depth: 5.5", "criteria[1].settings.depth", "a whole number from 1 to 20"),
        ("depth: 5", "depth: 21", "criteria[1].settings.depth", "a whole number from 1 to 20"),
        ("depth: 5", "lr: 1.2.3", "criteria[1].settings.lr", "a number from 0.0001 to 1.0"),
        ("depth: 5", "lr: nan", "criteria[1].settings.lr", "a number from 0.0001 to 1.0"),
        ("act: tanh}", "act: selu}", "criteria[1].settings.act", "one of relu, tanh"),
        ("{steps:steps}", "{step:steps}", "criteria[1].sentence", "'step' is not a metric or parameter of layers; did"),
        ("{steps:steps}", "{steps:furlongs}", "criteria[1].sentence", "the form one of percent, times, steps, exact"),
        ("sentence:", "spoken:", "criteria[1].sentence", "is required"),
        ("With {depth} layers of {act} it took {steps:steps}", "some steps", "criteria[1].sentence", "shows no number"),
    ],
)
def test_each_rule_names_its_line(tmp_path: Path, old: str, new: str, key: str, word: str) -> None:
    assert old in CLAIM
    faults = [f for f in _faults(tmp_path, CLAIM.replace(old, new)) if f.key == f"claims[1].{key}"]
    assert any(word in fault.rule for fault in faults), faults


def test_a_rule_names_the_line_it_is_broken_on(tmp_path: Path) -> None:
    broken = CLAIM.replace("var <= 1.2", "var = 1.2").replace("depth: 5", "depht: 5")
    typed = (TOPIC + broken).splitlines()
    assert ["var = 1.2" in typed[fault.line - 1] for fault in _faults(tmp_path, broken)] == [True]
    misspelt = CLAIM.replace("depth: 5", "depht: 5").replace("var <=", "vars <=")
    lines = [(TOPIC + misspelt).splitlines()[fault.line - 1].strip() for fault in _faults(tmp_path, misspelt)]
    assert lines == ["settings: {depht: 5, act: tanh}", "- vars <= 1.2"]


def test_criteria_are_required_of_a_verdict(tmp_path: Path) -> None:
    rules = [f.rule for f in _faults(tmp_path, CLAIM.partition("  criteria:")[0])]
    assert rules == ["is required where the verdict is supported: an experiment has to earn it"]


UNTRIED = CLAIM.partition("  criteria:")[0].replace("verdict: supported", "verdict: {verdict}")


def test_what_is_arithmetic_says_the_arithmetic_and_runs_nothing(tmp_path: Path) -> None:
    arithmetic = UNTRIED.format(verdict="arithmetic")
    claim = _load(tmp_path, f"{arithmetic}  reason: T passes are T times one.\n").topics[0].claims[0]
    assert (claim.qualification, claim.deciding) == ("T passes are T times one.", None)
    assert [f.rule for f in _faults(tmp_path, arithmetic)] == ["is required where the verdict is arithmetic"]
    tried = CLAIM.replace("supported", "arithmetic") + "  reason: T passes are T times one.\n"
    assert [f.rule for f in _faults(tmp_path, tried)] == [
        "a claim that is arithmetic has none; which verdict do they earn?"
    ]
    stray = f"{UNTRIED.format(verdict='untested')}  reason: none\n  condition: none\n"
    assert [f.rule for f in _faults(tmp_path, stray)] == ["belongs to the verdict depends only"]


def test_one_claim_stands_beside_the_answer(tmp_path: Path) -> None:
    depends = CLAIM.replace("supported", "depends\n  condition: in x")
    first, second = (depends.replace(".normalizes", f".{x}").replace("in x", f"in {x}") for x in "ab")
    chosen = _load(tmp_path, first, second + "  useful: true\n").topics[0].most_useful
    assert chosen and chosen.condition == "in b"
    default = _load(tmp_path, first, second).topics[0].most_useful
    assert default and default.condition == "in a"
    assert _load(tmp_path, CLAIM).topics[0].most_useful is None
    both = _faults(tmp_path, *(f"{one}  useful: true\n" for one in (first, second)))
    assert [(f.key, f.rule) for f in both] == [
        ("claims[2].useful", "only one claim of a topic is shown beside its answer")
    ]


def test_two_claims_of_one_id(tmp_path: Path) -> None:
    faults = _faults(tmp_path, CLAIM, CLAIM)
    assert [(f.key, f.line) for f in faults] == [("claims[2].id", TOPIC.count("\n") + CLAIM.count("\n") + 1)]


def test_a_ref_stands_once_and_what_refutes_an_option_is_there(tmp_path: Path) -> None:
    def topic(name: str, ref: str, named: str) -> str:
        wrong = "".join(f"    - {{text: {letter}, misconception: m, claim: '{named}'}}\n" for letter in "abcd")
        question = "- id: first\n  kind: choice\n  ask: Which?\n  explain: So.\n  right: [x, y]\n  wrong:\n" + wrong
        claim = CLAIM.replace("  says", f"  ref: '{ref}'\n  says", 1)
        text = TOPIC + indent(claim, "  ") + "questions:\n" + indent(question, "  ")
        return text.replace("batch-norm", name).replace("batch", f"batch of {name}").replace("BN", name)

    (tmp_path / "one.yaml").write_text(topic("one", "8.1", "3.1"))
    (tmp_path / "two.yaml").write_text(topic("two", "8.2", "8.1"))
    assert load(tmp_path, CATALOGUE, Kinds()).topics
    (tmp_path / "two.yaml").write_text(topic("two", "8.1", "8.2"))
    with pytest.raises(KnowledgeError) as caught:
        load(tmp_path, CATALOGUE, Kinds())
    first, *others = caught.value.faults
    assert (first.file, first.key) == ("two.yaml", "claims[1].ref")
    assert "one.yaml, line 11" in first.rule
    assert [fault.key for fault in others] == [f"questions[1].wrong[{n}].claim" for n in (1, 2, 3, 4)]
    assert "'8.2' is the ref of no claim" in others[0].rule


def test_without_a_catalogue_the_form_alone_is_checked(tmp_path: Path) -> None:
    assert _load(tmp_path, CLAIM.replace("layers", "unheard-of"), catalogue=None).topics[0].claims


@pytest.mark.parametrize(
    ("passage", "stands"),
    [
        ("each feature over the batch", True),
        ("over the batch: and it speeds", True),  # the list mark is layout
        ("speeds   training\nup", True),
        ("feature over the bat", False),
        ("It Normalizes", False),
        ("", False),
        ("-", False),
    ],
)
def test_word_for_word(passage: str, stands: bool) -> None:
    assert stands_in(passage, "It normalizes each feature over the batch:\n\n- and it speeds training up.") is stands


def test_a_ledger_of_eight_claims_is_short_enough_to_show(curriculum: Curriculum) -> None:
    for claim in (claim for topic in curriculum.topics for claim in topic.claims):
        words = (claim.says, claim.qualification or "", claim.note or "")
        assert sum(map(len, words)) <= 480, claim.id


def test_the_claims_in_the_knowledge_guide_are_good_ones(tmp_path: Path) -> None:
    guide = (ROOT / "knowledge" / "README.md").read_text("utf-8")
    example = re.search(r"```yaml\n(claims:\n.+?)```", guide, re.S)
    assert example
    topic = "id: momentum\ntitle: M\nquestion: Why?\nanswer: It can lead to slow convergence.\nasks: [a, b, c, d, e]\n"
    (tmp_path / "momentum.yaml").write_text(topic + example[1], "utf-8")
    assert load(tmp_path, catalogue()).topics[0].claims[0].criteria
