"""The processes of a bot, each a shard of its own, on one PostgreSQL and one loopback Discord; ways that can be cut."""

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import make_url

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
    _up: dict[int, tuple[Process, AsyncExitStack]] = field(default_factory=dict)

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
        self._up[shard.id] = process, stack

    async def start_all(self, count: int) -> None:
        """Start all of N at once."""
        await asyncio.gather(*(self.start(Shard(number, count)) for number in range(count)))

    async def end(self, number: int, how: signal.Signals = signal.SIGTERM) -> int:
        """End one by a signal, and wait until it is gone from Discord too; its exit status."""
        process, stack = self._up.pop(number)
        with suppress(ProcessLookupError):
            process.send_signal(how)
        try:
            status = await asyncio.wait_for(process.wait(), GONE_WITHIN)
        finally:
            await stack.aclose()
            self._keep_log(number)
        await self.discord.until(lambda: not self.discord.gateway.has_identified(number) or None, "it is still online")
        return status

    async def end_all(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End all that run, at once."""
        await asyncio.gather(*(self.end(number, how) for number in [*self._up]))

    def process(self, number: int) -> Process:
        """The one that runs as that shard."""
        return self._up[number][0]

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


class Way:
    """A way to a database that can be cut: what is sent then neither arrives nor fails, as where a network is gone."""

    def __init__(self, url: str) -> None:
        self._to = make_url(url)
        self._server: asyncio.Server | None = None
        self._open = asyncio.Event()
        self._open.set()

    @property
    def url(self) -> str:
        """The address of that database by this way."""
        assert self._server
        port = self._server.sockets[0].getsockname()[1]
        return self._to.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)

    def cut(self) -> None:
        self._open.clear()

    def mend(self) -> None:
        self._open.set()

    @asynccontextmanager
    async def there(self) -> AsyncIterator["Way"]:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        try:
            yield self
        finally:
            self.mend()
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._open.wait()
        try:
            back, forth = await asyncio.open_connection(self._to.host, self._to.port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(self._pass(reader, forth), self._pass(back, writer))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while sent := await reader.read(1 << 16):
                await self._open.wait()
                writer.write(sent)
                await writer.drain()
        with suppress(OSError):
            writer.close()
