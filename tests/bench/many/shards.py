"""The processes of a bot, each a shard of its own, on one PostgreSQL and one loopback Discord."""

import asyncio
import signal
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.shard import Shard
from tests.bench.rounds.bot import PROBE
from tests.bench.rounds.probe import Probe
from tests.discord_server import LoopbackDiscord, launched
from tests.discord_server.processes import Process
from tests.matching.worlds import with_model

MODULE = ("tests.bench.rounds.bot",)  # as `bot run`, with a probe
GONE_WITHIN = 30.0  # seconds


@dataclass
class Shards:
    """Starts and ends them. Each has a folder of its own: what they share stands in the database."""

    discord: LoopbackDiscord
    url: str
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    ways: Mapping[int, str] = field(default_factory=dict)  # to the database, of those that have their own
    _up: dict[int, tuple[Shard, Process, AsyncExitStack]] = field(default_factory=dict)

    async def start(self, shard: Shard) -> None:
        """Start one, and wait until it is online."""
        data = self.folder / f"shard-{shard.id}"
        data.mkdir(exist_ok=True)
        environment = {
            "LOG_LEVEL": "INFO",
            **self.environment,
            "DATA_DIR": str(with_model(data)),
            "DATABASE_URL": self.ways.get(shard.id, self.url),
            "SHARD": str(shard),
            PROBE: str(self.folder / f"probe-{shard.id}"),
        }
        stack = AsyncExitStack()
        process = await stack.enter_async_context(
            launched(self.discord, *MODULE, environment=environment, log=self.log(shard.id))
        )
        self._up[shard.id] = shard, process, stack

    async def start_all(self, count: int) -> None:
        """Start all of N at once."""
        await asyncio.gather(*(self.start(Shard(number, count)) for number in range(count)))

    async def end(self, number: int, how: signal.Signals | None = signal.SIGTERM) -> int:
        """End one by a signal, and wait until it is gone from Discord too; its exit status."""
        _, process, stack = self._up.pop(number)
        if how:
            with suppress(ProcessLookupError):
                process.send_signal(how)
        try:
            status = await asyncio.wait_for(process.wait(), GONE_WITHIN)
        finally:
            await stack.aclose()
            self._keep_log(number)
        await self.discord.until(lambda: not self.discord.gateway.has_identified(number) or None, "it is still online")
        return status

    async def revive(self) -> None:
        """Start again whoever has ended by itself, as a host's restart policy does."""
        for number, (shard, process, _) in [*self._up.items()]:
            if process.returncode is not None:
                await self.gone(number)
                with suppress(AssertionError):  # the database may not be there yet: the next time
                    await self.start(shard)
                self._up.setdefault(number, (shard, process, AsyncExitStack()))

    async def end_all(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End all that run, at once."""
        await asyncio.gather(*(self.end(number, how) for number in [*self._up]))

    async def gone(self, number: int) -> int:
        """Wait until one has ended by itself; its exit status."""
        return await self.end(number, None)

    def log(self, number: int) -> Path:
        """What that one has written since it was last started."""
        return self.folder / f"shard-{number}.log"

    def probe(self, number: int) -> Probe:
        """What was seen from inside that one."""
        return Probe.read(self.folder / f"probe-{number}")

    def written(self) -> str:
        """What all have written, all runs of each."""
        return "".join(file.read_text(errors="replace") for file in sorted(self.folder.glob("*.log*")))

    def _keep_log(self, number: int) -> None:
        with (self.folder / f"shard-{number}.log.before").open("a") as before:
            before.write(self.log(number).read_text(errors="replace"))
        self.log(number).unlink()
