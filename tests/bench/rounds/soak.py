"""A hundred thousand interactions of many sorts with one bot: whether it holds more at the end than after a tenth.

Members ask, complete, page, practise, press in a round that stays open, write messages, and now and then play a short
round or run an experiment. After each tenth they stop until nothing is under way; then memory, asyncio's tasks and the
open handles of the bot's process are read. What the bot keeps within bounds (the latest answers, conversations) is full
by the first tenth.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.bench.ask import QUESTIONS, TYPED
from tests.bench.rounds.crowd import Size
from tests.bench.rounds.load import READY, running
from tests.bench.rounds.probe import Probe
from tests.discord_server import CannotUse, LoopbackDiscord, NoAnswer
from tests.discord_server.model import Channel
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

MEMBERS, AT_ONCE = 200, 4
TENTHS = 10
SETTLE = 3.0  # seconds without an interaction before anything is read
GROWTH = 3.0  # megabytes that may be held more than after the first tenth
COMMANDS = ("/topics", "/help", "/leaderboard", "/me")
FORGOTTEN = 30.0  # seconds after which nobody comes back to an interaction or a message
RARE = 500  # one interaction in so many runs an experiment, or plays a round

Way = Callable[[Person, int], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Held:
    """What the bot's process holds after so many interactions."""

    interactions: int
    megabytes: float
    tasks: int
    handles: int


class Members:
    """Those who use the bot, and where."""

    def __init__(self, discord: LoopbackDiscord, guild_name: str = "Study group") -> None:
        guild = discord.add_guild(guild_name, bot_permissions=["send_messages", "attach_files"])
        self.discord = discord
        self.general, self.quiz, self.short = (guild.add_channel(name) for name in ("general", "quiz", "short"))
        self.starter = guild.add_member("Starter", permissions=["manage_messages"])
        self.members = [guild.add_member(f"Member {number}") for number in range(MEMBERS)]
        self.open: Shown | None = None  # the question that stays open
        self.done = 0
        self.failed: list[str] = []

    @property
    def ways(self) -> Sequence[Way]:
        """What they do, in turn."""
        return (self.asks, self.types, self.presses, self.looks, self.mentions, self.presses, self.practises)

    async def begin(self) -> None:
        """A round whose question stays open."""
        await self.starter.uses(
            "/quiz start", in_=self.quiz, questions=1, untimed=True, kinds="choice", seed="soak", within=READY
        )
        self.open = await self.discord.until(self._question, "the question", READY)

    def _question(self) -> Shown | None:
        shown = (Shown(message) for message in self.quiz.messages.values())
        return next((one for one in shown if any(button.label == "A" for button in one.buttons)), None)

    async def act(self, number: int) -> None:
        """The interaction of that number."""
        member = self.members[number % MEMBERS]
        way = self.ways[number % len(self.ways)]
        if number % RARE == RARE - 1:
            way = self.plays if number // RARE % 2 else self.simulates
        try:
            await way(member, number)
        except (NoAnswer, CannotUse) as fault:
            self.failed.append(f"{way.__name__}: {fault}"[:200])
        self.done += 1

    async def asks(self, member: Person, number: int) -> None:
        """/ask, and sometimes what stands below the answer."""
        shown = await member.uses("/ask", in_=self.general, question=QUESTIONS[number % len(QUESTIONS)])
        if number % 3 == 0:
            button = next((one for one in shown.buttons if one.label in ("Claims", "Understand it")), None)
            if button:
                await member.presses(button)

    async def types(self, member: Person, number: int) -> None:
        await member.types("/ask", in_=self.general, question=TYPED[number % len(TYPED)])

    async def presses(self, member: Person, number: int) -> None:
        """A letter of the question that stays open."""
        assert self.open
        letters = [one for one in self.open.buttons if one.label in "ABCD"]
        await member.presses(letters[number % len(letters)])

    async def looks(self, member: Person, number: int) -> None:
        await member.uses(COMMANDS[number % len(COMMANDS)], in_=self.general)

    async def mentions(self, member: Person, number: int) -> None:
        text = f"{self.discord.mention} {QUESTIONS[number % len(QUESTIONS)]}"
        await member.dms(text) if number % 2 else await member.says(self.general, text)

    async def practises(self, member: Person, number: int) -> None:
        """A question of one's own, answered."""
        shown = await member.uses("/practice", in_=self.general, kind="choice")
        letters = [one for one in shown.buttons if one.label in "ABCD"]
        await member.presses(letters[number % len(letters)])

    async def simulates(self, member: Person, number: int) -> None:
        await member.uses("/simulate", in_=self.general, experiment="momentum", seed=number, within=READY)

    async def plays(self, _: Person, number: int) -> None:
        """A round that is stopped again."""
        await self.starter.uses("/quiz start", in_=self.short, questions=1, seed=str(number))
        await self.starter.uses("/quiz stop", in_=self.short)

    def forget(self) -> None:
        """Let go of what this process holds of what is over: it must not run out of memory before the bot does."""
        self.discord.requests.clear()
        over = self.discord.clock.now() - FORGOTTEN
        for interaction in [*self.discord.interactions.values()]:
            if interaction.created < over:
                del self.discord.interactions[interaction.id]
        channels: list[Channel] = [self.general, self.short, self.quiz, *(one.dm for one in self.members)]
        for channel in channels:
            for message in [*channel.messages.values()]:
                if message.created < over and not (channel is self.quiz and message.seen_by is None):
                    del channel.messages[message.id]


async def run(interactions: int) -> tuple[list[Held], list[str]]:
    """What was held after each tenth, and what went wrong."""
    with tempfile.TemporaryDirectory() as name:
        folder, times = Path(name), []
        async with running(Size(rounds=0), folder, "tests.bench.rounds.bot", {}) as under_way:
            discord = under_way.crowd.discord
            discord.server.limit = None
            members = Members(discord)
            await discord.until(lambda: discord.commands[None] or None, "its commands", READY)
            await members.begin()
            for tenth in range(TENTHS):
                await _tenth(members, range(interactions * tenth // TENTHS, interactions * (tenth + 1) // TENTHS))
                times.append(time.time())
        seen = Probe.read(folder / "probe.jsonl")
    held = [
        Held(interactions * (tenth + 1) // TENTHS, seen.memory(at), *seen.counts(at)) for tenth, at in enumerate(times)
    ]
    return held, members.failed


async def _tenth(members: Members, numbers: range) -> None:
    left = iter(numbers)

    async def one_of_those_at_once() -> None:
        for number in left:
            await members.act(number)
            if number % 1000 == 0:
                members.forget()

    await asyncio.gather(*(one_of_those_at_once() for _ in range(AT_ONCE)))
    with suppress(TimeoutError):
        await asyncio.sleep(SETTLE)


def report(interactions: int) -> int:
    """Print what is held after each tenth; 1 where it grew or anything failed."""
    held, failed = asyncio.run(run(interactions))
    print(f"  {'interactions':>14}{'megabytes':>12}{'tasks':>8}{'handles':>9}")
    for one in held:
        print(f"  {one.interactions:>14,}{one.megabytes:>12.1f}{one.tasks:>8}{one.handles:>9}")
    first, most = held[0], max(one.megabytes for one in held[1:])
    print(f"  grown since the first tenth by {most - first.megabytes:.1f} MB at most (wanted: {GROWTH:g} at most)")
    print(f"  without an answer: {len(failed)} (wanted: 0)", *failed[:5], sep="\n  ")
    grown = [one for one in held[1:] if one.tasks > first.tasks or one.handles > first.handles]
    return int(bool(failed or grown or most - first.megabytes > GROWTH))
