"""The floor of answering: a discord.py client that knows what to send, and sends it.

    python -m tests.bench.bare ANSWERS

`ANSWERS` is a JSON file: for each question the components of its answer as Discord was sent them, and the completions
of what is typed. The message is made anew each time, as any client makes it.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import discord
from discord import app_commands, ui

from bot.discord_app.client import intents

TEXT, BUTTON, ROW, CONTAINER = 10, 2, 1, 17  # types of components


class Message(ui.LayoutView):
    """Finished, like ours: the client keeps no state of it."""

    def __init__(self, components: list[dict[str, Any]]) -> None:
        super().__init__(timeout=None)
        for one in components:
            self.add_item(_item(one))

    def is_finished(self) -> bool:
        return True


def _item(component: dict[str, Any]) -> ui.Item[Any]:
    inside = [_item(one) for one in component.get("components", ())]
    match component["type"]:
        case kind if kind == TEXT:
            return ui.TextDisplay(component["content"])
        case kind if kind == CONTAINER:
            return ui.Container(*inside)
        case kind if kind == ROW:
            return ui.ActionRow(*inside)
        case kind if kind == BUTTON:
            style = discord.ButtonStyle(component["style"])
            return ui.Button(label=component["label"], style=style, custom_id=component["custom_id"])
    raise AssertionError(f"an answer holds a component of the type {component['type']}")


class Bare(discord.Client):
    """Answers `/ask` and mentions, and completes questions."""

    def __init__(self, answers: dict[str, Any]) -> None:
        super().__init__(intents=intents(), allowed_mentions=discord.AllowedMentions.none(), max_messages=None)
        self._answers = answers
        self.tree = app_commands.CommandTree(self)
        command = app_commands.Command(name="ask", description="Asks", callback=self._ask)
        command.autocomplete("question")(self._complete)
        self.tree.add_command(command)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def _ask(self, interaction: discord.Interaction, question: str) -> None:
        await interaction.response.send_message(view=Message(self._answers["asked"][question]))

    async def _complete(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=name, value=value) for name, value in self._answers["typed"][typed]]

    async def on_message(self, message: discord.Message) -> None:
        if not message.author.bot and self.user in message.mentions:
            text = message.content.partition(">")[2].strip()
            await message.reply(view=Message(self._answers["asked"][text]))


if __name__ == "__main__":
    Bare(json.loads(Path(sys.argv[1]).read_text())).run(os.environ["DISCORD_TOKEN"], log_handler=None)
