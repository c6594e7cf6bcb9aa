"""A topic dropped in as a file with five asks works at once and does not spoil the others."""

import shutil
from pathlib import Path

import pytest

from bot.curriculum.loader import load
from bot.matching.decision import TopicAnswer
from bot.matching.matcher import Matcher
from bot.quiz.kinds import Kinds
from tests.matching.worlds import KNOWLEDGE, MODELS, kept, matcher, shipped

pytestmark = pytest.mark.slow  # the model is fitted anew
FILE = """
id: label-smoothing
title: Label smoothing
question: What does label smoothing do, and when would you use it?
answer: It mixes the one-hot targets with a uniform distribution.
terms:
  label smoothing: [smoothed labels, smooth the labels, soft targets, smoothing]
asks:
  - what is label smoothing good for
  - should i use smoothed labels for my classifier
  - does label smoothing help with overconfident predictions
  - label smoothing when
  - why do people train on soft targets
"""
ASKED = [
    "when does label smoothing help",
    "is it worth it to smooth the labels",
    "can u explain lable smoothing to me",
    "what are soft targets for",
]


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    folder: Path = tmp_path_factory.mktemp("knowledge")
    for path in KNOWLEDGE.glob("*.yaml"):
        shutil.copy(path, folder)
    (folder / "label-smoothing.yaml").write_text(FILE, "utf-8")
    return kept(load(folder, kinds=Kinds()), MODELS / "eighth")


@pytest.mark.parametrize("message", ASKED)
def test_it_is_answered_at_once(larger: Matcher, message: str) -> None:
    decision = larger.decide(message)
    assert isinstance(decision, TopicAnswer)
    assert decision.topics[0].topic == "label-smoothing"


def test_the_others_are_not_spoiled(larger: Matcher) -> None:
    asks = [ask.text for topic in shipped().topics for ask in topic.asks[::12]]
    changed = [text for text in asks if _first(larger, text) != _first(matcher(), text)]
    assert len(changed) <= 0.02 * len(asks)


def _first(which: Matcher, text: str) -> str | None:
    decision = which.decide(text)
    return decision.topics[0].topic if isinstance(decision, TopicAnswer) else None
