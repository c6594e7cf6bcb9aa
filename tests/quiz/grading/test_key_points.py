"""The key points in a topic file: what is accepted, and how a fault is told."""

from pathlib import Path

import pytest

from bot.curriculum.hints import PointForm, form_of
from bot.curriculum.key_points import KeyPoint, Mood, UnreadablePattern, parse_pattern
from bot.curriculum.loader import load
from bot.curriculum.model import Curriculum
from bot.errors import KnowledgeError
from bot.quiz.grading.grader import Grader
from tests.conftest import ROOT

TOPIC = """\
id: batch-norm
title: Batch normalization
question: Does batch normalization help deep networks?
answer: Yes, it normalizes each feature over the batch.
asks: [what is batch norm, batchnorm explained, why normalize the batch, BN layer what for, does batch norm help]
"""
POINTS = """\
key_points:
  full_marks: 1
  words:
    layer: [layer, layers]
  points:
    - id: b.a
      point: It normalizes each layer's inputs.
      say:
        - normaliz* + (layer)
  mistakes:
    - against: b.a
      say: [NOT normaliz*]
      why: It does.
"""


_HINT = "key_points.points[1].hint"


def _load(tmp_path: Path, points: str) -> Grader:
    (tmp_path / "batch-norm.yaml").write_text(TOPIC + points, "utf-8")
    return Grader(load(tmp_path))


def test_a_topic_of_ones_own_is_graded(tmp_path: Path) -> None:
    grader = _load(tmp_path, POINTS)
    assert grader.grade("batch-norm", "it normalizes every layer").score == 1
    wrong = grader.grade("batch-norm", "it doesn't normalize the layers")
    assert (wrong.score, wrong.contradicted[0].point, wrong.contradicted[0].why) == (0, "b.a", "It does.")


def test_a_topic_without_key_points_is_not_graded(tmp_path: Path) -> None:
    assert _load(tmp_path, "").topics == ()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("full_marks: 1", "full_marks: 2", (7, "key_points.full_marks", "more than the 1 points")),
        ("full_marks: 1", "full_marks: many", (7, "key_points.full_marks", "whole number")),
        ("- normaliz* + (layer)", "- normaliz* + (lair)", (14, "key_points.points[1].say[1]", "(lair) is not one")),
        ("- normaliz* + (layer)", "- normaliz* + ", (14, "key_points.points[1].say[1]", "empty place")),
        ("- normaliz* + (layer)", "- a + ABOUT me", (14, "key_points.points[1].say[1]", "'me' is not one")),
        ("- normaliz* + (layer)", "- WITHOUT a", (14, "key_points.points[1].say[1]", "says nothing")),
        ("against: b.a", "against: b.z", (16, "key_points.mistakes[1].against", "'b.z' is not the id")),
        ("[NOT normaliz*]", "[ignores]", (17, "key_points.mistakes[1].say[1]", "'ignores' alone")),
        ("why: It does.", "because: It does.", (18, "key_points.mistakes[1].because", "not a known key")),
        ("id: b.a", "id: b.a\n      disputed: yes", (11, "key_points.points[1]", "needs a why")),
        ("id: b.a", "id: b.a\n      hint: one two three four five six seven eight nine", (12, _HINT, "has 9 words")),
        (
            "id: b.a",
            "id: b.a\n      hint: normalizes each feature over the batch",
            (12, _HINT, "gives the answer away"),
        ),
        (
            "point: It normalizes",
            "hint: how it scales inputs of layers\n      point: It scales",
            (12, _HINT, "input, layer, scal are"),
        ),
    ],
)
def test_faults_are_told_with_their_line(tmp_path: Path, old: str, new: str, fault: tuple[int, str, str]) -> None:
    line, key, rule = fault
    with pytest.raises(KnowledgeError) as caught:
        _load(tmp_path, POINTS.replace(old, new))
    assert any(f.line == line and f.key == key and rule in f.rule for f in caught.value.faults), caught.value


def test_a_hint_that_earns_its_point_is_known(tmp_path: Path) -> None:
    grader = _load(tmp_path, POINTS.replace("id: b.a", "id: b.a\n      hint: what it does to inputs"))
    assert not grader.earned_by_its_hint("batch-norm", "b.a")
    grader = _load(tmp_path, POINTS.replace("id: b.a", "id: b.a\n      hint: it normalizes every layer"))
    assert grader.earned_by_its_hint("batch-norm", "b.a")


def test_every_shipped_point_that_counts_has_a_hint_that_does_not_earn_it(curriculum: Curriculum) -> None:
    grader = Grader(curriculum)
    for topic in curriculum.topics:
        for point in topic.key_points.points if topic.key_points else ():
            assert point.disputed or (point.hint and not grader.earned_by_its_hint(topic.id, point.id)), point.id


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ("It takes 100 passes.", PointForm.NUMBER),
        ("It is safe, unless all are equal.", PointForm.EXCEPTION),
        ("They stay equal because gradients do.", PointForm.CAUSE),
        ("Another method, such as pruning.", PointForm.EXAMPLE),
        ("It holds where units die.", PointForm.CONDITION),
        ("It needs more memory than the rest.", PointForm.COMPARISON),
        ("That leads to noise.", PointForm.CONSEQUENCE),
        ("Its outputs are negative.", PointForm.POINT),
    ],
)
def test_a_point_without_a_hint_is_spoken_of_by_its_form(said: str, form: PointForm) -> None:
    assert form_of(KeyPoint(id="a.b", point=said, say=("x",))) is form


def test_the_notation_of_sayings() -> None:
    saying = parse_pattern("NOT slow|as fast > (test) & ANY x + WITHOUT mc|(off) + ABOUT mc dropout")
    assert [[(way.phrase, way.group, way.mood) for way in item.ways] for item in saying.items] == [
        [("slow", False, Mood.DENIED), ("as fast", False, Mood.SAID)],
        [("test", True, Mood.SAID)],
        [("x", False, Mood.EITHER)],
    ]
    assert [(item.after, item.beside) for item in saying.items] == [(False, False), (True, False), (False, True)]
    assert ([way.phrase for way in saying.without], saying.subject) == (["mc", "off"], "mc dropout")
    with pytest.raises(UnreadablePattern):
        parse_pattern("a | + b")


def test_the_example_of_the_readme_grades(tmp_path: Path) -> None:
    readme = (ROOT / "knowledge" / "README.md").read_text("utf-8")
    topic, *others = (block.split("```")[0] for block in readme.split("```yaml\n")[1:])
    points = next(block for block in others if block.startswith("key_points:"))
    (tmp_path / "batch-norm.yaml").write_text(topic + points, "utf-8")
    grader = Grader(load(tmp_path))
    assert grader.grade("batch-norm", "It standardizes over the batch and permits a higher learning rate.").score == 1
    assert grader.grade("batch-norm", "You need a lower learning rate.").contradicted[0].point == "bn.b"
