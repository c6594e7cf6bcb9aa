"""Leaderboards and a member's own scores: `/leaderboard [period]`, `/me`, and what is pressed on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import Annotated

import discord
from discord import ButtonStyle, ui

from bot import words
from bot.discord_app.access import anyone
from bot.discord_app.actions import Action, Call, Declaration, button, nothing, what_the_use_case_finds
from bot.discord_app.codec import Below, Snowflake, digest
from bot.discord_app.commands import EVERYWHERE, SERVERS, Command
from bot.discord_app.controls import PICTURE, turning
from bot.discord_app.laboratory.results import Sheet
from bot.discord_app.layout import Page, Picture, line, pages, rows, single
from bot.discord_app.practice.drills import MOST_QUESTIONS, missed
from bot.discord_app.practice.practising import RememberPractice, key_meant
from bot.discord_app.reminders import reminders_button
from bot.discord_app.replies import ChannelRules, in_time, present, replace, respond
from bot.errors import TutorError
from bot.service.experiment_queue import Party
from bot.service.pictures import DrawnPlot
from bot.service.review import Strength
from bot.service.scores import PERIODS, Board

DRAWS = 1 << 32  # as many seeds as a custom id has room for
_NONE = ChannelRules.NONE


class Period(StrEnum):
    """The time that a leaderboard is of."""

    WEEK = "week"
    MONTH = "month"
    ALL = "all"


@dataclass(frozen=True)
class ShowBoard(Action, name="board", who=anyone, gives_away=nothing, channel_rules=_NONE):
    """Shows a leaderboard of another time, or another page of it, counted from 0."""

    period: Period
    page: Annotated[int, Below(1_000_000)]
    asker: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        found = call.app.scores.board(_server(interaction), self.period, self.page)
        shown = [_board(await in_time(interaction, found), call.asker.id)]
        if call.asker.id == self.asker:
            await replace(interaction, shown)
        else:  # what others look at stays as it is
            await respond(interaction, shown, private=True)


@dataclass(frozen=True)
class Export(Action, name="export", who=anyone, gives_away=what_the_use_case_finds, channel_rules=_NONE):
    """Gives members all that is kept of them, in a server or (asked directly) in all, as a file; not what is asked."""

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        exported = await call.app.scores.export(call.asker)
        file = discord.File(BytesIO(exported.json), "kept-of-me.json")
        page = line(words.scores.exported(call.asker.server is not None, exported.left_out, exported.elsewhere))
        page.add_item(ui.File(file))
        await interaction.followup.send(view=page, file=file, ephemeral=True)


@dataclass(frozen=True)
class Hide(Action, name="hide", who=anyone, gives_away=nothing, channel_rules=_NONE):
    """Takes members out of the server's leaderboard, or puts them back."""

    hide: bool

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await call.app.scores.hide(call.asker.id, _server(interaction), self.hide)
        said = words.scores.HIDDEN if self.hide else words.scores.SHOWN_AGAIN
        await respond(interaction, [line(said)], private=True)


@dataclass(frozen=True)
class Delete(Action, name="delete", who=anyone, gives_away=nothing, channel_rules=_NONE):
    """Asks members whether all that is kept of them is really to be deleted, unless they are playing."""

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        call.app.scores.may_be_forgotten(call.asker.id)
        really = button(words.scores.REALLY_DELETE, ReallyDelete(), ButtonStyle.danger)
        await respond(interaction, pages("", [words.scores.DELETE_WARNING], [[really]]), private=True)


@dataclass(frozen=True)
class ReallyDelete(Action, name="really", who=anyone, gives_away=nothing, channel_rules=_NONE):
    """Deletes all that is kept of a member, in all rounds that are kept."""

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        forgotten = await in_time(interaction, call.app.scores.forget(call.asker.id))
        await replace(interaction, [line(words.scores.deleted(forgotten))])


ACTIONS = (ShowBoard, Export, Hide, Delete, ReallyDelete)


async def _leaderboard(interaction: discord.Interaction, call: Call, period: str = "month") -> None:
    found = call.app.scores.board(_server(interaction), period, 0)
    shown = await in_time(interaction, found, call.audience.private)
    await present(interaction, [_board(shown, call.asker.id)], call.audience)


async def _me(interaction: discord.Interaction, call: Call) -> None:
    sheet = await in_time(interaction, _mine(interaction, call))
    await respond(interaction, [sheet.page], private=True, files=sheet.uploads)


COMMANDS = (
    Command(
        name="leaderboard",
        description=words.scores.LEADERBOARD_COMMAND,
        run=_leaderboard,
        declared=Declaration(anyone, nothing, ChannelRules.SHOWN),
        available=SERVERS,
        describes={"period": words.scores.LEADERBOARD_PERIOD},
        choices={"period": lambda _app: [(name, key) for key, name in words.scores.PERIOD_NAMES.items()]},
    ),
    Command(
        name="me",
        description=words.scores.ME_COMMAND,
        run=_me,
        declared=Declaration(anyone, nothing, ChannelRules.NONE),
        available=EVERYWHERE,  # as all that keeps something of a member
    ),
)


def _board(shown: Board, asker: int) -> Page:
    periods = [
        button(words.scores.PERIOD_BUTTONS[period], ShowBoard(Period(period), 0, asker))
        for period in PERIODS
        if period != shown.period
    ]
    turns = [(to, ShowBoard(Period(shown.period), to, asker)) for to in range(shown.pages)]
    return single([words.scores.board(shown)], [[*turning(turns, shown.page), *periods]])


async def _mine(interaction: discord.Interaction, call: Call) -> Sheet:
    """What a member has, and how well they remember it: with a picture of that, where it can be drawn and attached."""
    app, asker, practice = call.app, call.asker, call.app.practice
    found, strengths = await app.scores.mine(asker.id, asker.server), await app.reviews.strengths(asker)
    remembered, seed = await app.reviews.remembers_practice(asker.id), interaction.id % DRAWS
    known = [key for key in found.missed if key_meant(practice.curriculum, digest(key))][:MOST_QUESTIONS]
    asks = [question.ask for question in practice.drill(known, seed).values()]
    again = [button(words.scores.practise_these(len(known)), missed(known, seed), ButtonStyle.primary)] if known else []
    hide = button(words.scores.SHOW_ME if found.hidden else words.scores.HIDE_ME, Hide(not found.hidden))
    remember = button(words.review.FORGET if remembered else words.review.REMEMBER, RememberPractice(not remembered))
    below = [*again, reminders_button(), remember, button(words.scores.EXPORT, Export())]
    below += [*([hide] if asker.server else []), button(words.scores.DELETE_ME, Delete(), ButtonStyle.danger)]
    said = words.scores.mine(app.curriculum, found, asker.server is not None, asks)
    blocks: list[str | Picture] = [said, words.review.strengths(app.curriculum, strengths)]
    drawn = await _picture(interaction, call, strengths)
    if drawn:
        blocks.append(Picture(PICTURE, drawn.text))
    return Sheet(single(blocks, rows(below)), ((PICTURE, drawn.png),) if drawn else ())


async def _picture(interaction: discord.Interaction, call: Call, strengths: Sequence[Strength]) -> DrawnPlot | None:
    if not strengths or not interaction.app_permissions.attach_files:
        return None
    chart = words.review.strengths_chart(call.app.curriculum, strengths)
    try:
        return await call.app.pictures.chart(Party.of(call.asker), chart)
    except TutorError:  # the same stands there in words
        return None


def _server(interaction: discord.Interaction) -> int:
    if interaction.guild_id is None:
        raise TutorError(words.scores.ONLY_SERVER_SCORES)
    return interaction.guild_id
