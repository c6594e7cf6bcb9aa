"""Threads in the loopback: opened by the bot, archived, locked, deleted; servers that go."""

from __future__ import annotations

import discord
import pytest

from . import LoopbackDiscord
from .model import ANNOUNCEMENT, VOICE, Channel, Guild
from .people import Person
from .test_loopback_refusals import refused, text_channel
from .tiny_bot import TinyBot

pytestmark = pytest.mark.asyncio
PUBLIC = discord.ChannelType.public_thread


async def opened(loopback: LoopbackDiscord, bot: TinyBot, channel: Channel) -> tuple[discord.Thread, Channel]:
    thread = await text_channel(bot, channel).create_thread(name="quiz", type=PUBLIC)
    await loopback.until(lambda: bot.get_channel(thread.id), "the thread in the client's cache")
    return thread, loopback.channels[thread.id]


async def test_the_bot_opens_a_thread_and_writes_there(
    loopback: LoopbackDiscord, bot: TinyBot, channel: Channel, ana: Person
) -> None:
    thread, place = await opened(loopback, bot, channel)
    assert (place.parent, place.name) == (channel, "quiz")
    await thread.send("hello")
    assert [shown.text for shown in ana.sees(place)] == ["hello"]
    assert ana.sees(channel) == []


async def test_it_is_refused_where_it_may_not(
    loopback: LoopbackDiscord, bot: TinyBot, guild: Guild, channel: Channel
) -> None:
    place = text_channel(bot, channel)
    assert await refused(place.create_thread(name="", type=PUBLIC)) == (400, 50035)
    assert await refused(place.create_thread(name="x")) == (400, 50035)  # a private one
    loopback.forgive()
    channel.deny(loopback.bot, "create_public_threads")
    assert await refused(place.create_thread(name="x", type=PUBLIC)) == (403, 50013)
    news = guild.add_channel("news", ANNOUNCEMENT)
    await loopback.until(lambda: bot.get_channel(news.id), "the new channel")
    thread = await text_channel(bot, news).create_thread(name="x", type=discord.ChannelType.news_thread)
    assert thread.type is discord.ChannelType.news_thread


async def test_an_archived_thread_opens_on_a_message_but_not_on_an_edit(
    loopback: LoopbackDiscord, bot: TinyBot, channel: Channel
) -> None:
    thread, place = await opened(loopback, bot, channel)
    message = await thread.send("before")
    place.close(archived=True)
    assert await refused(message.edit(content="after")) == (403, 50083)
    await thread.send("and after")
    assert not place.archived
    place.close(archived=True)
    await thread.edit(archived=False)
    await message.edit(content="after")


async def test_a_locked_thread_takes_nothing(loopback: LoopbackDiscord, bot: TinyBot, channel: Channel) -> None:
    thread, place = await opened(loopback, bot, channel)
    place.close(locked=True)
    assert await refused(thread.send("x")) == (403, 50083)
    place.close(archived=True)
    assert await refused(thread.edit(archived=False)) == (403, 50083)
    channel.allow(loopback.bot, "manage_threads")
    await thread.send("x")


async def test_what_is_deleted_is_unknown(loopback: LoopbackDiscord, bot: TinyBot, channel: Channel) -> None:
    thread, place = await opened(loopback, bot, channel)
    other, _ = await opened(loopback, bot, channel)
    place.delete()
    assert await refused(thread.send("x")) == (404, 10003)
    channel.delete()
    assert await refused(other.send("x")) == (404, 10003)
    await loopback.until(lambda: bot.get_channel(other.id) is None or None, "the client has heard")


async def test_a_deleted_server_is_gone(loopback: LoopbackDiscord, bot: TinyBot, guild: Guild) -> None:
    guild.delete()
    await loopback.until(lambda: not bot.guilds or None, "the client has heard")


async def test_a_role_loses_a_permission(
    loopback: LoopbackDiscord, bot: TinyBot, guild: Guild, channel: Channel
) -> None:
    place = text_channel(bot, channel)
    guild.take(guild.everyone, "send_messages")
    await loopback.until(lambda: not place.permissions_for(place.guild.me).send_messages or None, "the client's cache")


async def test_voice_channels_have_a_chat(loopback: LoopbackDiscord, bot: TinyBot, guild: Guild) -> None:
    talk = guild.add_channel("talk", VOICE)
    await loopback.until(lambda: bot.get_channel(talk.id), "the new channel")
    found = bot.get_channel(talk.id)
    assert isinstance(found, discord.VoiceChannel)
    await found.send("x")
