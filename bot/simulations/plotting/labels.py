"""Writes each label at what it names: at the line's end in a column on the right, or beside the line where that leaves
the view early. No label covers another, and none a line where there is room elsewhere."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.font_manager import FontProperties
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from bot.simulations.arrays import Array, Bits
from bot.simulations.plot import Across, Band, Down, Line, Panel, Scatter, Series, Shade
from bot.simulations.plotting.marks import FAINT, LINE, PAPER, Sizes, Styles, finite


@dataclass(frozen=True, slots=True)
class SizedText:
    """A text, of one line or more, with its size in pixels."""

    text: str
    width: float
    height: float


class Lettering:
    """Measures text on a canvas before it is written."""

    def __init__(self, canvas: FigureCanvasAgg, sizes: Sizes) -> None:
        self.sizes = sizes
        self.renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]

    def width(self, text: str, points: float) -> float:
        """The width in pixels of one line of text at that size."""
        width, _, _ = self.renderer.get_text_width_height_descent(text, FontProperties(size=points), ismath=False)
        return float(width)

    def word(self, text: str) -> SizedText:
        """A label at the picture's label size, measured."""
        points, lines = self.sizes.label, text.split("\n")
        return SizedText(text, max(self.width(line, points) for line in lines), len(lines) * points * LINE)

    def wrapped(self, text: str, points: float, width: float) -> Sequence[str]:
        """The text in lines of at most this many pixels."""
        lines: list[str] = []
        for word in text.split(" "):  # and not at a space that does not break
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(longer, points) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def evenly(self, text: str, points: float, width: float) -> Sequence[str]:
        """The text in as few lines as it needs, and those about equally long."""
        lines = self.wrapped(text, points, width)
        for percent in range(98, 40, -2):
            narrower = self.wrapped(text, points, width * percent / 100)
            if len(narrower) > len(lines):
                break
            lines = narrower
        return lines


CELL = 4  # pixels
Box = tuple[float, float, float, float]
"""Left, bottom, right, top in pixels of the panel."""


class Room:
    """Which parts of a panel of width x height pixels are taken."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._taken = np.zeros((int(height // CELL) + 1, int(width // CELL) + 1), dtype=np.int32)

    def add_path(self, points: Array) -> None:
        """Takes what a line through the points (n, 2) covers; points that are not finite break it."""
        start, end = points[:-1], points[1:]
        drawn = np.isfinite(start).all(axis=1) & np.isfinite(end).all(axis=1)
        start, end = self._clip(start[drawn]), self._clip(end[drawn])
        if not len(start):
            return
        pieces = min(400, 1 + int(np.abs(end - start).max() // CELL))
        for share in np.linspace(0, 1, pieces):
            self._take_points(start + share * (end - start))

    def _clip(self, points: Array) -> Array:
        """Keeps points at most one panel outside, so that a steep line is not cut into too few pieces."""
        size = np.array([self.width, self.height])
        return np.clip(points, -size, 2 * size)

    def _take_points(self, points: Array) -> None:
        cells = (points // CELL).astype(np.int64)
        rows, columns = self._taken.shape
        inside = (cells >= 0).all(axis=1) & (cells[:, 0] < columns) & (cells[:, 1] < rows)
        self._taken[cells[inside, 1], cells[inside, 0]] = 1

    def take(self, box: Box) -> None:
        """A word now stands here; it weighs more than a line does."""
        rows, columns = self._cells(box)
        self._taken[rows, columns] = 20

    def crowding(self, box: Box) -> float:
        """How much of what is drawn the box would cover; outside the panel counts as covered."""
        left, bottom, right, top = box
        outside = max(0.0, -left) + max(0.0, right - self.width) + max(0.0, -bottom) + max(0.0, top - self.height)
        rows, columns = self._cells(box)
        return float(self._taken[rows, columns].sum()) + 100 * outside

    def best(self, boxes: Iterable[Box]) -> Box:
        """The least crowded of the boxes; of equals the first."""
        return min(boxes, key=self.crowding)

    def _cells(self, box: Box) -> tuple[slice, slice]:
        left, bottom, right, top = (max(0, int(edge // CELL)) for edge in box)
        return slice(bottom, top + 1), slice(left, right + 1)


def spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Centres for words of these heights, as near to the wanted ones as they can be in their order without overlap.

    Measured from where they would stand stacked, the centres must not fall: the best such fit pools neighbours that
    do into their mean (isotonic regression by pooling adjacent violators). It is then cut to low and high.
    """
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    stacked, top = [], 0.0
    for i in order:
        stacked.append(top + heights[i] / 2)
        top += heights[i]
    pools: list[tuple[float, int]] = []
    for i, base in zip(order, stacked, strict=True):
        mean, count = wanted[i] - base, 1
        while pools and pools[-1][0] > mean:
            below, many = pools.pop()
            mean, count = (below * many + mean * count) / (many + count), many + count
        pools.append((mean, count))
    shifts = [max(low, min(high - top, mean)) for mean, count in pools for _ in range(count)]
    centres = {i: base + shift for i, base, shift in zip(order, stacked, shifts, strict=True)}
    return [centres[i] for i in range(len(wanted))]


