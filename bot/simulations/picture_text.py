"""A picture in words: in short, as the text that stands for it (`alt`), and every series in full (`description`).

The short text says what the eye sees first: the finding, then of the series that decide it where they rise and fall,
settle, cross and leave the view. Heights are judged as they are drawn, so by their logarithm on a log axis.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, zip_longest

import numpy as np

from bot.formats import two_digits
from bot.simulations.arrays import Array
from bot.simulations.plot import (
    Across,
    Axis,
    Band,
    Bars,
    Contour,
    Dots,
    Down,
    Line,
    Panel,
    Plot,
    Scatter,
    Series,
    Shade,
)

LONGEST_ALT = 400  # characters; Discord takes 1,024
FLAT = 0.03  # of the panel's height: what stays within it looks level
TURN = 0.1  # of the panel's height: what comes back by that much is seen to turn
SETTLED = 0.7  # of the panel's width: what is level from before here on is said to be
FEW_BARS = 4

Runs = Sequence[tuple[str, Plot]]
"""One plot with an empty name, or two with what sets them apart."""


def alt(title: str, runs: Runs) -> str:
    """The finding, then the deciding series of each run, in whole sentences of at most LONGEST_ALT characters together.

    Where there is no room the axes go first, then what is said of a series beyond its course, then the last series.
    """
    findings = [f"{name}: {plot.title}" for name, plot in runs if name and plot.title]
    first = [sentence(one) for one in (title, *findings)]
    by_run = [[(name, panel, one) for panel, one in deciding(plot)] for name, plot in runs]
    series = [one for rank in zip_longest(*by_run) for one in rank if one]  # of two runs the first of each first
    apart = len({id(panel) for _, panel, _ in series}) > len(runs)
    named = [
        (", ".join(filter(None, [name, _title(panel) if apart else ""])), panel, one) for name, panel, one in series
    ]
    short, whole = ([said(panel, one, full, name) for name, panel, one in named] for full in (False, True))
    drawn = dict.fromkeys(_axes(panel) for _, panel, one in series if not isinstance(one, Bars | Dots))
    axes = [sentence(one) for one in drawn] if len(runs) == 1 else []
    for chosen in ([*axes, *whole], whole, [*whole[:1], *short[1:]], short):
        if len(text := " ".join([*first, *chosen])) <= LONGEST_ALT:
            return text
    return " ".join(_fitting([*first, *short]))


def _fitting(sentences: Sequence[str]) -> Iterator[str]:
    room = LONGEST_ALT
    for one in sentences:
        if len(one) <= room:
            room -= len(one) + 1
            yield one


def deciding(plot: Plot) -> Sequence[tuple[Panel, Series]]:
    """The series that decide a finding, each with its panel: those named, or else the first two that have a shape."""
    placed = [(panel, series) for panel in plot.panels for series in panel.series]
    if plot.deciding:
        return [(panel, one) for wanted in plot.deciding for panel, one in placed if one is wanted][:2]
    shaped = [(panel, one) for panel, one in placed if isinstance(one, Line | Band | Bars | Dots)]
    return shaped[:2]


def said(panel: Panel, series: Series, full: bool, name: str = "") -> str:
    """A sentence on one series of a panel, `name` before it; `full`: with what it crosses and where it ends."""
    course = _course(series, panel, full)
    label = _of_rows(series, panel, name) if isinstance(series, Bars | Dots) else _label(series, panel)
    parts = [name, "" if label == name else label]
    return sentence(": ".join(filter(None, [", ".join(filter(None, parts)), course])))


def _of_rows(rows: Bars | Dots, panel: Panel, name: str) -> str:
    """The panel unless that is said, what is measured across, and the group: what a sentence on axes would say."""
    title = "" if panel.title in name else _title(panel)
    group = "" if rows.label in panel.x.label else rows.label
    return opened(", ".join(filter(None, (title, _scaled(panel.x), group))))


def _title(panel: Panel) -> str:
    """The panel's title, where its axes do not say it."""
    return "" if panel.title.casefold() in f"{panel.x.label} {panel.y.label}".casefold() else panel.title


def _label(series: Series, panel: Panel) -> str:
    named = "" if isinstance(series, Contour) else series.label
    return named or panel.title or (panel.x if isinstance(series, Bars | Dots) else panel.y).label


def _course(series: Series, panel: Panel, full: bool) -> str:
    match series:
        case Line():
            return course(series, panel, full)
        case Band():
            return widths(series, panel)
        case Bars() | Dots():
            return values(series, panel.x, few=True)
    return ""


