"""A server's additions of whatever kind: the form that teaches a phrasing, the offer to accept a wording, "take it
back" below what was just added, and the list with "take one back".

`KINDS` says how each kind is shown. Rights are checked at every step.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import discord
from discord import ButtonStyle, SelectOption, TextStyle, ui

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app.access import leads_server, managed_server, who_runs_the_server
from bot.discord_app.actions import Action, Call, Declaration, button, nothing
from bot.discord_app.codec import Below, RoundId, Snowflake, TurnNumber
from bot.discord_app.commands import Command
from bot.discord_app.controls import (
    Form,
    field,
    filled,
    menu,
    numbers_picked,
    option,
    question_of,
    turning,
    typed_in,
)
from bot.discord_app.layout import LONGEST_OPTION, LONGEST_TYPED, MOST_OPTIONS, Page, length, line, single, split, typed
from bot.discord_app.replies import ChannelRules, in_time, replace, respond
from bot.errors import TutorError
from bot.quiz.kinds.base import key_of
from bot.service.additions import LONGEST, Addition, KindName, Moderator
from bot.service.application import App

LONGEST_ASK = 80  # characters of a question in a line of the list
_NONE = ChannelRules.NONE
_PageNumber = Annotated[int, Below(100_000)]  # counted from 0


@dataclass(frozen=True, slots=True)
class ListedKind:
    """How additions of one kind are shown."""

    a_page: int  # additions on one page of the list: as many as fit one message at their longest
    line: Callable[[Curriculum, Addition], str]  # an addition in the list
    added: Callable[[Curriculum, Addition], str]  # what is said when it has been added


def _phrasing_line(curriculum: Curriculum, row: Addition) -> str:
    topic = curriculum.topic(row.topic)
    asks = words.answers.heading(topic, [row.about]) if topic else words.additions.no_longer_taught(row.topic)
    return words.additions.phrasing_line(_text(row), asks, _by(row), _date(row))


def _phrasing_added(curriculum: Curriculum, row: Addition) -> str:
    topic = curriculum.topic(row.topic)
    return words.additions.phrasing_added(typed(row.text), topic, (row.about,)) if topic else typed(row.text)


def _wording_line(curriculum: Curriculum, row: Addition) -> str:
    topic = curriculum.topic(row.topic)
    heading = words.answers.heading(topic) if topic else words.additions.no_longer_taught(row.topic)
    asks = (one.ask for one in topic.questions if key_of(topic, one) == row.about) if topic else iter(())
    ask = next(split(next(asks, words.additions.NO_LONGER_ASKED), LONGEST_ASK))
    return words.additions.wording_line(_text(row), ask, heading, _by(row), _date(row))


def _wording_added(_curriculum: Curriculum, row: Addition) -> str:
    return words.additions.wording_added(_text(row))


KINDS: Mapping[KindName, ListedKind] = {
    KindName.PHRASING: ListedKind(10, _phrasing_line, _phrasing_added),
    KindName.ACCEPTED_WORDING: ListedKind(8, _wording_line, _wording_added),
}


async def require_moderator(interaction: discord.Interaction, kind: KindName, server: int | None) -> None:
    """Raise TutorError for everyone who may not add to `server`: who neither moderates it nor runs it.

    The server need not be where they act: then Discord is asked who they are, after it was told to wait.
    """
    if server not in (None, interaction.guild_id) and not interaction.response.is_done():
        await interaction.response.defer()
    if server is None or not await leads_server(interaction, server):
        raise TutorError(words.additions.OF_KIND[kind].only_moderators)


async def _who_may_add_there(interaction: discord.Interaction, what: "UndoAddition", _app: App) -> None:
    await require_moderator(interaction, what.kind, what.server)


@dataclass(frozen=True)
class UndoAddition(Action, name="undo", who=_who_may_add_there, gives_away=nothing, channel_rules=_NONE):
    """Takes back what was just added to a server."""

    kind: KindName
    number: Snowflake
    server: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        taken_back = call.app.additions.kinds[self.kind].take_back(self.server, self.number)
        if not await in_time(interaction, taken_back):
            raise TutorError(words.additions.OF_KIND[self.kind].gone)
        await replace(interaction, [line(words.additions.TAKEN_BACK)])


@dataclass(frozen=True)
class TurnAdditions(Action, name="turn-additions", who=who_runs_the_server, gives_away=nothing, channel_rules=_NONE):
    """Turns to another page of the list."""

    kind: KindName
    page: _PageNumber

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await replace(interaction, [await _listed(interaction, call.app, self.kind, self.page)])


@dataclass(frozen=True)
class TakeBack(Action, name="take-back", who=who_runs_the_server, gives_away=nothing, channel_rules=_NONE):
    """The menu on a page of the list: takes back the addition that is picked, and shows what is left."""

    kind: KindName
    page: _PageNumber

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        for number in numbers_picked(interaction)[:1]:
            await call.app.additions.kinds[self.kind].take_back(managed_server(interaction), number)
        await replace(interaction, [await _listed(interaction, call.app, self.kind, self.page)])


def _list_command(name: str, description: str, kind: KindName) -> Command:
    async def show(interaction: discord.Interaction, call: Call) -> None:
        await respond(interaction, [await _listed(interaction, call.app, kind, 0)], private=True)

    return Command(
        name=name, description=description, run=show, declared=Declaration(who_runs_the_server, nothing, _NONE)
    )


COMMANDS = (
    _list_command("taught", words.additions.TAUGHT_COMMAND, KindName.PHRASING),
    _list_command("accepted", words.additions.ACCEPTED_COMMAND, KindName.ACCEPTED_WORDING),
)


async def _listed(interaction: discord.Interaction, app: App, kind: KindName, page: int) -> Page:
    return list_page(app.curriculum, kind, await app.additions.kinds[kind].listed(managed_server(interaction)), page)


def list_page(curriculum: Curriculum, kind: KindName, rows: Sequence[Addition], page: int) -> Page:
    """Return one page of the list of a server's additions; `page` counts from 0, and one past the end is the last."""
    if not rows:
        return single([f"{words.additions.OF_KIND[kind].heading}\n{words.additions.OF_KIND[kind].nothing}"])
    listed = KINDS[kind]
    last = (len(rows) - 1) // listed.a_page
    page = min(page, last)
    here = rows[page * listed.a_page : (page + 1) * listed.a_page]
    heading = words.additions.list_heading(kind, len(rows), page + 1, last + 1)
    options = [SelectOption(label=next(split(row.text, LONGEST_OPTION)), value=str(row.id)) for row in here]
    below: list[Sequence[ui.Item[Any]]] = [[menu(TakeBack(kind, page), words.additions.TAKE_BACK, options)]]
    if last:
        below.append(turning([(to, TurnAdditions(kind, to)) for to in range(last + 1)], page))
    return single(["\n".join([heading, *(listed.line(curriculum, row) for row in here)])], below)


def added_page(curriculum: Curriculum, row: Addition, server: int) -> Page:
    """Say what was added to a server, with a way back."""
    kind = KindName(row.kind)
    undo = button(words.additions.UNDO, UndoAddition(kind, row.id, server))
    return single([KINDS[kind].added(curriculum, row)], [[undo]])


def _text(row: Addition) -> str:
    """As much of the text as Discord counts as so many characters: it counts some as two."""
    return typed(row.text if length(row.text) <= LONGEST_TYPED else next(split(row.text, LONGEST_TYPED)))


def _by(row: Addition) -> str:
    return typed(row.by) if row.by else ""


def _date(row: Addition) -> str:
    return f"<t:{row.at:.0f}:d>"


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
    topics = [option(words.answers.heading(topic), topic.id) for topic in curriculum.topics]
    parts = [
        option(words.answers.heading(topic, [part.id]), f"{topic.id}{_BETWEEN}{part.id}")
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


ACTIONS = (UndoAddition, TurnAdditions, TakeBack, Teach, TaughtThis, KeepWording)
