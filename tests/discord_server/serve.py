"""Serves a loopback Discord until interrupted, with one server, one channel and Ana in it.

    python -m tests.discord_server.serve

prints the URL and the token for `launch`. What is typed then, Ana does:

    /ask question=what is momentum? | private=true      a slash command, options parted by |
    @ can all biases start at 0?                        a mention of the bot in the channel
    dm hello                                            a direct message
    press Not what I asked                              a button of the last message shown
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

from .loopback import LoopbackDiscord
from .model import Channel
from .people import Person
from .shown import Shown

PATIENCE = 30.0  # seconds; a person at the keyboard would rather wait than be told of a failure


class Keyboard:
    """Turns lines into what Ana does."""

    def __init__(self, ana: Person, channel: Channel) -> None:
        self._ana, self._channel = ana, channel
        self._last: Shown | None = None

    async def act(self, line: str) -> None:
        try:
            self._last = await self._do(line)
        except AssertionError as error:
            print(error, flush=True)
        else:
            marks = [mark for mark in ("ephemeral", "deleted") if getattr(self._last, mark)]
            print(self._last.text, self._last.buttons, *marks, flush=True)

    async def _do(self, line: str) -> Shown:
        word, _, rest = line.partition(" ")
        if word == "@":
            return await self._ana.says(self._channel, f"{self._ana.world.bot.mention} {rest}")
        if word == "dm":
            return await self._ana.dms(rest)
        if word == "press" and self._last is not None:
            return await self._ana.presses(self._last.button(rest))
        command, options = _command(line)
        return await self._ana.uses(command, in_=self._channel, options=options)


def _command(line: str) -> tuple[str, dict[str, Any]]:
    before, equals, after = line.partition("=")
    command, _, first = before.rpartition(" ") if equals else (line, "", "")
    options: dict[str, Any] = {}
    for part in f"{first}={after}".split("|") if equals else ():
        name, _, text = part.strip().partition("=")
        options[name] = {"true": True, "false": False}.get(text, int(text) if text.isdigit() else text)
    return command, options


async def main() -> None:
    async with LoopbackDiscord() as discord:
        discord.patience = PATIENCE
        guild = discord.add_guild("Study group")
        keyboard = Keyboard(guild.add_member("Ana"), guild.add_channel("general"))
        print(f"url   {discord.url}\ntoken {discord.token}", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line.strip():
                await keyboard.act(line.strip())
        if not os.isatty(sys.stdin.fileno()):
            await asyncio.Event().wait()  # started with no keyboard: serve until it is ended


if __name__ == "__main__":
    asyncio.run(main())
