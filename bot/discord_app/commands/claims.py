"""`/claims topic`."""

from typing import Any

import discord
from discord import app_commands

from bot import words
from bot.curriculum.model import Topic, named
from bot.discord_app.commands.everywhere import contexts, installs
from bot.discord_app.desk import Desk
from bot.discord_app.experiments import ledger
from bot.discord_app.replies import present
from bot.errors import TutorError
from bot.text.normalise import folded

MOST_CHOICES = 25


def command(desk: Desk) -> app_commands.Command[Any, ..., Any]:
    """Shows the ledger of a topic's claims; topics are completed by title."""
    topics = [topic for topic in desk.curriculum.topics if topic.claims]

    @app_commands.describe(topic=words.laboratory.CLAIMS_TOPIC)
    async def claims(interaction: discord.Interaction, topic: str) -> None:
        chosen = _named(topics, topic)
        ledger.require(desk.app.gate, interaction, chosen)
        way = await desk.reception.command(interaction)
        await present(interaction, [ledger.page(desk.laboratory.ledger, chosen, 0, interaction.user.id)], way)

    async def complete(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        wanted = folded(typed).split()
        fitting = [one for one in topics if all(word in folded(f"{one.title} {one.id}") for word in wanted)]
        return [app_commands.Choice(name=one.title, value=one.id) for one in fitting[:MOST_CHOICES]]

    made: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name="claims",
        description=words.laboratory.CLAIMS_COMMAND,
        callback=claims,
        allowed_installs=installs(),
        allowed_contexts=contexts(),
    )
    made.autocomplete("topic")(complete)
    return made


def _named(topics: list[Topic], typed: str) -> Topic:
    """Raises TutorError, with the topics that there are."""
    topic = named(topics, typed)
    if topic is None:
        raise TutorError(words.laboratory.no_such_topic([topic.title for topic in topics]))
    return topic
