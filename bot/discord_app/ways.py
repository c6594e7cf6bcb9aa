"""The ways to ask a question, as Discord's widgets: buttons, a menu, a form with room for words or for a number.

Whoever shows a question hands in the custom ids that its widgets send back; no kind of question is known here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import discord
from discord import ButtonStyle, ui

from bot import words
from bot.discord_app.controls import field
from bot.discord_app.layout import LONGEST_OPTION, AnyRow, cut, rows
from bot.quiz.kinds.base import LETTERS, DrawnQuestion, Option, Way

TEXT = "text"  # the custom id of the field that an answer is typed in
LONGEST_ANSWER = 1500  # characters; a sentence or two make full marks
LONGEST_NUMBER = 60


@dataclass(frozen=True, slots=True)
class AnswerIds:
    """The custom ids that an answer comes back with."""

    letter: Callable[[int], str]  # of the button of an option, by its place
    menu: str
    form: str  # of the button that opens the form


def controls(question: DrawnQuestion, ids: AnswerIds) -> list[AnyRow]:
    """What stands below a question: rows of buttons, or the menu."""
    match question.way:
        case Way.BUTTONS:
            letters: list[ui.Button[Any]] = [
                ui.Button(label=LETTERS[place], style=ButtonStyle.primary, custom_id=ids.letter(place))
                for place in range(len(question.options))
            ]
            return [*rows(letters)]
        case Way.MENU:
            return [[_menu(question.options, ids.menu)]]
        case Way.TEXT | Way.NUMBER:
            opens: ui.Button[Any] = ui.Button(label=words.quiz.ANSWER, style=ButtonStyle.primary, custom_id=ids.form)
            return [[opens]]


def answer_field(question: DrawnQuestion, before: str = "") -> ui.Label[Any]:
    """The one field of the form, with the question beside it as far as there is room; `before` is what stands in it."""
    if question.way is Way.NUMBER:
        number: ui.TextInput[Any] = ui.TextInput(custom_id=TEXT, max_length=LONGEST_NUMBER, default=before or None)
        return field(words.quiz.YOUR_NUMBER, number, question.ask)
    text: ui.TextInput[Any] = ui.TextInput(
        custom_id=TEXT, style=discord.TextStyle.long, max_length=LONGEST_ANSWER, default=before or None
    )
    return field(words.quiz.YOUR_ANSWER, text, question.ask)


def _menu(options: tuple[Option, ...], custom_id: str) -> ui.Select[Any]:
    """The values are the places of the options, which stand in full above it."""
    labels = [cut(f"{LETTERS[place]}. {one.text}", LONGEST_OPTION) for place, one in enumerate(options)]
    choices = [discord.SelectOption(label=label, value=str(place)) for place, label in enumerate(labels)]
    return ui.Select(
        custom_id=custom_id, placeholder=words.quiz.PICK_ALL, min_values=1, max_values=len(choices), options=choices
    )
