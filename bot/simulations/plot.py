"""A picture as a value: what an experiment wants seen. It names no colour, size or position; plotting/ decides those.

A label means the same thing wherever it stands: series with the same label share colour and line style in all panels.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """y against x. What is not finite leaves a gap."""

    label: str
    x: ArrayLike
    y: ArrayLike


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """The region between low and high."""

    label: str
    x: ArrayLike
    low: ArrayLike
    high: ArrayLike


@dataclass(frozen=True, slots=True, eq=False)
class Scatter:
    """Points."""

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
    """A vertical reference line at x."""

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
    """One or two panels side by side."""

    panels: Sequence[Panel]
