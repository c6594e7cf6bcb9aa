"""What fails under those who play: each is done to a scene, and says how those fared whom it does not concern."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.shard import Shard
from tests.bench.many.scene import Scene
from tests.bench.rounds.crowd import Place
from tests.discord_server import NoAnswer
from tests.storage.postgresql import Server
from tests.storage.way import Way

A_WHILE = 3.0  # seconds that a network is gone: shorter than an owner waits until it gives up


@dataclass(frozen=True, slots=True)
class Fared:
    """How one fault went. `back`: seconds from when it was mended until all that it concerned locks answers again;
    `slowest`: of the responses in the others meanwhile, in seconds, and `presses`: how many these were."""

    back: float
    slowest: float = 0.0
    presses: int = 0


async def ended(scene: Scene, number: int, how: signal.Signals, shards: int) -> Fared:
    """One process ends by a signal in mid-question, and another takes its place."""

    async def fault() -> float:
        await scene.shards.end(number, how)
        await goes_on(scene, scene.others([number], shards))
        mended = time.monotonic()
        await scene.shards.start(Shard(number, shards))
        return mended

    return await _during(scene, [number], shards, fault)


async def database_restarted(scene: Scene, server: Server, how: Literal["fast", "immediate"], shards: int) -> Fared:
    """The database is stopped and started under all."""

    async def fault() -> float:
        await asyncio.to_thread(server.stop, how)
        await asyncio.to_thread(server.start)
        return time.monotonic()

    return await _during(scene, range(shards), shards, fault)


async def cut_off(scene: Scene, way: Way, number: int, shards: int) -> Fared:
    """One process has no way to the database for a while."""

    async def fault() -> float:
        way.cut()
        await asyncio.sleep(A_WHILE)
        way.mend()
        mended = time.monotonic()
        await goes_on(scene, scene.others([number], shards))
        return mended

    return await _during(scene, [number], shards, fault)


async def given_up(scene: Scene, way: Way, number: int, shards: int) -> Fared:
    """One process has no way to the database for so long that it ends, and another takes its place."""

    async def fault() -> float:
        way.cut()
        status = await scene.shards.gone(number)
        assert status == 1, status
        way.give_up()
        way.mend()
        mended = time.monotonic()
        await scene.shards.start(Shard(number, shards))
        return mended

    return await _during(scene, [number], shards, fault)


async def renumbered(scene: Scene, shards: int, to: int) -> Fared:
    """All end, and so many start."""

    async def fault() -> float:
        await scene.shards.end_all()
        mended = time.monotonic()
        await scene.shards.start_all(to)
        return mended

    return await _during(scene, range(shards), shards, fault)


async def rolled(scene: Scene, shards: int) -> Fared:
    """All are restarted, one after the other."""
    fared = [await ended(scene, number, signal.SIGTERM, shards) for number in range(shards)]
    return Fared(max(one.back for one in fared), max(one.slowest for one in fared), sum(one.presses for one in fared))


async def goes_on(scene: Scene, places: Sequence[Place]) -> None:
    """Until an answer more is locked in each of these."""
    before = {place.number: scene.answered([place]) for place in places}

    def waited_for() -> list[Place]:
        return [place for place in places if scene.answered([place]) == before[place.number]]

    try:
        await scene.until(lambda: not waited_for(), "a round does not go on")
    except NoAnswer as error:
        error.add_note(f"in {', '.join(str(place.channel) for place in waited_for())}")
        raise


async def _during(scene: Scene, concerned: Sequence[int], shards: int, fault: Callable[[], Awaitable[float]]) -> Fared:
    affected = [place for number in concerned for place in scene.places(number, shards)]
    others = scene.others(concerned, shards)
    await goes_on(scene, affected)  # so that questions are open
    acts = len(scene.crowd.acts)
    mended = await fault()
    meanwhile = [act for act in scene.crowd.acts[acts:] if act.place in others]
    await goes_on(scene, affected)
    return Fared(time.monotonic() - mended, scene.slowest(meanwhile), len(meanwhile))
