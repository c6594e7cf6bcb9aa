"""Where one file teaches to answer what another teaches to decline, each line is named with its place."""

from collections.abc import Collection
from pathlib import Path

import pytest

from bot.curriculum.conflicts import Conflicts
from bot.curriculum.loader import read_folder

OLD = """\
id: old
title: Old
question: What is old?
answer: It is old.
asks: [one, two, three, four, five]
terms:
  normalisation: [batch normalization, batch norm, BatchNorm, layer norm]
not_asks:
  - 'Batch norm, what?'
  - does layer norm help
  - batchnorm and its momentum
"""
NEW = """\
id: batch-norm
title: New
question: What is it?
answer: It is new.
asks: [batch norm what, why batchnorm, what for, how so, when]
not_asks: [one!]
"""
LANGUAGE = """\
spellings: {bn: batch norm}
elsewhere: [is bn slow, what is a tensor]
chatter: [hello, batch normalisation]
"""


@pytest.fixture
def conflicts(tmp_path: Path) -> Conflicts:
    for name, text in {"old": OLD, "batch-norm": NEW, "_language": LANGUAGE}.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    return Conflicts(read_folder(tmp_path))


def test_equal_lines_are_found_both_ways_whatever_their_case_and_punctuation(conflicts: Conflicts) -> None:
    found = {(fault.file, fault.line, fault.key): fault.rule for fault in conflicts.contradictions(["old"])}
    assert set(found) == {("old.yaml", 9, "not_asks[1]"), ("batch-norm.yaml", 6, "not_asks[1]")}
    assert found["old.yaml", 9, "not_asks[1]"].startswith("is asked in batch-norm.yaml (asks[1], line 5): ")
    assert not list(conflicts.contradictions([]))


def test_a_topic_is_outweighed_by_lines_that_hold_any_spelling_of_its_name(conflicts: Conflicts) -> None:
    (topic,) = [one for one in conflicts.topics if one.id == "batch-norm"]
    keys = [(fault.file, fault.key) for fault in conflicts.outweighed(topic)]
    assert keys == [("old.yaml", "not_asks[1]"), ("old.yaml", "not_asks[3]"), ("_language.yaml", "elsewhere[1]")]


def test_a_topic_with_many_phrasings_holds_its_own(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(OLD)
    (tmp_path / "batch-norm.yaml").write_text(NEW.replace("when]", "when, where, who, whom]"))
    conflicts = Conflicts(read_folder(tmp_path))
    assert not any(conflicts.outweighed(topic) for topic in conflicts.topics)


def test_what_a_matcher_gets_wrong_is_told_of_the_lines_it_concerns(conflicts: Conflicts) -> None:
    (topic,) = [one for one in conflicts.topics if one.id == "batch-norm"]
    wrong: dict[str, Collection[str] | None] = {
        "is bn slow": ["batch-norm"],  # a line of others
        "does layer norm help": ["old"],
        "why batchnorm": None,  # phrasings
        "what for": ["old"],
        "how so": [],  # a choice is offered
    }
    found = conflicts.misjudged(topic, lambda text: wrong.get(text, ["batch-norm"] if text in MINE else None))
    assert {(fault.file, fault.key): fault.rule.partition(":")[0] for fault in found} == {
        ("_language.yaml", "elsewhere[1]"): "would be answered with batch-norm",
        ("batch-norm.yaml", "asks[2]"): "would be declined",
        ("batch-norm.yaml", "asks[3]"): "would be answered with old",
    }


MINE = {"What is it?", "batch norm what", "why batchnorm", "what for", "how so", "when"}
