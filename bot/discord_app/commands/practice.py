"""`/practice [topic] [kind]`."""

from typing import Any

import discord
from discord import app_commands

from bot import words
from bot.discord_app.commands.everywhere import contexts, installs
from bot.discord_app.desk import Desk
from bot.discord_app.quiz import practising
from bot.text.normalise import folded

MOST_COMPLETIONS = 25


def command(desk: Desk) -> app_commands.Command[Any, ..., Any]:
    """Poses a question to the member alone."""
    kinds = desk.app.practice.kinds.names

    @app_commands.describe(topic=words.quiz.PRACTICE_TOPIC, kind=words.quiz.PRACTICE_KIND)
    @app_commands.choices(kind=[app_commands.Choice(name=words.kinds.named(one).name, value=one) for one in kinds])
    async def practice(interaction: discord.Interaction, topic: str | None = None, kind: str | None = None) -> None:
        await practising.begin(interaction, desk.app, topic, kind)

    async def complete(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        fitting = [one for one in words.quiz.topic_choices(desk.curriculum) if folded(typed) in folded(one[0])]
        return [app_commands.Choice(name=title, value=name) for title, name in fitting[:MOST_COMPLETIONS]]

    made: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name="practice",
        description=words.quiz.PRACTICE_COMMAND,
        callback=practice,
        allowed_installs=installs(),
        allowed_contexts=contexts(),
    )
    made.autocomplete("topic")(complete)
    return made
