"""Messages within Discord's limits, all of which stand here.

discord.py checks the number of components and not that of characters, so `measured` counts both and `pages` splits.
"""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.text.normalise import cut, unbroken, visible

LONGEST_TYPED = 200  # characters of one line of what a person typed, as it is shown back: our choice, not Discord's
LONGEST_TYPED_WHOLE = 1800
MOST_COMPONENTS = 40  # of a message; nested ones count
MOST_CHARACTERS = 4000  # of all texts of a message together
BUTTONS_A_ROW = 5
LONGEST_LABEL = 80  # of a button
MOST_OPTIONS = 25  # of a menu, and completions of an option of a command
LONGEST_OPTION = 100  # the label, value and description of an option of a menu, and the name of a completion
MOST_RADIOS = 10
LONGEST_TITLE = 45  # of a form, and the label of a field in it
LONGEST_DESCRIPTION = 100  # of a field in a form, and its placeholder
LONGEST_ALT = 1024  # the text that says what a picture shows

Row = Sequence[ui.Button[Any]]
AnyRow = Sequence[ui.Item[Any]]  # of buttons, or one menu


class Page(ui.LayoutView):
    """One message, ready to be sent. Reported as finished, so that discord.py keeps no state and no timer for it."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    def is_finished(self) -> bool:
        """Always true, whether it has been sent or not."""
        return True


@dataclass(frozen=True, slots=True)
class Card:
    """A text that stands in a frame of its own."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture out of a file that comes with the message, or is there already; `alt` says what it shows."""

    file: str
    alt: str


Block = str | Card | Picture


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
    components = MOST_COMPONENTS - 1 - len(below) - sum(map(len, below))
    made: list[Page] = []
    sheet: list[Block] = []
    used_characters = used_components = 0
    for block in blocks:
        if isinstance(block, Picture):
            sheet.append(block)
            used_components += 1
            continue
        card = isinstance(block, Card)
        for piece in split(block.text if isinstance(block, Card) else block, room):
            size, weight = length(piece), 2 if card else 1
            if used_characters + size > room or used_components + weight > components:
                made.append(_page(opening, sheet, ()))
                sheet, used_characters, used_components = [], 0, 0
            sheet.append(Card(piece) if card else piece)
            used_characters += size
            used_components += weight
    return [*made, _page(opening, sheet, below)]


def single(blocks: Sequence[str | Picture], below: Sequence[AnyRow] = ()) -> Page:
    """One message, whatever it holds: its buttons are there, and of its longest text as much as there is room for."""
    shown = [block for block in (one if isinstance(one, Picture) else one.strip() for one in blocks) if block]
    texts = {at: block for at, block in enumerate(shown) if isinstance(block, str)}
    while (over := sum(map(length, texts.values())) - MOST_CHARACTERS) > 0:
        longest = max(texts, key=lambda at: length(texts[at]))
        texts[longest] = next(split(texts[longest], max(1, length(texts[longest]) - over - 1))) + "…"
    return _page("", [texts.get(at, block) for at, block in enumerate(shown)], below)


def line(text: str) -> Page:
    """A message of one text, with nothing to press; of a long text as much as there is room for."""
    if text.strip() != text or length(text) > MOST_CHARACTERS:
        return single([text])
    page = Page()
    page.add_item(ui.TextDisplay(text))
    return page


def headed(made: Page, text: str) -> Page:
    """The message with a text above all else: as much of it as there is room for."""
    below = [*made.children]
    size = measured(made.to_components())  # type: ignore[no-untyped-call]
    room = MOST_CHARACTERS - size.characters
    if size.components == MOST_COMPONENTS or room < 1:
        return made
    made.clear_items()
    made.add_item(ui.TextDisplay(text if length(text) <= room else cut(text, room // 2, trim=True)))
    for item in below:
        made.add_item(item)
    return made


def noted(made: Sequence[Page], note: str) -> list[Page]:
    """The messages with a small line below the last, or after it where it is full."""
    *before, last = made
    small = ui.TextDisplay[Any](f"-# {note}")
    size = measured(last.to_components())  # type: ignore[no-untyped-call]
    if size.components < MOST_COMPONENTS and size.characters + length(small.content) <= MOST_CHARACTERS:
        last.add_item(small)
        return [*before, last]
    return [*made, *pages("", [small.content])]


def split(text: str, limit: int) -> Iterator[str]:
    """The text in pieces of at most `limit` characters, cut between paragraphs, else lines, else words."""
    text = text.strip()
    while length(text) > limit:
        head = text[: len(text.encode("utf-16-le", "replace")[: 2 * limit].decode("utf-16-le", "ignore"))]
        whole = max(1, len(unbroken(head)))
        end = next((at for mark in ("\n\n", "\n", " ") if (at := head.rfind(mark)) > 0), whole)
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    if text:
        yield text


def _page(opening: str, sheet: Sequence[Block], below: Sequence[AnyRow]) -> Page:
    page = Page()
    if opening:
        page.add_item(ui.TextDisplay(opening))
    for block in sheet:
        if isinstance(block, Card):
            page.add_item(ui.Container(ui.TextDisplay(block.text)))
        elif isinstance(block, Picture):
            page.add_item(gallery(block))
        else:
            page.add_item(ui.TextDisplay(block))
    for row in below:
        page.add_item(ui.ActionRow(*row))
    return page


def gallery(picture: Picture) -> ui.MediaGallery[Any]:
    """What shows a picture out of a file of the message."""
    item = discord.MediaGalleryItem(f"attachment://{picture.file}", description=picture.alt[:LONGEST_ALT] or None)
    return ui.MediaGallery(item)


def message_link(server: int | None, channel: int | None, message_id: int) -> str:
    """The address of a message; without a server it is one of a direct conversation."""
    return f"https://discord.com/channels/{server or '@me'}/{channel}/{message_id}"


def typed_whole(text: str) -> str:
    """All of `text`, in as many such lines as it takes; only what is mostly emoji, each of which Discord counts twice,
    may lose its end."""
    shown = visible(text).encode("utf-16-le", "ignore")[: 2 * LONGEST_TYPED_WHOLE].decode("utf-16-le", "ignore")
    return "\n".join(map(typed, textwrap.wrap(shown, LONGEST_TYPED, break_on_hyphens=False) or [""]))


def typed(text: str) -> str:
    """What a person typed, as it is shown back: one line of at most `LONGEST_TYPED` characters, in inline code.

    Escaping Markdown would not be enough: `<t:...>`, `<#...>`, bare links and lists survive it. Inline code lets none
    through.
    """
    shown = visible(text).replace("`", "ˋ")  # inside code a backtick cannot be escaped; this is its look-alike
    if len(shown) > LONGEST_TYPED:
        shown = shown[: LONGEST_TYPED - 1].rstrip() + "…"
    return f"`{shown}`" if shown else "` `"
