"""A criterion reads back as it was written, and holds of numbers only."""

from math import inf, isclose, nan

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.curriculum.claims import FORM, OPERATORS, Comparison, parse

names = st.text("abcXYZ019_+-.,()", min_size=1, max_size=20)
numbers = st.floats(allow_nan=False, allow_infinity=False)
anything = st.floats()
operators = st.sampled_from(sorted(OPERATORS))
comparisons = st.builds(Comparison, names, operators, numbers, st.none() | names)


@given(comparisons)
def test_what_is_written_out_is_read_back(comparison: Comparison) -> None:
    assert parse(str(comparison)) == comparison


@pytest.mark.parametrize(
    ("text", "comparison"),
    [
        ("constant_acc <= 0.76", Comparison("constant_acc", "<=", 0.76)),
        ("selu_loss < 0.5 * relu_he_loss", Comparison("selu_loss", "<", 0.5, "relu_he_loss")),
        ("  he_rank   ==  1 *  hidden ", Comparison("he_rank", "==", 1.0, "hidden")),
        ("selu_input_N(3,2)_var >= 8.5e-1", Comparison("selu_input_N(3,2)_var", ">=", 0.85)),
        ("log10q_+0.10 > -.5", Comparison("log10q_+0.10", ">", -0.5)),
    ],
)
def test_the_two_forms(text: str, comparison: Comparison) -> None:
    assert parse(text) == comparison


@pytest.mark.parametrize(
    "text",
    [
        "",
        "acc",
        "acc <=",
        "acc<=0.76",
        "acc = 0.76",
        "acc != 0",
        "acc <= high",
        "acc <= nan",
        "acc <= inf",
        "acc <= 1e999",
        "acc <= 1_0",
        "0.1 <= acc <= 0.2",
        "loss < 0.5 * a * b",
        "loss < a * 0.5",
        "loss < 0.5 + other",
        "loss < 0.5 * ",
        "__import__('os').getcwd() < 1 or 2",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must read") as caught:
        parse(text)
    assert str(caught.value) == FORM


@given(st.text())
def test_no_text_does_worse_than_be_refused(text: str) -> None:
    try:
        comparison = parse(text)
    except ValueError as error:
        assert str(error) == FORM
    else:
        assert parse(str(comparison)) == comparison


@given(comparison=comparisons, value=anything)
def test_nothing_holds_of_nan_or_of_what_is_missing(comparison: Comparison, value: float) -> None:
    for name in comparison.names:
        values = dict.fromkeys(comparison.names, value)
        assert not comparison.holds(values | {name: nan})
        del values[name]
        assert not comparison.holds(values)


@given(operator=operators, factor=st.floats(min_value=1e-3, max_value=1e3))
def test_two_infinities_compare_as_nothing(operator: str, factor: float) -> None:
    for infinite in (inf, -inf):
        comparison = Comparison("a", operator, factor, "b")
        assert not comparison.holds({"a": infinite, "b": infinite})


def test_one_infinity_is_beyond_every_number() -> None:
    assert parse("far > 3 * start").holds({"far": inf, "start": 2.2})
    assert not parse("far < 1e300").holds({"far": inf})
    assert parse("loss < 0.5 * other").holds({"loss": 0.1, "other": inf})


@given(left=numbers, right=numbers)
def test_each_operator_means_what_it_says(left: float, right: float) -> None:
    assume(not isclose(left, right, rel_tol=1e-8))
    true = {name for name in OPERATORS if Comparison("m", name, right).holds({"m": left})}
    assert true == ({"<", "<="} if left < right else {">", ">="})


@given(numbers)
def test_a_number_equals_itself(number: float) -> None:
    assert {name for name in OPERATORS if Comparison("m", name, number).holds({"m": number})} == {"<=", ">=", "=="}


def test_within_a_bound_forgives_the_rounding_but_zero_is_zero() -> None:
    assert parse("gap <= 0.01").holds({"gap": 0.985 - 0.975})  # 0.010000000000000009
    assert not parse("gap < 0.01").holds({"gap": 0.985 - 0.975})
    assert parse("zeros == 0").holds({"zeros": -0.0})
    assert not parse("zeros == 0").holds({"zeros": 5e-324})


def test_the_bound_for_people() -> None:
    shown = [parse(text).bound for text in ("acc <= 0.76", "x > 1 * steps", "a < 0.5 * b", "n == 100")]
    assert shown == ["<= 0.76", "> steps", "< 0.5 * b", "== 100"]
