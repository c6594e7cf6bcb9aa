"""Real processes on one PostgreSQL: that they begin together, who is refused, what one keeps back for another."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from bot.shard import Shard
from tests.discord_app.conftest import TITLE
from tests.discord_app.rounds.killing import Place
from tests.discord_server import LoopbackDiscord, launched
from tests.discord_server.model import Channel
from tests.discord_server.people import Person
from tests.matching.worlds import with_model

pytestmark = pytest.mark.slow

MOMENTUM = "is momentum 0.99999 bad?"
KEPT_BACK = "That is being asked in a quiz round right now."
SERVERS = 2600


def environment(url: str, shard: Shard, folder: Path) -> Mapping[str, str]:
    folder = folder / f"shard-{shard.id}"
    folder.mkdir(parents=True, exist_ok=True)
    return {"DATABASE_URL": url, "SHARD": str(shard), "DATA_DIR": str(with_model(folder))}


@asynccontextmanager
async def all_of(count: int, loopback: LoopbackDiscord, url: str, folder: Path) -> AsyncIterator[None]:
    """So many processes, begun at once."""
    loopback.gateway.shards = loopback.gateway.starts.max_concurrency = count
    async with AsyncExitStack() as stack:
        shards = [environment(url, Shard(number, count), folder) for number in range(count)]
        runs = [launched(loopback, "bot", "run", environment=one) for one in shards]
        await asyncio.gather(*(stack.enter_async_context(one) for one in runs))
        yield


async def refused(loopback: LoopbackDiscord, url: str, shard: Shard, folder: Path) -> str:
    """What a process says that does not begin."""
    with pytest.raises(AssertionError, match=r"status [12]") as error:
        async with launched(loopback, "bot", "run", environment=environment(url, shard, folder)):
            pass
    return error.value.__notes__[0]


async def answers(ana: Person, channel: Channel) -> None:
    """Until she is answered there: what has just begun may be too busy at first."""
    async with asyncio.timeout(60):
        while TITLE not in (await ana.uses("/ask", question="can biases start at zero", in_=channel)).text:
            pass


async def test_three_make_a_database_at_once_and_what_is_taken_or_of_another_number_is_refused(
    loopback: LoopbackDiscord, postgresql: str, tmp_path: Path
) -> None:
    loopback.patience = 20
    guilds = [loopback.add_guild(f"Group {number}", shard=(number, 3)) for number in range(3)]
    channels, anas = [one.add_channel("general") for one in guilds], [one.add_member("Ana") for one in guilds]
    place = Place(
        loopback, channels[1], guilds[1].add_member("Mo", permissions=["manage_messages"]), guilds[1].add_member("Eve")
    )
    async with all_of(3, loopback, postgresql, tmp_path):
        for channel, ana in zip(channels, anas, strict=True):
            await answers(ana, channel)
        said = await refused(loopback, postgresql, Shard(1, 3), tmp_path / "other")
        assert "serves shard 1/3 of the database" in said
        assert "Traceback" not in said
        assert "N = 3" in await refused(loopback, postgresql, Shard(1, 2), tmp_path / "other")
        await place.start(questions=1, topics="momentum", seed="b")
        await place.nudge(16)
        question = await place.shown("Question 1 of")
        assert KEPT_BACK not in (await anas[1].dms(MOMENTUM)).text
        await anas[1].presses(question.button("A"))
        assert KEPT_BACK in (await anas[1].dms(MOMENTUM)).text  # by the process of shard 0, which has no such round
        assert KEPT_BACK not in (await anas[0].dms(MOMENTUM)).text
        await place.played()
        assert KEPT_BACK not in (await anas[1].dms(MOMENTUM)).text


async def test_two_shards_serve_more_servers_than_one_may(
    loopback: LoopbackDiscord, postgresql: str, tmp_path: Path
) -> None:
    loopback.patience = 60
    guilds = [loopback.add_guild(f"Group {number}", shard=(number % 2, 2)) for number in range(SERVERS)]
    channels = [guild.add_channel("general") for guild in guilds[-2:]]
    said = await refused(loopback, postgresql, Shard(), tmp_path)
    assert "SHARD" in said
    async with all_of(2, loopback, postgresql, tmp_path):
        for guild, channel in zip(guilds[-2:], channels, strict=True):
            await answers(guild.add_member("Ana"), channel)
