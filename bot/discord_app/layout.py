"""Messages within Discord's limits: at most 40 components (nested ones count) and 4,000 characters.

discord.py checks the first and not the second, so `measured` counts both and `pages` splits.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from discord import ui

MOST_COMPONENTS = 40
MOST_CHARACTERS = 4000
BUTTONS_A_ROW = 5

Row = Sequence[ui.Button[Any]]
AnyRow = Sequence[ui.Item[Any]]  # of buttons, or one menu


class Page(ui.LayoutView):
    """One message, ready to be sent. Reported as finished, so that discord.py keeps no state and no timer for it."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    def is_finished(self) -> bool:
        """Always."""
        return True


@dataclass(frozen=True, slots=True)
class Card:
    """A text that stands in a frame of its own."""

    text: str


Block = str | Card


@dataclass(frozen=True, slots=True)
class Size:
    """What counts against the limits."""

    components: int
    characters: int


def measured(components: Iterable[Mapping[str, Any]]) -> Size:
    """The size of a message's components, as Discord counts them."""
    count = characters = 0
    for component in components:
        nested = [*component.get("components", ()), *filter(None, [component.get("accessory")])]
        inner = measured(nested)
        count += 1 + inner.components
        characters += length(str(component.get("content", ""))) + inner.characters
    return Size(count, characters)


def length(text: str) -> int:
    """Characters as Discord's own clients count them (UTF-16 units): never fewer than its servers do."""
    return len(text.encode("utf-16-le", "replace")) // 2


def rows(buttons: Sequence[ui.Button[Any]]) -> list[Row]:
    """The buttons in as few rows as they fit in."""
    return [buttons[i : i + BUTTONS_A_ROW] for i in range(0, len(buttons), BUTTONS_A_ROW)]


def pages(opening: str, blocks: Sequence[Block], below: Sequence[AnyRow] = ()) -> list[Page]:
    """As few messages as hold the blocks. Each begins with `opening`; the buttons stand below the last."""
    room = MOST_CHARACTERS - length(opening)
    components = MOST_COMPONENTS - 1 - sum(1 + len(row) for row in below)
    sheets: list[list[Block]] = [[]]
    used_characters = used_components = 0
    for block in _pieces(blocks, room):
        weight = 2 if isinstance(block, Card) else 1
        size = length(_text(block))
        if used_characters + size > room or used_components + weight > components:
            sheets.append([])
            used_characters = used_components = 0
        sheets[-1].append(block)
        used_characters += size
        used_components += weight
    return [_page(opening, sheet, below if sheet is sheets[-1] else ()) for sheet in sheets]


def single(blocks: Sequence[str], below: Sequence[AnyRow] = ()) -> Page:
    """One message, whatever it holds: its buttons are there, and of its longest text as much as there is room for."""
    texts = [text for text in (block.strip() for block in blocks) if text]
    while (over := sum(map(length, texts)) - MOST_CHARACTERS) > 0:
        longest = max(range(len(texts)), key=lambda at: length(texts[at]))
        texts[longest] = next(split(texts[longest], max(1, length(texts[longest]) - over - 1))) + "…"
    return _page("", texts, below)


def noted(made: Sequence[Page], note: str) -> list[Page]:
    """The messages with a small line below the last, or after it where it is full."""
    *before, last = made
    line = ui.TextDisplay[Any](f"-# {note}")
    size = measured(last.to_components())  # type: ignore[no-untyped-call]
    if size.components < MOST_COMPONENTS and size.characters + length(line.content) <= MOST_CHARACTERS:
        last.add_item(line)
        return [*before, last]
    return [*made, *pages("", [line.content])]


def split(text: str, limit: int) -> Iterator[str]:
    """The text in pieces of at most `limit` characters, cut between paragraphs, else lines, else words."""
    text = text.strip()
    while length(text) > limit:
        head = text[: len(text.encode("utf-16-le", "replace")[: 2 * limit].decode("utf-16-le", "ignore"))]
        cut = next((at for mark in ("\n\n", "\n", " ") if (at := head.rfind(mark)) > 0), len(head))
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    if text:
        yield text


def _pieces(blocks: Iterable[Block], limit: int) -> Iterator[Block]:
    for block in blocks:
        for piece in split(_text(block), limit):
            yield Card(piece) if isinstance(block, Card) else piece


def _text(block: Block) -> str:
    return block.text if isinstance(block, Card) else block


def _page(opening: str, sheet: Sequence[Block], below: Sequence[AnyRow]) -> Page:
    page = Page()
    if opening:
        page.add_item(ui.TextDisplay(opening))
    for block in sheet:
        text: ui.TextDisplay[Any] = ui.TextDisplay(_text(block))
        page.add_item(ui.Container(text) if isinstance(block, Card) else text)
    for row in below:
        page.add_item(ui.ActionRow(*row))
    return page
