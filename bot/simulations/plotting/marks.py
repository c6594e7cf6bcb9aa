"""Draws the series of a panel, without their labels, and decides how everything looks.

A picture is an opaque light card, readable at a phone's width on Discord's dark and light backgrounds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any, assert_never

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from bot.formats import times_ten
from bot.simulations.arrays import Array
from bot.simulations.picture_text import amount, pivots
from bot.simulations.plot import Across, Axis, Band, Bars, Contour, Dots, Down, Line, Panel, Scatter, Series, Shade

WIDTH, HEIGHT, DPI = 1200, 675, 100  # pixels
LINE = 1.75  # pixels from one line to the next, for each point of type size

PAPER = "#ffffff"
INK = "#1d1f24"
FAINT = "#5c616b"
GRID = "#e3e5ea"
SHADE = "#eceff4"

# Okabe and Ito's colours for the colour-blind, without yellow, which is lost on white.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#a0458a", "#000000", "#e69f00", "#56b4e9", "#7a7a7a")
# The same in a shade dark enough for text.
TEXT_COLOURS = ("#005f95", "#b04e00", "#007a59", "#8a3776", "#000000", "#8a5f00", "#1f78ab", "#5c616b")
DASHES = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (7, 2, 1.5, 2)), (0, (4, 1, 1, 1, 1, 1)))
HATCHES = ("", "//", "..", "xx")
MARKERS = ("o", "s", "^", "D")


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes of text and lines in one picture, in points."""

    title: float = 25
    label: float = 19
    tick: float = 17
    caption: float = 13
    line: float = 3.2


_LARGE = Sizes()
_MEDIUM = Sizes(label=17, tick=15.5, line=3)
_SMALL = Sizes(title=21, label=13, tick=12, line=2.2)
Grid = Sequence[Sequence[Panel]]  # the panels of a picture, row by row


def sizes_for(grid: Grid) -> Sizes:
    """The sizes for the panels of a picture: the more there are, the smaller."""
    if len(grid) > 1:
        return _SMALL
    return _MEDIUM if len(grid[0]) > 1 else _LARGE


@dataclass(frozen=True, slots=True)
class Style:
    """How everything with one label is drawn, in whatever panel."""

    colour: str
    text: str
    dash: str | tuple[float, tuple[float, ...]]
    hatch: str
    marker: str


def _style(index: int) -> Style:
    """The style of the index-th label of a picture. Colours and dashes have different periods, so pairs repeat late."""
    return Style(
        COLOURS[index % len(COLOURS)],
        TEXT_COLOURS[index % len(TEXT_COLOURS)],
        DASHES[index % len(DASHES)],
        HATCHES[index % len(HATCHES)],
        MARKERS[index % len(MARKERS)],
    )


Styles = Mapping[str, Style]


def looks(grid: Grid) -> dict[str, Style]:
    """A style for each label: the same in all panels, and within a panel no two alike."""
    indices: dict[str, int] = {}
    for panel in (panel for row in grid for panel in row):
        names = [series.label for series in panel.series if isinstance(series, Line | Band | Scatter | Bars | Dots)]
        free = iter(sorted(set(range(99)) - {indices[name] for name in names if name in indices}))
        indices |= {name: next(free) for name in dict.fromkeys(names) if name not in indices}
    return {name: _style(index) for name, index in indices.items()}


LARGEST = 1e150  # beyond this the arithmetic of the axes overflows


def finite(values: object) -> Array:
    """As floats, with NaN, which leaves a gap, for what is not finite or beyond all scales."""
    array = np.asarray(values, dtype=np.float64)
    return np.where(np.abs(array) < LARGEST, array, np.nan)


def draw(axes: Axes, panel: Panel, styles: Styles, sizes: Sizes) -> None:
    """Draws axes, grid and series of a panel: everything but words."""
    frame(axes, sizes)
    scale(axes, panel)
    for series in panel.series:
        draw_series(axes, series, styles, sizes)
    draw_rows(axes, panel, styles, sizes)
    limits(axes, panel)


def frame(axes: Axes, sizes: Sizes) -> None:
    axes.set_facecolor("none")
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(FAINT)
    axes.tick_params(labelsize=sizes.tick, colors=INK, color=FAINT, pad=5)
    axes.grid(color=GRID, linewidth=1)
    axes.set_axisbelow(True)