NEAR_THE_END = 0.9  # of the panel's width: a line that ends beyond this is named in the right-hand column
GAP = 14.0  # pixels between the panel and the column
Named = Line | Band | Scatter


class Labels:
    """The words of one panel. Positions are in pixels from the panel's lower left corner."""

    def __init__(self, axes: Axes, panel: Panel, styles: Styles, lettering: Lettering, wrap_at: int) -> None:
        self._axes, self._panel, self._styles = axes, panel, styles
        self._lettering, self._wrap_at = lettering, wrap_at
        named = [series for series in panel.series if isinstance(series, Named) and series.label]
        self._named = [*{series.label: series for series in reversed(named)}.values()][::-1]  # each label once
        self._column = [series for series in self._named if self._ends_at_the_right(series)]

    def column_width(self, room: float) -> float:
        """Pixels that the words to the right of the panel need, of the `room` that it has with them."""
        words = [GAP + self._word(series.label).width for series in self._column]
        return max([*words, *(self._beyond(text, room) for text in self._axes.texts)], default=0.0)

    def _beyond(self, text: Text, room: float) -> float:
        """How far the words behind a bar reach beyond the panel: little where the bar is short."""
        width = GAP + self._lettering.width(text.get_text(), float(text.get_fontsize()))
        x = float(text.xy[0])  # type: ignore[attr-defined]
        to_share = self._axes.transScale + self._axes.transLimits
        share = float(to_share.transform((x, 1.0))[0]) if x > 0 or not self._panel.x.log else 0.0
        return room - (room - width) / max(share, 0.01) if share > 0.01 else 0.0

    def place(self) -> None:
        """Writes all labels. The axes must have their final position and limits."""
        box = self._axes.get_window_extent(self._lettering.renderer)
        room = Room(box.width, box.height)
        paths = [self._pixels(series) for series in self._named]
        for path in paths:
            room.add_path(path)
        self._place_column(room)
        for series, path in zip(self._named, paths, strict=True):
            if series not in self._column:
                self._place_beside(series, path, room)
        for reference in self._panel.series:
            self._place_reference(reference, room)

    def _place_column(self, room: Room) -> None:
        words = [self._word(series.label) for series in self._column]
        ends = [self._end(series, room) for series in self._column]
        centres = spread([y for _, y in ends], [word.height * 1.08 for word in words], -8, room.height + 12)
        for series, word, (x, y), centre in zip(self._column, words, ends, centres, strict=True):
            if abs(centre - y) > 6 or room.width - x > 12:
                self._leader((x, y), (room.width + GAP - 3, centre), self._styles[series.label].colour)
            self._write(word.text, (room.width + GAP, centre), self._styles[series.label].text)

    def _end(self, series: Named, room: Room) -> tuple[float, float]:
        seen = self._seen(self._pixels(series), room)
        x, y = seen[-1] if len(seen) else (room.width, room.height / 2)
        return float(x), float(np.clip(y, 0, room.height))

    def _place_beside(self, series: Named, path: Array, room: Room) -> None:
        seen = self._seen(path, room)
        if len(seen):
            word = self._word(series.label)
            self._put(word, beside(seen, word), room, self._styles[series.label].text)

    def _place_reference(self, series: Series, room: Room) -> None:
        match series:
            case Across(label, y):
                word = self._word(label, 40)
                _, height = self._to_pixels(np.array([self._axes.get_xlim()[0]]), np.array([y]))[0]
                self._put(word, along(word, height, room), room, FAINT)
            case Down(label, x) | Shade(label, x, _):
                word = self._word(label, 24)
                across, _ = self._to_pixels(np.array([x]), np.array([self._axes.get_ylim()[0]]))[0]
                self._put(word, up(word, across, room), room, FAINT)

    def _put(self, word: SizedText, boxes: Iterator[Box], room: Room, colour: str) -> None:
        box = room.best(boxes)
        room.take(box)
        self._write(word.text, (box[0], (box[1] + box[3]) / 2), colour)

    def _write(self, text: str, position: tuple[float, float], colour: str) -> None:
        self._axes.annotate(
            text,
            position,
            xycoords="axes pixels",
            va="center",
            fontsize=self._lettering.sizes.label,
            color=colour,
            linespacing=1.0,
            annotation_clip=False,
            path_effects=[withStroke(linewidth=4, foreground=PAPER)],
        )

    def _leader(self, start: tuple[float, float], end: tuple[float, float], colour: str) -> None:
        arrow = {"arrowstyle": "-", "color": colour, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}
        self._axes.annotate(
            "",
            start,
            xytext=end,
            xycoords="axes pixels",
            textcoords="axes pixels",
            arrowprops=arrow,
            annotation_clip=False,
        )

    def _ends_at_the_right(self, series: Named) -> bool:
        x, low, high = _curve(series)[0], *self._axes.get_xlim()
        visible = self._visible(series)
        if not visible.any():
            return False
        last = float(np.max(x[visible]) if isinstance(series, Scatter) else x[visible][-1])
        share = np.diff(self._axes.transScale.transform([(low, 1.0), (last, 1.0), (high, 1.0)])[:, 0])
        return bool(share[0] >= NEAR_THE_END * share.sum())

    def _visible(self, series: Named) -> Bits:
        x, y = _curve(series)
        low, high = sorted(self._axes.get_ylim())
        return np.asarray((y >= low) & (y <= high) & np.isfinite(x))

    def _pixels(self, series: Named) -> Array:
        return self._to_pixels(*_curve(series))

    def _to_pixels(self, x: Array, y: Array) -> Array:
        box = self._axes.get_window_extent(self._lettering.renderer)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self._axes.transData.transform(np.column_stack([x, y])) - [box.x0, box.y0])

    def _seen(self, path: Array, room: Room) -> Array:
        with np.errstate(invalid="ignore"):
            inside = (path >= -2).all(axis=1) & (path <= [room.width + 2, room.height + 2]).all(axis=1)
        return path[inside]

    def _word(self, text: str, chars: int | None = None) -> SizedText:
        together = re.sub(r"(?<=\d) (?=\S\b)", "\u00a0", text)  # a number and its unit
        return self._lettering.word(fill(together, chars or self._wrap_at, break_long_words=False))


