"""The loopback refuses as Discord does: permissions, closed doors, deadlines, second responses."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import discord
import pytest

from . import CannotUse, LoopbackDiscord, NoAnswer, permissions
from .model import Channel, Guild
from .people import Person
from .tiny_bot import TinyBot

pytestmark = pytest.mark.asyncio


def text_channel(bot: TinyBot, channel: Channel) -> discord.TextChannel:
    found = bot.get_channel(channel.id)
    assert isinstance(found, discord.TextChannel)
    return found


async def refused(awaitable: Any) -> tuple[int, int]:
    """(status, code) that the call was refused with."""
    with pytest.raises(discord.HTTPException) as error:
        await awaitable
    return error.value.status, error.value.code


@pytest.mark.parametrize(
    ("denied", "message", "expected"),
    [
        ("send_messages", {"content": "x"}, (403, 50013)),
        ("view_channel", {"content": "x"}, (403, 50001)),
        ("embed_links", {"embed": discord.Embed(title="x")}, (403, 50013)),
        ("attach_files", {"file": True}, (403, 50013)),
    ],
)
async def test_missing_permissions(
    *, loopback: LoopbackDiscord, bot: TinyBot, channel: Channel, denied: str, message: dict[str, Any], expected: Any
) -> None:
    channel.deny(loopback.bot, denied)
    if "file" in message:
        message = {"file": discord.File(io.BytesIO(b"x"), "x.txt")}
    assert await refused(text_channel(bot, channel).send(**message)) == expected


async def test_the_client_knows_its_permissions(loopback: LoopbackDiscord, bot: TinyBot, channel: Channel) -> None:
    place = text_channel(bot, channel)
    assert place.permissions_for(place.guild.me).send_messages
    channel.deny(loopback.bot, "send_messages")
    await loopback.quiet()
    assert not place.permissions_for(place.guild.me).send_messages


async def test_overwrites_are_weighed_in_order(loopback: LoopbackDiscord, guild: Guild, channel: Channel) -> None:
    """Everyone's, then the roles', then the member's own: the later one holds."""
    ben = guild.add_member("Ben", permissions=["manage_messages"])
    (role,) = guild.members[ben.id].roles
    channel.deny(guild.everyone, "send_messages")
    assert not permissions.may(channel, ben, "send_messages")
    assert not permissions.may(channel, ben, "attach_files")  # implied by not sending
    channel.allow(role, "send_messages")
    assert permissions.may(channel, ben, "send_messages", "manage_messages")
    channel.deny(ben, "send_messages")
    assert not permissions.may(channel, ben, "send_messages")
    assert permissions.may(channel, guild.owner, "administrator")  # type: ignore[arg-type]


async def test_commands_for_moderators_are_not_offered_to_others(
    loopback: LoopbackDiscord, bot: TinyBot, guild: Guild, ana: Person, channel: Channel
) -> None:
    for command in loopback.commands[None].values():
        command["default_member_permissions"] = str(permissions.bits("manage_guild"))
    with pytest.raises(CannotUse, match="needs permissions"):
        await ana.uses("/echo", text="x", in_=channel)
    moderator = guild.add_member("Mo", permissions=["manage_guild"])
    assert (await moderator.uses("/echo", text="x", in_=channel)).text == "Mo: x"


async def test_no_reply_without_the_history(
    loopback: LoopbackDiscord, bot: TinyBot, ana: Person, channel: Channel
) -> None:
    channel.deny(loopback.bot, "read_message_history")
    await ana.posts(channel, f"{loopback.mention} hello")
    await loopback.until(lambda: bot.failures or None, "the refusal")
    assert [error.code for error in bot.failures] == [160002]  # type: ignore[attr-defined]


async def test_no_reply_to_what_is_gone(bot: TinyBot, ana: Person, channel: Channel) -> None:
    place = text_channel(bot, channel)
    message = await ana.posts(channel, "oops")
    ana.deletes(message)
    assert await refused(place.send("x", reference=place.get_partial_message(message.id))) == (400, 50035)
    gone = place.get_partial_message(message.id).to_reference(fail_if_not_exists=False)
    assert (await place.send("x", reference=gone)).content == "x"


async def test_closed_direct_messages(bot: TinyBot, ana: Person) -> None:
    ana.closes_dms()
    user = await bot.fetch_user(ana.id)
    assert await refused(user.send("hello")) == (403, 50007)


