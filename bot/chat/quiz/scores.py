"""Leaderboards and a member's own scores in Discord."""

from io import BytesIO
from typing import Any

import discord
from discord import ButtonStyle, ui

from bot.chat.layout import Page, pages
from bot.chat.quiz import score_ids
from bot.chat.quiz.presses import AtScores
from bot.chat.reception import Way
from bot.chat.render import line
from bot.chat.replies import present, replace, respond
from bot.curriculum.model import Curriculum
from bot.errors import TutorError
from bot.service.quizzes import Quizzes
from bot.service.scores import Board, Mine
from bot.words import english as words


async def show_board(interaction: discord.Interaction, quizzes: Quizzes, period: str, way: Way) -> None:
    """Answers `/leaderboard`."""
    shown = await quizzes.scores.board(_server(interaction), period, 0)
    await present(interaction, [_board(shown)], way)


async def show_mine(interaction: discord.Interaction, quizzes: Quizzes) -> None:
    """Answers `/me`, privately."""
    found = await quizzes.scores.mine(interaction.user.id, interaction.guild_id)
    page = _mine(quizzes.practice.curriculum, found, interaction.guild_id is not None)
    await respond(interaction, [page], private=True)


async def act(interaction: discord.Interaction, press: AtScores, quizzes: Quizzes) -> None:
    """Acts on a press; what is a member's own is always that of whoever pressed."""
    scores, member = quizzes.scores, interaction.user.id
    match press.does:
        case score_ids.WEEK | score_ids.MONTH | score_ids.ALL:
            shown = await scores.board(_server(interaction), press.does, press.page)
            await replace(interaction, [_board(shown)])
        case score_ids.EXPORT:
            file = discord.File(BytesIO(await scores.export(member)), "scores.json")
            page = line(words.YOUR_SCORES_FILE)
            page.add_item(ui.File(file))
            await interaction.response.send_message(view=page, file=file, ephemeral=True)
        case score_ids.HIDE | score_ids.SHOW:
            hide = press.does == score_ids.HIDE
            await scores.hide(member, _server(interaction), hide)
            await respond(interaction, [line(words.HIDDEN if hide else words.SHOWN_AGAIN)], private=True)
        case score_ids.DELETE:
            really = _button(words.REALLY_DELETE, AtScores(score_ids.REALLY), ButtonStyle.danger)
            await respond(interaction, pages("", [words.DELETE_WARNING], [[really]]), private=True)
        case _:
            await scores.forget(member)
            await replace(interaction, [line(words.DELETED)])


def _board(shown: Board) -> Page:
    turns = []
    if shown.page > 0:
        turns.append(_button(words.PREVIOUS, AtScores(shown.period, shown.page - 1)))
    if shown.page + 1 < shown.pages:
        turns.append(_button(words.NEXT, AtScores(shown.period, shown.page + 1)))
    return pages("", [words.board(shown)], [turns] if turns else [])[0]


def _mine(curriculum: Curriculum, found: Mine, server: bool) -> Page:
    hide = AtScores(score_ids.SHOW if found.hidden else score_ids.HIDE)
    buttons = [_button(words.EXPORT, AtScores(score_ids.EXPORT))]
    buttons += [_button(words.SHOW_ME if found.hidden else words.HIDE_ME, hide)] if server else []
    buttons += [_button(words.DELETE_ME, AtScores(score_ids.DELETE), ButtonStyle.danger)]
    return pages("", [words.mine(curriculum, found, server)], [buttons])[0]


def _server(interaction: discord.Interaction) -> int:
    if interaction.guild_id is None:
        raise TutorError(words.ONLY_SERVER_SCORES)
    return interaction.guild_id


def _button(label: str, press: AtScores, style: ButtonStyle = ButtonStyle.secondary) -> ui.Button[Any]:
    return ui.Button(label=label, style=style, custom_id=score_ids.encode(press))
