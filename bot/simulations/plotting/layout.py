"""Puts a panel's axes into its rectangle, with the heading above, the ticks and the x label around them."""

from typing import Literal

from matplotlib.axes import Axes

from bot.simulations.plot import Axis, Panel
from bot.simulations.plotting.room import Box
from bot.simulations.plotting.theme import HEIGHT, INK, WIDTH
from bot.simulations.plotting.words import LINE, Lettering


def place(axes: Axes, panel: Panel, lettering: Lettering, cell: Box, column: float) -> None:
    """`column` is the width in pixels of the labels to the right of the axes. The y label stands above, unturned."""
    left, bottom, right, top = cell
    tick, label = lettering.sizes.tick * LINE, lettering.sizes.label * LINE
    bottom, top, right = bottom + tick + label + 8, top - label - 8, right - max(column, 16)
    axes.set_position(_fractions((left + 60, bottom, right, top)))
    start = left + 12 + _widest_tick(axes, lettering)
    axes.set_position(_fractions((start, bottom, right, top)))
    heading = ": ".join(filter(None, (panel.title, said(panel.y))))
    _write(axes, heading, (left, top + 8), "bottom", lettering)
    _write(axes, said(panel.x), ((start + right) / 2, bottom - tick - 8), "top", lettering)


def _write(
    axes: Axes, text: str, at: tuple[float, float], side: Literal["bottom", "top"], lettering: Lettering
) -> None:
    """The y label begins at its position, the x label is centred on it."""
    across: Literal["left", "center"] = "left" if side == "bottom" else "center"
    x, y = at[0] / WIDTH, at[1] / HEIGHT
    axes.figure.text(x, y, text, fontsize=lettering.sizes.label, color=INK, ha=across, va=side)


def said(axis: Axis) -> str:
    """The axis's label; that it is logarithmic is said."""
    return f"{axis.label} (log scale)" if axis.log else axis.label


def _widest_tick(axes: Axes, lettering: Lettering) -> float:
    lines = [line for tick in axes.yaxis.get_ticklabels() for line in tick.get_text().split("\n")]
    return max((lettering.width(line, lettering.sizes.tick) for line in lines), default=0.0)


def _fractions(box: Box) -> tuple[float, float, float, float]:
    left, bottom, right, top = box
    return left / WIDTH, bottom / HEIGHT, (right - left) / WIDTH, (top - bottom) / HEIGHT
