"""How near the grades come to those of a fair tutor, on answers in many hands."""

import json
from typing import Any

import numpy as np
import pytest

from bot.curriculum.model import Curriculum
from bot.quiz.chance import Chance
from bot.quiz.grading.grader import Grader
from bot.quiz.kinds.base import Answer
from bot.quiz.kinds.open import DrawnOpen, OpenQuestion
from bot.text.normalise import folded
from tests.conftest import ROOT

ANSWERS = [json.loads(line) for line in (ROOT / "tests/data/open-answers.jsonl").read_text("utf-8").splitlines()]
TOPICS = sorted({row["topic"] for row in ANSWERS})
WORTHLESS = {"wrong", "vague", "copy", "salad", "noise", "options"}
SHARED = ROOT.parent / "shared" / "eval"
# Points that each reference answer states; those that the experiments contradict are not among them.
STATED = {
    "weight-initialization": "abcd",
    "bias-initialization": "abc",
    "selu": "ab",
    "activation-functions": "abcdef",
    "momentum": "abcde",
    "sparsity": "ac",
    "dropout": "abcde",
}


@pytest.fixture(scope="module")
def graded(grader: Grader) -> list[tuple[float, dict[str, Any]]]:
    return [(grader.grade(row["topic"], row["answer"]).score, row) for row in ANSWERS]


def test_there_are_answers_of_every_kind_to_every_topic() -> None:
    assert len(TOPICS) == 7
    for topic in TOPICS:
        rows = [row for row in ANSWERS if row["topic"] == topic]
        assert len(rows) >= 25
        assert {row["kind"] for row in rows} >= {"full", "partial", "wrong", "vague", "copy", "noise", "options"}


@pytest.mark.slow
def test_grades_follow_the_fair_scores(graded: list[tuple[float, dict[str, Any]]]) -> None:
    ours = np.array([score for score, _ in graded])
    fair = np.array([row["score"] for _, row in graded])
    assert np.corrcoef(ours, fair)[0, 1] >= 0.98
    assert np.abs(ours - fair).mean() <= 0.02


@pytest.mark.slow
def test_fully_right_answers_are_given_full_marks(graded: list[tuple[float, dict[str, Any]]]) -> None:
    assert np.mean([score >= 0.8 for score, row in graded if row["score"] == 1]) >= 0.98


@pytest.mark.slow
def test_worthless_answers_are_given_nothing(graded: list[tuple[float, dict[str, Any]]]) -> None:
    assert np.mean([score <= 0.2 for score, row in graded if row["kind"] in WORTHLESS]) >= 0.97


@pytest.mark.parametrize("topic_id", STATED)
def test_a_reference_answer_keeps_every_undisputed_point_it_states(
    curriculum: Curriculum, grader: Grader, topic_id: str
) -> None:
    topic = curriculum.topic(topic_id)
    assert topic is not None
    grade = grader.grade(topic_id, topic.answer)
    assert {met.point[-1] for met in grade.met} >= set(STATED[topic_id])
    assert not grade.contradicted


def test_the_explanation_of_an_open_question_earns_full_marks(curriculum: Curriculum, grader: Grader) -> None:
    poorer = []
    for topic in curriculum.topics:
        for question in topic.questions:
            if isinstance(question, OpenQuestion):
                drawn = DrawnOpen.draw(topic.id, question, Chance("s"))
                grade = grader.grade(topic.id, drawn.to_grade(question.explain))
                if drawn.mark(Answer(text=question.explain), grade=grade) != 1 or grade.contradicted:
                    poorer.append((topic.id, question.id, grade))
    assert not poorer


@pytest.mark.parametrize("topic_id", STATED)
def test_the_question_typed_back_earns_nothing(curriculum: Curriculum, grader: Grader, topic_id: str) -> None:
    topic = curriculum.topic(topic_id)
    assert topic is not None
    for text in (topic.question, topic.question.lower().rstrip("?"), f"{topic.number}. {topic.question}"):
        assert grader.grade(topic_id, text).score == 0


def test_ids_and_full_marks_are_those_agreed_on(curriculum: Curriculum) -> None:
    agreed = SHARED / "keypoints.json"
    if not agreed.exists():
        pytest.skip("the agreed key points are not part of the repository")
    for topic_id, wanted in json.loads(agreed.read_text("utf-8")).items():
        topic = curriculum.topic(topic_id)
        assert topic is not None
        assert topic.key_points is not None
        assert topic.key_points.full_marks == wanted["points_for_full_marks"]
        found = [(point.id, point.disputed) for point in topic.key_points.points]
        assert found == [(point["id"], point["disputed"]) for point in wanted["points"]]


def test_no_line_of_the_development_set_was_copied() -> None:
    development = SHARED / "grading-dev.jsonl"
    if not development.exists():
        pytest.skip("the development sets are not part of the repository")
    theirs = {folded(json.loads(line)["answer"]) for line in development.read_text("utf-8").splitlines()}
    # The question itself and a bare "yes" anyone would type.
    assert not {
        text for row in ANSWERS if row["kind"] != "copy" and (text := folded(row["answer"])) in theirs if len(text) > 40
    }
