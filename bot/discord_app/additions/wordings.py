"""Accepted wordings in Discord: accepting one, the list, and taking back. Rights are checked at every step."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import discord
from discord import SelectOption, ui

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app.access import leads_server, managed_server, who_runs_the_server
from bot.discord_app.actions import Action, Call, Declaration, button, nothing
from bot.discord_app.codec import Below, RoundId, Snowflake, TurnNumber
from bot.discord_app.commands import Command
from bot.discord_app.controls import menu, picked, turning
from bot.discord_app.layout import LONGEST_OPTION, LONGEST_TYPED, Page, length, line, single, split, typed
from bot.discord_app.reception import ChannelRules
from bot.discord_app.replies import replace, respond
from bot.errors import TutorError
from bot.quiz.kinds.base import key_of
from bot.service.additions.accepted_wordings import AcceptedWordings
from bot.service.additions.kind import Addition, CannotBeAdded, Moderator
from bot.service.application import App

A_PAGE = 8
LONGEST_ASK = 80
_NONE = ChannelRules.NONE
_PageNumber = Annotated[int, Below(100_000)]


async def _who_leads_there(interaction: discord.Interaction, what: Any, app: App) -> None:
    """Lets those use it who moderate or run the server that it is about, which need not be where they are."""
    await interaction.response.defer()  # Discord may have to be asked who they are
    server = what.server if isinstance(what, UndoWording) else (await app.rounds.find(what.round)).server
    if not await leads_server(interaction, server):
        raise TutorError(words.additions.ACCEPTED_WORDINGS.only_moderators)


@dataclass(frozen=True)
class KeepWording(Action, name="keep", who=_who_leads_there, gives_away=nothing, channel_rules=_NONE):
    """Accepts the wording of a member's answer from now on."""

    round: RoundId
    turn: TurnNumber
    member: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        hosted = await call.app.rounds.find(self.round)
        turn = hosted.round.turn(self.turn)
        answer = turn.answers.get(self.member) if turn else None
        if turn is None or answer is None or turn.appeals.get(self.member) != "accepted":
            raise TutorError(words.additions.ANSWER_GONE)
        by = Moderator(interaction.user.id, interaction.user.display_name)
        try:
            row = await call.app.additions.accepted_wordings.add(hosted.server, turn.posed, answer.given.text, by)
        except CannotBeAdded as fault:
            raise TutorError(words.additions.cannot_be_added(fault)) from fault
        await replace(interaction, [accepted(row, hosted.server)])


@dataclass(frozen=True)
class UndoWording(Action, name="undo", who=_who_leads_there, gives_away=nothing, channel_rules=_NONE):
    """Takes back the wording with that number, just accepted."""

    number: Snowflake
    server: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        if not await call.app.additions.accepted_wordings.take_back(self.server, self.number):
            raise TutorError(words.additions.ACCEPTED_WORDINGS.gone)
        await replace(interaction, [line(words.additions.TAKEN_BACK)])


@dataclass(frozen=True)
class TurnWordings(Action, name="turn-accepted", who=who_runs_the_server, gives_away=nothing, channel_rules=_NONE):
    """Turns to a page, counted from 0, of what is accepted in the server."""

    page: _PageNumber

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await replace(interaction, [await _listed(interaction, call, self.page)])


@dataclass(frozen=True)
class ForgetWording(Action, name="forget-accepted", who=who_runs_the_server, gives_away=nothing, channel_rules=_NONE):
    """The menu on a page, counted from 0, of what is accepted: takes back the wording picked."""

    page: _PageNumber

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        for number in picked(interaction)[:1]:
            await call.app.additions.accepted_wordings.take_back(managed_server(interaction), int(number))
        await replace(interaction, [await _listed(interaction, call, self.page)])


ACTIONS = (KeepWording, UndoWording, TurnWordings, ForgetWording)


async def _accepted(interaction: discord.Interaction, call: Call) -> None:
    await respond(interaction, [await _listed(interaction, call, 0)], private=True)


ACCEPTED = Command(
    name="accepted",
    description=words.additions.ACCEPTED_COMMAND,
    run=_accepted,
    declared=Declaration(who_runs_the_server, nothing, ChannelRules.NONE),
)


async def _listed(interaction: discord.Interaction, call: Call, page: int) -> Page:
    rows = await call.app.additions.accepted_wordings.listed(managed_server(interaction))
    return listed(call.app.curriculum, rows, page)


def accepted(row: Addition, server: int) -> Page:
    """Says what is accepted from now on in that server, with a way back."""
    undo = button(words.additions.UNDO, UndoWording(row.id, server))
    return single([words.additions.wording_added(_shown(row))], [[undo]])


def listed(curriculum: Curriculum, rows: Sequence[Addition], page: int) -> Page:
    """One page of what is accepted; `page` counts from 0, and one past the end is the last."""
    if not rows:
        return single([f"{words.additions.ACCEPTED_WORDINGS.heading}\n{words.additions.ACCEPTED_WORDINGS.nothing}"])
    last = (len(rows) - 1) // A_PAGE
    page = min(page, last)
    shown = rows[page * A_PAGE : (page + 1) * A_PAGE]
    heading = words.additions.list_heading(AcceptedWordings.name, len(rows), page + 1, last + 1)
    made = single(["\n".join([heading, *(_line(curriculum, row) for row in shown)])])
    made.add_item(ui.ActionRow(_taking_back(shown, page)))
    if last:
        made.add_item(ui.ActionRow(*turning([(to, TurnWordings(to)) for to in range(last + 1)], page)))
    return made


def _line(curriculum: Curriculum, row: Addition) -> str:
    topic = curriculum.topic(row.topic)
    heading = words.answers.heading(topic) if topic else words.additions.no_longer_taught(row.topic)
    asks = (one.ask for one in topic.questions if key_of(topic, one) == row.about) if topic else iter(())
    ask = next(split(next(asks, words.additions.NO_LONGER_ASKED), LONGEST_ASK))
    return words.additions.wording_line(
        _shown(row), ask, heading, typed(row.by) if row.by else "", f"<t:{row.at:.0f}:d>"
    )


def _taking_back(rows: Sequence[Addition], page: int) -> ui.Select[Any]:
    options = [SelectOption(label=next(split(row.text, LONGEST_OPTION)), value=str(row.id)) for row in rows]
    return menu(ForgetWording(page), words.additions.TAKE_BACK, options)


def _shown(row: Addition) -> str:
    """As much of it as Discord counts as so many characters: it counts some as two."""
    return typed(row.text if length(row.text) <= LONGEST_TYPED else next(split(row.text, LONGEST_TYPED)))
