"""Following up an answer by its button: a form with one line, whose text is read in the light of that answer."""

import discord
from discord import ui

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app import custom_ids
from bot.discord_app.desk import Desk, asker_of
from bot.discord_app.forms import Form, field, filled
from bot.discord_app.links import link_to
from bot.discord_app.presses import FollowedUp, FollowUp, Pick
from bot.discord_app.replies import present
from bot.errors import TutorError
from bot.service.answering import LONGEST_MESSAGE

_TEXT = "text"


def form(curriculum: Curriculum, about: Pick, presser: int) -> Form:
    """The form; raises TutorError where the topic is no longer taught."""
    match = custom_ids.found(curriculum, about)
    topic = curriculum.topic(match.topic) if match else None
    if match is None or topic is None:
        raise TutorError(words.answers.GONE)
    text: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id=_TEXT, placeholder=words.discord.FOLLOW_UP_EXAMPLE, max_length=LONGEST_MESSAGE
    )
    named = field(
        words.discord.FOLLOW_UP_QUESTION, text, words.discord.about(words.answers.heading(topic, match.parts))
    )
    return Form(words.answers.FOLLOW_UP, FollowedUp(presser, about), [named])


async def open_form(interaction: discord.Interaction, press: FollowUp, desk: Desk) -> None:
    """Shows the form to whoever pressed."""
    await interaction.response.send_modal(form(desk.curriculum, press.pick, interaction.user.id))


async def answer(interaction: discord.Interaction, press: FollowedUp, desk: Desk) -> None:
    """Answers what was typed: for all to see, unless the answer that it is about was for one."""
    source = interaction.message
    way = await desk.reception.place(interaction, private=source is not None and source.flags.ephemeral)
    text = filled(interaction).get(_TEXT, "")
    link = link_to(interaction, source.id) if source and not source.flags.ephemeral else ""
    await present(interaction, await desk.answer(text, asker_of(interaction), link, press.pick), way)
