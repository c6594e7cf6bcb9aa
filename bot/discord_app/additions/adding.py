"""How moderators add: the form that teaches a phrasing, and the offer to accept a wording from now on."""

from dataclasses import dataclass
from typing import Any

import discord
from discord import ButtonStyle, SelectOption, TextStyle, ui

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app.actions import Action, Call, button, nothing
from bot.discord_app.additions.listing import added_page, require_moderator
from bot.discord_app.codec import RoundId, Snowflake, TurnNumber
from bot.discord_app.controls import Form, field, filled, question_of, typed_in
from bot.discord_app.layout import MOST_OPTIONS, Page, length, single, split, typed
from bot.discord_app.replies import ChannelRules, in_time, replace, respond
from bot.errors import TutorError
from bot.service.additions import LONGEST, KindName, Moderator
from bot.service.application import App

TOPIC, PART, PHRASING = "topic", "part", "phrasing"
_BETWEEN = "/"  # of a topic and its part, in the value of an option


async def _who_may_add_here(interaction: discord.Interaction, _what: Any, _app: App) -> None:
    await require_moderator(interaction, KindName.PHRASING, interaction.guild_id)


@dataclass(frozen=True)
class Teach(Action, name="teach", who=_who_may_add_here, gives_away=nothing, channel_rules=ChannelRules.NONE):
    """Opens the form in which a moderator says what the question asks."""

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await interaction.response.send_modal(form(call.app.curriculum, typed_in(question_of(interaction.message))))


@dataclass(frozen=True)
class TaughtThis(Action, name="taught", who=_who_may_add_here, gives_away=nothing, channel_rules=ChannelRules.NONE):
    """That form, filled in: adds what a moderator sent in."""

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        server, sent = interaction.guild_id or 0, filled(interaction)
        by = Moderator(interaction.user.id, interaction.user.display_name)
        row = await call.app.additions.phrasings.add(server, *names(sent), sent.get(PHRASING, ""), by)
        await respond(interaction, [added_page(call.app.curriculum, row, server)], private=True)


def form(curriculum: Curriculum, question: str) -> Form:
    """Return the form in which a moderator says what `question` asks."""
    text: ui.TextInput[Any] = ui.TextInput(
        custom_id=PHRASING, style=TextStyle.paragraph, default=_clipped(question), max_length=LONGEST
    )
    topics = [SelectOption(label=words.answers.heading(topic), value=topic.id) for topic in curriculum.topics]
    parts = [
        SelectOption(label=words.answers.heading(topic, [part.id]), value=f"{topic.id}{_BETWEEN}{part.id}")
        for topic in curriculum.topics
        for part in topic.parts
    ]
    asked = [_choice(words.additions.TEACH_TOPIC, TOPIC, topics, required=True)]
    asked += [_choice(words.additions.TEACH_PART, PART, parts, required=False)] if parts else []
    phrasing = field(words.additions.TEACH_PHRASING, text, words.additions.TEACH_PHRASING_NOTE)
    return Form(words.additions.TEACH_THIS, TaughtThis(), [*asked, phrasing])


def names(filled: dict[str, str]) -> tuple[str, str]:
    """Return the topic and the part that a filled form names, each by id or by title; the part may be empty.

    A part picked from the list must be of the topic that was picked: of another it keeps that topic's name, which no
    part has, so that it is refused.
    """
    topic, part = filled.get(TOPIC, ""), filled.get(PART, "")
    owner, slash, name = part.partition(_BETWEEN)
    return topic, name if slash and owner == topic else part


def _choice(label: str, name: str, options: list[SelectOption], required: bool) -> ui.Label[Any]:
    """A list to pick from, or a line to type in where Discord's lists are too short."""
    if len(options) > MOST_OPTIONS:
        return field(label, ui.TextInput(custom_id=name, required=required), words.additions.TEACH_BY_TITLE)
    select: ui.Select[Any] = ui.Select(
        custom_id=name,
        options=options,
        placeholder=words.additions.PICK_ONE,
        required=required,
        min_values=int(required),
    )
    return field(label, select)


def _clipped(text: str) -> str:
    """As much of it as Discord counts as `LONGEST` characters: it counts some as two."""
    return text if length(text) <= LONGEST else next(split(text, LONGEST))


async def _who_may_add_to_its_server(interaction: discord.Interaction, what: "KeepWording", app: App) -> None:
    hosted = await in_time(interaction, app.rounds.find(what.round))
    await require_moderator(interaction, KindName.ACCEPTED_WORDING, hosted.server)


@dataclass(frozen=True)
class KeepWording(
    Action, name="keep", who=_who_may_add_to_its_server, gives_away=nothing, channel_rules=ChannelRules.NONE
):
    """Accepts the wording of a member's answer from now on."""

    round: RoundId
    turn: TurnNumber
    member: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        hosted = await call.app.rounds.find(self.round)
        turn = hosted.round.turn(self.turn)
        locked = turn.answers.get(self.member) if turn else None
        if turn is None or locked is None or turn.appeals.get(self.member) != "accepted":
            raise TutorError(words.additions.ANSWER_GONE)
        by = Moderator(interaction.user.id, interaction.user.display_name)
        added = call.app.additions.accepted_wordings.add(hosted.server, turn.question, locked.answer.text, by)
        row = await in_time(interaction, added)
        await replace(interaction, [added_page(call.app.curriculum, row, hosted.server)])


def offer_page(keep: KeepWording, text: str) -> Page:
    """Offer to accept the wording `text`, which `keep` does."""
    offered = button(words.additions.KEEP_WORDING, keep, ButtonStyle.primary)
    return single([words.additions.wording_offered(typed(text))], [[offered]])


ACTIONS = (Teach, TaughtThis, KeepWording)
