"""A picture that is asked about: one panel whose curves are called A, B, C, and the same as a table.

Nothing in it says which curve is which: no title, no heading, no settings, no other series; the axes keep their names.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.formats import number
from bot.simulations.arrays import Array
from bot.simulations.plot import Band, Line, Panel, Plot, Scatter

LETTERS = "ABCDEFGH"
POINTS = 8  # of each curve in the table
LONGEST_TABLE = 1000  # characters; Discord takes 1,024 beside a picture
LEAST_SHARED = 5  # points that each curve must have where all are read off, or each is read off by itself
CALM = 20  # turns, up to which a curve without what cannot be seen is a calm one
DIGITS = 3  # after the first: what is smaller is not seen
MISSING = "–"  # in the table: the curve has no point there
Curve = Line | Band | Scatter


@dataclass(frozen=True, slots=True)
class Lettered:
    """Which panel of a plot is shown so, and which of its curves: their labels in the order of the letters."""

    panel: int = 0
    curves: tuple[str, ...] = ()  # none: all lines, as they are drawn


def lettered(plot: Plot, wanted: Lettered) -> Panel:
    """The panel with the curves that are wanted, called by letters; one curve alone has none.

    Raises ValueError where there is no such panel or curve.
    """
    if wanted.panel >= len(plot.panels):
        raise ValueError(f"there is no panel {wanted.panel}, of {len(plot.panels)}")
    panel = plot.panels[wanted.panel]
    curves = [series for series in panel.series if isinstance(series, Curve)]
    labels = wanted.curves or tuple(dict.fromkeys(one.label for one in curves if isinstance(one, Line)))
    if unknown := [label for label in labels if all(one.label != label for one in curves)]:
        raise ValueError(f"there is no curve {unknown[0]!r}, but {', '.join(repr(one.label) for one in curves)}")
    if not labels or len(labels) > len(LETTERS):
        raise ValueError(f"{len(labels)} curves cannot be called by letters")
    named = list(zip(labels, LETTERS if len(labels) > 1 else [""], strict=False))
    shown = [_called(letter, one) for label, letter in named for one in curves if one.label == label]
    return replace(panel, series=shown, title="")


def _called(letter: str, curve: Curve) -> Curve:
    """The curve by another name; a line without what only rounding moves, so that it keeps its dashes where flat."""
    if not isinstance(curve, Line):
        return replace(curve, label=letter)
    y = np.asarray(curve.y, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        unit = 10.0 ** (np.floor(np.log10(np.abs(y))) - DIGITS)
        rounded = np.where(np.isfinite(unit) & (unit > 0), np.round(y / unit) * unit, y)
    return replace(curve, label=letter, y=rounded if _turns(rounded) <= CALM else y, note="")


def _turns(y: Array) -> int:
    """How often a curve turns from up to down or back."""
    slope = np.sign(np.diff(y[np.isfinite(y)]))
    return int(np.sum(slope[1:] * slope[:-1] < 0))


def table(panel: Panel) -> str:
    """What the axes show, and some points of each curve: side by side where they are above one another, else in turn.

    At most LONGEST_TABLE characters, with fewer points where there is no room for all.
    """
    heading = f"{_named(panel.y.label, panel.y.log)} against {_named(panel.x.label, panel.x.log)}:"
    curves = [one for one in panel.series if isinstance(one, Curve)]
    for points in range(POINTS, 1, -1):
        said = "\n".join([heading.strip(), *_rows(curves, points, panel.x.log)])
        if len(said) <= LONGEST_TABLE:
            return said
    return said[:LONGEST_TABLE]


def _named(label: str, log: bool) -> str:
    return f"{label} (log scale)" if log else label


def _rows(curves: Sequence[Curve], points: int, log: bool) -> Iterator[str]:
    longest = max(curves, key=lambda one: np.size(one.x))
    at = _spread(np.asarray(longest.x, dtype=np.float64), points, log)
    columns = [_read_off(curve, at) for curve in curves]
    if not at or any(len(at) - column.count(MISSING) < min(LEAST_SHARED, len(at)) for column in columns):
        yield from (_in_turn(curve, points) for curve in curves)
        return
    cells = [["", *map(number, at)], *([one.label, *column] for one, column in zip(curves, columns, strict=True))]
    widths = [max(map(len, column)) for column in cells]
    for row in list(zip(*cells, strict=True))[0 if any(one.label for one in curves) else 1 :]:
        yield "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _spread(x: Array, points: int, log: bool) -> list[float]:
    """So many of the places, as evenly along the axis as they stand there; none where they go to and fro."""
    if np.any(np.diff(x) < 0):
        return []
    seen = x[np.isfinite(x) & (x > 0)] if log else x[np.isfinite(x)]
    along = np.log10(seen) if log else seen
    if not len(seen):
        return []
    wanted = np.linspace(along[0], along[-1], points)
    return list(dict.fromkeys(seen[[int(np.argmin(np.abs(along - one))) for one in wanted]].tolist()))


def _read_off(curve: Curve, at: Sequence[float]) -> list[str]:
    """What the curve has at these places."""
    found = dict(zip(np.asarray(curve.x, dtype=np.float64).tolist(), _values(curve), strict=True))
    return [found.get(one, MISSING) for one in at]


def _in_turn(curve: Curve, points: int) -> str:
    """Some points of one curve, in the order in which it goes through them."""
    x, y = np.asarray(curve.x, dtype=np.float64).tolist(), _values(curve)
    at = dict.fromkeys(np.linspace(0, len(x) - 1, min(points, len(x))).round().astype(int).tolist())
    said = ", ".join(f"({number(x[i])}, {y[i]})" for i in at)
    return f"{curve.label}: {said}" if curve.label else said


def _values(curve: Curve) -> list[str]:
    if isinstance(curve, Band):
        edges = zip(_said(curve.low), _said(curve.high), strict=True)
        return [MISSING if MISSING in pair else " to ".join(pair) for pair in edges]
    return _said(curve.y)


def _said(values: object) -> list[str]:
    return [number(one) if np.isfinite(one) else MISSING for one in np.asarray(values, dtype=np.float64).tolist()]
