"""The field of the form in which an answer is written: words, or a number."""

from typing import Any

import discord
from discord import ui

from bot import words
from bot.discord_app.forms import field
from bot.quiz.kinds.posed import Posed
from bot.quiz.kinds.predict import Predict

TEXT = "text"
LONGEST_ANSWER = 1500  # characters; a sentence or two make full marks
LONGEST_NUMBER = 60


def answer_field(posed: Posed, before: str = "") -> ui.Label[Any]:
    """The one field of the form, with the question beside it as far as there is room; `before` is what stands in it."""
    if isinstance(posed.form, Predict):
        number: ui.TextInput[Any] = ui.TextInput(custom_id=TEXT, max_length=LONGEST_NUMBER, default=before or None)
        return field(words.quiz.YOUR_NUMBER, number, posed.ask)
    text: ui.TextInput[Any] = ui.TextInput(
        custom_id=TEXT, style=discord.TextStyle.long, max_length=LONGEST_ANSWER, default=before or None
    )
    return field(words.quiz.YOUR_ANSWER, text, posed.ask)
