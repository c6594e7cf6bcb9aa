"""How far one event walks through the code: the functions and files of ours that ran for it, by sys.setprofile.

The real client on the loopback Discord, one member, everything warm: each event is done once before it is counted.
Counted is every code object under bot/ that was entered from the event to its answer: functions, and the comprehensions
and lambdas in them, and what ticked meanwhile (the quiz's clock, the gateway's events).
"""

import asyncio
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import bot
from bot import app
from bot.discord_app import client
from bot.settings import Settings
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel
from tests.discord_server.people import Person
from tests.discord_server.pointing import pointed_at
from tests.discord_server.shown import Shown

HOUSE = Path(bot.__file__).resolve().parent
SETTLED = 0.5  # seconds after which what the last event left behind (a picture sent, a row written) is done
ASKED = "can biases start at zero"
GOALS = {"/ask": (120, 28), "press in a round": (55, 18)}  # functions, files


@dataclass
class Walk:
    """What ran while one thing was done: code objects of ours, in the order in which they were first entered."""

    entered: dict[CodeType, None] = field(default_factory=dict)

    def _note(self, frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code not in self.entered and code.co_filename.startswith(str(HOUSE)):
            self.entered[code] = None

    async def during(self, doing: Awaitable[Any]) -> Any:
        """Awaits it, noting what runs in this thread. What awaits the whole of this measurement is no part of it."""
        task = asyncio.ensure_future(doing)
        task.add_done_callback(lambda _: sys.setprofile(None))
        sys.setprofile(self._note)
        return await task

    def by_file(self) -> Mapping[str, list[str]]:
        """The functions that ran, by file, in the order in which they were first entered."""
        files = defaultdict(list)
        for code in self.entered:
            files[str(Path(code.co_filename).relative_to(HOUSE))].append(code.co_qualname)
        return files


async def _measured(world: LoopbackDiscord, ana: Person, mo: Person, channel: Channel) -> dict[str, Mapping[str, Any]]:
    async def ask() -> object:
        return await ana.uses("/ask", question=ASKED, in_=channel)

    async def simulate() -> object:
        return await ana.uses("/simulate", experiment="momentum", in_=channel, within=60)

    async def help_() -> object:
        return await ana.uses("/help", in_=channel)

    found = {}
    for name, step in (("/ask", ask), ("/simulate", simulate), ("/help", help_)):
        found[name] = await _walked(step)
    shown = await _question(world, mo, channel)
    letters = iter("AB")

    async def press() -> object:
        return await ana.presses(shown.button(next(letters)))

    found["press in a round"] = await _walked(press)
    return found


async def _walked(step: Callable[[], Awaitable[object]]) -> Mapping[str, list[str]]:
    """What runs when it is done for the second time."""
    await step()
    await asyncio.sleep(SETTLED)
    walk = Walk()
    await walk.during(step())
    return walk.by_file()


async def _question(world: LoopbackDiscord, mo: Person, channel: Channel) -> Shown:
    """A round whose first question is open, for long."""
    options = {"questions": 1, "kinds": "choice", "seconds": 300, "topics": "selu"}
    await mo.uses("/quiz start", in_=channel, options=options)
    world.advance(16)

    def asked() -> Shown | None:
        return next((one for one in mo.sees(channel) if "Question 1 of" in one.text and one.buttons), None)

    return await world.until(asked, "the question", 10)


async def _all(data: Path, knowledge: Path) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    async with LoopbackDiscord() as world:
        guild = world.add_guild("Study group", bot_permissions=["send_messages"])
        channel = guild.add_channel("general")
        ana, mo = guild.add_member("Ana"), guild.add_member("Mo", permissions=["manage_messages"])

        async def door(*given: Any) -> None:
            serving = asyncio.create_task(client.run(*given))
            try:
                await world.online(serving)
                found.update(await _measured(world, ana, mo, channel))
            finally:
                serving.cancel()
                await asyncio.gather(serving, return_exceptions=True)

        with pointed_at(world.url):
            settings = Settings(discord_token=world.token, data_dir=data, knowledge_dir=knowledge)  # type: ignore[arg-type]
            await app.serve(settings, door, world.clock)
    return found


def run(knowledge: Path, verbose: bool) -> int:
    """Prints functions and files of each event; `verbose` names them. Returns 1 where a goal is missed."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as data:
        found = asyncio.run(_all(Path(data), knowledge))
    missed = False
    print(f"{'one':<20}{'functions':>10}{'files':>7}   goal")
    for name, files in found.items():
        functions, goal = sum(map(len, files.values())), GOALS.get(name)
        missed |= bool(goal and (functions > goal[0] or len(files) > goal[1]))
        print(f"{name:<20}{functions:>10}{len(files):>7}   {f'{goal[0]} / {goal[1]}' if goal else '-'}")
        for file, names in files.items() if verbose else ():
            print(f"    {file}: {', '.join(names)}")
    print(f"({time.perf_counter() - began:.0f} s)")
    return int(missed)
