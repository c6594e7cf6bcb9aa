"""Practice in Discord: always private; each press changes the one message it is on."""

from collections.abc import Mapping, Sequence
from typing import Any, assert_never

import discord

from bot import words
from bot.curriculum.model import Topic, named
from bot.discord_app.desk import asker_of
from bot.discord_app.forms import filled
from bot.discord_app.later import asked_again, offered
from bot.discord_app.layout import Page
from bot.discord_app.quiz import practice_pages
from bot.discord_app.quiz.presses import (
    Asked,
    NextQuestion,
    PickOne,
    PickSeveral,
    PracticePress,
    WriteAnswer,
    WroteAnswer,
)
from bot.discord_app.quiz.questions import digest, redrawn, stamp
from bot.discord_app.replies import respond
from bot.discord_app.ways import TEXT
from bot.errors import TutorError
from bot.quiz.drawing import Wanted
from bot.quiz.kinds.base import DrawnQuestion, Way
from bot.quiz.reveals import Feedback
from bot.service.application import App
from bot.service.practice import Practice

UNREADABLE = {
    Way.BUTTONS: words.quiz.NO_SUCH_OPTION,
    Way.MENU: words.quiz.NO_SUCH_OPTION,
    Way.TEXT: words.quiz.NOTHING_WRITTEN,
    Way.NUMBER: words.quiz.NOT_A_NUMBER,
}
NOTHING = "--------"  # in place of a question: none has been asked yet


async def begin(interaction: discord.Interaction, app: App, topic: str | None, kind: str | None) -> None:
    """Answers `/practice`. Raises TutorError where there is no such topic, or no question of that kind."""
    found = _named(app.practice, topic) if topic else None
    asked_for = Asked(NOTHING, NOTHING, 0, digest(found.id) if found else "", kind or "")
    with offered(NextQuestion(asked_for)):
        _require(interaction, app, found)
    await respond(interaction, [_next(interaction, app, asked_for)], private=True)


async def act(interaction: discord.Interaction, press: PracticePress, app: App) -> None:
    """Acts on a press at a practice question. Raises TutorError where the question is no longer the same."""
    match press:
        case NextQuestion(asked):
            with asked_again():
                _require(interaction, app, _like(app, asked))
            await interaction.response.edit_message(view=_next(interaction, app, asked))
        case WriteAnswer(asked):
            await interaction.response.send_modal(practice_pages.form(_again(app.practice, asked), WroteAnswer(asked)))
        case PickOne(asked, option):
            await _answer(interaction, app, asked, (option,))
        case PickSeveral(asked):
            await _answer(interaction, app, asked, picked(interaction))
        case WroteAnswer(asked):
            await _answer(interaction, app, asked, (), written(interaction))
        case _:
            assert_never(press)


async def judged(
    interaction: discord.Interaction, app: App, posed: DrawnQuestion, picks: Sequence[int], text: str
) -> Feedback:
    """What to say to an answer; the press is acknowledged by then, since a run may have to wait for its turn.

    Raises BeingAsked, TutorError where there is nothing to judge, and what a run raises.
    """
    asker = asker_of(interaction)
    app.gate.question(asker.id, asker.places, posed)
    given = posed.read(tuple(picks), text)
    if given is None:
        raise TutorError(UNREADABLE[posed.way])
    await interaction.response.defer()
    accepted = await app.additions.accepted_wordings.of(asker.server, posed.key)
    return await app.practice.judge(asker.key, posed, given, accepted)


async def show(interaction: discord.Interaction, shown: Sequence[Page]) -> None:
    """In place of the question, after the press was acknowledged; what does not fit follows."""
    first, *rest = shown
    await interaction.edit_original_response(view=first)
    for page in rest:
        await interaction.followup.send(view=page, ephemeral=True)


def picked(interaction: discord.Interaction) -> tuple[int, ...]:
    """The places picked in a menu."""
    data: Mapping[str, Any] = interaction.data or {}
    return tuple(int(value) for value in data.get("values", ()))


def written(interaction: discord.Interaction) -> str:
    """What was written in the form."""
    return filled(interaction).get(TEXT, "")


def _like(app: App, asked: Asked) -> Topic | None:
    """The topic that was asked for, if one was."""
    return next((topic for topic in app.practice.curriculum.topics if digest(topic.id) == asked.topic), None)


def _require(interaction: discord.Interaction, app: App, wanted: Topic | None) -> None:
    """Raises BeingAsked where a quiz round asks about the one topic that was asked for."""
    asker = asker_of(interaction)
    app.gate.topics(asker.id, asker.places, [wanted.id] if wanted else [])


def _next(interaction: discord.Interaction, app: App, like: Asked) -> Page:
    topic = _like(app, like)
    asker = asker_of(interaction)
    hidden = app.gate.hidden_topics(asker.id, asker.places)
    wanted = Wanted(1, [topic.id] if topic else (), [like.kind] if like.kind else (), hidden)
    drawn = app.practice.pose(asker.key, wanted)
    asked = Asked(digest(drawn.posed.key), stamp(drawn.posed), drawn.seed, like.topic if topic else "", like.kind)
    return practice_pages.question(app.practice.curriculum, drawn.posed, asked)


async def _answer(
    interaction: discord.Interaction, app: App, asked: Asked, picks: tuple[int, ...], text: str = ""
) -> None:
    told = await judged(interaction, app, _again(app.practice, asked), picks, text)
    await show(interaction, practice_pages.feedback(app.practice.curriculum, told, asked))


def _again(practice: Practice, asked: Asked) -> DrawnQuestion:
    return redrawn(practice, asked.key, asked.seed, asked.stamp)


def _named(practice: Practice, name: str) -> Topic:
    topic = named(practice.curriculum.topics, name)
    if topic is None:
        raise TutorError(words.quiz.NO_SUCH_TOPIC)
    return topic
