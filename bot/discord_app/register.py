"""The command tree: built from the list of commands, registered with Discord when it has changed."""

import hashlib
import json
import logging
from typing import Any

import discord
from discord import app_commands

from bot.discord_app import faults
from bot.discord_app.commands import ALL
from bot.discord_app.desk import Desk
from bot.discord_app.under_way import UnderWay
from bot.service.application import App
from bot.storage.registrations import Registrations

_log = logging.getLogger(__name__)


class Tree(app_commands.CommandTree[discord.Client]):
    """Tells every error to the person it hit; what is being answered counts as under way."""

    def __init__(self, client: discord.Client, under_way: UnderWay) -> None:
        super().__init__(client)
        self._under_way = under_way

    async def _call(self, interaction: discord.Interaction) -> None:
        with self._under_way.one():  # the library has no place that is told of a command's end
            await super()._call(interaction)

    async def on_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError, /) -> None:
        """The one handler of errors in commands."""
        name = interaction.command.qualified_name if interaction.command else "an unknown command"
        with self._under_way.one():
            await faults.tell_presser(interaction, error, f"the command {name}")


def build_tree(client: discord.Client, desk: Desk, under_way: UnderWay) -> Tree:
    """The tree with every command. Raises CommandAlreadyRegistered where two have the same name."""
    tree = Tree(client, under_way)
    for command in ALL:
        tree.add_command(command(desk))
    return tree


def payloads(tree: app_commands.CommandTree[Any]) -> list[dict[str, Any]]:
    """What Discord is told of each command."""
    every = [
        *tree.get_commands(type=discord.AppCommandType.chat_input),
        *tree.get_commands(type=discord.AppCommandType.message),
        *tree.get_commands(type=discord.AppCommandType.user),
    ]
    return [dict(command.to_dict(tree)) for command in every]


def every_payload(app: App) -> list[dict[str, Any]]:
    """What Discord would be told of each command, without logging in: a boot that needs no token."""
    client = discord.Client(intents=discord.Intents.none())
    return payloads(build_tree(client, Desk(app), UnderWay()))


async def sync(tree: Tree, application_id: int, registrations: Registrations) -> None:
    """Registers the commands, globally, if they are not as they were when last registered."""
    text = json.dumps(payloads(tree), sort_keys=True)
    fingerprint = hashlib.sha256(text.encode()).hexdigest()
    if await registrations.fingerprint(application_id) == fingerprint:
        return
    registered = await tree.sync()
    await registrations.remember(application_id, fingerprint)
    _log.info("Registered %d commands", len(registered))
