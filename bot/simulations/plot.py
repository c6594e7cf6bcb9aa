"""A picture as a value: what an experiment wants seen, and the same in words for who cannot see it.

It names no colour, size or position; plotting/ decides those. A label means the same thing wherever it stands: series
with the same label share colour and line style in all panels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from bot.formats import number


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """y against x. What is not finite leaves a gap."""

    label: str
    x: ArrayLike
    y: ArrayLike


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """The region between the curves low and high over x."""

    label: str
    x: ArrayLike
    low: ArrayLike
    high: ArrayLike


@dataclass(frozen=True, slots=True, eq=False)
class Scatter:
    """Points (x, y), without a line through them."""

    label: str
    x: ArrayLike
    y: ArrayLike


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """One horizontal bar a category, its value printed at the end, with a note behind it where given.

    Several Bars in one panel share their categories and stand in groups.
    """

    label: str
    categories: Sequence[str]
    values: Sequence[float]
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Contour:
    """Level lines of z over the grid of x (columns) and y (rows), a background for paths."""

    x: ArrayLike
    y: ArrayLike
    z: ArrayLike
    levels: Sequence[float]


@dataclass(frozen=True, slots=True, eq=False)
class Across:
    """A horizontal reference line at y: a tolerance, chance, theory."""

    label: str
    y: float


@dataclass(frozen=True, slots=True, eq=False)
class Down:
    """A vertical reference line at x, with its label beside it."""

    label: str
    x: float


@dataclass(frozen=True, slots=True, eq=False)
class Shade:
    """A shaded range of x: where the data lie, say."""

    label: str
    start: float
    end: float


Series = Line | Band | Scatter | Bars | Contour | Across | Down | Shade


@dataclass(frozen=True, slots=True)
class Axis:
    """`label` with its unit; `log` is said on the axis by the plotter; `low` and `high` cut the view."""

    label: str
    log: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One pair of axes. In a panel of bars, x is the axis of the values and y names the categories."""

    x: Axis
    y: Axis
    series: Sequence[Series]
    title: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Plot:
    """What a run shows: one or two panels side by side."""

    panels: Sequence[Panel]


LONGEST = 1000  # characters; Discord takes 1,024


def text(title: str, caption: str, plots: Sequence[tuple[str, Plot]]) -> str:
    """The title, each panel's axes and where its series begin and end as far as there is room, and the caption."""
    sentences = [sentence for name, plot in plots for panel in plot.panels for sentence in _panel(name, panel)]
    said, room = [title], LONGEST - len(title) - len(caption) - 2
    for sentence in sentences:
        room -= len(sentence) + 1
        if room < 0:
            break
        said.append(sentence)
    return " ".join([*said, caption])[:LONGEST]


def _panel(name: str, panel: Panel) -> Iterator[str]:
    heading = ", ".join(filter(None, (name, panel.title)))
    yield f"{heading + ': ' if heading else ''}{panel.y.label} against {panel.x.label}."
    for series in panel.series:
        match series:
            case Line(label, _, y) | Scatter(label, _, y):
                yield f"{label}: {_span(y)}."
            case Band(label, _, low, high):
                yield f"{label}: from {_span(low)} to {_span(high)}."
            case Bars(label, categories, values, notes):
                pairs = zip(categories, values, notes or [""] * len(values), strict=True)
                bars = ", ".join(" ".join(filter(None, (c, number(v), note))) for c, v, note in pairs)
                yield f"{label}: {bars}." if label else f"{bars}."
            case Across(label, at) | Down(label, at):
                yield f"Line at {number(at)}: {label}."
            case Shade(label, start, end):
                yield f"Shaded from {number(start)} to {number(end)}: {label}."


def _span(values: object) -> str:
    array = np.asarray(values, dtype=np.float64)
    return f"{number(float(array[0]))} at first, {number(float(array[-1]))} at last" if array.size else "nothing"
