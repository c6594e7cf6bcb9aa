"""The picture in words, with its numbers, for who cannot see it."""

from collections.abc import Iterator, Sequence

import numpy as np

from bot.simulations.formats import number
from bot.simulations.plot import Across, Band, Bars, Down, Line, Panel, Plot, Scatter, Shade

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