async def test_foreign_and_deleted_places(loopback: LoopbackDiscord, bot: TinyBot, channel: Channel) -> None:
    foreign = loopback.add_guild("Elsewhere", bot=False).add_channel("theirs")
    assert await refused(bot.fetch_channel(foreign.id)) == (403, 50001)
    assert await refused(bot.fetch_guild(foreign.guild.id)) == (403, 50001)  # type: ignore[union-attr]
    place = text_channel(bot, channel)
    channel.delete()
    assert await refused(place.send("x")) == (404, 10003)


async def test_messages_of_others(bot: TinyBot, ana: Person, guild: Guild, channel: Channel) -> None:
    place = text_channel(bot, channel)
    message = place.get_partial_message((await ana.posts(channel, "mine")).id)
    assert await refused(message.edit(content="yours")) == (403, 50005)
    assert await refused(message.delete()) == (403, 50013)
    assert await refused(place.fetch_message(1)) == (404, 10008)
    assert await refused(guild_member(bot, guild, 1)) == (404, 10007)


async def guild_member(bot: TinyBot, guild: Guild, number: int) -> discord.Member:
    return await bot.get_guild(guild.id).fetch_member(number)  # type: ignore[union-attr]


async def test_three_seconds(loopback: LoopbackDiscord, bot: TinyBot, ana: Person) -> None:
    held = loopback.hold_next("POST", "/interactions/*")
    using = asyncio.create_task(ana.uses("/echo", text="late"))
    await held.arrived.wait()
    loopback.advance(3.1)
    held.release()
    with pytest.raises(NoAnswer, match="did not respond"):
        await using
    await loopback.until(lambda: bot.failures or None, "the refusal")
    assert [error.code for error in bot.failures] == [10062]  # type: ignore[attr-defined]


async def test_a_second_response(loopback: LoopbackDiscord, bot: TinyBot, ana: Person) -> None:
    assert (await ana.uses("/twice")).text == "once"
    await loopback.until(lambda: bot.failures or None, "the refusal")
    assert [error.code for error in bot.failures] == [40060]  # type: ignore[attr-defined]


async def test_the_token_of_an_interaction_lasts_fifteen_minutes(
    loopback: LoopbackDiscord, bot: TinyBot, ana: Person
) -> None:
    await ana.uses("/echo", text="x")
    (interaction,) = loopback.interactions.values()
    hook = discord.Webhook.partial(loopback.application_id, interaction.token, client=bot)
    loopback.advance(14 * 60)
    assert (await hook.send("still there", wait=True)).content == "still there"
    loopback.advance(60.1)
    assert await refused(hook.send("too late", wait=True)) == (401, 50027)


async def test_no_follow_up_before_a_response(loopback: LoopbackDiscord, bot: TinyBot, ana: Person) -> None:
    held = loopback.hold_next("POST", "/interactions/*")
    using = asyncio.create_task(ana.uses("/echo", text="x"))
    await held.arrived.wait()
    (interaction,) = loopback.interactions.values()
    hook = discord.Webhook.partial(loopback.application_id, interaction.token, client=bot)
    assert await refused(hook.send("early", wait=True)) == (404, 10015)
    held.release()
    await using


async def test_an_unknown_interaction_and_an_unknown_route(loopback: LoopbackDiscord, bot: TinyBot) -> None:
    route = discord.http.Route
    assert await refused(bot.http.request(route("POST", "/interactions/1/x/callback"), json={"type": 5})) == (
        404,
        10062,
    )
    assert await refused(bot.http.request(route("GET", "/nothing"))) == (404, 0)
    assert await refused(bot.http.request(route("PUT", "/users/@me"))) == (405, 0)


async def test_user_installs_work_where_the_bot_is_not(loopback: LoopbackDiscord, bot: TinyBot, ana: Person) -> None:
    elsewhere = loopback.add_guild("Elsewhere", bot=False)
    theirs = elsewhere.add_channel("theirs")
    elsewhere.add_member(ana)
    with pytest.raises(CannotUse, match="not installed"):
        await ana.uses("/echo", text="x", in_=theirs)
    ana.installs()
    shown = await ana.uses("/echo", text="x", in_=theirs)
    assert (shown.text, shown.ephemeral) == ("Ana: x", False)
    with pytest.raises(CannotUse, match="not offered"):
        await ana.uses("/fruit pick", name="apple", in_=loopback.group(ana))
    theirs.deny(elsewhere.everyone, "use_external_apps")
    assert (await ana.uses("/echo", text="x", in_=theirs)).ephemeral
    assert (await ana.uses("/echo", text="x", in_=loopback.group(ana))).text.endswith(": x")
    assert (await ana.uses("/echo", text="x", in_=ana.dm)).text.endswith(": x")