def scale(axes: Axes, panel: Panel) -> None:
    for axis, view, set_scale in (
        (axes.xaxis, panel.x, axes.set_xscale),
        (axes.yaxis, panel.y, axes.set_yscale),
    ):
        if view.log:
            set_scale("log", nonpositive="mask")
            axis.set_minor_locator(NullLocator())
        else:
            axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))


def draw_series(axes: Axes, series: Series, styles: Styles, sizes: Sizes) -> None:
    match series:
        case Line(label, x, y, _):
            draw_line(axes, finite(x), finite(y), styles[label], sizes)
        case Band(label, x, low, high):
            colour = styles[label].colour
            axes.fill_between(
                finite(x), finite(low), finite(high), color=PAPER, linewidth=0
            )  # of two, the inner one shows
            axes.fill_between(finite(x), finite(low), finite(high), color=colour, alpha=0.2, linewidth=0)
            for edge in (low, high):
                axes.plot(finite(x), finite(edge), color=colour, alpha=0.7, linewidth=1)
        case Scatter(label, x, y):
            look = styles[label]
            axes.scatter(finite(x), finite(y), s=34, color=look.colour, marker=look.marker, linewidths=0, zorder=3)
        case Contour(x, y, z, levels):
            axes.contour(finite(x), finite(y), finite(z), levels=list(levels), colors="#b9bec8", linewidths=1.2)
        case Across(_, y):
            axes.axhline(y, color=FAINT, linestyle=(0, (1, 1.5)), linewidth=2)
        case Down(_, x):
            axes.axvline(x, color=FAINT, linestyle=(0, (1, 1.5)), linewidth=2)
        case Shade(_, start, end):
            axes.axvspan(start, end, color=SHADE, linewidth=0, zorder=0)
        case Bars() | Dots():
            pass
        case _:
            assert_never(series)


def draw_line(axes: Axes, x: Array, y: Array, look: Style, sizes: Sizes) -> None:
    """A line that turns often is drawn thin and whole, since dashes would tear it; one so dense that it would be a
    solid area, as its envelope."""
    turns = times_turned(y, log=axes.get_yscale() == "log")
    if turns <= DENSE:
        dash, width = ("-", 0.55 * sizes.line) if turns > RESTLESS else (look.dash, sizes.line)
        axes.plot(x, y, color=look.colour, linestyle=dash, linewidth=width)
        return
    middles, low, high = envelope(x, y)
    axes.fill_between(middles, low, high, color=look.colour, alpha=0.22, linewidth=0)
    axes.plot(middles, high, color=look.colour, linestyle=look.dash, linewidth=0.8 * sizes.line)


RESTLESS, DENSE = 60, 400  # turns of a line, on up to 1,000 pixels: see `draw_line`
SEEN = 0.01  # of a curve's height: a turn that can be seen
PIECES = 60  # of an envelope


def times_turned(values: Array, log: bool = False) -> int:
    """How often a curve turns, as it is drawn, by more than a hundredth of its height."""
    seen = values[np.isfinite(values) & ((values > 0) | (not log))]
    if not len(seen):
        return 0
    height = np.log10(seen) if log else seen
    return len(pivots(height, SEEN * float(np.ptp(height)))) - 2 if np.ptp(height) > 0 else 0


def envelope(x: Array, y: Array) -> tuple[Array, Array, Array]:
    """Where the middles of the pieces of a curve are, and how low and high it goes around each."""
    there = np.isfinite(x) & np.isfinite(y)
    xs, ys = (np.array_split(values[there], PIECES) for values in (x, y))
    low, high = (np.array([end(piece) for piece in ys]) for end in (np.min, np.max))
    low, high = (
        np.array([end(edge[max(0, i - 2) : i + 3]) for i in range(PIECES)])
        for end, edge in ((np.min, low), (np.max, high))
    )
    middles = np.array([piece.mean() for piece in xs])
    middles[0], middles[-1] = x[there][0], x[there][-1]
    return middles, low, high


ROWS_HIGH = 440  # pixels that rows have together, about
CATEGORY = 16  # characters of a category's name in one line


