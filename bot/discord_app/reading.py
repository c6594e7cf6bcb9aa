"""Reading back from a message of ours what it shows: the question, the candidates, the answer."""

from collections.abc import Iterator
from typing import Any

import discord

from bot.discord_app import custom_ids
from bot.discord_app.presses import FollowUp, Pick, Press, Show
from bot.errors import TutorError


def question_of(message: discord.Message | None) -> str:
    """The line with the question that a reply of ours opens with, as it is shown there; empty where there is none.

    It ends with what was typed, in inline code; nothing else that a message of ours opens with does.
    """
    first = message.components[0] if message and message.components else None
    return first.content if isinstance(first, discord.TextDisplay) and first.content.endswith("`") else ""


def typed_in(question: str) -> str:
    """What was typed, out of the line that shows it."""
    return question[question.find("`") + 1 : -1].strip()


def candidates_of(message: discord.Message | None) -> list[Pick]:
    """What its buttons offer to show."""
    return [press.pick for press in _presses(message) if isinstance(press, Show)]


def answer_in(message: discord.Message | None) -> Pick | None:
    """The answer that it shows; the last of several."""
    return next((press.pick for press in _presses(message) if isinstance(press, FollowUp)), None)


def answered_by(message: discord.Message, me: discord.abc.User) -> discord.Message | None:
    """The message of `me` that it replies to."""
    answered = message.reference.resolved if message.reference else None
    return answered if isinstance(answered, discord.Message) and answered.author.id == me.id else None


def _presses(message: discord.Message | None) -> Iterator[Press]:
    for component in _walk(message):
        if isinstance(component, discord.Button) and component.custom_id:
            try:
                yield custom_ids.parse(component.custom_id)
            except TutorError:  # of another version
                continue


def _walk(message: discord.Message | None) -> Iterator[Any]:
    for component in message.components if message else ():
        yield component
        yield from getattr(component, "children", ())
