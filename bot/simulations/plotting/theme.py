"""Sizes and colours: an opaque light card, readable at a phone's width on Discord's dark and light backgrounds."""

from dataclasses import dataclass

WIDTH, HEIGHT, DPI = 1200, 675, 100  # pixels

PAPER = "#ffffff"
INK = "#1d1f24"
FAINT = "#5c616b"
GRID = "#e3e5ea"
SHADE = "#eceff4"

# Okabe and Ito's colours for the colour-blind, without yellow, which is lost on white.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#a0458a", "#000000", "#e69f00", "#56b4e9", "#7a7a7a")
# The same in a shade dark enough for text.
TEXT_COLOURS = ("#005f95", "#b04e00", "#007a59", "#8a3776", "#000000", "#8a5f00", "#1f78ab", "#5c616b")
DASHES = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (7, 2, 1.5, 2)), (0, (4, 1, 1, 1, 1, 1)))
HATCHES = ("", "//", "..", "xx")
MARKERS = ("o", "s", "^", "D")


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of text and lines, in points."""

    title: float = 21
    label: float = 17
    tick: float = 15
    caption: float = 13
    line: float = 2.8


LARGE = Sizes()
MEDIUM = Sizes(label=15, tick=14, line=2.6)
SMALL = Sizes(title=19, label=13, tick=12, line=2.2)


@dataclass(frozen=True, slots=True)
class Style:
    """How everything with one label is drawn, in whatever panel."""

    colour: str
    text: str
    dash: str | tuple[float, tuple[float, ...]]
    hatch: str
    marker: str


def style(index: int) -> Style:
    """The style of the index-th label of a picture. Colours and dashes have different periods, so pairs repeat late."""
    return Style(
        COLOURS[index % len(COLOURS)],
        TEXT_COLOURS[index % len(TEXT_COLOURS)],
        DASHES[index % len(DASHES)],
        HATCHES[index % len(HATCHES)],
        MARKERS[index % len(MARKERS)],
    )
