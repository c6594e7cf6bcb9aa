"""Teaching in Discord: the form, what was taught in a server, and taking it back. Rights are checked at every step."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import discord
from discord import SelectOption, TextStyle, ui

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app.access import managed_server, who_leads, who_runs_the_server
from bot.discord_app.actions import Action, Call, Declaration, button, nothing
from bot.discord_app.codec import Below, Snowflake
from bot.discord_app.commands import Command
from bot.discord_app.controls import Form, field, filled, menu, picked, question_of, turning, typed_in
from bot.discord_app.layout import LONGEST_OPTION, MOST_OPTIONS, Page, length, line, pages, split, typed
from bot.discord_app.reception import ChannelRules
from bot.discord_app.replies import replace, respond
from bot.errors import TutorError
from bot.service.additions.kind import LONGEST, Addition, CannotBeAdded, Moderator
from bot.service.additions.phrasings import Phrasings

A_PAGE = 10
TOPIC, PART, PHRASING = "topic", "part", "phrasing"
_BETWEEN = "/"  # of a topic and its part, in the value of an option
_NONE = ChannelRules.NONE
_MODERATORS = who_leads(words.additions.PHRASINGS.only_moderators)
_PageNumber = Annotated[int, Below(100_000)]


@dataclass(frozen=True)
class Teach(Action, name="teach", who=_MODERATORS, gives_away=nothing, channel_rules=_NONE):
    """Opens the form in which a moderator says what the question asks."""

    asker: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        question = typed_in(question_of(interaction.message))
        await interaction.response.send_modal(form(call.app.curriculum, question, interaction.user.id))


@dataclass(frozen=True)
class TaughtThis(Action, name="taught", who=_MODERATORS, gives_away=nothing, channel_rules=_NONE):
    """That form, filled in: learns what a moderator sent in."""

    asker: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        sent = filled(interaction)
        topic, part = names(sent)
        by = Moderator(interaction.user.id, interaction.user.display_name)
        text, server = sent.get(PHRASING, ""), call.asker.server or 0
        try:
            row = await call.app.additions.phrasings.add(server, topic, part, text, by)
        except CannotBeAdded as fault:
            raise TutorError(words.additions.cannot_be_added(fault)) from fault
        shown = learned(call.app.curriculum, row, interaction.user.id)
        await respond(interaction, shown, private=True)


@dataclass(frozen=True)
class Untaught(Action, name="untaught", who=_MODERATORS, gives_away=nothing, channel_rules=_NONE):
    """Takes back the phrasing with that number, just taught."""

    asker: Snowflake
    number: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        if not await call.app.additions.phrasings.take_back(call.asker.server or 0, self.number):
            raise TutorError(words.additions.PHRASINGS.gone)
        await replace(interaction, [line(words.additions.TAKEN_BACK)])


@dataclass(frozen=True)
class TurnTaught(Action, name="turn-taught", who=who_runs_the_server, gives_away=nothing, channel_rules=_NONE):
    """Turns to a page, counted from 0, of what was taught in the server."""

    asker: Snowflake
    page: _PageNumber

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await replace(interaction, await _listed(interaction, call, self.page))


@dataclass(frozen=True)
class ForgetTaught(Action, name="forget-taught", who=who_runs_the_server, gives_away=nothing, channel_rules=_NONE):
    """The menu on a page, counted from 0, of what was taught: takes back the phrasing picked."""

    asker: Snowflake
    page: _PageNumber

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        for number in picked(interaction)[:1]:
            await call.app.additions.phrasings.take_back(managed_server(interaction), int(number))
        await replace(interaction, await _listed(interaction, call, self.page))


ACTIONS = (Teach, TaughtThis, Untaught, TurnTaught, ForgetTaught)


async def _taught(interaction: discord.Interaction, call: Call) -> None:
    await respond(interaction, await _listed(interaction, call, 0), private=True)


TAUGHT = Command(
    name="taught",
    description=words.additions.TAUGHT_COMMAND,
    run=_taught,
    declared=Declaration(who_runs_the_server, nothing, ChannelRules.NONE),
)


async def _listed(interaction: discord.Interaction, call: Call, page: int) -> list[Page]:
    rows = await call.app.additions.phrasings.listed(managed_server(interaction))
    return listed(call.app.curriculum, rows, page, interaction.user.id)


def form(curriculum: Curriculum, question: str, moderator: int) -> Form:
    """The form in which a moderator says what `question` asks."""
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
    return Form(words.additions.TEACH_THIS, TaughtThis(moderator), [*asked, phrasing])


def names(filled: dict[str, str]) -> tuple[str, str]:
    """The topic and the part that a filled form names, by id or by title. A part picked from the list must be of the
    topic that was picked: of another it keeps that topic's name, which no part has."""
    topic, part = filled.get(TOPIC, ""), filled.get(PART, "")
    owner, slash, name = part.partition(_BETWEEN)
    return topic, name if slash and owner == topic else part


def learned(curriculum: Curriculum, row: Addition, moderator: int) -> list[Page]:
    """Says what was learned, with a way back."""
    topic = curriculum.topic(row.topic)
    said = words.additions.phrasing_added(typed(row.text), topic, (row.about,)) if topic else typed(row.text)
    return pages("", [said], [[button(words.additions.UNDO, Untaught(moderator, row.id))]])


def listed(curriculum: Curriculum, rows: Sequence[Addition], page: int, moderator: int) -> list[Page]:
    """One page of what was taught; `page` counts from 0, and one past the end is the last."""
    if not rows:
        return pages("", [f"{words.additions.PHRASINGS.heading}\n{words.additions.PHRASINGS.nothing}"])
    last = (len(rows) - 1) // A_PAGE
    page = min(page, last)
    shown = rows[page * A_PAGE : (page + 1) * A_PAGE]
    heading = words.additions.list_heading(Phrasings.name, len(rows), page + 1, last + 1)
    made = pages("", ["\n".join([heading, *(_line(curriculum, row) for row in shown)])])
    made[-1].add_item(ui.ActionRow(_taking_back(shown, ForgetTaught(moderator, page))))
    if last:
        turns = [(to, TurnTaught(moderator, to)) for to in range(last + 1)]
        made[-1].add_item(ui.ActionRow(*turning(turns, page)))
    return made


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


def _line(curriculum: Curriculum, row: Addition) -> str:
    topic = curriculum.topic(row.topic)
    asks = words.answers.heading(topic, [row.about]) if topic else words.additions.no_longer_taught(row.topic)
    by = typed(row.by) if row.by else ""
    return words.additions.phrasing_line(typed(_clipped(row.text)), asks, by, f"<t:{row.at:.0f}:d>")


def _taking_back(rows: Sequence[Addition], action: Action) -> ui.Select[Any]:
    options = [SelectOption(label=next(split(row.text, LONGEST_OPTION)), value=str(row.id)) for row in rows]
    return menu(action, words.additions.TAKE_BACK, options)


def _clipped(text: str) -> str:
    """As much of it as Discord counts as `LONGEST` characters: it counts some as two."""
    return text if length(text) <= LONGEST else next(split(text, LONGEST))
