"""A picture as a value: what an experiment wants seen.

It names no colour, size or position; plotting/ decides those, and picture_text.py says the same in words for who cannot
see it. A label means the same thing wherever it stands: series with the same label share colour and line style in all
panels. What would mislead cannot be made: an axis without a name, bars on a log axis or bars that do not begin at 0."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """y against x. What is not finite leaves a gap.

    `note` is what the eye sees and the points do not say: "crosses the minimum 431 times".
    """

    label: str
    x: ArrayLike
    y: ArrayLike
    note: str = ""


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
    """One horizontal bar a category, from 0, its value printed at the end, with a note behind it where given.

    Several Bars in one panel share their categories and stand in groups.
    """

    label: str
    categories: Sequence[str]
    values: Sequence[float]
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Dots:
    """One dot a category, else as Bars: for an axis that is logarithmic or does not begin at 0; a length lies there."""

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


Series = Line | Band | Scatter | Bars | Dots | Contour | Across | Down | Shade


@dataclass(frozen=True, slots=True)
class Axis:
    """`label` with its unit; `log` is said on the axis by the plotter; `low` and `high` cut the view.

    `place` says a place on the axis in words, "{} % cut"; for a label of one word it is "step {}" by itself.
    """

    label: str
    log: bool = False
    low: float | None = None
    high: float | None = None
    place: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One pair of axes. In a panel of bars or dots, x is the axis of the values and y says what the categories are."""

    x: Axis
    y: Axis
    series: Sequence[Series]
    title: str = ""

    def __post_init__(self) -> None:
        if not (self.x.label.strip() and self.y.label.strip()):
            raise ValueError("an axis needs a name")
        if any(isinstance(series, Bars) for series in self.series) and (self.x.log or self.x.low):
            raise ValueError("bars begin at 0 and their axis is linear; take Dots")


@dataclass(frozen=True, slots=True, eq=False)
class Plot:
    """What a run shows: one or two panels side by side.

    `title` is the finding in at most twelve words, its numbers to two significant digits; where it is empty, the
    experiment's own title stands there. `deciding` are the series, two at most, that one has to look at for it; where
    it is empty, the first two.
    """

    panels: Sequence[Panel]
    title: str = ""
    deciding: Sequence[Series] = ()


@dataclass(frozen=True, slots=True)
class ChartLine:
    """Values that were counted and not simulated, over x; None leaves a gap."""

    label: str
    x: tuple[float, ...]
    y: tuple[float | None, ...]

    @property
    def alone(self) -> list[tuple[float, float]]:
        """The points with a gap on both sides, through which no line goes."""
        y = (None, *self.y, None)
        return [
            (self.x[at], here)
            for at, (before, here, after) in enumerate(zip(y, y[1:], y[2:], strict=False))
            if here is not None and before is None and after is None
        ]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of such values as plain ones, which can be sent to the worker: `plot` makes it."""

    title: str
    caption: str
    x: str  # names the axis
    y: str
    lines: tuple[ChartLine, ...] = ()
    highest: float | None = None  # where the axis of y (of bars: of x) ends; it begins at 0
    place: str = ""  # as in `Axis`
    bars: tuple[tuple[str, float], ...] = ()  # in place of lines: what each is of, and its value on the axis of x

    def plot(self) -> Plot:
        """The picture as all others are drawn."""
        if self.bars:
            names, values = zip(*self.bars, strict=True)
            of_values = Axis(self.x, low=0.0, high=self.highest)
            return Plot([Panel(of_values, Axis(self.y), [Bars(self.x, names, values)])])
        lines = [Line(one.label, one.x, [float("nan") if y is None else y for y in one.y]) for one in self.lines]
        alone = [Scatter(one.label, *zip(*points, strict=True)) for one in self.lines if (points := one.alone)]
        axes = Axis(self.x, place=self.place), Axis(self.y, low=0.0, high=self.highest)
        return Plot([Panel(*axes, [*lines, *alone])], deciding=lines[:2])

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Chart":
        """The chart whose fields these are, read back from JSON."""
        lines = tuple(ChartLine(one["label"], tuple(one["x"]), tuple(one["y"])) for one in plain["lines"])
        bars = tuple((name, value) for name, value in plain["bars"])
        return cls(**{**plain, "lines": lines, "bars": bars})
