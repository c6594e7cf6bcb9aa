"""The wordings accepted in a server, as messages. Pure: values go in, messages come out."""

from collections.abc import Sequence
from typing import Any

from discord import SelectOption, ui

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app import custom_ids
from bot.discord_app.buttons import button
from bot.discord_app.layout import Page, length, single, split
from bot.discord_app.quiz.presses import AtWordings, Handles
from bot.discord_app.typed import LONGEST, typed
from bot.quiz.kinds.base import key_of
from bot.service.additions.accepted_wordings import AcceptedWordings
from bot.service.additions.kind import Addition

A_PAGE = 8
LONGEST_OPTION = 100
LONGEST_ASK = 80


def accepted(row: Addition, server: int) -> Page:
    """Says what is accepted from now on in that server, with a way back."""
    undo = button(words.additions.UNDO, AtWordings(Handles.UNDO, row.id, server=server))
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
    near = [(words.additions.PREVIOUS, page - 1), (words.additions.NEXT, page + 1)]
    if turns := [button(label, AtWordings(Handles.TURN, to)) for label, to in near if 0 <= to <= last]:
        made.add_item(ui.ActionRow(*turns))
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
    press = AtWordings(Handles.FORGET, page)
    return ui.Select(custom_id=custom_ids.encode(press), placeholder=words.additions.TAKE_BACK, options=options)


def _shown(row: Addition) -> str:
    """As much of it as Discord counts as so many characters: it counts some as two."""
    return typed(row.text if length(row.text) <= LONGEST else next(split(row.text, LONGEST)))
