"""The bot as a process that is watched from the inside: `python -m bot run`, with a probe in its event loop."""

import asyncio
import cProfile
import os
import time
from pathlib import Path

from bot import app, logs, settings
from bot.clock import Clock
from bot.discord_app import client
from bot.service.application import App
from bot.settings import Settings
from tests.bench.rounds.probe import Probe

PROBE, PROFILE, PACE = "BENCH_PROBE", "BENCH_PROFILE", "BENCH_PACE"  # variables of its environment


class FastClock:
    """Time that goes `rate` times as fast since `origin`, in whichever process it is read."""

    def __init__(self, origin: float, rate: float) -> None:
        self._origin, self._rate = origin, rate

    @classmethod
    def written(cls, text: str) -> "FastClock":
        """From what `str` gives."""
        origin, rate = text.split()
        return cls(float(origin), float(rate))

    def now(self) -> float:
        return self._origin + self._rate * (time.time() - self._origin)

    async def sleep(self, seconds: float) -> None:
        """In real time: the bot does as much work a second as ever."""
        await asyncio.sleep(seconds)

    def __str__(self) -> str:
        return f"{self._origin} {self._rate}"


async def watched(chosen: Settings, built: App) -> None:
    """The door of `run`, and the probe beside it."""
    watching = asyncio.create_task(Probe().run(Path(os.environ[PROBE])))
    try:
        await client.run(chosen, built)
    finally:
        watching.cancel()


def main() -> None:
    chosen = settings.load()
    logs.configure(chosen)
    clock: Clock | None = FastClock.written(os.environ[PACE]) if PACE in os.environ else None
    profile = cProfile.Profile()
    serving = app.serve(chosen, watched, clock)
    if PROFILE in os.environ:
        profile.runcall(asyncio.run, serving)
        profile.dump_stats(os.environ[PROFILE])
    else:
        asyncio.run(serving)


if __name__ == "__main__":
    main()
