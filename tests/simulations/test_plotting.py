"""Pictures: their size, that no label covers another or leaves the card, and that odd values do no harm."""

import json
import struct
import time
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from bot.simulations import experiments, plotting
from bot.simulations.execute import execute
from bot.simulations.experiment import Experiment, read
from bot.simulations.experiments import Request, find
from bot.simulations.plot import (
    Across,
    Axis,
    Band,
    Bars,
    Chart,
    ChartLine,
    Contour,
    Dots,
    Down,
    Line,
    Panel,
    Plot,
    Scatter,
    Shade,
)
from bot.simulations.plotting import marks
from bot.simulations.plotting.labels import Room, spread

X = np.linspace(0, 10, 200)


def waves(count: int) -> Plot:
    lines = [Line(f"a wave of kind {i}", X, np.sin(X + i) + i / 9) for i in range(count)]
    return Plot([Panel(Axis("time in s"), Axis("height"), [*lines, Across("sea level", 0.0)])])


def bars(groups: int) -> Plot:
    drawn = [
        Bars(f"group {i}", ["ReLU", "SELU", "leaky"], [0.5, 0.0, 0.25 + i], ["half", "", ""]) for i in range(groups)
    ]
    return Plot([Panel(Axis("share"), Axis("activation"), drawn)])


def everything() -> Plot:
    grid = np.add.outer(X**2, X**2)
    left = [Contour(X, X, grid, [1, 10, 50]), Line("a path", X, X), Shade("data", 2, 4), Down("here", 5)]
    right = [Band("a band", X, np.exp(X), 2 * np.exp(X)), Scatter("points", X[::20], np.exp(X[::20])), Line("", X, X)]
    return Plot([Panel(Axis("x"), Axis("y"), left, "One"), Panel(Axis("x"), Axis("y", log=True), right, "Two")])


PICTURES = {
    "one line": [("", waves(1))],
    "seven lines": [("", waves(7))],
    "bars": [("", bars(1))],
    "grouped bars": [("", bars(3))],
    "all kinds": [("", everything())],
    "two runs": [("n=1", waves(3)), ("n=2", waves(4))],
    "two runs of two panels": [("n=1", everything()), ("n=2", everything())],
}
TITLE = "A headline that is about as long as they are, with a number, 0.997, and another, 1,234, and a third one, 10⁻⁶."
CAPTION = " · ".join(f"parameter_{i}={i}" for i in range(9))


def words(canvas: FigureCanvasAgg) -> list[Text]:
    """Every text that is not empty; those of the tick labels stand apart, matplotlib spaces them."""
    figure = canvas.figure
    inside = [text for axes in figure.axes for text in axes.texts if text.get_text()]
    return inside + list(figure.texts)


@pytest.mark.parametrize("name", PICTURES)
def test_words_neither_overlap_nor_leave_the_card(name: str) -> None:
    apart(plotting.drawn(TITLE, CAPTION, PICTURES[name]))


