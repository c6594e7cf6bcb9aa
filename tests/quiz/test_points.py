"""What answers are worth, and how they are read."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curriculum.questions import Case, PredictQuestion
from bot.quiz.chance import Chance
from bot.quiz.grading.grade import Grade, Met
from bot.quiz.kinds import choice, compare, multi, open, predict  # noqa: A004
from bot.quiz.kinds.choice import Choice
from bot.quiz.kinds.compare import Compare, Measured
from bot.quiz.kinds.marking import Guessed, Picked, Wrote, points, read
from bot.quiz.kinds.multi import Multi
from bot.quiz.kinds.open import Open
from bot.quiz.kinds.option import Option
from bot.quiz.kinds.predict import Predict, Run


def _met(*points: str) -> tuple[Met, ...]:
    return tuple(Met(point, "so", 0, 2) for point in points)


RIGHT, WRONG = Option("r", right=True), Option("w")
RUN = Run("momentum", {"beta": 0.9})
POSITIVE = st.floats(1e-6, 1e6)


def test_a_choice_is_right_or_wrong() -> None:
    form = Choice((WRONG, RIGHT, WRONG))
    assert [choice.points(form, (i,)) for i in range(3)] == [0, 1, 0]


@pytest.mark.parametrize(
    ("picks", "earned"),
    [((0, 1, 2), 1), ((0, 1), 2 / 3), ((0, 1, 3), 1 / 3), ((0, 3), 0), ((3, 4), 0), (range(5), 1 / 3)],
)
def test_a_wrong_pick_takes_a_right_one_away(picks: tuple[int, ...], earned: float) -> None:
    form = Multi((RIGHT, RIGHT, RIGHT, WRONG, WRONG))
    assert multi.points(form, tuple(picks)) == pytest.approx(earned)


@pytest.mark.parametrize(
    ("guess", "earned"),
    [(100, 1), (110, 1), (90, 1), (300, 0), (33.3, 0), (1000, 0), (0, 0), (-100, 0), (math.sqrt(330 * 100), 0.5)],
)
def test_a_prediction_within_ten_percent_and_to_a_factor_of_three(guess: float, earned: float) -> None:
    assert predict.points(100, guess) == pytest.approx(earned, abs=1e-3)


@given(POSITIVE, POSITIVE, POSITIVE)
def test_nearer_is_never_worse(right: float, near: float, further: float) -> None:
    near, further = sorted((near, further), key=lambda guess: abs(math.log(guess / right)))
    if (near - right) * (further - right) > 0:
        assert predict.points(right, near) >= predict.points(right, further)
    assert 0 <= predict.points(right, near) <= 1


@given(POSITIVE, POSITIVE)
def test_the_sign_makes_no_difference(right: float, guess: float) -> None:
    assert predict.points(-right, -guess) == predict.points(right, guess)


def test_nothing_but_zero_is_near_zero() -> None:
    assert [predict.points(0, guess) for guess in (0, 1e-9, -1)] == [1, 0, 0]


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1356", 1356), ("about 1,350 steps", 1350), ("~ 0,4", 0.4), ("2e3", 2000), ("55 %", 55), (".5", 0.5), ("−3", -3),
     ("1 000 000", 1e6), ("12.5", 12.5), ("1,356", 1356), ("≈ 7.", 7)],
)  # fmt: skip
def test_numbers_as_people_type_them(typed: str, number: float) -> None:
    assert predict.number(typed, "steps") == number


@pytest.mark.parametrize("typed", ["", "many", "1 or 2", "10-20", "nan", "inf", "1e999", "1_000", "0x10", "<t:1:R>"])
def test_what_is_no_number(typed: str) -> None:
    assert predict.number(typed, "steps") is None


@given(st.text(max_size=30))
def test_reading_a_number_never_raises_and_is_finite(text: str) -> None:
    number = predict.number(text, "%")
    assert number is None or math.isfinite(number)


def test_some_key_points_of_a_topic_make_a_question() -> None:
    form = Open("why?", ("a", "b"), 2)
    assert open.points(form, "so", Grade(0.75, met=_met("a", "c", "d"))) == 0.5
    assert open.points(form, "so", Grade(1.0, met=_met("a", "b", "c"))) == 1
    assert open.points(Open("why?"), "so", Grade(0.75, met=_met("a"))) == 0.75


def test_a_wrong_thesis_earns_nothing_though_a_point_was_met() -> None:
    assert open.points(Open("why?", ("a",), 1), "so", Grade(0.0, met=_met("a"))) == 0


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
    form = Open("Why does it train slowly?")
    assert open.points(form, text, Grade(1.0)) == (0 if copied else 1)


def test_the_grader_reads_what_the_question_is_about() -> None:
    assert (
        open.to_grade(Open("What does MC Dropout do?", subject="MC Dropout"), "it repeats") == "MC Dropout: it repeats"
    )
    assert open.to_grade(Open("why?"), "it repeats") == "it repeats"


def test_what_the_run_says_is_the_key() -> None:
    form = Compare((RIGHT, WRONG, WRONG), (Measured(0, "x"), Measured(0, "y"), Measured(1, "x")), (RUN, RUN))
    runs = [{"x": 1.0, "y": 3.0}, {"x": 3.0, "y": None}]
    assert [points(form, Picked((i,)), runs) for i in range(3)] == [0, 1, 1]
    assert compare.keys(form, [{"x": 1.0, "y": math.nan}, {"x": 3.0}]) is None
    assert points(form, Picked((0,))) is None


def test_a_metric_is_scaled_into_its_unit() -> None:
    form = Predict(RUN, "share", "%", 100)
    assert points(form, Guessed(42, "42"), [{"share": 0.42}]) == 1
    assert predict.key(form, [{"share": math.inf}]) is None
    assert predict.key(form, [{"other": 1.0}]) is None


def test_what_is_no_answer_to_a_form() -> None:
    options = (RIGHT, WRONG, WRONG)
    assert read(Choice(options), (3,), "") is None
    assert read(Choice(options), (0, 1), "") is None
    assert read(Multi(options), (), "") is None
    assert read(Multi(options), (2, 0, 2), "") == Picked((0, 2))
    assert read(Open("why?"), (), " \n") is None
    assert read(Open("why?"), (), "because") == Wrote("because")
    assert read(Predict(RUN, "x"), (), "lots") is None


def test_a_count_of_steps_knows_where_it_stops() -> None:
    question = PredictQuestion(
        id="q", kind="predict", ask="?", explain=".", experiment="momentum", metric="b_steps", cap="steps",
        settings={"steps": (3000.0,)}, cases=(Case(text="a"), Case(text="b")),
    )  # fmt: skip
    settings = {"steps": 3000}
    assert predict.composed(question, settings).cap == compare.composed(question, settings, Chance("s")).cap == 3000
    assert predict.composed(question.model_copy(update={"cap": None}), settings).cap is None
