"""Many rounds at once. The loopback Discord and all its members run in this process, the bot in another."""

import asyncio
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.bench.rounds import kept
from tests.bench.rounds.bot import PROBE, PROFILE
from tests.bench.rounds.crowd import Act, Crowd, Size
from tests.bench.rounds.kept import Kept
from tests.bench.rounds.probe import Probe
from tests.discord_server import LoopbackDiscord, launched, openapi
from tests.discord_server.clock import Clock
from tests.discord_server.limits import GlobalLimit
from tests.discord_server.requests import Call
from tests.matching.worlds import with_model

STEP = 0.005  # seconds between two looks of the crowd
READY = 60.0  # seconds that the bot may take to register its commands, or to show its letters
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"


@dataclass
class Outcome:
    """What was measured. Latencies in seconds, lags for each hundredth of a second."""

    latencies: list[float]
    starts: list[float]
    acts: int
    answers: int
    missed: int
    lags: list[float]
    seconds: float
    cpu: float
    waited: float
    own_lags: list[float]
    own_cpu: float
    memory: float
    refused: int
    requests: int
    lost: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    presses: Sequence[Act] = ()
    rounds: dict[str, Kept] = field(default_factory=dict)
    revealed: dict[int, float] = field(default_factory=dict)

    @property
    def reveals(self) -> list[float]:
        """How many seconds after its close each question was revealed."""
        closes = [pair for one in self.rounds.values() for pair in one.closes()]
        return [self.revealed[message] - at for message, at in closes if message in self.revealed]

    @property
    def windows(self) -> list[float]:
        """For how long each question could be answered."""
        return [window for one in self.rounds.values() for window in one.windows()]

    @property
    def voided(self) -> int:
        """Questions that do not count."""
        return sum(bool(turn["void"]) for one in self.rounds.values() for turn in one.state["turns"])

    def latency(self, quantile: float) -> float:
        """Milliseconds."""
        return 1e3 * float(np.quantile(self.latencies, quantile)) if self.latencies else float("nan")

    def lag(self, quantile: float, own: bool = False) -> float:
        """Milliseconds."""
        lags = self.own_lags if own else self.lags
        return 1e3 * float(np.quantile(lags, quantile)) if lags else float("nan")


@dataclass
class _Run:
    """A bot that is up, and the crowd around it."""

    crowd: Crowd
    folder: Path
    probe: Probe


async def rounds(size: Size, profile: Path | None = None) -> Outcome:
    """All rounds from their start to their table."""
    with tempfile.TemporaryDirectory() as folder:
        extra = {PROFILE: str(Path.cwd() / profile)} if profile else {}
        async with running(size, Path(folder), "tests.bench.rounds.bot", extra) as run:
            crowd = run.crowd
            await crowd.discord.until(lambda: crowd.discord.commands[None] or None, "its commands", READY)
            await asyncio.sleep(1)  # the worker of the experiments gets ready
            start = time.time()
            for place in crowd.places:
                crowd.start(place)
            await _play(crowd, until=60.0 + size.questions * (size.seconds + 90.0))
            end = time.time()
        outcome = _outcome(run, start, end)
        outcome.presses, outcome.rounds = crowd.acts, await kept.read(Path(folder) / "tutor.sqlite3")
        outcome.revealed = crowd.revealed
        outcome.answers = sum(kept.locked(act) for act in crowd.acts)
        outcome.lost += kept.lost(crowd.acts, outcome.rounds)
        outcome.lost += [f"{place.channel}: no table" for place in crowd.places if place.table is None]
    return outcome


async def bare(size: Size) -> Outcome:
    """The same presses at a client that does nothing but acknowledge them."""
    with tempfile.TemporaryDirectory() as folder:
        async with running(size, Path(folder), "tests.bench.rounds.bare", {}) as run:
            crowd = run.crowd
            start = time.time()
            await _play(crowd, until=READY + size.seconds, wanted=len(crowd.places))
            end = time.time()
        return _outcome(run, start, end)


@asynccontextmanager
async def running(
    size: Size, folder: Path, module: str, extra: dict[str, str], clock: Clock | None = None
) -> AsyncIterator[_Run]:
    """A bot in a process of its own, and those who will play; what its probe has seen is there after the block."""
    with_model(folder)
    environment = {"DATA_DIR": str(folder), PROBE: str(folder / "probe.jsonl"), "LOG_LEVEL": "WARNING", **extra}
    probe = Probe()
    async with LoopbackDiscord() as discord:
        discord.server.limit = GlobalLimit()
        discord.clock = clock or discord.clock
        run = _Run(Crowd(discord, size), folder, probe)
        with _hurried():
            async with launched(discord, module, environment=environment):
                watching = asyncio.create_task(probe.run())
                yield run
                watching.cancel()


async def _play(crowd: Crowd, until: float, wanted: int = 0) -> None:
    """Until all is over; where no table comes (`wanted` questions are shown instead), until all have pressed."""
    end = time.monotonic() + until
    while time.monotonic() < end:
        crowd.step()
        if crowd.over or (wanted and crowd.shown >= wanted and crowd.idle):
            break
        await asyncio.sleep(STEP)
    await asyncio.sleep(1)  # the last answers


@contextmanager
def busy_loops(number: int) -> Iterator[None]:
    """So many processes of normal priority that do nothing but take a processor."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(number)]
    try:
        yield
    finally:
        for one in loops:
            one.kill()
            one.wait()


@contextmanager
def _hurried() -> Iterator[None]:
    """While time counts, this process collects no garbage and leaves bodies unchecked: that is done afterwards."""
    before = os.environ.get("DISCORD_OPENAPI")
    os.environ["DISCORD_OPENAPI"] = os.devnull
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        del os.environ["DISCORD_OPENAPI"]
        if before is not None:
            os.environ["DISCORD_OPENAPI"] = before


def _latencies(acts: Sequence[Act], calls: Sequence[Call]) -> list[float]:
    """From the moment an interaction was sent until its first response arrived."""
    arrived: dict[int, float] = {}
    for call in calls:
        if call.template == CALLBACK:
            arrived.setdefault(call.number("interaction_id"), call.arrived)
    numbers = [act.interaction for act in acts]
    return [arrived[one.id] - one.sent for one in numbers if one.id in arrived]


def _outcome(run: _Run, start: float, end: float) -> Outcome:
    crowd, inside = run.crowd, Probe.read(run.folder / "probe.jsonl")
    calls, limit = crowd.discord.requests, crowd.discord.server.limit
    return Outcome(
        latencies=_latencies([act for act in crowd.acts if act.player is not act.place.starter], calls),
        starts=_latencies([act for act in crowd.acts if act.player is act.place.starter], calls),
        acts=len(crowd.acts),
        answers=len(crowd.acts),
        missed=crowd.missed,
        lags=inside.late(start, end),
        seconds=end - start,
        cpu=inside.seconds(start, end),
        waited=inside.waited(start, end),
        own_lags=run.probe.late(start, end),
        own_cpu=run.probe.seconds(start, end),
        memory=inside.memory(end),
        refused=limit.refused if limit else 0,
        requests=len(calls),
        lost=kept.unanswered(crowd.acts),
        faults=[*crowd.discord.violations, *(fault for call in calls for fault in openapi.faults(call))],
    )
