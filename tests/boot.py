"""`python -m tests.boot`: the real client, without a token, registers every command and shows what Discord is sent."""

import json

import discord

from bot import app, settings
from bot.chat import register
from bot.chat.client import intents
from bot.chat.desk import Desk
from bot.service.teaching import Teaching
from bot.tutor.taught import Listener
from tests.service.shelves import MemoryShelf


def main() -> None:
    """Prints the payload of every command, one a line."""
    answering = app.build(settings.load()).answering
    curriculum = answering.curriculum
    desk = Desk(answering, Teaching(curriculum, Listener(curriculum), MemoryShelf()))
    for payload in register.payloads(register.build_tree(discord.Client(intents=intents()), desk)):
        print(json.dumps(payload, sort_keys=True))


if __name__ == "__main__":
    main()
