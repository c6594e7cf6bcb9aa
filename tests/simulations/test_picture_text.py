"""What pictures say in words, and what the pictures of all experiments keep to."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord_app.layout import LONGEST_ALT, MOST_CHARACTERS
from bot.simulations import experiments, picture_text
from bot.simulations.experiment import Choice, Experiment, read
from bot.simulations.plot import Across, Axis, Band, Bars, Contour, Dots, Down, Line, Panel, Plot, Scatter, Shade

STEP, LOSS = Axis("step"), Axis("loss")
every = pytest.mark.parametrize("experiment", experiments.experiments(), ids=lambda one: one.name)


def course(y: Any, axis: Axis = LOSS, *beside: Any, full: bool = False) -> str:
    """What is said of a line through these heights at steps 0, 1, 2 ..."""
    line = Line("line", np.arange(len(y)), y)
    return picture_text.course(line, Panel(STEP, axis, [line, *beside]), full)


def test_what_the_eye_sees_first_of_a_line() -> None:
    assert course(np.linspace(0, 3, 50)) == "rises from 0 to 3"
    assert course(np.full(9, 2.0), LOSS, Line("other", [0, 8], [0, 4])) == "flat near 2"
    assert course(np.exp(-np.arange(100.0))) == "falls from 1 to 10⁻⁴³, flat from step 4"
    assert course([1.0] * 60 + list(np.linspace(1, 0, 40))) == "flat at 1 until step 61, then falls to 0"
    assert course([0, 1, 2, 3, 2, 1, 0.5]) == "starts at 0, rises to 3 at step 3, falls to 0.5"
    assert course([3, 1, 0, 2, 4]) == "starts at 3, falls to 0 at step 2, rises to 4"


def test_swings_are_counted_and_noise_does_not_hide_where_a_line_tends() -> None:
    waves = np.sin(np.arange(1000) * 2 * np.pi / 50)
    assert re.fullmatch(r"swings up and down (19|20) times between -1 and 1", course(waves))
    falling = np.linspace(10, 0, 200) + np.tile([1, -1], 100)
    assert re.fullmatch(r"falls from \S+ to \S+, up and down \d+ times on the way", course(falling))


def test_a_line_is_judged_as_it_is_drawn() -> None:
    powers = 10.0 ** -np.arange(9)
    assert course(powers, Axis("loss", log=True)) == "falls from 1 to 10⁻⁸"
    assert course(powers, Axis("loss", log=True, low=1e-4), full=True) == (
        "falls from 1 to 10⁻⁴, leaves the view at step 4"
    )
    assert course([50.0, 60.0], Axis("loss", high=2)) == "outside the view"
    assert course([0.0, 0.0], Axis("loss", log=True)) == "outside the view"


def test_crossings_are_counted_and_a_level_line_runs_along() -> None:
    target = Across("target", 0.5)
    assert (
        course(np.linspace(1, 0.01, 12), LOSS, target, full=True) == "falls from 1 to 0.01, passes “target” at step 6"
    )
    assert "passes zero 3 times" in course([1, -1, 1, -1, -1], full=True)
    flat = course(np.full(9, 0.5), LOSS, target, Line("other", [0, 8], [0, 4]), full=True)
    assert flat == "flat near 0.5, along “target”"


def test_a_band_is_measured_inside_and_outside_the_shade() -> None:
    x = np.linspace(-3, 3, 61)
    half = np.where(np.abs(x) <= 1, 0.5, 1.5)
    band = Band("spread", x, -half, half)
    shaded = Panel(Axis("x"), Axis("y"), [Shade("data", -1, 1), band])
    assert picture_text.widths(band, shaded) == "1 wide in the data, 3 outside, 3 times as wide"
    assert picture_text.widths(band, Panel(Axis("x"), Axis("y"), [band])) == "narrowest 1 at x -1, widest 3 at x -3"


def test_rows_are_all_said_or_the_ends_of_them() -> None:
    share = Axis("accuracy in %")
    two, many = Dots("", ["a", "dropout 0.5"], [98.71, 0.5]), Bars("", list("abcde"), [3, 0, 0, 9, 1])
    assert picture_text.values(two, share, few=True) == "98.7 % (a), 0.5 % (dropout 0.5)"
    assert picture_text.values(many, LOSS, few=True) == "highest 9 (d), lowest 0 (2 others)"


def everything() -> Plot:
    x = np.linspace(0, 10, 300)
    lines = [Line(f"line {i}", x, np.sin(x * (i + 1)), "a note") for i in range(9)]
    rest = [Band("band", x, x, 2 * x), Scatter("dots", x, x), Scatter("here", [1], [2]), Contour(x, x, [[1]], [1])]
    marks = [Across("level", 0.5), Down("now", 3), Shade("data", 2, 4)]
    rows = Panel(Axis("share"), Axis("net"), [Bars("bars", ["a", "b"], [1, 2], ["note", ""])], "Rows")
    return Plot([Panel(Axis("x"), Axis("y"), [*lines, *rest, *marks]), rows], "A finding", lines[:2])


def test_a_description_has_a_line_for_each_series_and_leaves_scatter_out() -> None:
    said = picture_text.description([("", everything())]).split("\n")
    assert len(said) == 2 + 9 + 4 + 3 + 1
    assert "- dots: 300 dots." in said
    assert "- here: a dot at (1, 2)." in said
    assert "- bars: 1 (a) note, 2 (b)." in said


@pytest.mark.parametrize("length", [10, 100, 390, 500])
def test_what_has_no_room_is_left_out_sentence_by_sentence(length: int) -> None:
    long = "word " * (length // 5)
    alt = picture_text.alt(f"{long}end", [("", everything())])
    assert len(alt) <= picture_text.LONGEST_ALT
    assert alt == "" or alt.endswith(".")


@given(st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), max_size=40), st.booleans())
def test_any_line_can_be_described(y: list[float], log: bool) -> None:
    plot = Plot([Panel(STEP, Axis("loss", log=log), [Line("line", np.arange(len(y)), y), Across("level", 0.5)])])
    assert picture_text.alt("Odd", [("", plot)]).startswith("Odd. ")
    assert "- line: " in picture_text.description([("", plot)])


NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")


def numbers(text: str) -> set[str]:
    """The numbers of a text, with their commas; powers of ten and what is part of a word are not among them."""
    return set(NUMBER.findall(text))


def digits(number: str) -> int:
    """How many significant digits a number has: 2 for 0.053, 1,700 and 100."""
    plain = number.replace(",", "")
    figures = plain.replace(".", "").lstrip("0")
    return len(figures if "." in plain else figures.rstrip("0"))


def named_in(plot: Plot, given: dict[str, Any]) -> str:
    """What may stand in a title in full: settings, and the names of axes and series."""
    labels = [series.label for panel in plot.panels for series in panel.series if not isinstance(series, Contour)]
    axes = [axis.label for panel in plot.panels for axis in (panel.x, panel.y)]
    return " ".join([*labels, *axes, *(f"{value:,} {value}" for value in given.values() if not isinstance(value, str))])


def keeps_to_the_rules(experiment: Experiment, given: dict[str, Any], seed: int) -> None:
    settings = read(experiment.parameters, given)
    outcome = experiment.run(settings, seed)
    plot, runs = outcome.plot, [("", outcome.plot)]
    assert len([word for word in plot.title.split() if re.search(r"\w", word)]) in range(3, 13), plot.title
    exact = numbers(named_in(plot, settings.plain()))
    assert [n for n in numbers(plot.title) - exact if digits(n) > 2] == [], plot.title
    assert len(plot.deciding) <= 2
    decide = picture_text.deciding(plot)
    assert len(decide) == len(plot.deciding or decide)  # each stands in a panel
    alt = picture_text.alt(plot.title, runs)
    assert len(alt) <= picture_text.LONGEST_ALT <= LONGEST_ALT
    for panel, series in decide:
        assert picture_text.said(panel, series, full=False, name=panel.title).split(": ", 1)[1].rstrip(".") in alt
    shared = numbers(outcome.headline) & numbers(alt) or set(re.findall(r"10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", outcome.headline + alt))
    assert shared, (outcome.headline, alt)
    described = picture_text.description(runs)
    assert len(described) <= MOST_CHARACTERS - 300
    for panel in plot.panels:
        assert "_" not in panel.title + panel.x.label + panel.y.label
        for one in panel.series:
            assert isinstance(one, Contour) or one.label in described


@every
def test_pictures_at_the_least_settings(experiment: Experiment) -> None:
    described = experiment.described()["parameters"].items()
    keeps_to_the_rules(experiment, {name: said["min"] for name, said in described if "min" in said}, 1)


@pytest.mark.slow
@every
@pytest.mark.parametrize("seed", [0, 3])
def test_pictures_as_they_come_and_with_each_word_a_setting_can_be(experiment: Experiment, seed: int) -> None:
    words = [{p.name: value} for p in experiment.parameters if isinstance(p, Choice) for value in p.choices]
    for settings in [{}, *words]:
        keeps_to_the_rules(experiment, settings, seed)


def test_of_two_runs_both_findings_are_said() -> None:
    born_dead = experiments.find("born-dead")
    settings = (read(born_dead.parameters, {"trials": 50, "width": width}) for width in (2, 4))
    runs = [(f"width={one.plain()['width']}", born_dead.run(one, 0).plot) for one in settings]
    alt = picture_text.alt("ReLU nets that are dead at birth: width=2 against width=4", runs)
    assert ". width=2: At width 2 and depth 10, " in alt
    assert ". width=4: At width 4 and depth 10, " in alt
    assert alt.index("width=2, ReLU: ") < alt.index("width=4, ReLU: ")
    assert len(alt) <= picture_text.LONGEST_ALT
    assert picture_text.description(runs).count("over depth in layers.") == 2