def apart(canvas: FigureCanvasAgg) -> None:
    """Fails where a word covers another, or leaves the card."""
    boxes = [(text.get_text(), text.get_window_extent()) for text in words(canvas)]
    for text, box in boxes:
        assert box.x0 >= 0, text
        assert box.x1 <= marks.WIDTH, text
        assert box.y0 >= 0, text
        assert box.y1 <= marks.HEIGHT, text
    for (one, a), (other, b) in combinations(boxes, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        up = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across <= 2 or up <= 4, (one, other)


def test_size_and_speed() -> None:
    plotting.png("", "", PICTURES["one line"])
    start = time.process_time()
    picture = plotting.png(TITLE, CAPTION, PICTURES["seven lines"])
    assert time.process_time() - start < 0.5
    assert struct.unpack(">II", picture[16:24]) == (1200, 675)
    assert len(picture) < 500_000


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize(
    "values",
    [[np.nan] * 3, [0.0, 0.0, 0.0], [np.inf, 1.0, -np.inf], [1e-300, 1.0, 1e300], [-1.0, -2.0, -3.0], [5.0] * 3],
)
def test_odd_values_are_drawn(values: list[float], log: bool) -> None:
    axis = Axis("value", log=log)
    lines = [Line("odd", [0, 1, 2], values), Scatter("points", [0, 1, 2], values)]
    plots = [Panel(Axis("x"), axis, lines), Panel(axis, Axis("case"), [Dots("dots", ["a", "b", "c"], values)])]
    assert plotting.png("Odd", "", [("", Plot(plots))])


def test_a_label_looks_the_same_in_all_panels_and_differs_from_its_neighbours() -> None:
    grid = plotting.arranged([("a", waves(3)), ("b", waves(5))])
    looks = marks.looks(grid)
    assert len(looks) == 5
    assert len({(look.colour, look.dash) for look in looks.values()}) == 5


heights = st.floats(1, 30)


@given(st.lists(st.tuples(st.floats(0, 400), heights), min_size=1, max_size=8))
def test_spread_labels_keep_their_order_and_do_not_overlap(labels: list[tuple[float, float]]) -> None:
    wanted, sizes = [label[0] for label in labels], [label[1] for label in labels]
    centres = spread(wanted, sizes, 0, 400)
    order = sorted(range(len(labels)), key=wanted.__getitem__)
    for low, high in pairwise(order):
        assert centres[high] - centres[low] >= (sizes[low] + sizes[high]) / 2 - 1e-6
    assert centres[order[0]] - sizes[order[0]] / 2 >= -1e-6
    assert centres[order[-1]] + sizes[order[-1]] / 2 <= 400 + 1e-6


@given(st.lists(st.floats(0, 400), min_size=1, max_size=8, unique=True))
def test_labels_with_room_stay_where_they_are(wanted: list[float]) -> None:
    if min((b - a for a, b in pairwise(sorted(wanted))), default=9) > 1.1:
        assert spread(wanted, [1] * len(wanted), -1, 401) == pytest.approx(wanted)


def test_a_room_knows_where_lines_run() -> None:
    room = Room(100, 100)
    room.add_path(np.array([[0.0, 50.0], [100.0, 50.0], [np.nan, 0.0], [50.0, 0.0]]))
    assert room.crowding((10, 40, 60, 60)) > 0
    assert room.crowding((10, 60, 60, 80)) == 0
    assert room.best([(10, 40, 60, 60), (10, 60, 60, 80)]) == (10, 60, 60, 80)
    assert room.crowding((90, 60, 160, 80)) > 1000


@given(st.floats(-150, 150), st.floats(0.1, 300))
def test_ticks_of_log_axes_are_few_and_at_round_decades(first: float, decades: float) -> None:
    low, high = 10.0**first, 10.0 ** min(first + decades, 290)
    ticks = marks.log_ticks(low, high)
    assert len(ticks) <= marks.MOST_TICKS
    powers = np.log10(ticks)
    if len(ticks) > 1 and high / low > 100:
        (step,) = set(np.round(np.diff(powers)))
        assert step in marks.STEPS
        assert np.allclose(powers % step, 0) or np.allclose(powers % step, step)


def test_ticks_of_one_axis_are_written_in_one_way() -> None:
    assert [marks.power_of_ten(value, plain=True) for value in (0.01, 1, 1000)] == ["0.01", "1", "1,000"]
    assert [marks.power_of_ten(value, plain=False) for value in (1e-13, 1, 1e9)] == ["10⁻¹³", "10⁰", "10⁹"]


def test_an_envelope_holds_the_swings() -> None:
    x = np.arange(3000.0)
    y = np.sin(x) * np.exp(-x / 900)
    middles, low, high = marks.envelope(x, y)
    assert marks.times_turned(y) > marks.DENSE
    assert (np.interp(x, middles, high) >= y - 0.05).mean() > 0.99
    assert (np.interp(x, middles, low) <= y + 0.05).mean() > 0.99
    assert (middles[0], middles[-1]) == (0, 2999)


def test_what_would_mislead_cannot_be_made() -> None:
    rows = [Bars("", ["a", "b"], [1, 10])]
    for axis in (Axis("error", log=True), Axis("accuracy", low=80)):
        with pytest.raises(ValueError, match="Dots"):
            Panel(axis, Axis("case"), rows)
    with pytest.raises(ValueError, match="name"):
        Panel(Axis("x"), Axis(" "), [])


@pytest.mark.parametrize(("title", "lines"), [("A short finding: 3", 1), (TITLE, 2)])
def test_a_title_has_one_line_or_even_ones(title: str, lines: int) -> None:
    canvas = plotting.drawn(title, CAPTION, PICTURES["bars"])
    (words,) = (text.get_text() for text in canvas.figure.texts if text.get_text().startswith(title[:6]))
    widths = [len(line) for line in words.split("\n")]
    assert len(widths) == lines
    assert min(widths) > 0.6 * max(widths)


@pytest.mark.slow
@pytest.mark.parametrize("experiment", experiments.experiments(), ids=lambda one: one.name)
def test_words_of_real_pictures_neither_overlap_nor_leave_the_card(experiment: Experiment) -> None:
    settings = read(experiment.parameters, {})
    plot = experiment.run(settings, 0).plot
    apart(plotting.drawn(plot.title, f"{experiment.name} {CAPTION}", [("", plot)]))


def test_a_chart_of_what_was_counted_goes_to_the_worker_as_plain_values_and_shows_single_weeks() -> None:
    chart = Chart(
        "By week",
        "",
        "weeks",
        "people",
        (ChartLine("some", (0.0, 1.0, 2.0, 3.0), (4.0, None, 5.0, None)),),
        place="week {}",
    )
    request = Request.from_plain(json.loads(json.dumps(Request.drawing(chart).plain())))
    assert request == Request.drawing(chart)
    drawn = execute(request, find)
    assert drawn.png.startswith(b"\x89PNG") and "from 4 to 5" in drawn.alt
    _, points = chart.plot().panels[0].series
    assert isinstance(points, Scatter) and [*zip(points.x, points.y, strict=True)] == [(0.0, 4.0), (2.0, 5.0)]
