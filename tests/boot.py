"""`python -m tests.boot`: the real client, without a token, registers every command and shows what Discord is sent."""

import json

import discord

from bot import app, settings
from bot.discord_app import register
from bot.discord_app.client import intents
from bot.discord_app.desk import Desk
from bot.discord_app.under_way import UnderWay


def main() -> None:
    """Prints the payload of every command, one a line."""
    desk = Desk(app.build(settings.load()))
    tree = register.build_tree(discord.Client(intents=intents()), desk, UnderWay())
    for payload in register.payloads(tree):
        print(json.dumps(payload, sort_keys=True))


if __name__ == "__main__":
    main()
