"""What was taught in a server, as messages and as the form that teaches. Pure: values go in, messages come out."""

from collections.abc import Sequence
from typing import Any

from discord import SelectOption, TextStyle, ui

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app import custom_ids
from bot.discord_app.buttons import button
from bot.discord_app.forms import Form, field
from bot.discord_app.layout import Page, length, pages, split
from bot.discord_app.presses import Forget, TaughtThis, TurnTo, Untaught
from bot.discord_app.typed import typed
from bot.service.additions.kind import LONGEST, Addition
from bot.service.additions.phrasings import Phrasings

A_PAGE = 10
MOST_OPTIONS = 25
LONGEST_OPTION = 100
TOPIC, PART, PHRASING = "topic", "part", "phrasing"
_BETWEEN = "/"  # of a topic and its part, in the value of an option


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
    made[-1].add_item(ui.ActionRow(_taking_back(shown, Forget(moderator, page))))
    if last:
        made[-1].add_item(ui.ActionRow(*_turning(page, last, moderator)))
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


def _taking_back(rows: Sequence[Addition], press: Forget) -> ui.Select[Any]:
    options = [SelectOption(label=next(split(row.text, LONGEST_OPTION)), value=str(row.id)) for row in rows]
    return ui.Select(custom_id=custom_ids.encode(press), placeholder=words.additions.TAKE_BACK, options=options)


def _turning(page: int, last: int, moderator: int) -> list[ui.Button[Any]]:
    near = [(words.additions.PREVIOUS, page - 1), (words.additions.NEXT, page + 1)]
    return [button(label, TurnTo(moderator, to)) for label, to in near if 0 <= to <= last]


def _clipped(text: str) -> str:
    """As much of it as Discord counts as `LONGEST` characters: it counts some as two."""
    return text if length(text) <= LONGEST else next(split(text, LONGEST))
