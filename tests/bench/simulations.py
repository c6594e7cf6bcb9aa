"""What experiments cost: time and memory of each, the worker's start, pictures, and `/ask` while the worker is busy."""

import asyncio
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from bot import app
from bot.discord_app.client import TutorClient
from bot.settings import Settings
from bot.simulations.experiments import Request, experiments, prepare
from bot.simulations.worker import ONE_THREAD, Worker
from tests.discord_app.conftest import ASK
from tests.discord_server import LoopbackDiscord

SEEDS = range(3)
ASKED = 60


def run(loops: bool = True) -> int:
    """Prints all of it."""
    _each()
    _pictures()
    if loops:
        print("\nTraining loops, one thread each, median")
        environment = os.environ | ONE_THREAD
        subprocess.run([sys.executable, "-m", "tests.bench.loops"], env=environment, check=True)
    asyncio.run(_busy())
    return 0


def _each() -> None:
    print(f"{'experiment':<20}{'median':>10}{'slowest':>10}{'peak memory':>14}")
    for experiment in experiments():
        worker = Worker()
        done = [worker.run_now(prepare(experiment.name, seed=seed)) for seed in SEEDS]
        seconds = sorted(one.runs[0].seconds for one in done)
        memory = _peak(worker)
        worker.close()
        print(f"{experiment.name:<20}{median(seconds):>8.2f} s{seconds[-1]:>8.2f} s{memory:>14}")


def _peak(worker: Worker) -> str:
    """The most memory that the worker's process has held; told by Linux only."""
    process = worker._process._child.pid  # type: ignore[union-attr]
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return "unknown"
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return f"{int(kilobytes) / 1024:.0f} MB"


def _pictures() -> None:
    quick = prepare("logistic-hidden")
    worker = Worker()
    start, drawn = _timed(worker, quick), replace(quick, picture=True)
    first = _timed(worker, drawn)
    plain = median(_timed(worker, quick) for _ in range(9))
    times = []
    for experiment in experiments():
        request = replace(prepare(experiment.name), picture=True)
        began = perf_counter()
        result = worker.run_now(request)
        times.append((perf_counter() - began - result.runs[0].seconds, experiment.name))
    worker.close()
    slowest = max(times)
    print(f"\nworker: started and run {start:.2f} s; first picture {first:.2f} s; a run there and back {plain:.3f} s")
    print(f"picture, warm: median {median(t for t, _ in times):.2f} s, slowest {slowest[0]:.2f} s ({slowest[1]})")


def _timed(worker: Worker, request: Request) -> float:
    began = perf_counter()
    worker.run_now(request)
    return perf_counter() - began


async def _busy() -> None:
    """Through the real client on the loopback: the time from the member's command to the answer that they see."""
    with tempfile.TemporaryDirectory() as folder:
        async with app.opened(Settings(data_dir=Path(folder))) as built, LoopbackDiscord() as discord:
            guild = discord.add_guild("Study group")
            channel, ana, ben = guild.add_channel("general"), guild.add_member("Ana"), guild.add_member("Ben")
            client = TutorClient(built, Path(folder) / "heartbeat")
            async with discord.running(client):
                await ana.uses("/simulate", experiment="momentum", in_=channel, within=60)  # the worker starts with it
                idle = await _asked(ben, channel)
                running = asyncio.create_task(_keep_busy(ana, channel))
                busy = await _asked(ben, channel)
                running.cancel()
                await built.laboratory.experiments.close()  # while there still is a connection
                await asyncio.gather(running, return_exceptions=True)
    print(f"\n/ask through the loopback, {ASKED} times")
    for name, seconds in (("worker idle", idle), ("worker busy", busy)):
        print(f"{name}: median {1e3 * median(seconds):.0f} ms, p95 {1e3 * quantiles(seconds, n=20)[-1]:.0f} ms")


async def _asked(person, channel) -> list[float]:  # type: ignore[no-untyped-def]
    times = []
    for _ in range(ASKED):
        began = perf_counter()
        await person.uses("/ask", question=ASK, private=True, in_=channel)
        times.append(perf_counter() - began)
    return times


async def _keep_busy(person, channel) -> None:  # type: ignore[no-untyped-def]
    while True:
        await person.uses("/simulate", experiment="selu-depth", in_=channel, within=60)
