"""What answers are worth, and how they are read."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.formats import number_in
from bot.quiz.chance import Chance
from bot.quiz.grading import Grade, Met
from bot.quiz.kinds.base import Answer, Key, Option, QuestionRun
from bot.quiz.kinds.choice import DrawnChoice
from bot.quiz.kinds.compare import Case, CompareQuestion, DrawnComparison, Measured
from bot.quiz.kinds.multi import DrawnMulti
from bot.quiz.kinds.open import DrawnOpen
from bot.quiz.kinds.predict import DrawnPrediction, PredictQuestion, closeness

ABOUT: dict[str, Any] = {"key": "t/q", "topic": "t", "ask": "why?", "explain": "."}
RIGHT, WRONG = Option("r", right=True), Option("w")
RUN = QuestionRun("momentum", {"beta": 0.9})
POSITIVE = st.floats(1e-6, 1e6)


def _met(*points: str) -> tuple[Met, ...]:
    return tuple(Met(point, "so", 0, 2) for point in points)


def _open(**fields: Any) -> DrawnOpen:
    return DrawnOpen(**{**ABOUT, **fields})


def test_a_choice_is_right_or_wrong() -> None:
    question = DrawnChoice(**ABOUT, options=(WRONG, RIGHT, WRONG))
    assert [question.mark(Answer((i,))) for i in range(3)] == [0, 1, 0]


@pytest.mark.parametrize(
    ("picks", "earned"),
    [((0, 1, 2), 1), ((0, 1), 2 / 3), ((0, 1, 3), 1 / 3), ((0, 3), 0), ((3, 4), 0), (range(5), 1 / 3)],
)
def test_a_wrong_pick_takes_a_right_one_away(picks: tuple[int, ...], earned: float) -> None:
    question = DrawnMulti(**ABOUT, options=(RIGHT, RIGHT, RIGHT, WRONG, WRONG))
    assert question.mark(Answer(tuple(picks))) == pytest.approx(earned)


@pytest.mark.parametrize(
    ("guess", "earned"),
    [(100, 1), (110, 1), (90, 1), (300, 0), (33.3, 0), (1000, 0), (0, 0), (-100, 0), (math.sqrt(330 * 100), 0.5)],
)
def test_a_prediction_within_ten_percent_and_to_a_factor_of_three(guess: float, earned: float) -> None:
    assert closeness(100, guess) == pytest.approx(earned, abs=1e-3)


@given(POSITIVE, POSITIVE, POSITIVE)
def test_nearer_is_never_worse(right: float, near: float, further: float) -> None:
    near, further = sorted((near, further), key=lambda guess: abs(math.log(guess / right)))
    if (near - right) * (further - right) > 0:
        assert closeness(right, near) >= closeness(right, further)
    assert 0 <= closeness(right, near) <= 1


@given(POSITIVE, POSITIVE)
def test_the_sign_makes_no_difference(right: float, guess: float) -> None:
    assert closeness(-right, -guess) == closeness(right, guess)


def test_nothing_but_zero_is_near_zero() -> None:
    assert [closeness(0, guess) for guess in (0, 1e-9, -1)] == [1, 0, 0]


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1356", 1356), ("about 1,350 steps", 1350), ("~ 0,4", 0.4), ("2e3", 2000), ("55 %", 55), (".5", 0.5), ("−3", -3),
     ("1 000 000", 1e6), ("12.5", 12.5), ("1,356", 1356), ("≈ 7.", 7)],
)  # fmt: skip
def test_numbers_as_people_type_them(typed: str, number: float) -> None:
    assert number_in(typed, "steps") == number


@pytest.mark.parametrize("typed", ["", "many", "1 or 2", "10-20", "nan", "inf", "1e999", "1_000", "0x10", "<t:1:R>"])
def test_what_is_no_number(typed: str) -> None:
    assert number_in(typed, "steps") is None


@given(st.text(max_size=30))
def test_reading_a_number_never_raises_and_is_finite(text: str) -> None:
    number = number_in(text, "%")
    assert number is None or math.isfinite(number)


def test_some_key_points_of_a_topic_make_a_question() -> None:
    some, answer = _open(key_points=("a", "b"), full_marks=2), Answer(text="so")
    assert some.mark(answer, grade=Grade(0.75, met=_met("a", "c", "d"))) == 0.5
    assert some.mark(answer, grade=Grade(1.0, met=_met("a", "b", "c"))) == 1
    assert _open().mark(answer, grade=Grade(0.75, met=_met("a"))) == 0.75
    assert some.mark(answer) is None


def test_a_wrong_thesis_earns_nothing_though_a_point_was_met() -> None:
    assert _open(key_points=("a",), full_marks=1).mark(Answer(text="so"), grade=Grade(0.0, met=_met("a"))) == 0


@pytest.mark.parametrize(
    ("text", "copied"),
    [
        ("Why does it train slowly?", True),
        ("why does it train slowly why", True),
        ("because it overshoots", False),
        ("slowly, since it swings", False),
    ],
)
def test_repeating_the_question_earns_nothing(text: str, copied: bool) -> None:
    question = _open(ask="Why does it train slowly?")
    assert question.mark(Answer(text=text), grade=Grade(1.0)) == (0 if copied else 1)


def test_the_grader_reads_what_the_question_is_about() -> None:
    assert _open(subject="MC Dropout").to_grade("it repeats") == "MC Dropout: it repeats"
    assert _open().to_grade("it repeats") == "it repeats"


def test_what_the_run_says_is_the_key() -> None:
    measured = (Measured(0, "x"), Measured(0, "y"), Measured(1, "x"))
    question = DrawnComparison(**ABOUT, options=(RIGHT, WRONG, WRONG), measured=measured, runs=(RUN, RUN))
    runs = [{"x": 1.0, "y": 3.0}, {"x": 3.0, "y": None}]
    assert [question.mark(Answer((i,)), runs) for i in range(3)] == [0, 1, 1]
    assert question.find_key([{"x": 1.0, "y": math.nan}, {"x": 3.0}]) is None
    assert question.mark(Answer((0,))) is None


def test_a_metric_is_scaled_into_its_unit() -> None:
    question = DrawnPrediction(**ABOUT, runs=(RUN,), metric="share", unit="%", scale=100)
    assert question.mark(Answer(text="42", number=42), [{"share": 0.42}]) == 1
    assert question.find_key([{"share": 0.42}]) == Key(number=42)
    assert question.find_key([{"share": math.inf}]) is None
    assert question.find_key([{"other": 1.0}]) is None


def test_what_is_no_answer_to_a_question() -> None:
    options = (RIGHT, WRONG, WRONG)
    choice, multi = DrawnChoice(**ABOUT, options=options), DrawnMulti(**ABOUT, options=options)
    assert choice.read((3,), "") is None
    assert choice.read((0, 1), "") is None
    assert multi.read((), "") is None
    assert multi.read((2, 0, 2), "") == Answer((0, 2))
    assert _open().read((), " \n") is None
    assert _open().read((), "because") == Answer(text="because")
    assert DrawnPrediction(**ABOUT, runs=(RUN,), metric="x").read((), "lots") is None


def test_a_count_of_steps_knows_where_it_stops() -> None:
    about: dict[str, Any] = {
        "id": "q", "kind": "predict", "ask": "?", "explain": ".", "experiment": "momentum", "metric": "b_steps",
        "settings": {"steps": (3000.0,)},
    }  # fmt: skip
    number, cases = PredictQuestion(**about, cap="steps"), (Case(text="a"), Case(text="b"))
    assert DrawnPrediction.draw("t", number, Chance("s")).cap == 3000
    assert DrawnComparison.draw("t", CompareQuestion(**about, cap="steps", cases=cases), Chance("s")).cap == 3000
    assert DrawnPrediction.draw("t", PredictQuestion(**about), Chance("s")).cap is None
