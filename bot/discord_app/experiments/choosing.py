""" "Try it": the experiments of a topic, one of which is run."""

from collections.abc import Mapping
from typing import Any

import discord
from discord import ui

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app import custom_ids
from bot.discord_app.experiments.bench import OPEN, Bench
from bot.discord_app.experiments.beside import meant, of_topic
from bot.discord_app.experiments.ids import LabPress
from bot.discord_app.experiments.outlets import NewAnswer
from bot.discord_app.layout import Page
from bot.discord_app.replies import respond
from bot.errors import TutorError
from bot.service.laboratory import requested
from bot.simulations.experiment import Experiment

MOST_OPTIONS, LONGEST_OPTION = 25, 100


async def offer(interaction: discord.Interaction, press: LabPress, curriculum: Curriculum, bench: Bench) -> None:
    """Runs the one experiment that there is, or offers a choice to whoever pressed."""
    found = [one for topic in meant(curriculum, press.about) for one in of_topic(topic)]
    if not found:
        raise TutorError(words.laboratory.NO_EXPERIMENTS)
    private = is_private(interaction, press)
    if len(found) == 1:
        await bench.run(requested(found[0].name), interaction.user.id, NewAnswer(interaction, private))
        return
    chosen = LabPress("tried", interaction.user.id, "" if private else OPEN)
    await respond(interaction, [choice(found, chosen)], private=True)


async def chosen(interaction: discord.Interaction, press: LabPress, bench: Bench) -> None:
    """Runs what was chosen."""
    to = NewAnswer(interaction, private=press.about != OPEN)
    await bench.run(requested(picked(interaction)), interaction.user.id, to)


def picked(interaction: discord.Interaction) -> str:
    """The option of a select that was picked."""
    data: Mapping[str, Any] = interaction.data or {}
    return str(next(iter(data.get("values") or ()), ""))


def choice(found: list[Experiment], press: LabPress) -> Page:
    """The experiments by title, each with the question that it answers."""
    options = [
        discord.SelectOption(
            label=one.title[:LONGEST_OPTION], value=one.name, description=one.question[:LONGEST_OPTION]
        )
        for one in found[:MOST_OPTIONS]
    ]
    page = Page()
    page.add_item(ui.TextDisplay(words.laboratory.TRY_ONE))
    page.add_item(
        ui.ActionRow(
            ui.Select(
                custom_id=custom_ids.encode(press), placeholder=words.laboratory.CHOOSE_EXPERIMENT, options=options
            )
        )
    )
    return page


def is_private(interaction: discord.Interaction, press: LabPress) -> bool:
    """Whether what a press leads to is for the presser alone: it is not the asker's, or on a message for one."""
    message = interaction.message
    return interaction.user.id != press.asker or message is None or message.flags.ephemeral
