"""`/ask question [private]`."""

from typing import Any

import discord
from discord import app_commands

from bot import words
from bot.discord_app.commands.everywhere import contexts, installs
from bot.discord_app.completions import completions
from bot.discord_app.desk import Desk, asker_of
from bot.discord_app.replies import present
from bot.service.answering import LONGEST_MESSAGE


def command(desk: Desk) -> app_commands.Command[Any, ..., Any]:
    """Answers a question; its completions are the topics and parts."""

    @app_commands.describe(question=words.discord.ASK_QUESTION, private=words.discord.ASK_PRIVATE)
    async def ask(
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, LONGEST_MESSAGE],
        private: bool | None = None,
    ) -> None:
        way = await desk.reception.command(interaction, private)
        await present(interaction, await desk.answer(question, asker_of(interaction)), way)

    async def complete(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=one.title, value=one.value) for one in completions(desk.curriculum, typed)]

    made: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name="ask",
        description=words.discord.ASK_COMMAND,
        callback=ask,
        allowed_installs=installs(),
        allowed_contexts=contexts(),
    )
    made.autocomplete("question")(complete)
    return made
