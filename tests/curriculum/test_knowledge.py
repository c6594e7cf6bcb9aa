"""The seven topics as they ship: word for word what the seed says, and rich enough to be recognised."""

import re
from pathlib import Path

import pytest

from bot.curriculum.model import Curriculum
from tests.conftest import ROOT

IDS = [
    "weight-initialization",
    "bias-initialization",
    "selu",
    "activation-functions",
    "momentum",
    "sparsity",
    "dropout",
]
PARTS = {
    "selu": ["gradients", "self-normalizing", "sparsity"],
    "activation-functions": ["selu", "leaky-relu", "relu", "tanh", "logistic", "softmax"],
    "momentum": ["speed", "oscillation", "overshoot"],
    "sparsity": ["l1", "dropout", "pruning"],
    "dropout": ["training", "inference", "mc-dropout"],
}
SEED = ROOT.parent / "shared" / "seed" / "questions-and-answers.txt"
MOVED = "Dropout can slow down training because"


def _words(text: str) -> list[str]:
    return [word for word in text.split() if word not in {"-", "*"}]


def _seed(path: Path) -> dict[int, tuple[str, str]]:
    """Question and answer by number, with the paragraph that stands under 6 put in front of 7, where it belongs."""
    questions, answers = path.read_text("utf-8").split("# Answers")
    asked = {int(n): text for n, text in re.findall(r"^(\d)\. (.+?)(?=^\d\. |\Z)", questions, re.M | re.S)}
    answered = {int(n): text for n, text in re.findall(r"^(\d)\. (.+?)(?=^\d\. |^```|\Z)", answers, re.M | re.S)}
    answered[6], moved = answered[6].split(MOVED)
    answered[7] = MOVED + moved + answered[7]
    return {n: (asked[n], answered[n]) for n in asked}


def test_the_seven_topics_in_the_order_of_the_exercises(curriculum: Curriculum) -> None:
    assert [topic.id for topic in curriculum.topics] == IDS
    assert {topic.id: [part.id for part in topic.parts] for topic in curriculum.topics if topic.parts} == PARTS


@pytest.mark.skipif(not SEED.exists(), reason="the seed is not part of the repository")
@pytest.mark.parametrize("number", range(1, 8))
def test_question_and_answer_stand_word_for_word(curriculum: Curriculum, number: int) -> None:
    topic = curriculum.topics[number - 1]
    question, answer = _seed(SEED)[number]
    assert _words(topic.question) == _words(question)
    assert _words(topic.answer) == _words(answer)


@pytest.mark.parametrize("topic_id", IDS)
def test_each_topic_can_be_recognised(curriculum: Curriculum, topic_id: str) -> None:
    topic = curriculum.topic(topic_id)
    assert topic is not None
    assert len(topic.asks) >= 40
    assert len(topic.not_asks) >= 15
    assert topic.terms
    assert topic.reading
    assert all(part.passage for part in topic.parts)


@pytest.mark.parametrize("topic_id", PARTS)
def test_each_part_has_asks_of_its_own(curriculum: Curriculum, topic_id: str) -> None:
    topic = curriculum.topic(topic_id)
    assert topic is not None
    for part in topic.parts:
        assert sum(part.id in ask.parts for ask in topic.asks) >= 5, part.id


def test_no_line_of_the_development_sets_was_copied(curriculum: Curriculum) -> None:
    development = ROOT.parent / "shared" / "eval" / "ask-dev.jsonl"
    if not development.exists():
        pytest.skip("the development sets are not part of the repository")
    import json

    from bot.text.normalise import folded

    lines = {folded(json.loads(line)["text"]) for line in development.read_text("utf-8").splitlines()}
    # Some lines of the sets are the book's own question, or two words long: those any member would type.
    ours = {folded(ask.text) for topic in curriculum.topics for ask in topic.asks}
    assert not {line for line in lines & ours if len(line.split()) > 4}
