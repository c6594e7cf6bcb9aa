"""Where in a panel there is room for a word: a coarse grid of pixels that lines and words have taken."""

from collections.abc import Iterable, Sequence

import numpy as np

from bot.simulations.numerics import Array

CELL = 4  # pixels
Box = tuple[float, float, float, float]
"""Left, bottom, right, top in pixels of the panel."""


class Room:
    """A panel of width x height pixels."""

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
        """The least crowded; the first of equals."""
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
