"""Turns the picture that an experiment returns into a PNG: title, one to four panels, caption.

The one folder that imports matplotlib; nothing but the worker process imports it. It uses Figure objects only, no
pyplot, no state.
"""

import io
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.simulations.plot import Axis, Bars, Dots, Panel, Plot
from bot.simulations.plotting.labels import Box, Labels, Lettering
from bot.simulations.plotting.marks import (
    DPI,
    FAINT,
    HEIGHT,
    INK,
    LINE,
    PAPER,
    WIDTH,
    Grid,
    draw,
    looks,
    sizes_for,
    tick,
)


def place(axes: Axes, panel: Panel, lettering: Lettering, cell: Box, labels: Labels) -> None:
    """Gives the panel its place in the cell, beside its labels. Lines of the heading beyond one go above the cell. The
    y label stands above, unturned."""
    left, bottom, right, top = cell
    tick, label = lettering.sizes.tick * LINE, lettering.sizes.label * LINE
    bottom, top = bottom + tick + label + 8, top - label - 12
    axes.set_position(_fractions((left + 60, bottom, right - 60, top)))
    start = left + 12 + _widest_tick(axes, lettering)
    within = right - max(labels.column_width(right - start), 16)
    axes.set_position(_fractions((start, bottom, within, top)))
    _write(axes, "\n".join(headed(panel, lettering, cell)), (left, top + 12), "bottom", lettering)
    below = under(panel)
    half = lettering.width(below, lettering.sizes.label) / 2
    _write(
        axes, below, (max(left + half, min(right - half, (start + within) / 2)), bottom - tick - 8), "top", lettering
    )


def headed(panel: Panel, lettering: Lettering, cell: Box) -> Sequence[str]:
    """The heading in lines that fit the cell."""
    return lettering.wrapped(heading(panel), lettering.sizes.label, cell[2] - cell[0])


def heading(panel: Panel) -> str:
    """What stands above a panel: its title and what is measured up; over rows, what is measured across and by what."""
    if has_rows(panel):
        return panel.title or f"{panel.x.label}, by {panel.y.label}"
    title = "" if panel.title.casefold() in panel.y.label.casefold() else panel.title  # the axis says it
    return ": ".join(filter(None, (title, said(panel.y))))


def under(panel: Panel) -> str:
    """What stands under a panel: what is measured across, unless the heading says it."""
    if has_rows(panel) and not panel.title:
        return "log scale" if panel.x.log else ""
    return said(panel.x)


def has_rows(panel: Panel) -> bool:
    return any(isinstance(series, Bars | Dots) for series in panel.series)


def _write(
    axes: Axes, text: str, at: tuple[float, float], side: Literal["bottom", "top"], lettering: Lettering
) -> None:
    """The y label begins at its position, the x label is centred on it."""
    across: Literal["left", "center"] = "left" if side == "bottom" else "center"
    x, y = at[0] / WIDTH, at[1] / HEIGHT
    axes.figure.text(x, y, text, fontsize=lettering.sizes.label, color=INK, ha=across, va=side, linespacing=1.05)


def said(axis: Axis) -> str:
    """The axis's label; that it is logarithmic is said."""
    return f"{axis.label} (log\u00a0scale)" if axis.log else axis.label


def _widest_tick(axes: Axes, lettering: Lettering) -> float:
    lines = [line for tick in axes.yaxis.get_ticklabels() for line in tick.get_text().split("\n")]
    return max((lettering.width(line, lettering.sizes.tick) for line in lines), default=0.0)


def _fractions(box: Box) -> tuple[float, float, float, float]:
    left, bottom, right, top = box
    return left / WIDTH, bottom / HEIGHT, (right - left) / WIDTH, (top - bottom) / HEIGHT


MARGIN, BETWEEN = 26, 30  # pixels


def png(title: str, caption: str, plots: Sequence[tuple[str, Plot]]) -> bytes:
    """One run's plot, or two with what sets them apart as a name each, side by side with the same limits."""
    picture = io.BytesIO()
    with warnings.catch_warnings():  # an empty panel on a log axis is drawn empty
        warnings.filterwarnings("ignore", message="Data has no positive values")
        drawn(title, caption, plots).print_png(picture)  # type: ignore[no-untyped-call]
    return picture.getvalue()