def draw_rows(axes: Axes, panel: Panel, styles: Styles, sizes: Sizes) -> None:
    """Bars or dots, a row a category. Groups stand together, the first at the top. Behind each: its value and note."""
    groups = [series for series in panel.series if isinstance(series, Bars | Dots)]
    points = min([sizes.label, *(ROWS_HIGH / LINE / (len(groups) * len(group.categories)) for group in groups)])
    for i, group in enumerate(groups):
        thickness = 0.8 / len(groups)
        look, values = styles[group.label], finite(group.values)
        rows = np.arange(len(group.categories)) + (i - (len(groups) - 1) / 2) * thickness
        if isinstance(group, Bars):
            axes.barh(rows, values, thickness * 0.9, color=look.colour, hatch=look.hatch, edgecolor="white")
        else:
            axes.scatter(values, rows, s=110, color=look.colour, marker=look.marker, linewidths=0, zorder=3)
        for row, value, words in zip(rows, values, row_words(group, panel.x, grouped=len(groups) > 1), strict=True):
            shown = np.isfinite(value) and (value > 0 or not panel.x.log)
            at, within = ((max(value, 0.0), row), axes.transData) if shown else ((0, row), axes.get_yaxis_transform())
            look_of_it: dict[str, Any] = {"color": look.text, "fontsize": points, "va": "center"}
            axes.annotate(words, at, (9, 0), xycoords=within, textcoords="offset points", **look_of_it)
    if groups:
        names = [fill(name, CATEGORY, break_long_words=False) for name in groups[0].categories]
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.45, -0.55)
        axes.grid(visible=isinstance(groups[0], Dots), axis="y")


def row_words(rows: Bars | Dots, axis: Axis, grouped: bool) -> list[str]:
    """Behind each bar or dot: its value, its note, and in the first row the group's name."""
    notes = rows.notes or [""] * len(rows.values)
    names = [rows.label if grouped else ""] + [""] * len(rows.values)
    words = zip((amount(value, axis, tenths=True) for value in rows.values), notes, names, strict=False)
    return ["  ".join(filter(None, parts)) for parts in words]


def limits(axes: Axes, panel: Panel) -> None:
    """The views asked for; otherwise a line fills the width, and dots keep off the edges."""
    if not any(isinstance(series, Bars | Dots) for series in panel.series):
        axes.margins(x=0.01)
        axes.set_ylim(panel.y.low, panel.y.high)
    elif any(isinstance(series, Dots) for series in panel.series):
        axes.margins(x=0.06)
    axes.set_xlim(panel.x.low, panel.x.high)


def tick(axes: Axes, panel: Panel, narrow: bool) -> None:
    """Few ticks on log axes, at round decades, all in one notation; under rows in a `narrow` panel two or three."""
    rows = any(isinstance(series, Bars | Dots) for series in panel.series)
    if all(whole(series.x) for series in panel.series if isinstance(series, Line)) and not panel.x.log and not rows:
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10], integer=True))
    if not panel.x.log and narrow and rows:
        axes.xaxis.set_major_locator(MaxNLocator(2, steps=[1, 2, 2.5, 5, 10]))
    for axis, view in ((axes.xaxis, panel.x), (axes.yaxis, panel.y)):
        if view.log:
            low, high = sorted(map(float, axis.get_view_interval()))
            ticks = log_ticks(low, high)
            plain = all(1e-3 <= value < 1e5 for value in ticks)
            axis.set_major_locator(FixedLocator(ticks))
            axis.set_major_formatter(FuncFormatter(lambda value, _, plain=plain: power_of_ten(value, plain)))


def whole(values: object) -> bool:
    """Whether these are steps, layers, units: whole numbers all."""
    array = np.asarray(values, dtype=np.float64)
    return bool(np.all(array == np.round(array)))


STEPS = (1, 2, 5, 10, 20, 50, 100)  # decades
MOST_TICKS = 7


def log_ticks(low: float, high: float) -> list[float]:
    """Powers of ten in the view, by the least round number of decades that makes few; 2 and 5 between them in a view
    with less than two."""
    first, last = np.log10(low), np.log10(high)
    for step in STEPS:
        powers = np.arange(np.ceil(first / step - 1e-9), np.floor(last / step + 1e-9) + 1) * step
        if len(powers) <= MOST_TICKS:
            break
    if step > 1 or len(powers) > 1:
        return [float(f"1e{power:.0f}") for power in powers]
    between = [m * 10.0**power for power in range(int(np.floor(first)), int(np.ceil(last)) + 1) for m in (1, 2, 5)]
    seen = [value for value in between if low <= value <= high]
    if len(seen) > 1:
        return seen
    even = MaxNLocator(3, steps=[1, 2, 5, 10]).tick_values(low, high)
    return [float(value) for value in even if low <= value <= high]


def power_of_ten(value: float, plain: bool) -> str:
    """A tick's label: 0.01 and 1,000 where all of the axis can be `plain`, else 10⁻²."""
    return f"{value:,.6g}" if plain else times_ten(value)
