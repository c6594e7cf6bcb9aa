"""The real client on the loopback: login, what it is told, commands, mentions, direct messages."""

from __future__ import annotations

import asyncio

import discord
import pytest

from . import CannotUse, LoopbackDiscord, NoAnswer
from .model import Channel, Guild
from .people import Person
from .tiny_bot import TinyBot

pytestmark = pytest.mark.asyncio


async def test_the_client_logs_in_and_knows_where_it_is(
    loopback: LoopbackDiscord, bot: TinyBot, guild: Guild, channel: Channel
) -> None:
    await bot.wait_until_ready()
    assert loopback.gateway.identified[0].pulses >= 1  # the client beats once on hello
    assert [each.name for each in bot.guilds] == ["Study group"]
    assert bot.get_channel(channel.id) is not None
    assert bot.get_guild(guild.id).me.id == bot.user.id  # type: ignore[union-attr]


async def test_it_leaves_by_a_plain_close(loopback: LoopbackDiscord, ana: Person) -> None:
    client = TinyBot()
    async with loopback.running(client):
        await client.close()
        await loopback.offline()
    assert loopback.gateway.closures == []


async def test_a_wrong_token_is_refused_over_http(loopback: LoopbackDiscord) -> None:
    with pytest.raises(discord.LoginFailure):
        async with loopback.running(TinyBot(), token="another.token"):
            pass
    assert [call.status for call in loopback.requests] == [401]


async def test_a_wrong_token_is_refused_by_the_gateway(loopback: LoopbackDiscord) -> None:
    client = TinyBot()
    client.setup_hook = lambda: _spoil(client)  # type: ignore[method-assign]
    with pytest.raises(discord.ConnectionClosed) as closed:
        async with loopback.running(client):
            pass
    assert closed.value.code == 4004


async def _spoil(client: discord.Client) -> None:
    client.http.token = "revoked.since"


@pytest.mark.parametrize("privileged", ["members", "presences", "message_content"])
async def test_privileged_intents_are_refused(loopback: LoopbackDiscord, privileged: str) -> None:
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with loopback.running(TinyBot(discord.Intents(guilds=True, **{privileged: True}))):
            pass
    assert loopback.gateway.closures == [4014]


async def test_a_mention_is_answered_with_a_reply(
    loopback: LoopbackDiscord, bot: TinyBot, ana: Person, channel: Channel
) -> None:
    reply = await ana.says(channel, f"{loopback.mention} hello")
    assert reply.text == f"you said: {loopback.mention} hello"
    assert reply.reply_to in ana.sees(channel)
    assert reply.pings == []  # the client's allowed_mentions are none


async def test_text_is_withheld_from_a_bot_it_does_not_mention(
    loopback: LoopbackDiscord, bot: TinyBot, ana: Person, channel: Channel
) -> None:
    await ana.posts(channel, "between us", files=[("secret.txt", b"plans")])
    await loopback.quiet()
    (heard,) = bot.heard
    assert (heard.content, heard.attachments, heard.embeds, heard.components) == ("", [], [], [])
    (fetched,) = [message async for message in bot.get_channel(channel.id).history()]  # type: ignore[union-attr]
    assert fetched.content == ""


async def test_a_reply_tells_its_text_only_with_the_ping(
    loopback: LoopbackDiscord, bot: TinyBot, ana: Person, channel: Channel
) -> None:
    first = await ana.says(channel, f"{loopback.mention} one")
    assert (await ana.says(channel, "two", reply_to=first)).text == "you said: two"
    await ana.posts(channel, "three", reply_to=first, ping=False)
    await loopback.quiet()
    assert bot.heard[-1].content == ""


async def test_a_mention_of_the_bots_role_tells_no_text(loopback: LoopbackDiscord, bot: TinyBot, ana: Person) -> None:
    await bot.wait_until_ready()
    joined = loopback.add_guild("With a role", bot_permissions=["manage_messages"])
    joined.add_member(ana)
    await ana.posts(joined.add_channel("there"), f"{joined.bot_role.mention} hello")
    await loopback.quiet()
    assert bot.heard[-1].content == ""
    assert [role.id for role in bot.heard[-1].role_mentions] == [bot.get_guild(joined.id).self_role.id]  # type: ignore[union-attr]


async def test_direct_messages_come_with_their_text(bot: TinyBot, ana: Person) -> None:
    assert (await ana.dms("hello")).text == "you said: hello"
    assert bot.heard[-1].guild is None


async def test_a_bot_that_cannot_see_a_channel_hears_nothing_of_it(
    loopback: LoopbackDiscord, bot: TinyBot, ana: Person, channel: Channel
) -> None:
    channel.deny(loopback.bot, "view_channel")
    await ana.posts(channel, f"{loopback.mention} are you there?")
    await loopback.quiet()
    assert bot.heard == []


async def test_a_private_answer_is_for_one_reader(bot: TinyBot, ana: Person, guild: Guild, channel: Channel) -> None:
    shown = await ana.uses("/echo", text="hi", private=True, in_=channel)
    assert shown.ephemeral and shown.text == "Ana: hi"
    assert ana.sees(channel) == [shown]
    assert guild.add_member("Ben").sees(channel) == []
    with pytest.raises(discord.NotFound):
        await bot.get_channel(channel.id).fetch_message(shown.id)  # type: ignore[union-attr]


async def test_the_first_follow_up_takes_the_place_of_thinking(bot: TinyBot, ana: Person, channel: Channel) -> None:
    shown = await ana.uses("/slowly", private=True)
    assert (shown.text, shown.ephemeral, shown.thinking, shown.edits) == ("here it is", True, False, 0)
    await ana.world.until(lambda: len(ana.sees(channel)) == 2 or None, "the second follow-up")


async def test_options_are_checked_as_the_client_would(bot: TinyBot, ana: Person) -> None:
    with pytest.raises(CannotUse, match="needs"):
        await ana.uses("/echo")
    with pytest.raises(CannotUse, match="takes"):
        await ana.uses("/echo", text=3)
    with pytest.raises(CannotUse, match="no command"):
        await ana.uses("/eco", text="x")
    with pytest.raises(CannotUse, match="subcommand"):
        await ana.uses("/fruit", name="apple")


async def test_subcommands_and_suggestions(bot: TinyBot, ana: Person) -> None:
    assert (await ana.uses("/fruit pick", name="apple", count=2)).text == "2 x apple"
    assert await ana.types("/fruit pick", name="ap") == [("Apple", "apple"), ("Apricot", "apricot")]
    assert await ana.types("/fruit pick", count=2, name="x") == []


async def test_a_message_command_sees_the_text(bot: TinyBot, ana: Person, channel: Channel) -> None:
    message = await ana.posts(channel, "not for bots")
    assert (await ana.uses_on(message, "Shout")).text == "NOT FOR BOTS"


async def test_joining_and_leaving_a_server(loopback: LoopbackDiscord, bot: TinyBot, ana: Person) -> None:
    await bot.wait_until_ready()
    other = loopback.add_guild("Another", bot=False)
    joined = asyncio.create_task(bot.wait_for("guild_join", timeout=3))
    await asyncio.sleep(0)
    other.invite_bot()
    assert (await joined).id == other.id
    left = asyncio.create_task(bot.wait_for("guild_remove", timeout=3))
    await asyncio.sleep(0)
    other.remove_bot()
    assert (await left).id == other.id


async def test_silence_is_told_with_what_was_asked(bot: TinyBot, ana: Person, channel: Channel) -> None:
    with pytest.raises(NoAnswer, match=r"(?s)did not answer.*PUT /applications"):
        await ana.says(channel, "no mention", within=0.05)