def drawn(title: str, caption: str, plots: Sequence[tuple[str, Plot]]) -> FigureCanvasAgg:
    """The figure that `png` saves, on its canvas."""
    figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor=PAPER)
    canvas = FigureCanvasAgg(figure)
    grid = arranged(plots)
    lettering = Lettering(canvas, sizes_for(grid))
    top = write_title(figure, lettering, title)
    bottom = write_caption(figure, lettering, caption)
    draw_panels(figure, lettering, grid, (bottom, top), shared=len(plots) > 1)
    return canvas


def arranged(plots: Sequence[tuple[str, Plot]]) -> Grid:
    """The panels as rows: one row for one run, or two runs of one panel; two rows for two runs of more panels."""
    rows = [[named(panel, name) for panel in plot.panels] for name, plot in plots]
    return rows if len(rows[0]) > 1 else [[row[0] for row in rows]]


def named(panel: Panel, name: str) -> Panel:
    return replace(panel, title=", ".join(filter(None, (name, panel.title))))


def write_title(figure: Figure, lettering: Lettering, text: str) -> float:
    """Writes the title at the top, in one line where that can be read, else in even lines. Returns the height in pixels
    that is left below it."""
    if not text:
        return HEIGHT - MARGIN
    text, room = text.replace(" %", "\u00a0%"), WIDTH - 2 * MARGIN
    points = next((p for p in one_line(lettering.sizes.title) if lettering.width(text, p) <= room), None)
    lines = [text] if points else lettering.evenly(text, lettering.sizes.title, room)
    points = points or lettering.sizes.title
    words = figure.text(MARGIN / WIDTH, 1 - 18 / HEIGHT, "\n".join(lines), fontsize=points, color=INK, va="top")
    words.set_linespacing(1.15)
    return HEIGHT - 18 - len(lines) * points * 1.62 - 12


def one_line(largest: float) -> Iterable[float]:
    """The sizes at which a title is tried in one line."""
    return (largest - less for less in range(5))


def write_caption(figure: Figure, lettering: Lettering, text: str) -> float:
    """Writes the caption at the bottom. Returns the height in pixels above it."""
    if not text:
        return 12
    points = lettering.sizes.caption
    lines = lettering.wrapped(text, points, WIDTH - 2 * MARGIN)
    figure.text(MARGIN / WIDTH, 12 / HEIGHT, "\n".join(lines), fontsize=points, color=FAINT, va="bottom")
    return 12 + len(lines) * points * 1.65 + 6


def draw_panels(figure: Figure, lettering: Lettering, grid: Grid, edges: tuple[float, float], *, shared: bool) -> None:
    """Draws the series of all panels, then lays the panels out, then writes their labels.

    Each needs what the one before has settled. With `shared`, the panels of two runs have the same limits.
    """
    styles = looks(grid)
    axes = [[figure.add_axes((0.1, 0.1, 0.8, 0.8)) for _ in row] for row in grid]
    cells = [(axes[r][c], panel, cell(r, c, grid, edges)) for r, row in enumerate(grid) for c, panel in enumerate(row)]
    for a, panel, _ in cells:
        draw(a, panel, styles, lettering.sizes)
    if shared:
        for group in zip(*axes, strict=True) if len(axes) > 1 else axes:
            share_limits(group)
    wrap_at = 24 if len(grid[0]) == 1 else 14
    for row in axes:
        headings = [headed(panel, lettering, box) for a, panel, box in cells if a in row]
        higher = (max(map(len, headings)) - 1) * lettering.sizes.label * LINE
        for a, panel, (left, bottom, right, top) in (one for one in cells if one[0] in row):
            tick(a, panel, narrow=len(grid[0]) > 1)
            labels = Labels(a, panel, styles, lettering, wrap_at)
            place(a, panel, lettering, (left, bottom, right, top - higher), labels)
            labels.place()


def cell(row: int, column: int, grid: Grid, edges: tuple[float, float]) -> Box:
    """The rectangle of one panel with all its words."""
    bottom, top = edges
    width = (WIDTH - 2 * MARGIN + BETWEEN) / len(grid[row])
    height = (top - bottom) / len(grid)
    left = MARGIN + column * width
    return left, top - (row + 1) * height, left + width - BETWEEN, top - row * height


def share_limits(group: Iterable[Axes]) -> None:
    """Gives the axes of one panel in two runs the view that holds both."""
    group = list(group)
    for get, put in ((Axes.get_xlim, Axes.set_xlim), (Axes.get_ylim, Axes.set_ylim)):
        limits = [get(axes) for axes in group]
        near, far = (min, max) if limits[0][0] <= limits[0][1] else (max, min)
        for axes in group:
            put(axes, near(start for start, _ in limits), far(end for _, end in limits))
