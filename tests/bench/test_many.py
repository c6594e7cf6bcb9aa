"""Several processes on one PostgreSQL, with a round in each: nothing is lost or there twice, and the others go on."""

import asyncio
import signal

import pytest

from bot.shard import Shard
from tests.bench.many.scene import Scene, playing
from tests.bench.many.shards import Way
from tests.bench.rounds.crowd import Size
from tests.discord_server.shown import Shown
from tests.storage.postgresql import Server

pytestmark = pytest.mark.slow

SMALL = Size(rounds=2, servers=2, players=3, questions=1, seconds=10, kinds="choice,open", shards=2, disputes=True)
RATE = 3.0


async def goes_on(scene: Scene, number: int) -> None:
    """Until an answer more is locked in that shard."""
    places = scene.places(number, 2)
    before = scene.answered(places)
    await scene.until(lambda: scene.answered(places) > before, f"shard {number} does not go on")


async def test_one_is_killed_or_ended_in_mid_question_and_the_other_goes_on(migrated_postgresql: str) -> None:
    async with playing(migrated_postgresql, SMALL, RATE) as scene:
        for number, how in ((1, signal.SIGKILL), (0, signal.SIGTERM)):
            await goes_on(scene, number)  # so that a question is open
            await scene.shards.end(number, how)
            await goes_on(scene, 1 - number)
            await scene.shards.start(Shard(number, 2))
        await asyncio.gather(goes_on(scene, 0), goes_on(scene, 1))
        await scene.over()
        assert await scene.faults() == []
        channel = scene.crowd.places[0].channel
        channel.messages[0] = next(one for one in channel.messages.values() if "Question 1" in Shown(one).text)
        assert len(await scene.faults()) == 1  # where a question is there twice that is seen


async def test_the_database_is_restarted_under_both(postgresql_server: Server, migrated_postgresql: str) -> None:
    async with playing(migrated_postgresql, SMALL, RATE) as scene:
        for how in ("fast", "immediate"):
            await asyncio.gather(goes_on(scene, 0), goes_on(scene, 1))
            await asyncio.to_thread(postgresql_server.restart, how)
        await asyncio.gather(goes_on(scene, 0), goes_on(scene, 1))
        await scene.over()
        assert await scene.faults() == []


async def test_one_has_no_way_to_the_database_for_a_moment(migrated_postgresql: str) -> None:
    async with (
        Way(migrated_postgresql).there() as way,
        playing(migrated_postgresql, SMALL, RATE, {1: way.url}) as scene,
    ):
        await goes_on(scene, 1)
        way.cut()
        await goes_on(scene, 0)
        way.mend()
        await goes_on(scene, 1)
        await scene.over()
        assert await scene.faults() == []


async def test_one_becomes_two_and_one_again(migrated_postgresql: str) -> None:
    async with playing(migrated_postgresql, SMALL, RATE) as scene:
        for count in (1, 2):
            await asyncio.gather(goes_on(scene, 0), goes_on(scene, 1))
            await scene.shards.end_all()
            await scene.shards.start_all(count)
        await asyncio.gather(goes_on(scene, 0), goes_on(scene, 1))
        await scene.over()
        assert await scene.faults() == []
