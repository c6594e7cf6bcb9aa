"""Claims that say more than their criteria show: two verdicts on one wording, no control, no subject, no rival."""

from pathlib import Path

import pytest

from bot.curriculum.loader import Catalogue, load
from bot.errors import KnowledgeError

CATALOGUE: Catalogue = [
    {
        "experiment": "train",
        "topic": "batch-norm",
        "parameters": {"width": {"default": 10, "min": 1, "max": 20, "type": "int"}},
        "metrics": {
            "bn_loss": {"meaning": "loss after training, batch normalization"},
            "none_loss": {"meaning": "loss after training, nothing"},
            "bn_log10var": {"meaning": "log10 of the variance, batch normalization"},
            "none_var": {"meaning": "variance, nothing"},
            "loss_ratio": {"meaning": "none_loss over bn_loss"},
            "bn_acc": {"meaning": "accuracy with batch normalization"},
        },
    }
]
ANSWER = (
    "It can lead to better training because it keeps the scale. It is quicker than layer normalization, "
    "reduces the need for dropout and normalizes a feature."
)
ONE_CASE = "[bn_loss < 0.3, bn_acc > 0.9]"


def faults(folder: Path, *claims: tuple[str, str, str]) -> list[str]:
    """What `check` says to claims, each of what it says, its verdict and the lines of its criterion."""
    lines = ["id: batch-norm", "title: BN", "question: What does it do?", f"answer: {ANSWER}", "asks: [a, b, c, d, e]"]
    lines.append("claims:")
    for i, (says, verdict, holds) in enumerate(claims):
        lines += [f"- id: batch-norm.c{i}", f"  says: {says}", f"  verdict: {verdict}", "  criteria:"]
        lines += ["  - experiment: train", f"    holds: {holds}", "    sentence: 'A loss of {bn_loss}.'"]
        lines += ["  condition: In a toy."] if verdict == "depends" else []
        lines += ["  instead: Not so."] if verdict == "contradicted" else []
    (folder / "batch-norm.yaml").write_text("\n".join(lines), "utf-8")
    try:
        load(folder, CATALOGUE)
    except KnowledgeError as error:
        return [f"{fault.key}: {fault.rule}" for fault in error.faults]
    return []


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("keeps the scale", "it keeps the scale", True),
        ("better training", "It can lead to better", True),
        ("keeps the scale", "normalizes a feature", False),
    ],
)
def test_quotes_that_share_words_have_one_verdict(tmp_path: Path, first: str, second: str, clash: bool) -> None:
    compared = "[bn_loss < 1 * none_loss]"
    found = faults(tmp_path, (first, "supported", compared), (second, "depends", compared))
    rule = "claims[2].says: shares words with batch-norm.c0, which is supported: one wording has one verdict"
    assert found == ([rule] if clash else [])
    assert faults(tmp_path, (first, "depends", compared), (second, "depends", compared)) == []


@pytest.mark.parametrize("says", ["lead to better training", "can lead to", "reduces the need"])
@pytest.mark.parametrize("verdict", ["supported", "depends"])
def test_a_comparison_or_an_effect_needs_a_control(tmp_path: Path, says: str, verdict: str) -> None:
    (found,) = faults(tmp_path, (says, verdict, ONE_CASE))
    assert "no criterion has a control" in found
    for control in (
        "[bn_loss < 1 * none_loss]",
        "[bn_loss < 0.3, none_loss > 1]",
        "[bn_log10var < 1, none_var > 10]",
        "[loss_ratio > 2]",
    ):
        assert faults(tmp_path, (says, verdict, control)) == []
    assert faults(tmp_path, (says, "contradicted", ONE_CASE)) == []
    assert faults(tmp_path, ("normalizes a feature", verdict, ONE_CASE)) == []


def test_a_parameter_is_no_control(tmp_path: Path) -> None:
    assert "no criterion has a control" in faults(tmp_path, ("can lead to", "supported", "[bn_loss < 1 * width]"))[0]


def test_what_is_compared_with_is_measured(tmp_path: Path) -> None:
    compared = "[bn_loss < 1 * none_loss]"
    (found,) = faults(tmp_path, ("reduces the need for dropout", "supported", compared))
    assert "the claim is about 'dropout" in found
    assert faults(tmp_path, ("reduces the need for dropout", "depends", compared)) == []
    assert faults(tmp_path, ("quicker than layer normalization", "supported", compared)) == []


def test_a_cause_is_set_against_its_rival_or_depends(tmp_path: Path) -> None:
    says = "because it keeps the scale"
    (found,) = faults(tmp_path, (says, "supported", "[loss_ratio > 2]"))
    assert "says why ('because')" in found
    assert faults(tmp_path, (says, "depends", "[loss_ratio > 2]")) == []
    assert faults(tmp_path, (says, "supported", "[bn_loss < 1 * none_loss]")) == []
