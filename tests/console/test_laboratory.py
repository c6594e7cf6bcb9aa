"""Experiments and claims in the terminal's conversation, and what stands beside an answer there."""

import json
from pathlib import Path

import pytest

from bot import words
from bot.console import output
from bot.curriculum.model import Curriculum
from bot.simulations.experiments import experiments
from tests.console.process import Bot


def talk(bot: Bot, *lines: str) -> str:
    done = bot("chat", typed="\n".join(lines).encode())
    assert (done.status, done.errors) == (0, b"")
    return " ".join(done.text.split())


@pytest.mark.slow
def test_a_run_with_its_number_its_claims_and_the_line_that_repeats_it(bot: Bot, tmp_path: Path) -> None:
    picture = tmp_path / "m.png"
    said = talk(bot, f"simulate momentum beta = 0.5 steps=500, seed=3 plot={picture}", "Simulate symmetry")
    assert "β = 0.5" in said
    assert "simulate momentum kappa=100.0 steps=500 tol=0.001 lr_frac=0.1 beta=0.5 seed=3" in said
    assert words.terminal.plotted(str(picture)) in said
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "as the verdict says" in said
    assert "- He, independent: falls from " in said  # the picture in words
    assert list(tmp_path.iterdir()) == [picture]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("simulate momenta", "Did you mean momentum?"),
        ("simulate momentum beta=2", "beta must be a number from 0 to 0.999999, not 2."),
        ("simulate momentum plot=/no/such/folder/a.png", "cannot be written"),
        ("claims bread", "There are: weight-initialization;"),
        ("claims", "one of: weight-initialization,"),
        ("claims 7", "slow down training"),
        ("simulate MOMENTUM beta = 2", "beta must be"),
        ("simulate momentum plot=a.jpg", "must end in .png"),
    ],
)
def test_what_cannot_be_done_is_one_line(bot: Bot, line: str, told: str) -> None:
    assert told in talk(bot, line)


def test_without_a_name_the_experiments_are_listed(bot: Bot) -> None:
    said = talk(bot, "simulate")
    assert all(" ".join(one.question.split()) in said for one in experiments())


def test_an_experiment_may_be_named_loosely(bot: Bot) -> None:
    assert "simulate dropout-cost" in talk(bot, "simulate dropout at inference for me")
    assert "beta=0.9 " in talk(bot, "can you show me momentum 0.9 with 600 steps")


def test_a_question_that_speaks_of_simulating_is_a_question(bot: Bot) -> None:
    assert "typically turned off" in talk(bot, "is dropout slow at inference when i simulate more data")


def test_the_ledger_of_a_topic_holds_every_claim(bot: Bot, curriculum: Curriculum) -> None:
    topic = curriculum.topic("sparsity")
    assert topic
    said = talk(bot, "claims sparsity")
    assert all(f"“{' '.join(claim.says.split())}”" in said for claim in topic.claims)
    assert "does not hold" in said
    assert "must be" not in talk(bot, "claims momentum")
    raw = talk(bot, "claims sparsity raw", "claims 6 raw")
    assert raw.count(" ".join(words.laboratory.RAW_NOTE.split())) == 2
    assert all(f"({line.metric})" in raw for one in topic.claims for each in one.criteria for line in each.holds)
    assert all(" ".join(source.split()) in said for claim in topic.claims for source in claim.sources)


def test_an_answer_says_how_its_claims_stand_after_the_reference_text(bot: Bot, curriculum: Curriculum) -> None:
    for topic in curriculum.topics:
        shown = output.topic_markdown(topic)
        after = shown[shown.index(topic.answer) + len(topic.answer) :]
        assert "Tested: " in after
        wrong = [claim for claim in topic.claims if claim.verdict == "contradicted"]
        assert ("The experiments disagree on" in after) == bool(wrong)
        assert all(claim.instead and claim.instead in after for claim in wrong)
    assert "Tested: " in bot("ask", "is momentum 0.99999 bad?").text


def test_the_contract_of_ask_knows_nothing_of_it(bot: Bot) -> None:
    found = json.loads(bot("ask", "--json", "is selu sparse").text)
    assert list(found) == ["text", "intent", "decision", "topics", "suggestions", "experiments", "unanswered"]
