"""What answering costs in processor time, beside a bare discord.py client that sends the very same messages.

Both run as processes of their own on loopback Discords, and take turns, so that both meet the same disturbances. The
bare client is told beforehand what the bot has answered; what is left to it is what discord.py does for any answer.
"""

import asyncio
import cProfile
import json
import os
import pstats
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import app, settings
from bot.discord_app import client
from bot.service.application import App
from bot.settings import Settings
from tests.bench.processes import processor_seconds
from tests.discord_server import LoopbackDiscord, launched
from tests.discord_server.model import Channel
from tests.discord_server.people import Person
from tests.matching.worlds import with_model

QUESTIONS = (
    "why are the first weights random",
    "can all biases start at zero?",
    "what is the advantage of selu over relu",
    "which activation fits the output layer of a classifier",
    "what happens when the momentum is set almost to 1",
    "how can I get a sparse model",
    "does dropout slow down training",
    "does dropout slow inference",
)
TYPED = ("", "dro", "act", "momentum", "why")
WARMED, TURN = 40, 25  # uses before anything is counted; uses until it is the other's turn
PATIENCE = 30.0
PROFILE = "BENCH_PROFILE"  # a variable of the environment
WAYS = ("/ask", "mention", "completion")
SHOWN = 14

Way = Callable[[int], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Served:
    """A client that runs, and a member of the loopback Discord that it is in."""

    pid: int
    ana: Person
    channel: Channel

    def ways(self) -> Mapping[str, Way]:
        """What Ana can do, each for the turn that it is given the number of."""
        return {"/ask": self.asks, "mention": self.mentions, "completion": self.types}

    async def asks(self, turn: int) -> Any:
        """The message shown for `/ask`."""
        question = QUESTIONS[turn % len(QUESTIONS)]
        return await self.ana.uses("/ask", question=question, in_=self.channel, within=PATIENCE)

    async def mentions(self, turn: int) -> Any:
        """The reply to a mention."""
        bot = self.ana.world.bot.mention
        return await self.ana.says(self.channel, f"{bot} {QUESTIONS[turn % len(QUESTIONS)]}", within=PATIENCE)

    async def types(self, turn: int) -> Any:
        """What is completed."""
        return await self.ana.types("/ask", question=TYPED[turn % len(TYPED)], in_=self.channel, within=PATIENCE)


async def _started(stack: AsyncExitStack, *command: str, **environment: str) -> Served:
    discord = await stack.enter_async_context(LoopbackDiscord())
    guild = discord.add_guild("Study group", bot_permissions=["send_messages"])
    channel, ana = guild.add_channel("general"), guild.add_member("Ana")
    process = await stack.enter_async_context(launched(discord, *command, environment=environment))
    await discord.until(lambda: discord.commands[None] or None, "its commands", PATIENCE)
    return Served(process.pid, ana, channel)


async def _answers(bot: Served) -> dict[str, Any]:
    """What the bot answers, as Discord is sent it."""
    asked = {text: (await bot.asks(i)).message.components for i, text in enumerate(QUESTIONS)}
    typed = {text: [[one.name, one.value] for one in await bot.types(i)] for i, text in enumerate(TYPED)}
    return {"asked": asked, "typed": typed}


async def _compared(times: int, data: Path) -> dict[str, tuple[float, float]]:
    """Of each way, the processor seconds that one use has cost the bot and the bare client."""
    with_model(data)
    async with AsyncExitStack() as stack:
        bot = await _started(stack, "bot", "run", DATA_DIR=str(data), LOG_LEVEL="WARNING")
        (data / "answers.json").write_text(json.dumps(await _answers(bot)))
        bare = await _started(stack, "tests.bench.bare", str(data / "answers.json"))
        for way in WAYS:
            await _spent(bot, way, WARMED)
            await _spent(bare, way, WARMED)
        found = {}
        for way in WAYS:
            turns = [(await _spent(bot, way, TURN), await _spent(bare, way, TURN)) for _ in range(times // TURN)]
            found[way] = (sum(ours for ours, _ in turns) / times, sum(floor for _, floor in turns) / times)
        return found


async def _spent(served: Served, way: str, times: int) -> float:
    before = processor_seconds(served.pid)
    for turn in range(times):
        await served.ways()[way](turn)
    return processor_seconds(served.pid) - before


async def _profiled(way: str, times: int, data: Path) -> Counter[str]:
    """Where the bot's processor seconds go by room while a way is used so often, by cProfile, which slows all of it."""
    file = data / "profile"
    async with AsyncExitStack() as stack:
        bot = await _started(stack, "tests.bench.ask", DATA_DIR=str(data), LOG_LEVEL="WARNING", **{PROFILE: str(file)})
        await _spent(bot, way, WARMED)
        os.kill(bot.pid, signal.SIGUSR1)
        await _spent(bot, way, times)
    return _rooms(pstats.Stats(str(file)))


async def _door(chosen: Settings, built: App) -> None:
    """The door of `run`, profiled from a signal on."""
    profile = cProfile.Profile(time.process_time)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, profile.enable)
    try:
        await client.run(chosen, built)
    finally:
        profile.disable()
        profile.dump_stats(os.environ[PROFILE])


def run(times: int, profile: bool) -> int:
    """Print processor times and how many times the bare client's they are; with `profile`, where they are spent."""
    times = max(TURN, times // TURN * TURN)
    with tempfile.TemporaryDirectory() as data:
        found = asyncio.run(_compared(times, Path(data)))
        print(f"{'':<14}{'bot':>10}{'bare':>10}{'times':>8}")
        for way, (ours, floor) in found.items():
            print(f"{way:<14}{1e3 * ours:>7.2f} ms{1e3 * floor:>7.2f} ms{ours / floor:>8.2f}")
        for way in WAYS if profile else ():
            print(f"\n{way}: where the time goes")
            for room, seconds in asyncio.run(_profiled(way, times, Path(data))).most_common(SHOWN):
                print(f"    {room:<28}{1e3 * seconds / times:>7.3f} ms")
    return 0


def _rooms(stats: pstats.Stats) -> Counter[str]:
    """Seconds by room of ours and package of others."""
    found = Counter[str]()
    for (file, _, _), (_, _, own, _, _) in stats.stats.items():  # type: ignore[attr-defined]
        path = Path(file)
        if "bot" in path.parts and "site-packages" not in path.parts:
            found[".".join(path.parts[path.parts.index("bot") :][:2])] += own
        elif "site-packages" in path.parts:
            found[path.parts[path.parts.index("site-packages") + 1]] += own
        else:
            found[path.stem if file != "~" else "built in"] += own
    return found


if __name__ == "__main__":
    asyncio.run(app.serve(settings.load(), _door))
