"""Presses at rounds: each becomes an event of its round, and whoever pressed is told in private what came of it."""

from collections.abc import Mapping
from typing import Any

import discord

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app.forms import filled
from bot.discord_app.quiz import round_pages
from bot.discord_app.quiz.presses import AtRound, Does
from bot.discord_app.render import line
from bot.discord_app.replies import in_time, respond
from bot.discord_app.rights import moderates, rights_of
from bot.discord_app.typed import typed
from bot.discord_app.ways import TEXT
from bot.quiz.reveals import receipt
from bot.quiz.round.effects import OfferPhrase, OpenModal, Tell
from bot.quiz.round.events import (
    Appealed,
    AppealJudged,
    Click,
    Event,
    Flagged,
    FlagJudged,
    Message,
    NextAsked,
    OpenedModal,
    Pressed,
    SkipAsked,
    Stopped,
    Submitted,
)
from bot.service.rounds.engine import Rounds


async def act(interaction: discord.Interaction, press: AtRound, rounds: Rounds) -> None:
    """Acts on a press. Raises NoRound where the round is no longer kept."""
    if press.does is Does.RECEIPT:
        await _show_receipt(interaction, press, rounds)
        return
    happened = rounds.happened(press.round, event_of(interaction, press))
    # A form cannot be shown once an answer has been announced.
    replies = await (happened if press.does is Does.WRITE else in_time(interaction, happened))
    if not replies and not interaction.response.is_done():  # the same press once more
        await interaction.response.defer()
    for reply in replies:
        if isinstance(reply, OfferPhrase):  # only where something is judged
            continue
        await _reply(interaction, reply, press, rounds)


def click_of(interaction: discord.Interaction) -> Click:
    """Who acted, and when, by Discord's clock."""
    user = interaction.user
    return Click(interaction.id, _time(interaction.id), user.id, user.display_name, moderates(rights_of(interaction)))


async def tell(interaction: discord.Interaction, reply: Tell) -> None:
    """Answers in private."""
    text = typed(reply.given.text) if reply.given and reply.given.text else ""
    await respond(interaction, [line(words.rounds.told(reply, text))], private=True)


def event_of(interaction: discord.Interaction, press: AtRound) -> Event:  # noqa: PLR0911 - a table
    """What a press is to its round."""
    click, turn = click_of(interaction), press.turn
    match press.does:
        case Does.LETTER:
            return Pressed(turn, click, (press.number,), _shown_on(interaction))
        case Does.MENU:
            data: Mapping[str, Any] = interaction.data or {}
            return Pressed(turn, click, tuple(int(value) for value in data.get("values", ())), _shown_on(interaction))
        case Does.WRITE:
            return OpenedModal(turn, click, _shown_on(interaction))
        case Does.WROTE:
            return Submitted(turn, click, press.number / 1000, filled(interaction).get(TEXT, ""))
        case Does.SKIP:
            return SkipAsked(turn, click)
        case Does.NEXT:
            return NextAsked(turn, click)
        case Does.STOP:
            return Stopped(click)
        case Does.FLAG:
            return Flagged(turn, click)
        case Does.APPEAL:
            return Appealed(turn, click)
        case Does.ACCEPT_FLAG | Does.REJECT_FLAG:
            return FlagJudged(turn, click, press.does is Does.ACCEPT_FLAG)
        case _:
            return AppealJudged(turn, press.number, click, press.does is Does.ACCEPT_APPEAL)


async def _reply(interaction: discord.Interaction, reply: Tell | OpenModal, press: AtRound, rounds: Rounds) -> None:
    if isinstance(reply, Tell):
        await tell(interaction, reply)
        return
    round_ = (await rounds.find(press.round)).round
    form = round_pages.form(round_, round_.turns[reply.turn], reply.member, _time(interaction.id))
    await interaction.response.send_modal(form)


async def _show_receipt(interaction: discord.Interaction, press: AtRound, rounds: Rounds) -> None:
    round_ = (await rounds.find(press.round)).round
    curriculum: Curriculum = rounds.curriculum
    made = receipt(round_, interaction.user.id)
    await respond(interaction, round_pages.receipt(curriculum, round_, made), private=True)


def _shown_on(interaction: discord.Interaction) -> Message | None:
    number = interaction.message.id if interaction.message else None
    return Message(number, _time(number)) if number else None


def _time(snowflake: int) -> float:
    return discord.utils.snowflake_time(snowflake).timestamp()
