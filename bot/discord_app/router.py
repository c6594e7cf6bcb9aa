"""The one router of all lasting buttons, selects and forms: parse, authorise, act.

What a press needs stands in the message it is on, or in the form itself.
"""

import contextlib
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, assert_never

import discord
from discord import ui

from bot import words
from bot.discord_app import custom_ids, faults, follow_ups, later, permissions, teaching
from bot.discord_app.desk import Desk, asker_of
from bot.discord_app.experiments.ids import LabPress
from bot.discord_app.experiments.presses import LabRouter
from bot.discord_app.layout import Page
from bot.discord_app.presses import (
    AfterClose,
    AskGroup,
    FollowedUp,
    FollowUp,
    Forget,
    Others,
    Press,
    Remove,
    Show,
    TaughtThis,
    Teach,
    TurnTo,
    Untaught,
)
from bot.discord_app.quiz import drilling, playing, practising, reviewing, scores, wordings
from bot.discord_app.quiz.presses import (
    AtRound,
    AtScores,
    AtWordings,
    InDrill,
    NextQuestion,
    PickOne,
    PickSeveral,
    WriteAnswer,
    WroteAnswer,
)
from bot.discord_app.reading import candidates_of, question_of, typed_in
from bot.discord_app.replies import replace, respond
from bot.discord_app.rights import moderates, rights_of
from bot.errors import TutorError


class Router:
    """Acts on presses and on forms sent in, those of an earlier run too."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lab = LabRouter(desk.laboratory)
        self._asked_group: deque[int] = deque(maxlen=1000)  # messages whose button has been pressed

    async def handle(self, interaction: discord.Interaction) -> None:
        """Acts on one press; whatever goes wrong is told to the presser and logged."""
        data: Mapping[str, Any] = interaction.data or {}
        try:
            await self._act(interaction, custom_ids.parse(str(data.get("custom_id", ""))))
        except Exception as error:
            await faults.tell_presser(interaction, error, "the press of a button")

    async def _act(self, interaction: discord.Interaction, press: Press) -> None:
        match press:
            case Show(asker, pick):
                question = question_of(interaction.message)
                others = [other for other in candidates_of(interaction.message) if other != pick] if question else []
                shown = self._desk.show(pick, others[: custom_ids.MOST_PICKS], question, asker_of(interaction))
                await _answer(interaction, asker, shown)
            case Others(asker, picks):
                offered = self._desk.others(picks, question_of(interaction.message), asker_of(interaction))
                await _answer(interaction, asker, offered)
            case AfterClose(asker, picks):
                with later.asked_again():
                    kept = self._desk.after_close(picks, question_of(interaction.message), asker_of(interaction))
                await _answer(interaction, asker, kept)
            case AskGroup(asker):
                await self._ask_group(interaction, asker)
            case Remove(asker):
                await _remove(interaction, asker)
            case FollowUp():
                await follow_ups.open_form(interaction, press, self._desk)
            case FollowedUp():
                await follow_ups.answer(interaction, press, self._desk)
            case Teach() | TaughtThis() | Untaught() | TurnTo() | Forget():
                await self._teach(interaction, press)
            case PickOne() | PickSeveral() | WriteAnswer() | WroteAnswer() | NextQuestion():
                await practising.act(interaction, press, self._desk.app)
            case AtRound() | InDrill() | AtScores() | AtWordings():
                await self._quiz(interaction, press)
            case LabPress():
                await self._lab.act(interaction, press)
            case _:
                assert_never(press)

    async def _quiz(self, interaction: discord.Interaction, press: AtRound | InDrill | AtScores | AtWordings) -> None:
        match press:
            case AtRound() if press.does in reviewing.JUDGING:
                await reviewing.judge(interaction, press, self._desk.app)
            case AtRound():
                await playing.act(interaction, press, self._desk.app.rounds)
            case InDrill():
                await drilling.act(interaction, press, self._desk.app)
            case AtWordings():
                await wordings.act(interaction, press, self._desk.app)
            case AtScores():
                await scores.act(interaction, press, self._desk.app)
            case _:
                assert_never(press)

    async def _teach(
        self, interaction: discord.Interaction, press: Teach | TaughtThis | Untaught | TurnTo | Forget
    ) -> None:
        match press:
            case Teach():
                await teaching.open_form(interaction, self._desk, typed_in(question_of(interaction.message)))
            case TaughtThis():
                await teaching.learn(interaction, self._desk)
            case Untaught():
                await teaching.unlearn(interaction, press, self._desk)
            case TurnTo():
                await teaching.turn(interaction, press, self._desk)
            case Forget():
                await teaching.forget(interaction, press, self._desk)
            case _:
                assert_never(press)

    async def _ask_group(self, interaction: discord.Interaction, asker: int) -> None:
        if interaction.user.id != asker:
            raise TutorError(words.discord.NOT_YOURS)
        message = interaction.message
        if message is None or message.id in self._asked_group:  # pressed twice before the button went away
            await interaction.response.defer()
            return
        if elsewhere := (await self._desk.reception.place(interaction)).note:
            raise TutorError(elsewhere)
        self._asked_group.append(message.id)
        pages = self._desk.to_group(interaction.user.display_name, question_of(message), asker_of(interaction))
        await interaction.response.edit_message(view=_without_group(message))
        await _post(interaction, pages)


async def _answer(interaction: discord.Interaction, asker: int, pages: Sequence[Page]) -> None:
    """The asker's press changes the message; anyone else gets the answer without touching what the asker sees."""
    if interaction.user.id == asker:
        await replace(interaction, pages)
    else:
        await respond(interaction, pages, private=True)


async def _remove(interaction: discord.Interaction, asker: int) -> None:
    if interaction.user.id != asker and not moderates(rights_of(interaction)):
        raise TutorError(words.discord.NOT_YOURS_TO_REMOVE)
    # By the interaction's own webhook: that needs no permission, and works where the bot is no member.
    await interaction.response.defer()
    await interaction.delete_original_response()


async def _post(interaction: discord.Interaction, pages: Sequence[Page]) -> None:
    """Posts for all to see: in the channel, or where the bot is no member or may not write, as a public response."""
    channel = interaction.channel
    member = interaction.guild_id is not None and interaction.client.get_guild(interaction.guild_id) is not None
    lacking = permissions.lacking_of(interaction.app_permissions, isinstance(channel, discord.Thread))
    for page in pages:
        if member and not lacking and isinstance(channel, discord.abc.Messageable):
            with contextlib.suppress(discord.Forbidden):  # what only Discord knows of: a timeout, say
                await channel.send(view=page)
                continue
        await interaction.followup.send(view=page)


def _without_group(message: discord.Message) -> Page:
    """The message as it stands, with what was done in place of the button."""
    page = Page()
    for item in ui.LayoutView.from_message(message, timeout=None).children:
        if isinstance(item, ui.ActionRow):
            for child in item.children:
                if str(getattr(child, "custom_id", "")).startswith(f"{custom_ids.PREFIX}:g:"):
                    item.remove_item(child)
        page.add_item(item)
    page.add_item(ui.TextDisplay(f"-# {words.discord.GROUP_ASKED}"))
    return page
