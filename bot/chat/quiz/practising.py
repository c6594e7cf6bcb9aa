"""Practice in Discord: always private; each press changes the one message it is on."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any, assert_never

import discord

from bot.chat.desk import asker_of
from bot.chat.forms import filled
from bot.chat.kinds.written import TEXT
from bot.chat.layout import Page
from bot.chat.quiz import practice_pages
from bot.chat.quiz.presses import (
    Asked,
    NextQuestion,
    PickOne,
    PickSeveral,
    PracticePress,
    WriteAnswer,
    WroteAnswer,
)
from bot.chat.replies import respond
from bot.curriculum.model import Topic
from bot.errors import TutorError
from bot.language.normalise import folded
from bot.quiz import plain
from bot.quiz.drawing import Wanted
from bot.quiz.kinds.marking import read
from bot.quiz.kinds.posed import Form as Shape
from bot.quiz.kinds.posed import Posed, key_of
from bot.quiz.kinds.predict import Predict
from bot.service.practice import Drawn, Practice
from bot.service.quizzes import Quizzes
from bot.words import english as words


async def begin(interaction: discord.Interaction, quizzes: Quizzes, topic: str | None, kind: str | None) -> None:
    """Answers `/practice`. Raises TutorError where there is no such topic, or no question of that kind."""
    found = _named(quizzes.practice, topic) if topic else None
    asked_for = Asked("", "", 0, _digest(found.id) if found else "", kind or "")
    await respond(interaction, _next(interaction, quizzes, asked_for), private=True)


async def act(interaction: discord.Interaction, press: PracticePress, quizzes: Quizzes) -> None:
    """Acts on a press at a practice question. Raises TutorError where the question is no longer the same."""
    match press:
        case NextQuestion(asked):
            await interaction.response.edit_message(view=_next(interaction, quizzes, asked)[0])
        case WriteAnswer(asked):
            await interaction.response.send_modal(practice_pages.form(_again(quizzes.practice, asked).posed, asked))
        case PickOne(asked, option):
            await _answer(interaction, quizzes, asked, (option,), "")
        case PickSeveral(asked):
            data: Mapping[str, Any] = interaction.data or {}
            await _answer(interaction, quizzes, asked, tuple(int(value) for value in data.get("values", ())), "")
        case WroteAnswer(asked):
            await _answer(interaction, quizzes, asked, (), filled(interaction).get(TEXT, ""))
        case _:
            assert_never(press)


def _next(interaction: discord.Interaction, quizzes: Quizzes, like: Asked) -> list[Page]:
    topic = next((topic.id for topic in quizzes.practice.curriculum.topics if _digest(topic.id) == like.topic), None)
    asker = asker_of(interaction)
    hidden = quizzes.gate.hidden_topics(asker.id, asker.places)
    wanted = Wanted(1, [topic] if topic else (), [like.kind] if like.kind else (), hidden)
    drawn = quizzes.practice.pose(asker.key, wanted)
    asked = Asked(_digest(drawn.posed.key), _stamp(drawn.posed), drawn.seed, like.topic if topic else "", like.kind)
    return practice_pages.question(quizzes.practice.curriculum, drawn.posed, asked)


async def _answer(
    interaction: discord.Interaction, quizzes: Quizzes, asked: Asked, picks: tuple[int, ...], text: str
) -> None:
    posed = _again(quizzes.practice, asked).posed
    asker = asker_of(interaction)
    quizzes.gate.topics(asker.id, asker.places, [posed.topic])
    given = read(posed.form, picks, text)
    if given is None:
        raise TutorError(_unreadable(posed.form, picks))
    await interaction.response.defer()  # a run may have to wait for its turn
    told = await quizzes.practice.judge(asker.key, posed, given)
    first, *rest = practice_pages.feedback(quizzes.practice.curriculum, told, asked)
    await interaction.edit_original_response(view=first)
    for page in rest:
        await interaction.followup.send(view=page, ephemeral=True)


def _again(practice: Practice, asked: Asked) -> Drawn:
    for topic in practice.curriculum.topics:
        for question in topic.questions:
            if _digest(key_of(topic, question)) == asked.key:
                drawn = practice.again(key_of(topic, question), asked.seed)
                if _stamp(drawn.posed) == asked.stamp:
                    return drawn
    raise TutorError(words.QUESTION_CHANGED)


def _unreadable(form: Shape, picks: tuple[int, ...]) -> str:
    if isinstance(form, Predict):
        return words.NOT_A_NUMBER
    return words.NO_SUCH_OPTION if picks else words.NOTHING_WRITTEN


def _named(practice: Practice, name: str) -> Topic:
    wanted = folded(name)
    for topic in practice.curriculum.topics:
        if wanted in (topic.id, folded(topic.title)):
            return topic
    raise TutorError(words.NO_SUCH_TOPIC)


def _stamp(posed: Posed) -> str:
    """Changes with anything that is shown: a press must never be read against another question than was seen."""
    return _digest(json.dumps(plain.of_posed(posed), sort_keys=True))


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.blake2b(text.encode(), digest_size=6).digest()).decode()
