"""A round that is followed by Discord's clock instead of sleeping."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.discord_app.client import TutorClient
from bot.quiz.round.state import Round
from bot.quiz.round.turn import Turn
from bot.service.rounds.engine import Rounds
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown
from tests.discord_server.shown_form import ShownForm


async def looked(rounds: Rounds, loopback: LoopbackDiscord) -> None:
    """Until the bot has looked at the clock by itself, twice, and has done all that was due by then."""
    looks, tick = asyncio.Queue[None](), rounds.tick

    def told() -> None:
        tick()
        looks.put_nowait(None)

    rounds.tick = told  # type: ignore[method-assign]
    async with asyncio.timeout(10):
        for _ in range(2):
            await looks.get()
    del rounds.tick
    await loopback.tasks_ended()


def readable(form: ShownForm, number: str) -> str:
    """Something that is read as an answer: this number, or what the hint in the form asks for."""
    hint = form.fields[0].component.get("placeholder") or ""
    letters, unit = re.search(r"such as ([A-H]+)$", hint), re.search(r"^A number in (.+), with the unit$", hint)
    return letters[1] if letters else f"{number} {unit[1]}" if unit else number


class Play:
    """A round as those see it who play it, and as the bot has it."""

    def __init__(self, loopback: LoopbackDiscord, channel: Channel, starter: Person) -> None:
        self.loopback, self.channel, self.starter = loopback, channel, starter
        self.rounds: Rounds | None = None
        self.id = ""

    async def start(self, bot: TutorClient, **options: Any) -> None:
        self.rounds = bot.app.rounds
        told = await self.starter.uses("/quiz start", in_=self.channel, **options)
        if thread := next((one for one in self.channel.threads.values() if one.mention in told.text), None):
            self.channel = thread
        on = self.rounds.on(self.channel.id)
        assert on, told.text
        self.id = on.setup.id
        await self.shown("### Quiz")

    @property
    def round(self) -> Round:
        assert self.rounds
        hosted = self.rounds.in_memory(self.id)
        assert hosted
        return hosted.round

    @property
    def turn(self) -> Turn:
        return self.round.turns[-1]

    async def goes_on(self) -> None:
        """Lets the round of an earlier process hear that the bot is back."""

        def told() -> bool:
            hosted = self.rounds.in_memory(self.id) if self.rounds else None
            return hosted is not None and not hosted.anew

        await self.loopback.until(lambda: told() or None, "the round again")

    async def looks(self) -> None:
        """As `looked` says."""
        assert self.rounds
        await looked(self.rounds, self.loopback)

    async def shown(self, text: str, within: float | None = None) -> Shown:
        """The latest message in the channel with this text, once it is there."""

        def found() -> Shown | None:
            return next((one for one in reversed(self.starter.sees(self.channel)) if text in one.text), None)

        return await self.loopback.until(found, f"a message with {text!r}", within)

    async def asked(self, number: int = 1) -> Shown:
        """Lets time pass until that question is there, and known to be."""
        self.loopback.advance(16)
        shown = await self.shown(f"Question {number} of")
        await self.loopback.until(lambda: self.turn.message, "the question's confirmation")
        return shown

    async def closed(self, shown: Shown, seconds: float = 25.0) -> Shown:
        """Lets the window pass until the question shows its reveal."""
        edits = shown.edits
        self.loopback.advance(seconds)
        await self.loopback.until(lambda: (shown.edits > edits and "Closed;" not in shown.text) or None, "the reveal")
        return shown

    def letter(self, *, right: bool = True) -> str:
        """A right letter of the open question, or a wrong one."""
        return "ABCDEFGH"[next(i for i, one in enumerate(self.turn.question.options) if one.right is right)]

    async def told(self, within: float | None = None) -> str:
        """What whoever started was told directly of how the round ended."""

        def found() -> str | None:
            return next((one.text for one in self.starter.sees(self.starter.dm) if "has ended" in one.text), None)

        return await self.loopback.until(found, "the news for whoever started", within)

    async def result(self) -> Shown:
        """Lets time pass until the table is there."""
        self.loopback.advance(16)
        return await self.shown("### Quiz: ")

    @asynccontextmanager
    async def killed_after(self, client: TutorClient) -> AsyncIterator[TutorClient]:
        """A process that ends without a word, as one that is killed does: nothing is said, nothing is written."""
        async with self.loopback.running(client):
            self.rounds = client.app.rounds
            yield client
            await client.app.rounds.abandon()
        await self.loopback.offline()
