"""Every message is within Discord's limits, whatever it holds, and nothing is lost between two."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.discord_app import layout
from bot.discord_app.layout import Card, Size

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=50).flatmap(
    lambda word: st.integers(0, 60).map(lambda times: (word + " \n"[times % 2]) * times)
)
BLOCKS = st.lists(st.one_of(TEXTS, TEXTS.map(Card)), max_size=25)


def text_of(page: layout.Page, skipped: int) -> str:
    texts = [one.content for one in page.walk_children() if isinstance(one, layout.ui.TextDisplay)]
    return "".join(texts[skipped:])


@given(st.sampled_from(["", "**Question:** `why?`", "x" * 220]), BLOCKS, st.integers(0, 25))
def test_pages_are_within_the_limits_and_lose_nothing(opening: str, blocks: list[layout.Block], buttons: int) -> None:
    below = layout.rows([layout.ui.Button(label=str(i), custom_id=str(i)) for i in range(buttons)])
    pages = layout.pages(opening, blocks, below)
    for page in pages:
        size = layout.measured(page.to_components())
        assert size.components <= layout.MOST_COMPONENTS
        assert size.characters <= layout.MOST_CHARACTERS
        assert size.components == page.total_children_count
    said = "".join(block.text if isinstance(block, Card) else block for block in blocks)
    shown = "".join(text_of(page, skipped=1 if opening else 0) for page in pages)
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", said)


@given(TEXTS, st.integers(2, 400))
def test_pieces_are_short_enough_and_whole(text: str, limit: int) -> None:
    pieces = list(layout.split(text, limit))
    assert all(0 < layout.length(piece) <= limit for piece in pieces)
    assert re.sub(r"\s", "", "".join(pieces)) == re.sub(r"\s", "", text)


def test_paragraphs_stay_whole_where_they_can() -> None:
    assert list(layout.split("one two\n\nthree four\nfive", 18)) == ["one two", "three four\nfive"]
    assert list(layout.split("three four\nfive", 12)) == ["three four", "five"]
    assert list(layout.split("😀" * 5, 4)) == ["😀😀", "😀😀", "😀"]


def test_nested_components_and_accessories_count() -> None:
    text = {"type": 10, "content": "four"}
    section = {"type": 9, "components": [text, text], "accessory": {"type": 2, "label": "not text"}}
    assert layout.measured([{"type": 17, "components": [section, text]}]) == Size(6, 12)
