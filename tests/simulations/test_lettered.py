"""Pictures that are asked about: nothing in them says which curve is which, and their table is that of their points."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curriculum.model import Question, Topic
from bot.quiz.chance import Chance
from bot.quiz.kinds import Kinds
from bot.quiz.kinds.base import PictureOfRun
from bot.service.pictures import request_of
from bot.simulations import plotting
from bot.simulations.experiment import read
from bot.simulations.experiments import Request, find, prepare
from bot.simulations.lettered import LONGEST_TABLE, MISSING, POINTS, Lettered, lettered, table
from bot.simulations.plot import Across, Axis, Band, Line, Panel, Plot, Scatter
from bot.simulations.plotting import marks
from bot.simulations.worker import ExperimentBroke, Worker
from tests.matching.worlds import shipped

X = np.linspace(0, 100, 101)
FLOATS = st.floats(allow_nan=True, allow_infinity=True)


def plot(*series: Line | Band | Scatter | Across, log: bool = False) -> Plot:
    """One panel, whose heading tells too much."""
    return Plot([Panel(Axis("step"), Axis("loss", log=log), series, "β = 0.9 wins")])


CURVES = (Line("β 0", X, X + 1), Line("β 0.9", X, 2 * X), Across("chance", 0.5), Band("β 0.99", X, X, X + 5))


def test_curves_are_called_by_letters_and_nothing_else_is_left() -> None:
    panel = lettered(plot(*CURVES), Lettered(0, ("β 0.99", "β 0")))
    assert [series.label for series in panel.series if not isinstance(series, Across)] == ["A", "B"]
    assert [type(series) for series in panel.series] == [Band, Line]
    assert not panel.title
    assert "β" not in table(panel)


def test_by_itself_all_lines_are_shown_and_one_alone_has_no_letter() -> None:
    assert [one.label for one in lettered(plot(*CURVES), Lettered()).series if isinstance(one, Line)] == ["A", "B"]
    (alone,) = lettered(plot(*CURVES), Lettered(0, ("β 0.9",))).series
    assert isinstance(alone, Line) and not alone.label


@pytest.mark.parametrize(("panel", "curves"), [(1, ()), (0, ("β 0.8",)), (0, ("chance",))])
def test_what_is_not_there_is_told(panel: int, curves: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="there is no"):
        lettered(plot(*CURVES), Lettered(panel, curves))


def test_the_table_has_eight_points_of_each_curve() -> None:
    heading, letters, *rows = table(lettered(plot(*CURVES), Lettered(0, ("β 0", "β 0.9", "β 0.99")))).split("\n")
    assert heading == "loss against step:"
    assert letters.split() == ["A", "B", "C"]
    assert len(rows) == POINTS
    assert rows[0].split() == ["0", "1", "0", "0", "to", "5"] and rows[-1].split() == [
        "100",
        "101",
        "200",
        "100",
        "to",
        "105",
    ]


def test_on_a_log_axis_the_points_are_spread_as_they_stand() -> None:
    at = np.arange(1, 1001)
    panel = lettered(Plot([Panel(Axis("n", log=True), Axis("y"), [Line("a", at, at), Line("b", at, at)])]), Lettered())
    assert [int(row.split()[0].replace(",", "")) for row in table(panel).split("\n")[2:]] == [
        1,
        3,
        7,
        19,
        52,
        139,
        373,
        1000,
    ]


def test_a_path_to_and_fro_is_followed_point_by_point() -> None:
    around = np.linspace(0, 2 * np.pi, 50)
    said = table(lettered(plot(Line("a", np.cos(around), np.sin(around)), Line("b", X, X)), Lettered()))
    assert re.search(r"^A: \(1, 0\), .*\(1, ", said, re.MULTILINE)
    assert said.count("(") == 2 * POINTS


@given(st.lists(st.tuples(st.lists(FLOATS, min_size=2, max_size=40), st.booleans()), min_size=1, max_size=5))
def test_whatever_the_curves_are_the_table_fits(curves: list[tuple[list[float], bool]]) -> None:
    lines = [
        Line(f"curve {i}", np.arange(len(y)) if even else np.array(y[::-1]), np.array(y))
        for i, (y, even) in enumerate(curves)
    ]
    said = table(lettered(plot(*lines, log=True), Lettered()))
    assert len(said) <= LONGEST_TABLE
    assert "curve" not in said


def test_curves_can_be_told_apart_without_colour() -> None:
    waves = [Line(str(i), X, np.sin(X / 9 + i)) for i in range(5)]
    panel = lettered(plot(*waves), Lettered())
    styles = marks.looks([[panel]])
    assert len({str(styles[letter].dash) for letter in "ABCDE"}) == 5
    canvas = plotting.drawn("", "", [("", Plot([panel]))])
    written = {text.get_text() for axes in canvas.figure.axes for text in axes.texts} | {
        text.get_text() for text in canvas.figure.texts
    }
    assert written - {""} == {*"ABCDE", "loss", "step"}


def test_a_request_comes_back_from_json_as_it_was() -> None:
    request = replace(prepare("momentum"), picture=True, lettered=Lettered(1, ("a", "b")))
    assert Request.from_plain(request.plain()) == request


def test_a_missing_point_is_shown_as_such() -> None:
    gap = np.where(X == 0, np.nan, X)
    assert MISSING in table(lettered(plot(Line("a", X, gap), Line("b", X, X)), Lettered())).split("\n")[2]


PICTURES = [(topic, one) for topic in shipped().topics for one in topic.questions if one.has_picture]


@pytest.mark.parametrize(
    ("topic", "question"),
    [
        pytest.param(topic, one, id=f"{topic.id}/{one.id}", marks=() if number == 2 else pytest.mark.slow)
        for number, (topic, one) in enumerate(PICTURES)
    ],
)
def test_every_picture_that_is_asked_about_can_be_drawn(topic: Topic, question: Question) -> None:
    drawn = Kinds().draw(topic, question, Chance("s"))
    assert drawn.picture
    request, experiment = request_of(drawn.picture), find(drawn.picture.run.experiment)
    assert request.lettered
    outcome = experiment.run(read(experiment.parameters, request.runs[0]), request.seed)
    panel = lettered(outcome.plot, request.lettered)
    letters, said = [one.label for one in panel.series if isinstance(one, Line | Band | Scatter)], table(panel)
    assert len(said) <= LONGEST_TABLE
    assert not any(letter and letter not in said for letter in letters)
    assert not any(len(label) > 2 and label in said for label in drawn.picture.curves)
    restless = [one for one in panel.series if isinstance(one, Line) and _loses_its_dashes(one)]
    assert len(restless) <= 1, "curves that can be told apart by colour only"
    assert plotting.png("", "", [("", Plot([panel]))])


def _loses_its_dashes(line: Line) -> bool:
    """Whether it turns so often that it is drawn without."""
    return marks.RESTLESS < marks.times_turned(np.asarray(line.y, float)) <= marks.DENSE


def test_what_only_rounding_moves_does_not_take_the_dashes() -> None:
    flat = 0.378 + 1e-15 * np.random.default_rng(1).normal(size=400)
    at = np.arange(400)
    panel = lettered(plot(Line("a", at, flat), Line("b", at, 1e-20 * (1 + at))), Lettered())
    a, b = (one for one in panel.series if isinstance(one, Line))
    assert marks.times_turned(np.asarray(a.y)) == 0
    assert np.asarray(b.y) == pytest.approx(1e-20 * (1 + at), rel=1e-3)


def test_a_curve_that_there_is_not_is_a_fault_of_the_run(strict: Worker) -> None:
    drawn = next(Kinds().draw(topic, one, Chance("s")) for topic, one in PICTURES)
    assert isinstance(drawn.picture, PictureOfRun)
    with pytest.raises(ExperimentBroke):
        strict.run_now(request_of(replace(drawn.picture, curves=("β = 2",))))