def _curve(series: Named) -> tuple[Array, Array]:
    if isinstance(series, Band):
        return finite(series.x), (finite(series.low) + finite(series.high)) / 2
    return finite(series.x), finite(series.y)


def beside(seen: Array, word: SizedText) -> Iterator[Box]:
    """Places for a word around points of the visible part of a line, its end first."""
    for i in np.linspace(len(seen) - 1, 0, min(len(seen), 30)).astype(int):
        x, y = seen[i]
        for left, bottom in ((x + 10, y + 2), (x + 10, y - word.height / 2), (x - word.width - 10, y + 4)):
            yield left, bottom, left + word.width, bottom + word.height


def along(word: SizedText, height: float, room: Room) -> Iterator[Box]:
    """Places for a word above and below a horizontal line at that height, from left to right."""
    for share in np.linspace(0.01, 0.99, 15):
        left = share * (room.width - word.width)
        for bottom in (height + 2, height - word.height - 2):
            yield left, bottom, left + word.width, bottom + word.height


def up(word: SizedText, across: float, room: Room) -> Iterator[Box]:
    """Places for a word to the right and left of a vertical line, from top to bottom."""
    for share in np.linspace(0.98, 0.02, 12):
        bottom = share * (room.height - word.height)
        for left in (across + 8, across - 8 - word.width):
            yield left, bottom, left + word.width, bottom + word.height
