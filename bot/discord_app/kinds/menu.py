"""Several options are picked: a menu, whose values are their places."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot import words
from bot.discord_app.layout import AnyRow
from bot.quiz.kinds.option import LETTERS, Option

LONGEST_LABEL = 100


def rows(options: Sequence[Option], custom_id: str) -> list[AnyRow]:
    """The menu; the options stand in full above it."""
    choices = [discord.SelectOption(label=_short(i, one), value=str(i)) for i, one in enumerate(options)]
    select: ui.Select[Any] = ui.Select(
        custom_id=custom_id, placeholder=words.quiz.PICK_ALL, min_values=1, max_values=len(choices), options=choices
    )
    return [[select]]


def _short(place: int, option: Option) -> str:
    label = f"{LETTERS[place]}. {option.text}"
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
