"""How much room a text takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.font_manager import FontProperties

from bot.simulations.plotting.theme import Sizes

LINE = 1.75  # pixels from one line to the next, for each point of type size (at 100 dots an inch)


@dataclass(frozen=True, slots=True)
class Word:
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
        """Pixels of one line."""
        width, _, _ = self.renderer.get_text_width_height_descent(text, FontProperties(size=points), ismath=False)
        return float(width)

    def word(self, text: str) -> Word:
        """A label with its size."""
        points, lines = self.sizes.label, text.split("\n")
        return Word(text, max(self.width(line, points) for line in lines), len(lines) * points * LINE)

    def wrapped(self, text: str, points: float, width: float) -> Sequence[str]:
        """The text in lines of at most this many pixels."""
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(longer, points) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines
