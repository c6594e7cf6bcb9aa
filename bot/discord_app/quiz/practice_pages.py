"""Practice as messages: the question, the form, and what was made of the answer. Pure."""

from discord import ButtonStyle, ui

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app import custom_ids
from bot.discord_app.buttons import button
from bot.discord_app.experiments import trying
from bot.discord_app.forms import Form
from bot.discord_app.layout import Block, Card, Page, pages, single
from bot.discord_app.presses import Press
from bot.discord_app.quiz.presses import Asked, NextQuestion, PickOne, PickSeveral, WriteAnswer
from bot.discord_app.typed import typed
from bot.discord_app.ways import AnswerIds, answer_field, controls
from bot.quiz.kinds.base import DrawnQuestion
from bot.quiz.reveals import Feedback


def question(curriculum: Curriculum, posed: DrawnQuestion, asked: Asked) -> Page:
    """The question, and the ways to answer it."""
    ids = AnswerIds(
        lambda option: custom_ids.encode(PickOne(asked, option)),
        custom_ids.encode(PickSeveral(asked)),
        custom_ids.encode(WriteAnswer(asked)),
    )
    below = [*controls(posed, ids), [button(words.quiz.ANOTHER_QUESTION, NextQuestion(asked))]]
    return single([put(curriculum, posed)], below)


def form(posed: DrawnQuestion, press: Press) -> Form:
    """The form in which an answer is written."""
    return Form(words.quiz.YOUR_ANSWER, press, [ui.TextDisplay(posed.ask), answer_field(posed)])


def feedback(curriculum: Curriculum, told: Feedback, asked: Asked) -> list[Page]:
    """The question again, with what was made of the answer."""
    following = button(words.quiz.NEXT_QUESTION, NextQuestion(asked), ButtonStyle.primary)
    return pages("", [*made_of(curriculum, told), trying.line(told.trial)], [[following, *trying.buttons(told.trial)]])


def put(curriculum: Curriculum, posed: DrawnQuestion, before: str = "") -> str:
    """A question as it is put to one member; `before` says which of several it is."""
    lines = [
        _heading(curriculum, posed, before),
        f"**{posed.ask}**",
        words.quiz.blocks(posed),
        words.quiz.options(posed),
    ]
    return "\n".join(filter(None, [*lines, _small(words.quiz.how_to_answer(posed))]))


def made_of(curriculum: Curriculum, told: Feedback, before: str = "") -> list[Block]:
    """The question again, and what was made of the answer."""
    said = typed(told.given.text) if told.given.text else ""
    heading = f"{_heading(curriculum, told.posed, before)}\n**{told.posed.ask}**"
    return [heading, Card(words.quiz.judged(curriculum, told, said))]


def _heading(curriculum: Curriculum, posed: DrawnQuestion, before: str = "") -> str:
    about = words.quiz.posed_heading(curriculum.topic(posed.topic), posed)
    return _small(f"{before} · {about}" if before else about)


def _small(text: str) -> str:
    return f"-# {text}" if text else ""
