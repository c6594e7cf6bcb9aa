"""One option is picked: a button a letter."""

from collections.abc import Callable
from typing import Any

from discord import ButtonStyle, ui

from bot.discord_app.layout import AnyRow
from bot.discord_app.layout import rows as in_rows
from bot.quiz.kinds.option import LETTERS


def rows(count: int, custom_id: Callable[[int], str]) -> list[AnyRow]:
    """The letters, five a row."""
    buttons: list[ui.Button[Any]] = [
        ui.Button(label=LETTERS[i], style=ButtonStyle.primary, custom_id=custom_id(i)) for i in range(count)
    ]
    return [*in_rows(buttons)]
