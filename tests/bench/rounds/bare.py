"""The floor: a discord.py client that shows letters in every channel, and acknowledges each press with one line."""

import asyncio
import os
from pathlib import Path
from typing import Any

import discord
from discord import ui

from bot.discord_app.connection import serve
from bot.discord_app.rounds.playing import PickLetter
from tests.bench.rounds.bot import PROBE
from tests.bench.rounds.probe import Probe


class Bare(discord.Client):
    """Keeps nothing."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True), max_messages=None)

    async def on_ready(self) -> None:
        for guild in self.guilds:
            for channel in guild.text_channels:
                await channel.send(view=_letters())

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message(view=_line("Locked: that. You can change it."), ephemeral=True)


def _letters() -> ui.LayoutView:
    row: ui.ActionRow[Any] = ui.ActionRow()
    for number, letter in enumerate("ABCD"):
        row.add_item(ui.Button(label=letter, custom_id=PickLetter("bare", 0, number).custom_id))
    view = _line("A question whose text is about as long as those of a quiz are: " + "which of these is it? " * 10)
    return view.add_item(row)


def _line(text: str) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.stop()
    return view.add_item(ui.TextDisplay(text))


async def main() -> None:
    watching = asyncio.create_task(Probe().run(Path(os.environ[PROBE])))
    async with Bare() as client:
        await serve(client, os.environ["DISCORD_TOKEN"])
    watching.cancel()


if __name__ == "__main__":
    asyncio.run(main())
