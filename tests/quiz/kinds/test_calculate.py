"""A number is worked out: the formula, how answers are read with their units, and what is near enough."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import formats, words
from bot.quiz.chance import Chance
from bot.quiz.kinds.base import Key
from bot.quiz.kinds.calculate import CalculateQuestion, DrawnCalculation, NoFormula, evaluated, near

ABOUT: dict[str, Any] = {"key": "t/q", "topic": "t", "ask": "How many?", "explain": "."}
POSITIVE = st.floats(1e-9, 1e9)
DIGITS = st.integers(1, 6)


def asked(right: float = 12.5, unit: str = "", digits: int = 3) -> DrawnCalculation:
    return DrawnCalculation(**ABOUT, right=right, digits=digits, working=f"= {right}", unit=unit)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("1 / (1 - p)", 1 / 0.6), ("-p ** 2", -0.16), ("2 ** -n", 2.0**-5),
        ("sqrt(n) + exp(0) + ln(1)", 1 + math.sqrt(5)),
        ("log10(1000) * log2(8)", 9), ("min(p, n) + max(1, 2, 3) + abs(-1)", 4.4), ("pi", math.pi), ("+n", 5),
        ("(n * (n - 1)) / 2", 10),
    ],
)  # fmt: skip
def test_a_formula_is_worked_out(formula: str, value: float) -> None:
    assert evaluated(formula, {"p": 0.4, "n": 5}) == pytest.approx(value)


@pytest.mark.parametrize(
    "formula",
    ["__import__('os')", "n.real", "n[0]", "[n]", "lambda: 1", "n if n else p", "n and p", "n == p", "'a' * n", "True",
     "1j", "exec('1')", "print(n)",
     "sqrt", "sqrt(n, base=2)", "sqrt(*[n])", "f'{n}'", "(n := 2)", "n ^ 2", "n // 2", "",
     "n +", "q", "sqrt(-1)", "ln(0)", "1 / 0", "(-1) ** 0.5", "10 ** 400", "9 ** 9 ** 9", "10 ** 308 * 10",
     "sqrt()", "(" * 150, "min(n)", "1e999", "ex" * 60, "not n", "~n", "n % 2", "n @ 2"],
)  # fmt: skip
def test_nothing_but_arithmetic_is_carried_out(formula: str) -> None:
    with pytest.raises(NoFormula):
        evaluated(formula, {"n": 5, "p": 0.4})


@given(st.text(max_size=30))
def test_whatever_stands_for_a_formula_gives_a_finite_number_or_is_refused(formula: str) -> None:
    try:
        assert math.isfinite(evaluated(formula, {"n": 5.0}))
    except NoFormula as error:
        assert str(error)


NUMBERS = [
    ("0.4", 0.4), ("0,4", 0.4), (".4", 0.4), ("2/5", 0.4), ("1 1/2", 1.5), ("1½", 1.5), ("½", 0.5), ("4e-1", 0.4),
    ("10^-5", 1e-5), ("10⁻⁵", 1e-5), ("10**-5", 1e-5), ("10^(-5)", 1e-5), ("10^{-5}", 1e-5), ("2e3", 2000),
    ("2E3", 2000), ("2·10^3", 2000), ("2*10^3", 2000), ("2x10^3", 2000), ("2 × 10³", 2000), ("2,5·10^3", 2500),
    ("1,356", 1356), ("1 000 000", 1e6), ("0,125", 0.125), ("-3/4", -0.75), ("−0.5", -0.5), ("about 7", 7),
    ("≈ 1/3", 1 / 3), ("= 8", 8),
    ("0.25^9", 0.25**9),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "number"), NUMBERS)
def test_numbers_are_read_in_the_forms_that_people_type(typed: str, number: float) -> None:
    bare, steps = asked().read((), typed), asked(unit="steps").read((), f"{typed} steps")
    assert bare and steps
    assert (bare.number, bare.text) == (pytest.approx(number), typed)
    assert (steps.number, steps.unit) == (pytest.approx(number), "steps")
    assert formats.number_in(f"{typed} steps", "steps") == pytest.approx(number)


@pytest.mark.parametrize(
    "typed",
    ["", "many", "1 or 2", "10-20", "1/0", "0^-1", "9^9999", "nan", "inf", "1e999", "3/4/5", "2·3", "x", "1.2.3"],
)
def test_what_is_no_number_is_no_answer(typed: str) -> None:
    question = asked()
    assert question.read((), typed) is None
    assert words.quiz.unread(question, typed).startswith("I could not read a number there.")


@given(st.text(max_size=30), st.sampled_from(["", "%", "steps", "times"]))
def test_reading_a_number_never_raises_and_is_finite(typed: str, unit: str) -> None:
    question = asked(unit=unit)
    answer = question.read((), typed)
    assert answer is None or (answer.number is not None and math.isfinite(answer.number))
    assert words.quiz.unread(question, typed)


@pytest.mark.parametrize(
    ("unit", "typed"),
    [("steps", "12 step"), ("steps", "12steps"), ("steps", "12 Steps."), ("steps", "12 (steps)"),
     ("parameters", "12 params"), ("times", "12x"), ("times", "12 ×"), ("times", "12-fold"),
     ("%", "12 per cent"), ("%", "12%"), ("%", "12 percent"),
     ("passes", "12 pass"), ("steps a layer", "12 steps a layer")],
)  # fmt: skip
def test_a_unit_may_be_written_in_other_ways(unit: str, typed: str) -> None:
    answer = asked(unit=unit).read((), typed)
    assert answer and answer.number == 12


@pytest.mark.parametrize(
    ("unit", "typed", "told"),
    [
        ("steps", "12", "Which unit? Type it too: `12 steps`, if that is what you mean."),
        ("%", "40", "Which unit? Type it too: `40 %`, if that is what you mean."),
        ("steps", "12 epochs", "The answer is asked for in steps. Type the number of steps, such as `250 steps`."),
        ("steps", "12 %", "The answer is asked for in steps. Type the number of steps, such as `250 steps`."),
        ("", "12 steps", "The answer has no unit. Type the number alone: `12`, if that is what you mean."),
    ],
)
def test_a_unit_that_is_missing_or_wrong_is_told(unit: str, typed: str, told: str) -> None:
    question = asked(unit=unit)
    assert question.read((), typed) is None
    assert words.quiz.unread(question, typed) == told


def test_what_is_proposed_for_a_missing_unit_is_read() -> None:
    question = asked(12.0, "steps")
    told = words.quiz.unread(question, "12")
    answer = question.read((), told.split("`")[1])
    assert answer and question.mark(answer) == 1


@pytest.mark.parametrize("typed", ["40 %", "0.4", "0,4", "2/5", "40%", "40 per cent"])
def test_a_share_is_right_in_per_cent_and_as_a_number(typed: str) -> None:
    for question in (asked(40.0, "%"), asked(0.4)):
        answer = question.read((), typed)
        assert answer and question.mark(answer) == 1
        assert words.quiz.answered(answer, "") == ("**40 %**" if question.unit else "**0.4**")


@pytest.mark.parametrize(
    ("right", "digits", "given_", "earned"),
    [
        (100, 3, 101, 1), (100, 3, 99, 1), (100, 3, 101.1, 0), (100, 3, -100, 0),  # 1 %
        (0.0123, 2, 0.0128, 1), (0.0123, 2, 0.0129, 0), (0.0123, 3, 0.0124, 1), (0.0123, 3, 0.01243, 0),  # half a unit
        (5, 1, 5.5, 1), (5, 1, 5.6, 0), (9.96, 2, 10.4, 1), (9.96, 2, 10.1, 1), (1e-12, 3, 1.009e-12, 1),
        (0.001, 3, 0, 0),
    ],
)  # fmt: skip
def test_right_is_within_one_percent_or_half_of_the_last_digit(
    right: float, digits: int, given_: float, earned: int
) -> None:
    assert near(right, given_, digits) is bool(earned)


@given(POSITIVE, DIGITS)
def test_what_is_shown_as_the_answer_is_right(right: float, digits: int) -> None:
    question = asked(right, "steps", digits)
    shown = words.kinds.of(question).key_line(question, Key(number=right)).split("**")[1]
    answer = question.read((), shown)
    assert answer and question.mark(answer) == 1
    assert question.mark(question.read((), question.samples()[0][1]) or answer) == 1


@given(POSITIVE, st.floats(-0.5, 0.5), DIGITS)
def test_what_is_near_enough_agrees_with_the_rule(right: float, off: float, digits: int) -> None:
    given_ = right * (1 + off)
    half = 0.5 * 10.0 ** (math.floor(math.log10(right)) - digits + 1)  # of the exact number's own decade
    if abs(off) < 0.0099:
        assert near(right, given_, digits)
    if abs(given_ - right) < 0.999 * half:
        assert near(right, given_, digits)
    if abs(given_ - right) > max(0.0101 * right, 10.01 * half):
        assert not near(right, given_, digits)
    assert near(-right, -given_, digits) is near(right, given_, digits)


def test_a_draw_names_its_settings_and_shows_its_steps() -> None:
    question = CalculateQuestion(
        id="q", kind="calculate", ask="p = {p}, n = {n}?", explain=".", settings={"p": (0.5, 0.2), "n": (3,)},  # type: ignore[arg-type]
        steps={"keep": "1 - p"}, formula="100 * keep ** n", unit="%", working="100·{keep}^{n} = {answer}",
    )  # fmt: skip
    drawn = {DrawnCalculation.draw("t", question, Chance(str(seed))) for seed in range(20)}
    assert {(one.ask, round(one.right, 9), one.working) for one in drawn} == {
        ("p = 0.5, n = 3?", 12.5, "100·0.5^3 = 12.5 %"),
        ("p = 0.2, n = 3?", 51.2, "100·0.8^3 = 51.2 %"),
    }
