"""Buttons that the router hears of, in any process."""

from typing import Any

from discord import ButtonStyle, ui

from bot.discord_app import custom_ids
from bot.discord_app.presses import Press

LONGEST_LABEL = 80


def button(label: str, press: Press, style: ButtonStyle = ButtonStyle.secondary) -> ui.Button[Any]:
    """One of them; of a long label as much as Discord takes."""
    short = label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
    return ui.Button(label=short, style=style, custom_id=custom_ids.encode(press))
