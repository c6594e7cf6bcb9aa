"""Rounds of several processes on one database: each has those of its servers, however many there were before."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import app
from bot.service.rounds.engine import Rounds
from bot.service.taught import Learnt
from bot.settings import Settings
from bot.shard import Shard
from bot.storage.database import open_storage
from tests.discord_app.runners import HereRunner
from tests.service.conftest import ANA, Boards, Group, Hours

Process = Callable[[int, int], "asynccontextmanager[Rounds]"]
SERVERS = (8 << 22, 5 << 22)  # of shard 0 and of shard 1 of two


@pytest.fixture
def process(learnt: Learnt, migrated_postgresql: str, clock: Hours, boards: Boards, tmp_path: Path) -> Process:
    """Runs the rounds of a shard as a process of its own would, and kills it when the block is left."""

    @asynccontextmanager
    async def run(shard: int, count: int) -> AsyncIterator[Rounds]:
        of = Shard(shard, count)
        storage = await open_storage(migrated_postgresql, clock, of)
        settings = Settings(data_dir=tmp_path, shard=of)
        made = app.build(settings, clock=clock, storage=storage, worker=HereRunner(), learnt=learnt)
        await made.rounds.recall()
        await made.rounds.open(boards)
        yield made.rounds
        await made.rounds.abandon()
        await storage.close()

    return run


async def heard(*groups: Group) -> None:
    """Until each round has been told of the time in which nobody was there."""
    for group in groups:
        await group.until(lambda group=group: not group.hosted.anew and group.rounds._outage.since is None)


@pytest.mark.slow
async def test_a_round_goes_on_where_its_server_is_and_loses_the_time_of_its_own_shard_only(
    process: Process, clock: Hours
) -> None:
    groups, begun = [], clock.time
    async with process(0, 1) as alone:
        for place, server in enumerate(SERVERS):
            groups.append(Group(alone, clock))
            await groups[-1].start(place=place, server=server)
        for group in groups:
            clock.time = begun
            await group.asked()
            await group.press(ANA)
    first, second = groups
    async with process(0, 2) as rounds:
        first.rounds = rounds
        assert [one.server for one in rounds.going_on()] == [SERVERS[0]]
        async with process(1, 2) as other:
            second.rounds = other
            assert [one.server for one in other.going_on()] == [SERVERS[1]]
            await heard(*groups)
            clock.time += 1.0
            await second.press(ANA + 1)
        unheard = clock.time
        clock.time += 2.0  # of a window of 20
        await first.press(ANA + 1)
    until = clock.time
    async with process(0, 1) as alone:
        assert {one.server for one in alone.going_on()} == {*SERVERS}
        for group in groups:
            group.rounds = alone
        await heard(*groups)
        since = [group.round.turns[-1].downs[-1][0] for group in groups]
        assert since == pytest.approx([until, unheard], abs=0.5)
        for group in groups:
            await group.over()
            assert group.round.turns[-1].void is None
            assert {*group.round.turns[-1].answers} == {ANA, ANA + 1}
