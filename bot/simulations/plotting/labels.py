"""Writes each label at what it names: at the line's end in a column on the right, or beside the line where it leaves
the view early. No label covers another, and none a line where there is room elsewhere.
"""

from collections.abc import Iterator
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from bot.simulations.numerics import Array, Bits
from bot.simulations.plot import Across, Band, Down, Line, Panel, Scatter, Series, Shade
from bot.simulations.plotting.marks import Styles, finite
from bot.simulations.plotting.room import Box, Room, spread
from bot.simulations.plotting.theme import FAINT, PAPER
from bot.simulations.plotting.words import Lettering, Word

NEAR_THE_END = 0.9  # of the panel's width: a line that ends beyond this is named in the right-hand column
GAP = 14.0  # pixels between the panel and the column
Named = Line | Band | Scatter


class Labels:
    """The words of one panel. Positions are in pixels from the panel's lower left corner."""

    def __init__(self, axes: Axes, panel: Panel, styles: Styles, lettering: Lettering, wrap_at: int) -> None:
        self._axes, self._panel, self._styles = axes, panel, styles
        self._lettering, self._wrap_at = lettering, wrap_at
        self._named = [series for series in panel.series if isinstance(series, Named) and series.label]
        self._column = [series for series in self._named if self._ends_at_the_right(series)]

    def column_width(self) -> float:
        """Pixels that the words to the right of the panel need."""
        words = [self._word(series.label).width for series in self._column]
        behind_bars = [self._lettering.word(text.get_text()).width for text in self._axes.texts]
        return max([GAP + width for width in words + behind_bars], default=0.0)

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

    def _put(self, word: Word, boxes: Iterator[Box], room: Room, colour: str) -> None:
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

    def _word(self, text: str, chars: int | None = None) -> Word:
        return self._lettering.word(fill(text, chars or self._wrap_at, break_long_words=False))


def _curve(series: Named) -> tuple[Array, Array]:
    if isinstance(series, Band):
        return finite(series.x), (finite(series.low) + finite(series.high)) / 2
    return finite(series.x), finite(series.y)


def beside(seen: Array, word: Word) -> Iterator[Box]:
    """Around points of the visible line, its end first: right of it, above and below."""
    for i in np.linspace(len(seen) - 1, 0, min(len(seen), 30)).astype(int):
        x, y = seen[i]
        for left, bottom in ((x + 10, y + 2), (x + 10, y - word.height / 2), (x - word.width - 10, y + 4)):
            yield left, bottom, left + word.width, bottom + word.height


def along(word: Word, height: float, room: Room) -> Iterator[Box]:
    """Above and below a horizontal line."""
    for share in np.linspace(0.01, 0.99, 15):
        left = share * (room.width - word.width)
        for bottom in (height + 2, height - word.height - 2):
            yield left, bottom, left + word.width, bottom + word.height


def up(word: Word, across: float, room: Room) -> Iterator[Box]:
    """To the right and left of a vertical line."""
    for share in np.linspace(0.98, 0.02, 12):
        bottom = share * (room.height - word.height)
        for left in (across + 8, across - 8 - word.width):
            yield left, bottom, left + word.width, bottom + word.height
