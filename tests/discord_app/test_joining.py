"""The bot is added to a server."""

from collections.abc import Callable

import pytest

from bot import words
from bot.discord_app.client import TutorClient
from tests.discord_server import LoopbackDiscord, payloads
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

pytestmark = pytest.mark.on_postgresql


@pytest.fixture
def other(loopback: LoopbackDiscord) -> Guild:
    """A server that the bot is not in yet."""
    return loopback.add_guild("Another", bot=False)


@pytest.fixture
async def ready_bot(bot: TutorClient) -> TutorClient:
    """Online and knowing its servers: only from then on is a server that appears a new one."""
    await bot.wait_until_ready()
    return bot


@pytest.fixture
def reader(other: Guild) -> Person:
    return other.add_member("Rea")


async def greeting(reader: Person, channel: Channel) -> Shown:
    return await reader.world.until(lambda: next(iter(reader.sees(channel)), None), "a greeting")


@pytest.mark.usefixtures("ready_bot")
async def test_it_greets_in_three_lines(other: Guild, reader: Person) -> None:
    channel = other.add_channel("lobby")
    other.invite_bot()
    shown = await greeting(reader, channel)
    assert shown.text == words.discord.GREETING
    assert len(shown.text.splitlines()) == 3


async def test_a_server_joined_while_the_bot_gets_ready_is_greeted_too(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], other: Guild, reader: Person
) -> None:
    channel, client = other.add_channel("lobby"), make_client()
    async with loopback.running(client):
        await client.wait_for("connect", timeout=3)
        assert not client.is_ready()
        other.invite_bot()
        await greeting(reader, channel)


@pytest.mark.usefixtures("ready_bot")
async def test_it_says_which_permission_it_lacks(loopback: LoopbackDiscord, other: Guild, reader: Person) -> None:
    channel = other.add_channel("lobby")
    channel.deny(loopback.bot, "read_message_history")
    other.invite_bot()
    shown = await greeting(reader, channel)
    assert shown.text.splitlines()[3:] == [words.discord.greeting_lacks(["read_message_history"])]


@pytest.mark.usefixtures("ready_bot")
async def test_it_greets_where_it_may_write(loopback: LoopbackDiscord, other: Guild, reader: Person) -> None:
    rules, hidden, lobby = (other.add_channel(name) for name in ("rules", "hidden", "lobby"))
    rules.deny(loopback.bot, "send_messages")
    hidden.deny(loopback.bot, "view_channel")
    other.invite_bot()
    await greeting(reader, lobby)
    assert reader.sees(rules) == reader.sees(hidden) == []


@pytest.mark.usefixtures("ready_bot")
async def test_the_system_channel_comes_first(loopback: LoopbackDiscord, other: Guild, reader: Person) -> None:
    _, system = (other.add_channel(name) for name in ("first", "welcome"))
    loopback.join(other, loopback.bot, ())
    joined = payloads.guild_create(other, just_joined=True) | {"system_channel_id": str(system.id)}
    loopback.gateway.dispatch("GUILD_CREATE", joined)
    await greeting(reader, system)


async def test_it_greets_a_server_once(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], other: Guild, reader: Person
) -> None:
    channel = other.add_channel("lobby")
    client = make_client()
    async with loopback.running(client):
        await client.wait_until_ready()
        other.invite_bot()
        await greeting(reader, channel)
        other.remove_bot()
        other.invite_bot()
        await loopback.quiet()
    await loopback.offline()
    client = make_client()
    async with loopback.running(client):
        await client.wait_until_ready()
        await loopback.quiet()
        other.remove_bot()
        other.invite_bot()
        await loopback.quiet()
    assert len(reader.sees(channel)) == 1


async def test_it_does_not_greet_the_servers_it_comes_back_to(
    loopback: LoopbackDiscord, bot: TutorClient, guild: Guild, ana: Person
) -> None:
    await bot.wait_until_ready()
    await loopback.quiet()
    assert all(ana.sees(channel) == [] for channel in guild.channels.values())


@pytest.mark.usefixtures("ready_bot")
async def test_a_server_without_a_place_to_write_is_greeted_later(
    loopback: LoopbackDiscord, other: Guild, reader: Person
) -> None:
    channel = other.add_channel("rules")
    channel.deny(loopback.bot, "send_messages")
    other.invite_bot()
    await loopback.quiet()
    other.remove_bot()
    channel.allow(loopback.bot, "send_messages")
    other.invite_bot()
    await greeting(reader, channel)
