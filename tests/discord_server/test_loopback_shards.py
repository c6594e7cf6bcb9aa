"""Several lines to Discord with one token: what each is told, and which are refused."""

from __future__ import annotations

import asyncio

import discord
import pytest

from . import LoopbackDiscord
from .tiny_bot import TinyBot

pytestmark = pytest.mark.asyncio


async def test_each_shard_is_told_of_its_own_servers_and_the_first_of_direct_messages(
    loopback: LoopbackDiscord,
) -> None:
    guilds = [loopback.add_guild(f"Group {shard}", shard=(shard, 2)) for shard in (0, 1)]
    rooms = [guild.add_channel("general") for guild in guilds]
    people = [guild.add_member("Ana") for guild in guilds]
    first, second = clients = [TinyBot(shard=(shard, 2)) for shard in (0, 1)]
    async with loopback.running(first), loopback.running(second):
        for client in clients:
            await client.wait_until_ready()
        assert [[guild.name for guild in client.guilds] for client in clients] == [["Group 0"], ["Group 1"]]
        for member, room in zip(people, rooms, strict=True):
            await member.says(room, f"{loopback.mention} hello")
            await member.uses("/echo", text="hello", in_=room)
        await people[1].dms("hello")
        await loopback.settled()
        assert [[str(one.guild) for one in client.heard] for client in clients] == [["Group 0", "None"], ["Group 1"]]
        later = loopback.add_guild("Later", shard=(1, 2))
        await loopback.until(lambda: second.get_guild(later.id), "the server was not told of")
        assert first.get_guild(later.id) is None


async def test_two_lines_of_the_same_shard_hear_the_same(loopback: LoopbackDiscord) -> None:
    guild = loopback.add_guild("Group")
    room, ana = guild.add_channel("general"), guild.add_member("Ana")
    clients = [TinyBot(), TinyBot()]
    async with loopback.running(clients[0]), loopback.running(clients[1]):
        await loopback.settled()
        await ana.posts(room, "hello")
        await loopback.settled()
        assert [len(client.heard) for client in clients] == [1, 1]


@pytest.mark.parametrize(("shard", "code"), [((2, 2), 4010), ((0, 1), 4011)])
async def test_a_shard_that_cannot_be_is_turned_away(
    loopback: LoopbackDiscord, shard: tuple[int, int], code: int
) -> None:
    loopback.gateway.most_servers = 1
    for number in (0, 1):
        loopback.add_guild("Group", shard=(number, 2))
    with pytest.raises(discord.ConnectionClosed) as closed:
        async with loopback.running(TinyBot(shard=shard)):
            pass
    assert closed.value.code == code


async def test_sessions_are_rationed(loopback: LoopbackDiscord) -> None:
    starts = loopback.gateway.starts
    starts.apart, starts.max_concurrency = 5.0, 2
    assert not starts.refused(0)
    assert not starts.refused(1)
    assert starts.refused(2)
    loopback.advance(5.0)
    assert not starts.refused(2)
    assert (starts.remaining, starts.too_early) == (starts.TOTAL - 4, 1)
    loopback.advance(starts.DAY)
    assert starts.as_json()["remaining"] == starts.TOTAL


async def test_one_that_comes_too_early_gets_no_session(loopback: LoopbackDiscord) -> None:
    loopback.gateway.starts.apart = 5.0
    async with loopback.running(TinyBot()):
        second = TinyBot(shard=(1, 2))
        login = asyncio.create_task(loopback.running(second).__aenter__())
        await loopback.until(lambda: loopback.gateway.starts.too_early or None, "it was not refused")
        assert len(loopback.gateway.identified) == 1
        login.cancel()
        await asyncio.wait({login})


async def test_how_many_shards_are_wanted_is_told(loopback: LoopbackDiscord) -> None:
    assert loopback.gateway.wanted_shards() == 1
    loopback.gateway.shards = 2
    async with loopback.running(client := TinyBot()):
        told = await client.http.get_bot_gateway()
    assert told[0] == 2
