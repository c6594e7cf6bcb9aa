"""Menus and forms that the router hears of, the ways to ask a question, and what is read back from Discord.

Buttons are made by `actions.button`. Forms (Discord's modals) are sent finished like messages. No kind of question is
known here: each says by which of the ways it asks."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ButtonStyle, ui

from bot import words
from bot.curriculum.model import Curriculum, Topic
from bot.discord_app.access import the_asker_or_a_moderator
from bot.discord_app.actions import Action, Call, button, nothing
from bot.discord_app.codec import Digest, Snowflake, digest
from bot.discord_app.layout import LONGEST_DESCRIPTION, LONGEST_OPTION, LONGEST_TITLE, AnyRow, Picture, rows
from bot.discord_app.replies import ChannelRules
from bot.errors import TutorError
from bot.quiz.kinds.base import LETTERS, DrawnQuestion, Way
from bot.text.normalise import cut

_NUMBER = re.compile(r"[0-9]{1,10}")
MOST_NUMBER = 1 << 31  # that a row of the database may have, as a place among options has


class Form(ui.Modal):
    """A form that does `action` when it is sent in. Reported as finished, so that discord.py keeps no state."""

    def __init__(self, title: str, action: Action, fields: Iterable[ui.Item[Any]]) -> None:
        super().__init__(title=words.topics.plain(title)[:LONGEST_TITLE], custom_id=action.custom_id)
        for one in fields:
            self.add_item(one)

    def is_finished(self) -> bool:
        """Always true, whether it was sent in or not."""
        return True


def field(label: str, component: ui.Item[Any], description: str = "") -> ui.Label[Any]:
    """A component of a form under its label."""
    note = words.topics.plain(description)[:LONGEST_DESCRIPTION]
    return ui.Label(text=label, component=component, description=note or None)


def option(label: str, value: str) -> discord.SelectOption:
    """An option of a menu; of a long label as much as Discord takes, and without marks of Markdown."""
    return discord.SelectOption(label=cut(words.topics.plain(label), LONGEST_OPTION), value=value)


def menu(action: Action, placeholder: str, options: list[discord.SelectOption], most: int = 1) -> ui.Select[Any]:
    """A menu that does `action` with one option, or with up to `most`."""
    return ui.Select(
        custom_id=action.custom_id, placeholder=placeholder, options=options, min_values=1, max_values=most
    )


def filled(interaction: discord.Interaction) -> dict[str, str]:
    """What a submitted form holds, by the fields' custom ids; empty for a select in which nothing was picked."""
    data: Mapping[str, Any] = interaction.data or {}
    found = {}
    for label in data.get("components", ()):
        for one in (label.get("component"), *label.get("components", ())):
            if one and "custom_id" in one:
                found[one["custom_id"]] = str(one.get("value") or next(iter(one.get("values") or ()), ""))
    return found


def uploads(interaction: discord.Interaction) -> list[discord.Attachment]:
    """The files that were sent in with a form, in no order."""
    data: Mapping[str, Any] = interaction.data or {}
    sent = (data.get("resolved") or {}).get("attachments") or {}
    return [discord.Attachment(data=one, state=interaction._state) for one in sent.values()]


def picked(interaction: discord.Interaction) -> list[str]:
    """The values of the options that were picked in a menu."""
    data: Mapping[str, Any] = interaction.data or {}
    return [str(value) for value in data.get("values") or ()]


def numbers_picked(interaction: discord.Interaction) -> tuple[int, ...]:
    """The numbers that stand behind the options picked in a menu. Raises TutorError where one is none that a menu of
    ours has: no client of Discord sends that."""
    values = picked(interaction)
    if not all(_NUMBER.fullmatch(value) and int(value) < MOST_NUMBER for value in values):
        raise TutorError(words.discord.NOT_IN_MENU)
    return tuple(map(int, values))


def question_of(message: discord.Message | None) -> str:
    """The line with the question that a reply of ours opens with, as it is shown there; empty where there is none.

    It ends with what was typed, in inline code; nothing else that a message of ours opens with does.
    """
    first = message.components[0] if message and message.components else None
    return first.content if isinstance(first, discord.TextDisplay) and first.content.endswith("`") else ""


def typed_in(question: str) -> str:
    """What was typed, out of the line that shows it."""
    return question[question.find("`") + 1 : -1].strip()


def topic_meant(curriculum: Curriculum, wanted: Digest) -> Topic | None:
    """The topic with that digest, or None where it is no longer taught."""
    return next((topic for topic in curriculum.topics if digest(topic.id) == wanted), None)


def turning(turns: Sequence[tuple[int, Action]], page: int) -> list[ui.Button[Any]]:
    """The buttons to the pages before and after `page`, of those that there are."""
    labels = {page - 1: words.additions.PREVIOUS, page + 1: words.additions.NEXT}
    return [button(labels[to], action) for to, action in turns if to in labels]


@dataclass(frozen=True)
class Remove(Action, name="remove", who=the_asker_or_a_moderator, gives_away=nothing, channel_rules=ChannelRules.NONE):
    """Takes a message of ours away."""

    asker: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        # By the interaction's own webhook: that needs no permission, and works where the bot is no member.
        await interaction.response.defer()
        await interaction.delete_original_response()


ACTIONS = (Remove,)


TEXT = "text"  # the custom id of the field that an answer is typed in
LONGEST_ANSWER = 1500  # characters; a sentence or two make full marks
LONGEST_BRIEF = 60


@dataclass(frozen=True, slots=True)
class AnswerActions:
    """What is done with an answer, by the way in which it is given."""

    letter: Callable[[int], Action]  # with the option of a button, by its place
    menu: Action
    form: Action  # opens the form


PICTURE = "picture.png"  # its name tells nothing


def around_picture(question: DrawnQuestion, before: str, after: str) -> list[str | Picture]:
    """What stands before and after the picture of a question; one text where it has none."""
    if question.picture is None:
        return ["\n".join(filter(None, [before, after]))]
    return [before, Picture(PICTURE, question.picture_text), after]


def controls(question: DrawnQuestion, actions: AnswerActions) -> list[AnyRow]:
    """What stands below a question: rows of buttons, or the menu, whose values are the places of the options."""
    match question.way:
        case Way.BUTTONS:
            places = range(len(question.options))
            return [*rows([button(LETTERS[place], actions.letter(place), ButtonStyle.primary) for place in places])]
        case Way.MENU:
            labels = [f"{LETTERS[place]}. {one.text}" for place, one in enumerate(question.options)]
            options = [option(label, str(place)) for place, label in enumerate(labels)]
            return [[menu(actions.menu, words.quiz.placeholder(question), options, most=len(options))]]
        case Way.TEXT | Way.NUMBER:
            return [[button(words.quiz.ANSWER, actions.form, ButtonStyle.primary)]]


def answer_fields(question: DrawnQuestion, before: str = "") -> list[ui.Item[Any]]:
    """What a form shows: the question, and room for the answer; `before` is what stands there already."""
    about = words.kinds.of(question)
    typed: ui.TextInput[Any] = ui.TextInput(
        custom_id=TEXT,
        style=discord.TextStyle.short if question.brief else discord.TextStyle.long,
        max_length=LONGEST_BRIEF if question.brief else LONGEST_ANSWER,
        placeholder=cut(about.hint(question), LONGEST_DESCRIPTION) or None,
        default=before or None,
    )
    asked = "\n".join(filter(None, [question.ask, words.quiz.options(question)]))
    return [ui.TextDisplay(asked), field(about.label, typed, question.ask)]
