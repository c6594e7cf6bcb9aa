"""Several processes on one PostgreSQL, with a round in each: nothing is lost or there twice, and the others go on."""

import signal

import pytest

from tests.bench.many import scenarios
from tests.bench.many.scene import playing
from tests.bench.rounds.crowd import Size
from tests.discord_server.shown import Shown
from tests.storage.postgresql import Server
from tests.storage.way import way_to

pytestmark = pytest.mark.slow

SMALL = Size(rounds=2, servers=2, players=3, questions=1, seconds=10, kinds="choice,open", shards=2, disputes=True)
RATE = 3.0


async def test_one_is_killed_or_ended_in_mid_question_and_the_other_goes_on(migrated_postgresql: str) -> None:
    async with playing(migrated_postgresql, SMALL, RATE) as scene:
        await scenarios.ended(scene, 1, signal.SIGKILL, 2)
        await scenarios.ended(scene, 0, signal.SIGTERM, 2)
        await scene.over()
        assert await scene.faults() == []
        channel = scene.crowd.places[0].channel
        channel.messages[0] = next(one for one in channel.messages.values() if "Question 1" in Shown(one).text)
        assert len(await scene.faults()) == 1  # where a question is there twice that is seen


async def test_the_database_is_restarted_under_both(postgresql_server: Server, migrated_postgresql: str) -> None:
    async with playing(migrated_postgresql, SMALL, RATE) as scene:
        await scenarios.database_restarted(scene, postgresql_server, "fast", 2)
        await scenarios.database_restarted(scene, postgresql_server, "immediate", 2)
        await scene.over()
        assert await scene.faults() == []


async def test_one_has_no_way_to_the_database_for_a_moment_then_until_it_ends(
    migrated_postgresql: str,
) -> None:
    url = migrated_postgresql
    async with way_to(url) as (way, by_it), playing(url, SMALL, RATE, {1: by_it}) as scene:
        await scenarios.cut_off(scene, way, 1, 2)
        await scenarios.given_up(scene, way, 1, 2)
        await scene.over()
        assert await scene.faults() == []


async def test_one_becomes_two_and_one_again(migrated_postgresql: str) -> None:
    async with playing(migrated_postgresql, SMALL, RATE, begin_with=1) as scene:
        await scenarios.renumbered(scene, 1, 2)
        await scenarios.renumbered(scene, 2, 1)
        await scene.over()
        assert await scene.faults() == []
