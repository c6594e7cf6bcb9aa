"""All commands and all actions: the tree that Discord is told of when it has changed, and what the router looks up."""

import hashlib
import json
import logging
from contextlib import nullcontext
from typing import Any

import discord

from bot.discord_app import (
    additions,
    beliefs,
    checkup,
    controls,
    reminders,
    reminding,
    scheduling,
    scores,
    topics,
    tutor_settings,
)
from bot.discord_app.actions import Action, Guard, Registry
from bot.discord_app.asking import answer_pages, group, trying, understanding
from bot.discord_app.asking import commands as asking
from bot.discord_app.commands import CommandSpec, Request, Tree, payloads
from bot.discord_app.laboratory import claim_pages, offers, results
from bot.discord_app.laboratory import commands as laboratory
from bot.discord_app.practice import drills, practising, review_pages
from bot.discord_app.replies import Reception
from bot.discord_app.rounds import commands as rounds
from bot.discord_app.rounds import of_the_day, playing, reviewing
from bot.service.application import App, RegisteredCommands

_log = logging.getLogger(__name__)

COMMANDS: tuple[CommandSpec, ...] = (
    *asking.COMMANDS,
    tutor_settings.TUTOR,
    *checkup.COMMANDS,
    *practising.COMMANDS,
    *review_pages.COMMANDS,
    *rounds.COMMANDS,
    *scores.COMMANDS,
    *laboratory.COMMANDS,
)
ACTIONS: tuple[type[Action], ...] = (
    *controls.ACTIONS,
    *answer_pages.ACTIONS,
    *group.ACTIONS,
    *trying.ACTIONS,
    *understanding.ACTIONS,
    *practising.ACTIONS,
    *drills.ACTIONS,
    *review_pages.ACTIONS,
    *playing.ACTIONS,
    *of_the_day.ACTIONS,
    *reviewing.ACTIONS,
    *reminders.ACTIONS,
    *reminding.ACTIONS,
    *scores.ACTIONS,
    *results.ACTIONS,
    *offers.ACTIONS,
    *claim_pages.ACTIONS,
    *additions.ACTIONS,
    *scheduling.ACTIONS,
    *beliefs.ACTIONS,
    *topics.ACTIONS,
)


def build_tree(client: discord.Client, app: App, guard: Guard, request: Request) -> Tree:
    """The tree with every command. Raises CommandAlreadyRegistered where two have the same name."""
    tree = Tree(client, request)
    for command in COMMANDS:
        tree.add_command(command.made(app, guard))
    return tree


def every_payload(app: App) -> list[dict[str, Any]]:
    """What Discord would be told of each command, without logging in: a boot that needs no token.

    Raises TypeError where an action is not complete.
    """
    Registry(ACTIONS)
    client = discord.Client(intents=discord.Intents.none())
    guard = Guard(app, Reception(app.server_settings), of_the_day.lock_page)
    return payloads(build_tree(client, app, guard, lambda *_: nullcontext()))


async def sync(tree: Tree, application_id: int, registered: RegisteredCommands) -> None:
    """Registers the commands, globally, if they are not as they were when last registered."""
    text = json.dumps(payloads(tree), sort_keys=True)
    fingerprint = hashlib.sha256(text.encode()).hexdigest()
    if await registered.fingerprint(application_id) == fingerprint:
        return
    commands = await tree.sync()
    await registered.remember(application_id, fingerprint)
    _log.info("Registered %d commands", len(commands))
