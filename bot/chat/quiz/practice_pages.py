"""Practice as messages: the question, the form, and what was made of the answer. Pure."""

from typing import Any

from discord import ButtonStyle, ui

from bot.chat import custom_ids
from bot.chat.forms import Form
from bot.chat.kinds.controls import Ways, controls
from bot.chat.kinds.written import answer_field
from bot.chat.layout import Block, Card, Page, pages
from bot.chat.quiz.presses import Asked, NextQuestion, PickOne, PickSeveral, PracticePress, WriteAnswer, WroteAnswer
from bot.chat.typed import typed
from bot.curriculum.model import Curriculum
from bot.quiz.kinds.marking import Wrote
from bot.quiz.kinds.posed import Posed
from bot.quiz.practice import Feedback
from bot.words import english as words


def question(curriculum: Curriculum, posed: Posed, asked: Asked) -> list[Page]:
    """The question, and the ways to answer it."""
    ways = Ways(
        lambda option: custom_ids.encode(PickOne(asked, option)),
        custom_ids.encode(PickSeveral(asked)),
        custom_ids.encode(WriteAnswer(asked)),
    )
    blocks = [
        _heading(curriculum, posed),
        f"**{posed.ask}**",
        words.options(posed),
        _small(words.how_to_answer(posed.form)),
    ]
    below = [*controls(posed, ways), [_button(words.ANOTHER_QUESTION, NextQuestion(asked))]]
    return pages("", ["\n".join(filter(None, blocks))], below)


def form(posed: Posed, asked: Asked) -> Form:
    """The form in which an answer is written."""
    return Form(words.YOUR_ANSWER, WroteAnswer(asked), [ui.TextDisplay(posed.ask), answer_field(posed)])


def feedback(curriculum: Curriculum, told: Feedback, asked: Asked) -> list[Page]:
    """The question again, with what was made of the answer."""
    posed = told.posed
    said = typed(told.given.text) if isinstance(told.given, Wrote) else ""
    blocks: list[Block] = [
        f"{_heading(curriculum, posed)}\n**{posed.ask}**",
        Card(words.judged(curriculum, told, said)),
    ]
    return pages("", blocks, [[_button(words.NEXT_QUESTION, NextQuestion(asked), ButtonStyle.primary)]])


def _heading(curriculum: Curriculum, posed: Posed) -> str:
    return _small(words.posed_heading(curriculum.topic(posed.topic), posed))


def _small(text: str) -> str:
    return f"-# {text}" if text else ""


def _button(label: str, press: PracticePress, style: ButtonStyle = ButtonStyle.secondary) -> ui.Button[Any]:
    return ui.Button(label=label, style=style, custom_id=custom_ids.encode(press))
