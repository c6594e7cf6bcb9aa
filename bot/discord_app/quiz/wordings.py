"""Accepted wordings in Discord: accepting one, the list, and taking back. Rights are checked at every step."""

from collections.abc import Mapping
from typing import Any, assert_never

import discord

from bot import words
from bot.discord_app.layout import Page
from bot.discord_app.quiz import wording_pages
from bot.discord_app.quiz.presses import AtWordings, Handles
from bot.discord_app.quiz.reviewing import leads_server
from bot.discord_app.render import line
from bot.discord_app.replies import replace, respond
from bot.discord_app.rights import managed_server
from bot.errors import TutorError
from bot.service.additions.kind import CannotBeAdded, Moderator
from bot.service.application import App


async def show(interaction: discord.Interaction, app: App) -> None:
    """Answers `/tutor accepted`."""
    await respond(interaction, [await _listed(interaction, app, 0)], private=True)


async def act(interaction: discord.Interaction, press: AtWordings, app: App) -> None:
    """Acts on a press. Raises TutorError for those who may not, and where there is nothing to do it with."""
    match press.does:
        case Handles.KEEP:
            await interaction.response.defer()  # Discord may have to be asked who they are
            await _keep(interaction, press, app)
        case Handles.UNDO:
            await interaction.response.defer()
            await _undo(interaction, press, app)
        case Handles.TURN:
            await replace(interaction, [await _listed(interaction, app, press.number)])
        case Handles.FORGET:
            data: Mapping[str, Any] = interaction.data or {}
            for number in data.get("values", ())[:1]:
                await app.additions.accepted_wordings.take_back(managed_server(interaction), int(number))
            await replace(interaction, [await _listed(interaction, app, press.number)])
        case _:
            assert_never(press.does)


async def _keep(interaction: discord.Interaction, press: AtWordings, app: App) -> None:
    hosted = await app.rounds.find(press.round)
    if not await leads_server(interaction, hosted.server):
        raise TutorError(words.additions.ACCEPTED_WORDINGS.only_moderators)
    turn = hosted.round.turn(press.turn)
    answer = turn.answers.get(press.number) if turn else None
    if turn is None or answer is None or turn.appeals.get(press.number) != "accepted":
        raise TutorError(words.additions.ANSWER_GONE)
    by = Moderator(interaction.user.id, interaction.user.display_name)
    text = answer.given.text
    try:
        row = await app.additions.accepted_wordings.add(hosted.server, turn.posed, text, by)
    except CannotBeAdded as fault:
        raise TutorError(words.additions.cannot_be_added(fault)) from fault
    await replace(interaction, [wording_pages.accepted(row, hosted.server)])


async def _undo(interaction: discord.Interaction, press: AtWordings, app: App) -> None:
    if not await leads_server(interaction, press.server):
        raise TutorError(words.additions.ACCEPTED_WORDINGS.only_moderators)
    if not await app.additions.accepted_wordings.take_back(press.server, press.number):
        raise TutorError(words.additions.ACCEPTED_WORDINGS.gone)
    await replace(interaction, [line(words.additions.TAKEN_BACK)])


async def _listed(interaction: discord.Interaction, app: App, page: int) -> Page:
    rows = await app.additions.accepted_wordings.listed(managed_server(interaction))
    return wording_pages.listed(app.rounds.curriculum, rows, page)
