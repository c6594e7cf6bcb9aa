"""The figures of several processes on one database, printed."""

import asyncio
import signal
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.bench.many import costs, scenarios
from tests.bench.many.scenarios import Fared
from tests.bench.many.scene import Scene, playing
from tests.bench.rounds.crowd import Size
from tests.storage import postgresql
from tests.storage.postgresql import Server
from tests.storage.way import Way, way_to

SHOWN = 5  # faults
FEW, MANY, CHANNELS = 1, 1300, 30  # servers of a shard


def run(size: Size, only: str = "") -> int:
    """Print all of it, or of the faults only those whose name has that in it; 1 where anything was lost or doubled."""
    with postgresql.running() as server:
        costs.safely(server)
        server.migrate_template()
        print(f"  {'':<44}{'back after':>12}{'locked':>9}{'lost':>6}{'the others: slowest':>21}{'of':>7}")
        lost = sum([_fault(server, size, name) for name in FAULTS if only in name])
        if not only:
            _costs(server)
    return int(lost > 0)


def _fault(server: Server, size: Size, name: str) -> int:
    with server.database(postgresql.TEMPLATE) as url:
        fared, answers, faults = asyncio.run(_played(server, url, size, name))
    others = f"{1e3 * fared.slowest:.0f} ms" if fared.presses else ""
    print(f"  {name:<44}{fared.back:>10.1f} s{answers:>9,}{len(faults):>6}{others:>21}{fared.presses or '':>7}")
    for fault in faults[:SHOWN]:
        print(f"    {fault}")
    return len(faults)


async def _played(server: Server, url: str, size: Size, name: str) -> tuple[Fared, int, list[str]]:
    async with way_to(url) as (way, by_it):
        begin_with = 1 if name == _MORE else None
        async with playing(url, size, ways={1: by_it}, begin_with=begin_with) as scene:
            fared = await FAULTS[name](scene, server, way)
            await scene.over()
            return fared, scene.answered(), await scene.faults()


def _costs(server: Server) -> None:
    with server.database(postgresql.TEMPLATE) as url, tempfile.TemporaryDirectory() as folder:
        print("\n  commits of the journal a second, all processes together (the disk is waited for):")
        print("  " + "   ".join(f"{count}: {costs.commits(url, count):,.0f}" for count in costs.WRITERS))
        print(f"  looks at what others ask, a second, of one process: {asyncio.run(costs.looks(url)):,.0f}")
        for one in asyncio.run(costs.held(server, url, Path(folder), (FEW, MANY), CHANNELS)):
            print(
                f"  a process in {one.servers:,} servers of {CHANNELS} channels: {one.megabytes:.0f} MB, "
                f"{one.connections} connections, ready after {one.seconds:.1f} s"
            )


Fault = Callable[[Scene, Server, Way], Awaitable[Fared]]
_MORE = "one process becomes two"
FAULTS: dict[str, Fault] = {
    "one of two is killed, and started again": lambda scene, *_: scenarios.ended(scene, 1, signal.SIGKILL, 2),
    "one of two is ended, and started again": lambda scene, *_: scenarios.ended(scene, 1, signal.SIGTERM, 2),
    "the database restarts": lambda scene, server, _: scenarios.database_restarted(scene, server, "fast", 2),
    "the database crashes, and starts": lambda scene, server, _: scenarios.database_restarted(
        scene, server, "immediate", 2
    ),
    "one has no way to the database for 3 s": lambda scene, _, way: scenarios.cut_off(scene, way, 1, 2),
    "one has no way to it until it gives up": lambda scene, _, way: scenarios.given_up(scene, way, 1, 2),
    _MORE: lambda scene, *_: scenarios.renumbered(scene, 1, 2),
    "two processes become one": lambda scene, *_: scenarios.renumbered(scene, 2, 1),
    "both are restarted, one after the other": lambda scene, *_: scenarios.rolled(scene, 2),
}
