"""From what speaks for a point to a grade, and how far the grade is doubted."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curriculum.model import Curriculum
from bot.quiz.grading.evidence import WordWeights, shipped_weights
from bot.quiz.grading.grader import Grader
from bot.quiz.grading.judging import FAR, Judge, JudgeWeights, far_off, shipped_judge, traits

CHANCES = st.lists(st.floats(0, 1), min_size=1, max_size=6)


@given(chances=CHANCES, full=st.integers(1, 4), made=st.integers(0, 4))
def test_how_likely_a_score_is_far_off_is_that_of_all_outcomes_together(
    chances: list[float], full: int, made: int
) -> None:
    score = min(1.0, made / full)
    expected = 0.0
    for outcome in product([False, True], repeat=len(chances)):
        p = 1.0
        for hit, each in zip(outcome, chances, strict=True):
            p *= each if hit else 1 - each
        expected += p * (abs(min(1.0, sum(outcome) / full) - score) > FAR + 1e-9)
    assert far_off(chances, score, full) == pytest.approx(expected, abs=1e-9)


def test_the_numbers_that_ship_fit_what_they_are_multiplied_with(curriculum: Curriculum, grader: Grader) -> None:
    weights, look = shipped_judge(), grader.look("momentum", "it overshoots")
    (evidence, *_) = look.evidence.points.values()
    assert len(weights.fitted) == len(traits(evidence, True, False, look.evidence))
    for topic in curriculum.topics:
        if topic.key_points and topic.id in shipped_weights():
            points = {point.id for point in topic.key_points.points if not point.disputed}
            assert points <= shipped_weights()[topic.id].points.keys(), "fit again: python -m tests.bench grading --fit"


def test_without_numbers_the_patterns_alone_decide(curriculum: Curriculum) -> None:
    grade = Grader(curriculum, Judge(JudgeWeights()), {}).grade("momentum", "It overshoots and oscillates.")
    assert ([met.point for met in grade.met], grade.doubt) == (["t5.b", "t5.c"], 0)


def test_words_may_speak_for_a_point_that_no_pattern_finds(curriculum: Curriculum) -> None:
    words = WordWeights(["t5.b", "false"], [-4.0, -4.0], {"harbour": [12.0, 0.0]})
    grade = Grader(curriculum, weights={"momentum": words}).grade("momentum", "Well. It is past the harbour by then.")
    assert [(met.point, met.said) for met in grade.met] == [("t5.b", "It is past the harbour by then")]


def test_what_is_plain_is_doubted_less_than_what_is_half_said(grader: Grader) -> None:
    plain = grader.grade("momentum", "It overshoots the minimum, oscillates around it and takes much longer.")
    image = grader.grade("momentum", "Like a ferry without an engine: it takes the captain all day to moor the thing.")
    assert plain.doubt < 0.15 < image.doubt
    assert grader.grade("momentum", "no idea").doubt < 0.1
