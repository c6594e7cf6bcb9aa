"""What a database bears from several processes, and what one process holds: the figures behind "how many shards"."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from bot.clock import SystemClock
from bot.shard import Shard
from bot.storage.across import OpenQuestions
from bot.storage.database import storage_at
from bot.storage.rows import EventRow
from tests.bench.many.shards import Shards
from tests.discord_server import LoopbackDiscord
from tests.discord_server.gateway import HEARTBEAT
from tests.storage.postgresql import Server

WRITERS = (1, 2, 4, 8)
SECONDS, TIMES = 2.0, 3  # of so many times the best counts: other work on the machine only takes away
GROWS = 1.0  # megabytes in some seconds, of a process that is not done with its start
EVENTS = 5  # of as many rounds in a commit: what a shard with some rounds on writes at once
SAFE = "fsync", "full_page_writes"  # off in tests, on in the world


@dataclass(frozen=True, slots=True)
class Held:
    """What one process of a bot holds that is in so many servers: megabytes, connections to the database, and after how
    many seconds it was ready."""

    servers: int
    megabytes: float
    connections: int
    seconds: float


def safely(server: Server) -> None:
    """Have that server keep what it says is kept, as one in the world does."""
    for setting in SAFE:
        server.sql(f"ALTER SYSTEM SET {setting} = on")
    server.sql("SELECT pg_reload_conf()")


def commits(url: str, writers: int) -> float:
    """How many commits of the journal a second so many processes come to together."""
    return max(_commits(url, writers) for _ in range(TIMES))


def _commits(url: str, writers: int) -> float:
    command = [sys.executable, "-m", __name__, url, str(SECONDS)]
    began = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(writers)]
    for one in began:
        assert one.stdout
        assert one.stdin
        one.stdout.readline()  # it is ready
    for one in began:
        assert one.stdin
        one.stdin.write(b"\n")
        one.stdin.flush()
    return sum(float(one.communicate()[0]) for one in began) / SECONDS


async def write(url: str, seconds: float) -> int:
    """Commit events as the journal does, one group after the other; how many groups."""
    storage = storage_at(url, SystemClock())
    name = f"{time.time_ns():x}"[-8:]
    await storage.journal.write(EventRow(name, 0, 0.0, "{}"))
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    end, count = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        count += 1
        await storage.journal.write(*(EventRow(f"{name}{n}", count, 0.0, "x" * 200) for n in range(EVENTS)))
    await storage.close()
    return count


async def looks(url: str) -> float:
    """How many times a second one process can ask what rounds of others are asking, one after the other."""
    return max([await _looks(url, SECONDS) for _ in range(TIMES)])


async def _looks(url: str, seconds: float) -> float:
    storage = storage_at(url, SystemClock())
    questions = OpenQuestions(storage.access, Shard(0, 2))
    end, count = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        count += 1
        await questions.elsewhere(count, (count,), time.time())
    await storage.close()
    return count / seconds


async def held(server: Server, url: str, folder: Path, servers: Sequence[int], channels: int) -> list[Held]:
    """What the first of two processes holds, where each is in so many servers of so many channels."""
    found = []
    for count in servers:
        async with AsyncExitStack() as stack:
            discord = await stack.enter_async_context(LoopbackDiscord())
            discord.gateway.shards = discord.gateway.starts.max_concurrency = 2
            for number in range(2 * count):
                guild = discord.add_guild(f"Server {number}", shard=(number % 2, 2))
                for channel in range(channels):
                    guild.add_channel(f"channel-{channel}")
            shards = Shards(discord, url, folder)
            stack.push_async_callback(shards.end_all)
            began = time.monotonic()
            await shards.start(Shard(0, 2))
            await _heard(discord)
            seconds = time.monotonic() - began
            await shards.start(Shard(1, 2))
            megabytes = await _grown(shards)
            used = server.sql("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")[0][0] - 1
            found.append(Held(count, megabytes, used // 2, seconds))
    return found


async def _grown(shards: Shards) -> float:
    """What the first process holds once it has made what its first answers would have to wait for."""
    before, now = 0.0, 1e9
    while abs(now - before) > GROWS:
        await asyncio.sleep(8)
        before, now = now, shards.probe(0).memory(time.time())
    return now


async def _heard(discord: LoopbackDiscord) -> None:
    """Until the bot has read all that it was told."""
    session = discord.gateway.identified[0]
    pulses = session.pulses
    session.send(HEARTBEAT)
    await discord.until(lambda: session.pulses > pulses or None, "it does not answer", 120)


if __name__ == "__main__":
    print(asyncio.run(write(sys.argv[1], float(sys.argv[2]))), flush=True)
