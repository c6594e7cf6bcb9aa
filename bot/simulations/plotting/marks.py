"""Draws the series of a panel, without their labels, and decides how everything looks.

A picture is an opaque light card, readable at a phone's width on Discord's dark and light backgrounds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from bot.formats import number, times_ten
from bot.simulations.arrays import Array
from bot.simulations.plot import Across, Band, Bars, Contour, Down, Line, Panel, Scatter, Series, Shade

WIDTH, HEIGHT, DPI = 1200, 675, 100  # pixels

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

    title: float = 21
    label: float = 17
    tick: float = 15
    caption: float = 13
    line: float = 2.8


_LARGE = Sizes()
_MEDIUM = Sizes(label=15, tick=14, line=2.6)
_SMALL = Sizes(title=19, label=13, tick=12, line=2.2)
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
        names = [series.label for series in panel.series if isinstance(series, Line | Band | Scatter | Bars)]
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
    draw_bars(axes, [series for series in panel.series if isinstance(series, Bars)], styles, sizes)
    limits(axes, panel)


def frame(axes: Axes, sizes: Sizes) -> None:
    axes.set_facecolor("none")
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(FAINT)
    axes.tick_params(labelsize=sizes.tick, colors=INK, color=FAINT, pad=5)
    axes.grid(color=GRID, linewidth=1)
    axes.set_axisbelow(True)


def scale(axes: Axes, panel: Panel) -> None:
    below = "clip" if any(isinstance(series, Bars) for series in panel.series) else "mask"
    for axis, view, set_scale in (
        (axes.xaxis, panel.x, axes.set_xscale),
        (axes.yaxis, panel.y, axes.set_yscale),
    ):
        if view.log:
            set_scale("log", nonpositive=below)
            axis.set_minor_locator(NullLocator())
            axis.set_major_formatter(FuncFormatter(lambda value, _: power_of_ten(value)))
        else:
            axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))


def power_of_ten(value: float) -> str:
    """A tick's label: 1, 100 and 0.01 as they are, 10⁻⁶ beyond them."""
    return f"{value:,.6g}" if 1e-3 <= value < 1e4 else times_ten(value)


def draw_series(axes: Axes, series: Series, styles: Styles, sizes: Sizes) -> None:
    match series:
        case Line(label, x, y):
            look, values = styles[label], finite(y)
            dash, width = ("-", 0.55 * sizes.line) if swings(values) else (look.dash, sizes.line)
            axes.plot(finite(x), values, color=look.colour, linestyle=dash, linewidth=width)
        case Band(label, x, low, high):
            axes.fill_between(finite(x), finite(low), finite(high), color=styles[label].colour, alpha=0.22, linewidth=0)
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
        case Bars():
            pass
        case _:
            assert_never(series)


def swings(values: Array) -> bool:
    """Whether a curve turns so often that dashes would tear it."""
    slope = np.sign(np.diff(values[np.isfinite(values)]))
    return bool(np.sum(slope[1:] * slope[:-1] < 0) > 80)


def draw_bars(axes: Axes, groups: Sequence[Bars], styles: Styles, sizes: Sizes) -> None:
    """Groups stand together, the first at the top. Each bar's value and note are written behind its end."""
    for i, bars in enumerate(groups):
        thickness = 0.8 / len(groups)
        look = styles[bars.label]
        rows = np.arange(len(bars.categories)) + (i - (len(groups) - 1) / 2) * thickness
        axes.barh(rows, finite(bars.values), thickness * 0.9, color=look.colour, hatch=look.hatch, edgecolor="white")
        for row, value, words in zip(rows, bars.values, bar_words(bars, grouped=len(groups) > 1), strict=True):
            end = (max(value, 0.0) if np.isfinite(value) else 0.0, row)
            axes.annotate(
                words,
                end,
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                fontsize=sizes.label,
                color=look.text,
            )
    if groups:
        axes.set_yticks(range(len(groups[0].categories)), groups[0].categories)
        axes.set_ylim(len(groups[0].categories) - 0.45, -0.55)
        axes.grid(visible=False, axis="y")


def bar_words(bars: Bars, grouped: bool) -> list[str]:
    """Behind each bar: its value, its note, and in the first row the group's name."""
    notes = bars.notes or [""] * len(bars.values)
    names = [bars.label if grouped else ""] + [""] * len(bars.values)
    words = zip(map(number, bars.values), notes, names, strict=False)
    return ["  ".join(filter(None, parts)) for parts in words]


def limits(axes: Axes, panel: Panel) -> None:
    """The views asked for; otherwise a line fills the width, and bars on a log axis start a decade below the least."""
    bars = [series for series in panel.series if isinstance(series, Bars)]
    low = panel.x.low
    if bars and panel.x.log and low is None:
        low = 0.1 * min((v for series in bars for v in series.values if v > 0 and np.isfinite(v)), default=1.0)
    if not bars:
        axes.margins(x=0.01)
        axes.set_ylim(panel.y.low, panel.y.high)
    axes.set_xlim(low, panel.x.high)


def tick(axes: Axes, panel: Panel) -> None:
    """Few ticks: powers of ten on a log axis, and 2 and 5 between them where it spans little."""
    for axis, view in ((axes.xaxis, panel.x), (axes.yaxis, panel.y)):
        if view.log:
            decades = abs(np.subtract(*np.log10(axis.get_view_interval())))
            axis.set_major_locator(LogLocator(subs=(1, 2, 5) if decades < 1.5 else (1,), numticks=7))
