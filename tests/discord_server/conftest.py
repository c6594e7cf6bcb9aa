"""What the loopback's own tests share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from . import openapi
from .loopback import LoopbackDiscord
from .model import Channel, Guild
from .people import Person
from .tiny_bot import TinyBot


@pytest_asyncio.fixture
async def loopback() -> AsyncIterator[LoopbackDiscord]:
    """As the fixture for the bot's tests; and what the server itself answers is held against the document too."""
    async with LoopbackDiscord() as discord:
        yield discord
        faults = [*discord.forgive(), *(fault for call in discord.requests for fault in openapi.answer_faults(call))]
    assert not faults, "\n".join(faults)


@pytest.fixture
def guild(loopback: LoopbackDiscord) -> Guild:
    return loopback.add_guild("Study group")


@pytest.fixture
def channel(guild: Guild) -> Channel:
    return guild.add_channel("general")


@pytest.fixture
def ana(guild: Guild, channel: Channel) -> Person:
    return guild.add_member("Ana")


@pytest_asyncio.fixture
async def bot(loopback: LoopbackDiscord, ana: Person) -> AsyncIterator[TinyBot]:
    """A tiny bot that is online in Ana's server."""
    client = TinyBot()
    async with loopback.running(client):
        await loopback.settled()  # it has read of its servers
        yield client
