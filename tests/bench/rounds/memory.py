"""Whole rounds one after the other in one channel, and what memory the bot holds after each tenth.

Fifty rounds of the shortest window take half an hour. Here both clocks, Discord's and the bot's, go `RATE` times as
fast from a common start; what the bot waits for in its event loop (a look at the clock every 0.2 s) does not. The three
seconds for a response are then so short that a busy machine may miss one, which is no fault here.
"""

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench.rounds import kept
from tests.bench.rounds.bot import PACE, FastClock
from tests.bench.rounds.crowd import Crowd, Place, Size
from tests.bench.rounds.load import READY, STEP, running
from tests.bench.rounds.probe import Probe
from tests.discord_server import clock

RATE = 20.0
EVERY = 10
SHORTEST = 10  # seconds of a window
LONGEST, HOUR = 60.0, 200.0  # seconds of real time that a round may take, and one of an hour beyond its hour


class Clock(clock.Clock):
    """Discord's, faster."""

    def __init__(self, pace: FastClock) -> None:
        super().__init__()
        self._pace = pace

    def now(self) -> float:
        return self._pace.now() + self._ahead


async def run(rounds: int, players: int, seed: int) -> tuple[dict[int, float], list[str]]:
    """Megabytes by the number of rounds played, and what was lost."""
    size = Size(rounds=1, servers=1, players=players, questions=2, seconds=SHORTEST, seed=seed)
    pace = FastClock(time.time(), RATE)
    with tempfile.TemporaryDirectory() as folder:
        async with running(size, Path(folder), "tests.bench.rounds.bot", {PACE: str(pace)}, Clock(pace)) as under_way:
            crowd = under_way.crowd
            crowd.rate = RATE
            await crowd.discord.until(lambda: crowd.discord.commands[None] or None, "its commands", READY)
            await asyncio.sleep(1)
            ends = [await _played(crowd, crowd.places[0]) for _ in range(rounds)]
        probe = Probe.read(Path(folder) / "probe.jsonl")
        lost = kept.lost(crowd.acts, await kept.read(Path(folder) / "tutor.sqlite3"))
    return {n: probe.memory(end) for n, end in enumerate(ends, start=1) if n % EVERY == 0 or n == 1}, lost


async def hour(players: int, seed: int, rate: float = RATE) -> tuple[float, list[str]]:
    """A round of an hour, `rate` times as fast: how many seconds it lasted by the clocks, and what was lost."""
    size = Size(rounds=1, servers=1, players=players, questions=20, seconds=177, seed=seed)  # and 3 seconds of pause
    pace = FastClock(time.time(), rate)
    with tempfile.TemporaryDirectory() as folder:
        async with running(size, Path(folder), "tests.bench.rounds.bot", {PACE: str(pace)}, Clock(pace)) as under_way:
            crowd = under_way.crowd
            crowd.rate = rate
            await crowd.discord.until(lambda: crowd.discord.commands[None] or None, "its commands", READY)
            began = pace.now()
            await _played(crowd, crowd.places[0], within=3700 / rate + HOUR)
            lasted = pace.now() - began
        rounds = await kept.read(Path(folder) / "tutor.sqlite3")
    lost = kept.lost(crowd.acts, rounds)
    return lasted, lost + [f"a question was voided: {turn['void']}" for turn in _turns(rounds) if turn["void"]]


def _turns(rounds: dict[str, kept.Kept]) -> list[dict[str, Any]]:
    return [turn for one in rounds.values() for turn in one.state["turns"]]


async def _played(crowd: Crowd, place: Place, within: float = LONGEST) -> float:
    """A whole round; when it was over. Raises TimeoutError."""
    crowd.start(place)
    async with asyncio.timeout(within):
        while not crowd.over:
            crowd.step()
            await asyncio.sleep(STEP)
    await asyncio.sleep(0.5)  # the receipt that is asked for at the end
    return time.time()
