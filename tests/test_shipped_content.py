"""The content that ships: the one place that says what the seven topics, their claims and the experiments are.

They are word for word what the seed says, and rich enough to be recognised. What is added beside them (a topic, a
claim, a question, an experiment) changes nothing here; elsewhere tests read the files.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.curriculum.claims import VERDICTS, Claim
from bot.curriculum.model import Curriculum, Topic
from bot.simulations.experiments import experiments, find
from bot.text.normalise import folded
from tests.conftest import ROOT

# The claims that each topic makes, by the numbers that quiz questions name them with.
CLAIMS = {
    "weight-initialization": ["1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"],
    "bias-initialization": ["2.1", "2.2", "2.3", "2.4", "2.5"],
    "selu": ["3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7"],
    "activation-functions": [f"4.{n}" for n in range(1, 14)],
    "momentum": ["5.1", "5.2", "5.3", "5.4", "5.5"],
    "sparsity": ["6.1", "6.2", "6.3", "6.4", "6.5", "6.6"],
    "dropout": ["6.7", "6.8", "6.9", "6.10", "7.1", "7.2", "7.3", "7.4", "7.5"],
}
CONTRADICTED, A_DEFINITION = {"3.6", "4.2", "6.4"}, "4.9"
IDS = list(CLAIMS)
PARTS = {
    "selu": ["gradients", "self-normalizing", "sparsity"],
    "activation-functions": ["selu", "leaky-relu", "relu", "tanh", "logistic", "softmax"],
    "momentum": ["speed", "oscillation", "overshoot"],
    "sparsity": ["l1", "dropout", "pruning"],
    "dropout": ["training", "inference", "mc-dropout"],
}
# Names, topics, parameters with their ranges, and metrics of the experiments, agreed before they were written.
EXPERIMENTS: dict[str, Any] = json.loads((ROOT / "tests" / "data" / "experiments.json").read_text())["experiments"]
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


@pytest.fixture
def seven(curriculum: Curriculum) -> list[Topic]:
    return [topic for topic in curriculum.topics if topic.id in IDS]


def test_the_seven_topics_in_the_order_of_the_exercises(seven: list[Topic]) -> None:
    assert [topic.id for topic in seven] == IDS
    parts = {topic.id: [part.id for part in topic.parts] for topic in seven}
    assert {topic_id: found for topic_id, found in parts.items() if found} == PARTS


@pytest.mark.skipif(not SEED.exists(), reason="the seed is not part of the repository")
@pytest.mark.parametrize("number", range(1, 8))
def test_question_and_answer_stand_word_for_word(seven: list[Topic], number: int) -> None:
    topic = seven[number - 1]
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
    lines = {folded(json.loads(line)["text"]) for line in development.read_text("utf-8").splitlines()}
    # Some lines of the sets are the book's own question, or two words long: those any member would type.
    ours = {folded(ask.text) for topic in curriculum.topics for ask in topic.asks}
    assert not {line for line in lines & ours if len(line.split()) > 4}


def _claims(seven: list[Topic]) -> list[Claim]:
    return [claim for topic in seven for claim in topic.claims if claim.ref in CLAIMS[topic.id]]


def test_every_claim_has_its_place(seven: list[Topic]) -> None:
    found = {topic.id: [claim.ref for claim in topic.claims if claim.ref in CLAIMS[topic.id]] for topic in seven}
    assert found == CLAIMS


def test_the_wrong_claims_are_called_wrong(seven: list[Topic]) -> None:
    assert {claim.ref for claim in _claims(seven) if claim.verdict == "contradicted"} == CONTRADICTED
    assert {claim.verdict for claim in _claims(seven)} == set(VERDICTS)


def test_every_claim_but_a_definition_names_a_source(seven: list[Topic]) -> None:
    assert [claim.ref for claim in _claims(seven) if not claim.sources] == [A_DEFINITION]


def test_enough_questions_of_each_kind(seven: list[Topic]) -> None:
    for topic in seven:
        kinds = Counter(question.kind for question in topic.questions)
        assert sum(kinds.values()) >= 14, topic.id
        assert kinds["choice"] >= 6 and kinds["multi"] >= 3 and kinds["open"] >= 3 and kinds["predict"] >= 2, topic.id


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_names_and_ranges_of_the_experiments(name: str) -> None:
    contract, described = EXPERIMENTS[name], find(name).described()
    assert described["topic"] == contract["topic"]
    keys = ("default", "min", "max", "type", "choices")
    ours = {name: {k: said[k] for k in keys if k in said} for name, said in described["parameters"].items()}
    assert ours == contract["parameters"]
    assert set(contract["metrics"]) <= set(described["metrics"])


def _experiments_in(value: Any) -> Iterator[str]:
    """The experiments that are named anywhere in a claim or a question."""
    if isinstance(value, dict):
        yield from (text for key, text in value.items() if key == "experiment" and text)
        value = list(value.values())
    for one in value if isinstance(value, list | tuple) else ():
        yield from _experiments_in(one)


def test_every_experiment_decides_a_claim_or_is_asked_about(curriculum: Curriculum) -> None:
    every = [one for topic in curriculum.topics for one in (*topic.claims, *topic.questions)]
    named = {name for one in every for name in _experiments_in(one.model_dump())}
    assert not {one.name for one in experiments()} - named, "give a claim of its topic a criterion, or ask about it"
