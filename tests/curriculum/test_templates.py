"""A criterion's sentence: which places it may hold, what is written in them, and that no number breaks it."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curriculum.templates import PLACE, parse_template

SETTINGS: dict[str, float | str] = {
    "layers": 100.0,
    "width": 256.0,
    "samples": 200000.0,
    "beta": 0.99999,
    "act": "tanh",
}
METRICS: dict[str, float] = {
    "grad_log10": 3.12,
    "selu_input_N(3,2)_var": 1.0123,
    "log10q_+0.10": -15.3,
    "b0.9_steps": 57.0,
    "b0.99_steps": 3001.0,
    "once": 1.0,
    "acc": 0.9871,
    "share": 0.99999,
    "loss": 0.025,
    "zero": 0.0,
}


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        ("over {layers} layers it grew {grad_log10:power:times}", "over 100 layers it grew 1,300-fold"),
        ("{0.5 * grad_log10:power:times} in size", "36-fold in size"),
        ("from {log10q_+0.10:power} to {selu_input_N(3,2)_var}", "from 10⁻¹⁵ to 1"),
        ("{b0.9_steps:steps} and {b0.99_steps:steps}", "57 steps and more than 3,000 steps"),
        ("{once:steps}, {b0.99_steps} in all", "1 step, more than 3,000 in all"),
        ("{acc:percent} right, {1 - acc:percent} wrong", "99 % right, 1.3 % wrong"),
        ("{share} is {share:exact}", "1 is 0.99999"),
        ("{width} units, {samples} samples, β {beta}, {act}", "256 units, 200,000 samples, β 0.99999, tanh"),
        ("{width / layers:times}", "2.6-fold"),
        ("{b0.9_steps / once:times} of {loss}", "57-fold of 0.025"),
        ("{loss / zero} and {nothing}", "not finite and not finite"),
        ("two\n  lines {loss}", "two lines 0.025"),
    ],
)
def test_what_a_person_reads(sentence: str, read: str) -> None:
    assert parse_template(sentence).filled(METRICS, SETTINGS, {"b0.9_steps": 3000, "b0.99_steps": 3000}) == read


@pytest.mark.parametrize(
    "sentence",
    [
        "{}",
        "{loss",
        "loss}",
        "{{loss}}",
        "{loss:}",
        "{loss:dozens}",
        "{loss:times:power}",
        "{loss:power:power}",
        "{loss:power:}",
        "{a+b c}",
        "{a ** b}",
        "{a * b * c}",
    ],
)
def test_no_other_place(sentence: str) -> None:
    with pytest.raises(ValueError, match="place") as caught:
        parse_template(sentence)
    assert str(caught.value) == PLACE


def test_it_shows_a_number() -> None:
    with pytest.raises(ValueError, match="shows no number"):
        parse_template("it grew")


def test_its_names_are_those_of_metrics_and_parameters_once_each() -> None:
    assert parse_template("{a} {0.5 * b:power} {a - c:percent}").names == ("a", "b", "c")


@given(st.text(max_size=40))
def test_no_text_does_worse_than_be_refused(text: str) -> None:
    try:
        parse_template(text)
    except ValueError as error:
        assert str(error)


@given(st.floats() | st.sampled_from([inf, -inf, nan, 0.0, 1e300, -1e300, 5e-324]), st.none() | st.integers(0, 10**6))
def test_every_number_can_be_written_in_every_form(value: float, cap: int | None) -> None:
    sentence = "{x}|{x:percent}|{x:times}|{x:steps}|{x:exact}|{x:power}|{x:power:times}|{x / x}|{1 - x}"
    pieces = parse_template(sentence).filled({"x": value}, {}, {} if cap is None else {"x": cap}).split("|")
    assert len(pieces) == 9
    assert all(pieces)
