"""Leaderboards and a member's own scores in Discord."""

from io import BytesIO

import discord
from discord import ButtonStyle, ui

from bot import words
from bot.discord_app.buttons import button
from bot.discord_app.layout import Page, pages, single
from bot.discord_app.quiz import score_ids
from bot.discord_app.quiz.drill_ids import MOST_QUESTIONS
from bot.discord_app.quiz.presses import AtScores, Drill, InDrill, Step
from bot.discord_app.quiz.questions import digest, key_meant
from bot.discord_app.reception import Way
from bot.discord_app.render import line
from bot.discord_app.replies import in_time, present, replace, respond
from bot.errors import TutorError
from bot.service.application import App
from bot.service.practice import Practice
from bot.service.scores import PERIODS, Board, Mine

DRAWS = 1 << 32  # as many as a custom id has room for


async def show_board(interaction: discord.Interaction, app: App, period: str, way: Way) -> None:
    """Answers `/leaderboard`."""
    found = app.scores.board(_server(interaction), period, 0)
    shown = await in_time(interaction, found, way.private)
    await present(interaction, [_board(shown, interaction.user.id)], way)


async def show_mine(interaction: discord.Interaction, app: App) -> None:
    """Answers `/me`, privately."""
    found = await in_time(interaction, app.scores.mine(interaction.user.id, interaction.guild_id))
    page = _mine(app.practice, found, interaction.guild_id is not None, interaction.id % DRAWS)
    await respond(interaction, [page], private=True)


async def act(interaction: discord.Interaction, press: AtScores, app: App) -> None:
    """Acts on a press; what is a member's own is always that of whoever pressed."""
    scores, member = app.scores, interaction.user.id
    match press.does:
        case score_ids.WEEK | score_ids.MONTH | score_ids.ALL:
            found = await in_time(interaction, scores.board(_server(interaction), press.does, press.page))
            shown = [_board(found, member)]
            if member == press.asker:
                await replace(interaction, shown)
            else:  # what others look at stays as it is
                await respond(interaction, shown, private=True)
        case score_ids.EXPORT:
            await interaction.response.defer(ephemeral=True, thinking=True)
            file = discord.File(BytesIO(await scores.export(member)), "scores.json")
            page = line(words.scores.YOUR_SCORES_FILE)
            page.add_item(ui.File(file))
            await interaction.followup.send(view=page, file=file, ephemeral=True)
        case score_ids.HIDE | score_ids.SHOW:
            hide = press.does == score_ids.HIDE
            await scores.hide(member, _server(interaction), hide)
            await respond(interaction, [line(words.scores.HIDDEN if hide else words.scores.SHOWN_AGAIN)], private=True)
        case score_ids.DELETE:
            really = button(words.scores.REALLY_DELETE, AtScores(score_ids.REALLY), ButtonStyle.danger)
            await respond(interaction, pages("", [words.scores.DELETE_WARNING], [[really]]), private=True)
        case _:
            await in_time(interaction, scores.forget(member))  # goes through all rounds that are kept
            await replace(interaction, [line(words.scores.DELETED)])


def _board(shown: Board, asker: int) -> Page:
    others = [period for period in PERIODS if period != shown.period]
    periods = [button(words.scores.PERIOD_BUTTONS[period], AtScores(period, 0, asker)) for period in others]
    turns = [(words.additions.PREVIOUS, shown.page - 1), (words.additions.NEXT, shown.page + 1)]
    turning = [button(label, AtScores(shown.period, to, asker)) for label, to in turns if to in range(shown.pages)]
    return single([words.scores.board(shown)], [[*turning, *periods]])


def _mine(practice: Practice, found: Mine, server: bool, seed: int) -> Page:
    known = [key for key in found.missed if key_meant(practice.curriculum, digest(key))][:MOST_QUESTIONS]
    missed = [posed.ask for posed in practice.drill(known, seed).values()]
    hide = AtScores(score_ids.SHOW if found.hidden else score_ids.HIDE)
    buttons = [button(words.scores.EXPORT, AtScores(score_ids.EXPORT))]
    buttons += [button(words.scores.SHOW_ME if found.hidden else words.scores.HIDE_ME, hide)] if server else []
    buttons += [button(words.scores.DELETE_ME, AtScores(score_ids.DELETE), ButtonStyle.danger)]
    if known:
        drill = InDrill(Step.BEGIN, Drill(questions=tuple(map(digest, known)), seed=seed))
        buttons.insert(0, button(words.scores.practise_these(len(known)), drill, ButtonStyle.primary))
    return single([words.scores.mine(practice.curriculum, found, server, missed)], [buttons])


def _server(interaction: discord.Interaction) -> int:
    if interaction.guild_id is None:
        raise TutorError(words.scores.ONLY_SERVER_SCORES)
    return interaction.guild_id
