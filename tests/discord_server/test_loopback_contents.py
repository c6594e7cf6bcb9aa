"""What messages hold besides their text, as the client reads it; and what Discord tells of as of an edit."""

from __future__ import annotations

import discord
import pytest

from . import LoopbackDiscord
from .model import Channel, Message, Poll
from .people import Person
from .test_loopback_refusals import text_channel
from .tiny_bot import TinyBot

pytestmark = pytest.mark.asyncio


async def fetched(bot: TinyBot, message: Message) -> discord.Message:
    """The message as the service gives it out, which is held against Discord's own document."""
    return await text_channel(bot, message.channel).fetch_message(message.id)


async def test_a_forward_holds_a_copy_and_says_of_what(
    loopback: LoopbackDiscord, bot: TinyBot, ana: Person, channel: Channel
) -> None:
    first = await ana.posts(channel, "why?", files=[("plot.png", b"png")])
    await ana.says(ana.dm, "", forwards=first)
    heard = bot.heard[-1]
    assert (heard.content, [one.content for one in heard.message_snapshots]) == ("", ["why?"])
    assert [one.filename for one in heard.message_snapshots[0].attachments] == ["plot.png"]
    assert heard.reference
    assert heard.reference.type is discord.MessageReferenceType.forward
    mentions = await ana.posts(channel, loopback.mention, forwards=first)
    assert (await fetched(bot, mentions)).message_snapshots[0].content == "why?"


async def test_a_forward_is_withheld_as_the_message_is(
    loopback: LoopbackDiscord, bot: TinyBot, ana: Person, channel: Channel
) -> None:
    await ana.posts(channel, "", forwards=await ana.posts(channel, f"{loopback.mention} why?"))
    await loopback.settled()
    assert bot.heard[-1].message_snapshots[0].content == ""


async def test_stickers_and_polls(loopback: LoopbackDiscord, bot: TinyBot, ana: Person, channel: Channel) -> None:
    poll = Poll("Which one?", ["this", "that"])
    message = await fetched(bot, await ana.posts(channel, loopback.mention, stickers=["Wave"], poll=poll))
    assert [one.name for one in message.stickers] == ["Wave"]
    assert message.poll
    assert (message.poll.question, [one.text for one in message.poll.answers]) == ("Which one?", ["this", "that"])
    await ana.posts(channel, "", poll=poll)
    await loopback.settled()
    assert bot.heard[-1].poll is None


async def test_a_pin_and_a_preview_are_no_edit(
    loopback: LoopbackDiscord, bot: TinyBot, ana: Person, channel: Channel
) -> None:
    changed: list[discord.Message] = []

    async def on_raw_message_edit(event: discord.RawMessageUpdateEvent) -> None:
        changed.append(event.message)

    bot.on_raw_message_edit = on_raw_message_edit  # type: ignore[attr-defined]
    message = await ana.posts(channel, f"{loopback.mention} https://example.com/")
    ana.pins(message)
    ana.previews(message, "An example")
    ana.edits(message, f"{loopback.mention} two")
    await loopback.settled()
    mine = [one for one in changed if one.id == message.id]
    assert [one.edited_at is not None for one in mine] == [False, False, True]
    assert [one.pinned for one in mine] == [True, True, True]
    assert mine[1].embeds[0].title == "An example"


async def test_an_edit_leaves_the_ping_of_a_reply(
    loopback: LoopbackDiscord, bot: TinyBot, ana: Person, channel: Channel
) -> None:
    first = await ana.says(channel, f"{loopback.mention} one")
    reply = await ana.posts(channel, "two", reply_to=first)
    ana.edits(reply, "three")
    assert reply.mentions == [loopback.bot]
    ana.edits(reply, loopback.mention)
    assert reply.mentions == [loopback.bot]
