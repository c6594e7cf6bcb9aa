"""A round played again by one member, or the questions that they missed: private, unscored, one after the other.

Nothing is kept: where a member is, and what they have made so far, stands in what the buttons carry.
"""

from dataclasses import replace
from typing import assert_never

import discord

from bot import words
from bot.discord_app.desk import asker_of
from bot.discord_app.layout import Page
from bot.discord_app.quiz import drill_pages, practising
from bot.discord_app.quiz.presses import Drill, InDrill, Step
from bot.discord_app.quiz.questions import key_meant, stamp
from bot.discord_app.replies import respond
from bot.errors import TutorError
from bot.quiz.kinds.base import DrawnQuestion
from bot.service.application import App
from bot.service.gate import BeingAsked
from bot.service.practice import Drill as Course
from bot.service.practice import drill_of_round
from bot.service.rounds.engine import NoRound


async def act(interaction: discord.Interaction, press: InDrill, app: App) -> None:
    """Acts on a press. Raises TutorError where the round, or the question, is no longer to be had."""
    course, drill = await _course(app, press.drill), press.drill
    match press.does:
        case Step.BEGIN:
            await respond(interaction, [_shown(interaction, app, course, drill)], private=True)
        case Step.GO:
            await interaction.response.edit_message(view=_shown(interaction, app, course, drill))
        case Step.WRITE:
            await interaction.response.send_modal(drill_pages.form(_asked(course, drill), drill))
        case Step.PICK:
            await _answer(interaction, app, course, drill, (press.option,))
        case Step.MENU:
            await _answer(interaction, app, course, drill, practising.picked(interaction))
        case Step.WROTE:
            await _answer(interaction, app, course, drill, (), practising.written(interaction))
        case _:
            assert_never(press.does)


async def _course(app: App, drill: Drill) -> Course:
    if not drill.round:
        keys = [key_meant(app.practice.curriculum, name) for name in drill.questions]
        return app.practice.drill(keys, drill.seed)
    try:
        return await drill_of_round(app.rounds, drill.round)
    except NoRound:
        raise TutorError(words.practice.ROUND_GONE) from None


def _shown(interaction: discord.Interaction, app: App, course: Course, drill: Drill) -> Page:
    """The next question, or the result."""
    place = next((place for place in course if place >= drill.at), None)
    if place is None:
        return drill_pages.result(drill)
    posed, asker = course[place], asker_of(interaction)
    here = replace(drill, at=place, stamp=stamp(posed))
    try:
        app.gate.question(asker.id, asker.places, posed)
    except BeingAsked:
        return drill_pages.waiting(here, _place(course, place))
    return drill_pages.question(app.practice.curriculum, posed, here, _place(course, place))


async def _answer(  # noqa: PLR0913, PLR0917 - where they are, and what they answer
    interaction: discord.Interaction,
    app: App,
    course: Course,
    drill: Drill,
    picks: tuple[int, ...],
    text: str = "",
) -> None:
    told = await practising.judged(interaction, app, _asked(course, drill), picks, text)
    after = drill_pages.past(drill, told.points)
    last = not any(place >= after.at for place in course)
    place = _place(course, drill.at)
    await practising.show(interaction, drill_pages.feedback(app.practice.curriculum, told, after, place, last))


def _asked(course: Course, drill: Drill) -> DrawnQuestion:
    posed = course.get(drill.at)
    if posed is None or stamp(posed) != drill.stamp:
        raise TutorError(words.quiz.QUESTION_CHANGED)
    return posed


def _place(course: Course, place: int) -> str:
    return words.practice.question_of(1 + sum(other < place for other in course), len(course))