def sentence(text: str) -> str:
    """The text with its full stop."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def opened(text: str) -> str:
    """The text with a capital letter where it begins with a word, and not with a symbol: not for f(x)."""
    return text[:1].upper() + text[1:] if text[:2].isalpha() else text


def _axes(panel: Panel) -> str:
    rows = any(isinstance(series, Bars | Dots) for series in panel.series)
    axes = f"{_scaled(panel.x)} by {panel.y.label}" if rows else f"{_scaled(panel.y)} over {panel.x.label}"
    title = _title(panel)
    return opened(f"{title}: {axes}" if title else axes)


def _scaled(axis: Axis) -> str:
    return f"{axis.label} (log scale)" if axis.log else axis.label


def amount(value: float, axis: Axis, tenths: bool = False) -> str:
    """A value on an axis: to two digits, with the % that its label names; of such, when asked for, to the tenth."""
    if "%" not in axis.label:
        return two_digits(value)
    return f"{value:.1f}".removesuffix(".0") + " %" if tenths and abs(value) >= 1 else f"{two_digits(value)} %"


def place(value: float, axis: Axis) -> str:
    """A place on the axis across: "step 120", or as the axis says it."""
    number = f"{value:,.0f}" if value == round(value) else two_digits(value)
    if axis.place:
        return axis.place.format(number)
    return f"{axis.label} {number}" if axis.label.isalpha() else number


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """The points of a line that are in view, and `height`: y as it is drawn. `over` are those that have left it."""

    x: Array
    y: Array
    height: Array
    over: Array

    @classmethod
    def seen(cls, line: Line, axis: Axis) -> "Curve":
        """Of a line, with the view that the axis gives."""
        x, y = np.asarray(line.x, np.float64), np.asarray(line.y, np.float64)
        there = np.isfinite(x) & np.isfinite(y) & ((y > 0) | (not axis.log))
        low = -np.inf if axis.low is None else axis.low
        high = np.inf if axis.high is None else axis.high
        inside = there & (y >= low) & (y <= high)
        height = np.log10(y[inside]) if axis.log else y[inside]
        return cls(x[inside], y[inside], height, x[there & ~inside])


def span(panel: Panel) -> float:
    """How much height the lines and bands of a panel take up in its view."""
    lines = [one for one in panel.series if isinstance(one, Line)]
    for one in panel.series:
        if isinstance(one, Band):
            lines += [Line("", one.x, one.low), Line("", one.x, one.high)]
    heights = [curve.height for line in lines if len((curve := Curve.seen(line, panel.y)).height)]
    if not heights:
        return 0.0
    drawn = np.concatenate(heights)
    return float(drawn.max() - drawn.min())


def pivots(height: Array, least: float) -> list[int]:
    """The positions where a curve turns back by at least `least`, between its first and its last."""
    found, way = [0], 0
    top = bottom = 0
    for i, here in enumerate(height):
        top, bottom = (i if here > height[top] else top), (i if here < height[bottom] else bottom)
        turn = top if way >= 0 and height[top] - here >= least else None
        if turn is None and way <= 0 and here - height[bottom] >= least:
            turn = bottom
        if turn is not None:
            way = -1 if turn == top else 1
            found.append(turn)
            top = bottom = i
    found.append(len(height) - 1)
    if len(found) > 2 and abs(height[found[1]] - height[0]) < least:  # it sets out in this direction
        found.pop(1)
    return found


def course(line: Line, panel: Panel, full: bool = True) -> str:
    """What the eye sees of a line: where it rises, falls and turns; when `full`, what it crosses and where it ends."""
    curve = Curve.seen(line, panel.y)
    if not len(curve.x):
        return "outside the view"
    if np.any(np.diff(curve.x) < 0):
        return _path(curve, panel, line.note)
    said = [_rise_and_fall(curve, panel, line.note)]
    if line.note:
        said.append(line.note)
    if full:
        said += [*crossings(curve, panel), *_ending(curve, panel, line.note)]
    return ", ".join(said)


def _path(curve: Curve, panel: Panel, note: str) -> str:
    start, end = (f"({two_digits(curve.x[i])}, {two_digits(curve.y[i])})" for i in (0, -1))
    return ", ".join(filter(None, [f"a path from {start} to {end}", note]))


def _rise_and_fall(curve: Curve, panel: Panel, note: str) -> str:
    height, whole = curve.height, span(panel)
    level = FLAT * whole
    if height.max() - height.min() <= max(level, 1e-12):
        return f"flat near {amount(float(np.median(curve.y)), panel.y)}"
    turns = pivots(height, TURN * whole)
    if len(turns) == 2:
        return _one_way(curve, panel, level)
    if len(turns) > 5:
        return _many_turns(curve, panel, 0 if note else len(turns) - 2)
    pieces = [f"starts at {amount(curve.y[0], panel.y)}"]
    for before, here in pairwise(turns):
        way = "rises" if height[here] > height[before] else "falls"
        at = "" if here == turns[-1] else f" at {place(curve.x[here], panel.x)}"
        pieces.append(f"{way} to {amount(curve.y[here], panel.y)}{at}")
    return ", ".join(pieces)


def _one_way(curve: Curve, panel: Panel, level: float) -> str:
    height, (start, end) = curve.height, (amount(curve.y[i], panel.y) for i in (0, -1))
    if abs(height[-1] - height[0]) <= level:
        least, most = amount(float(curve.y.min()), panel.y), amount(float(curve.y.max()), panel.y)
        return f"stays between {least} and {most}"
    way = "rises" if height[-1] > height[0] else "falls"
    waits = np.flatnonzero(np.abs(height - height[0]) > level)[0]
    settles = int(np.flatnonzero(np.abs(height - height[-1]) > level)[-1]) + 1
    across = curve.x[-1] - curve.x[0]
    if waits > 1 and curve.x[waits - 1] - curve.x[0] >= (1 - SETTLED) * across:
        return f"flat at {start} until {place(curve.x[waits - 1], panel.x)}, then {way} to {end}"
    if len(height) - settles > 2 and curve.x[settles] - curve.x[0] <= SETTLED * across:
        return f"{way} from {start} to {end}, flat from {place(curve.x[settles], panel.x)}"
    return f"{way} from {start} to {end}"


def _many_turns(curve: Curve, panel: Panel, turns: int) -> str:
    """Of a line that swings, or is noisy: how often if that is known, and where it tends or between what it stays."""
    height, piece = curve.height, max(1, len(curve.height) // 20)
    first, last = float(np.median(height[:piece])), float(np.median(height[-piece:]))
    times = f"up and down {_times(turns // 2)}" if turns else "up and down"
    if abs(last - first) > 0.5 * (height.max() - height.min()):
        start, end = (amount(10**h if panel.y.log else h, panel.y) for h in (first, last))
        return f"{'rises' if last > first else 'falls'} from {start} to {end}, {times} on the way"
    least, most = amount(float(curve.y.min()), panel.y), amount(float(curve.y.max()), panel.y)
    return f"swings {times} between {least} and {most}"


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count:,} times"


def crossings(curve: Curve, panel: Panel) -> Iterator[str]:
    """How often a line passes each line across, and zero where it has both signs; a level one runs along it."""
    levels = [(f"“{one.label}”", one.y) for one in panel.series if isinstance(one, Across)]
    if not panel.y.log and all(y != 0 for _, y in levels):
        levels.append(("zero", 0.0))
    near = FLAT * span(panel)
    for label, y in levels:
        level = np.log10(y) if panel.y.log else y
        if curve.height.max() - curve.height.min() <= near:
            if label != "zero" and abs(float(np.median(curve.height)) - level) <= near:
                yield f"along {label}"
            continue
        away = np.abs(curve.height - level) > near / 4  # what only trembles on the line does not pass it
        above, at = curve.height[away] > level, curve.x[away]
        passed = np.flatnonzero(above[1:] != above[:-1])
        if len(passed) == 1:
            yield f"passes {label} at {place(at[passed[0] + 1], panel.x)}"
        elif len(passed):
            yield f"passes {label} {_times(len(passed))}"


def _ending(curve: Curve, panel: Panel, note: str) -> Iterator[str]:
    """Where a line leaves the view, or begins or ends short of the others, unless its note says why."""
    lines = [one for one in panel.series if isinstance(one, Line)]
    xs = np.concatenate([np.asarray(one.x, np.float64) for one in lines])
    near = 0.02 * float(np.ptp(xs))
    if len(curve.over) and curve.over.max() > curve.x[-1]:
        yield f"leaves the view at {place(curve.x[-1], panel.x)}"
    elif curve.x[-1] < xs.max() - near and not note:
        yield f"ends at {place(curve.x[-1], panel.x)}"
    if curve.x[0] > xs.min() + near:
        yield f"begins at {place(curve.x[0], panel.x)}"


def widths(band: Band, panel: Panel) -> str:
    """How wide a band is: inside and outside the range that is shaded, or where it is narrowest and widest."""
    x, width = np.asarray(band.x, np.float64), np.asarray(band.high, np.float64) - np.asarray(band.low, np.float64)
    for shade in panel.series:
        if isinstance(shade, Shade):
            inside = (x >= shade.start) & (x <= shade.end)
            within, beyond = float(np.mean(width[inside])), float(np.mean(width[~inside]))
            times = f", {two_digits(beyond / within)} times as wide" if within > 0 else ""
            return f"{two_digits(within)} wide in the {shade.label}, {two_digits(beyond)} outside{times}"
    least, most = int(np.argmin(width)), int(np.argmax(width))
    narrow, wide = (f"{two_digits(width[i])} at {place(x[i], panel.x)}" for i in (least, most))
    return f"narrowest {narrow}, widest {wide}"


def values(bars: Bars | Dots, axis: Axis, few: bool = False) -> str:
    """Each category with its value and note; of more than a few, when `few`, the highest and the lowest."""
    notes = bars.notes or [""] * len(bars.values)
    rows = list(zip(bars.categories, bars.values, notes, strict=True))
    if few and len(rows) > FEW_BARS:
        (high, most, _), (low, least, _) = (pick(rows, key=lambda row: row[1]) for pick in (max, min))
        same = sum(value == least for value in bars.values)
        who = low if same == 1 else f"{same} others"
        return f"highest {amount(most, axis, True)} ({high}), lowest {amount(least, axis, True)} ({who})"
    notes = [f" {note}" if note and not few else "" for note in notes]
    said = zip(bars.categories, bars.values, notes, strict=True)
    return ", ".join(f"{amount(value, axis, True)} ({category}){note}" for category, value, note in said)


def description(runs: Runs) -> str:
    """Every panel and its series, a line each: where a line starts, ends, is highest and lowest, what it crosses; how
    wide a band is; each bar. Dots of a scatter are counted."""
    return "\n".join(chain.from_iterable(_panel(name, panel) for name, plot in runs for panel in plot.panels))


def _panel(name: str, panel: Panel) -> Iterator[str]:
    yield sentence(": ".join(filter(None, (name, _axes(panel)))))
    for series in panel.series:
        label = _label(series, panel)
        match series:
            case Line():
                yield f"- {label}: {_in_full(series, panel)}."
            case Band(_, x, low, high):
                ends = (float(np.asarray(high, np.float64)[i] - np.asarray(low, np.float64)[i]) for i in (0, -1))
                start, end = map(two_digits, ends)
                yield f"- {label}: a band, {start} wide at the start, {end} at the end; {widths(series, panel)}."
            case Scatter(_, x, y):
                yield f"- {label}: {_dots(np.asarray(x, np.float64), np.asarray(y, np.float64))}."
            case Bars() | Dots():
                yield f"- {label}: {values(series, panel.x)}."
            case Across(_, at):
                yield f"- {label}: a line across at {amount(at, panel.y)}."
            case Down(_, at):
                yield f"- {label}: a line upright at {place(at, panel.x)}."
            case Shade(_, start, end):
                yield f"- {label}: shaded from {two_digits(start)} to {two_digits(end)}."
            case Contour():
                yield "- Level lines in the background."


def _dots(x: Array, y: Array) -> str:
    return f"a dot at ({two_digits(x[0])}, {two_digits(y[0])})" if len(x) == 1 else f"{len(x):,} dots"


def _in_full(line: Line, panel: Panel) -> str:
    x, y = np.asarray(line.x, np.float64), np.asarray(line.y, np.float64)
    there = np.isfinite(x) & np.isfinite(y)
    x, y = x[there], y[there]
    if not len(x):
        return "nothing to be seen"
    seen = course(line, panel)
    start, end, top, bottom = (amount(float(one), panel.y) for one in (y[0], y[-1], y.max(), y.min()))
    if top == bottom or np.any(np.diff(x) < 0):
        return seen
    highest, lowest = (_where(x, i, panel.x) for i in (int(y.argmax()), int(y.argmin())))
    ends = f"highest {top} {highest}, lowest {bottom} {lowest}"
    if seen.startswith((f"rises from {start} to {end}", f"falls from {start} to {end}")):
        return f"{seen}; {ends}"
    return f"{start} at the start, {end} at the end, {ends}; {seen}"


def _where(x: Array, i: int, axis: Axis) -> str:
    return {0: "at the start", len(x) - 1: "at the end"}.get(i, f"at {place(float(x[i]), axis)}")
