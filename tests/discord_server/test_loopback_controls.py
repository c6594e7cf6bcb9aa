"""Buttons and selects on finished views, and trouble on demand."""

from __future__ import annotations

import aiohttp
import discord
import pytest

from . import CannotUse, LoopbackDiscord
from .model import Channel, Guild
from .people import Person
from .processes import launched
from .tiny_bot import TinyBot, panel

pytestmark = pytest.mark.asyncio


async def test_a_press_changes_the_message(bot: TinyBot, ana: Person, guild: Guild, channel: Channel) -> None:
    shown = await ana.uses("/panel", in_=channel)
    assert (shown.text, shown.button("Louder").custom_id) == ("quiet", "tiny:louder")
    after = await guild.add_member("Ben").presses(shown.button("Louder"))
    assert after == shown and after.text == "LOUDER" and after.edits == 1


async def test_a_choice_by_label_and_by_value(bot: TinyBot, ana: Person) -> None:
    shown = await ana.uses("/panel")
    assert (await ana.chooses(shown.select("A fruit"), "Banana")).text == "banana"
    assert (await ana.chooses(shown.select(), "apple")).text == "apple"
    with pytest.raises(CannotUse, match="not among"):
        await ana.chooses(shown.select(), "stone")


async def test_only_what_is_there_can_be_pressed(bot: TinyBot, ana: Person, guild: Guild, channel: Channel) -> None:
    message = await bot.get_partial_messageable(channel.id).send(view=panel("x", buttons=("Old", "Louder")))
    (shown,) = ana.sees(channel)
    old = shown.button("Old")
    await ana.presses(shown.button("Louder"))
    with pytest.raises(CannotUse, match="no longer"):
        await ana.presses(old)
    louder = shown.button("Louder")
    await message.delete()
    assert shown.deleted
    with pytest.raises(CannotUse, match="does not see"):
        await ana.presses(louder)


async def test_an_injected_fault_and_a_lost_answer(
    loopback: LoopbackDiscord, bot: TinyBot, ana: Person, channel: Channel
) -> None:
    place = bot.get_partial_messageable(channel.id)
    loopback.fail_next("POST", "/channels/*/messages", status=503)
    with pytest.raises(discord.DiscordServerError):
        await place.send("one")
    assert ana.sees(channel) == []
    loopback.lose_next("POST", "/channels/*/messages", handled=True)
    with pytest.raises(aiohttp.ClientError):
        await place.send("two")
    assert [shown.text for shown in ana.sees(channel)] == ["two"]


async def test_it_serves_a_bot_in_another_process(loopback: LoopbackDiscord, ana: Person, channel: Channel) -> None:
    async with launched(loopback, "tests.discord_server.tiny_bot") as process:
        assert (await ana.uses("/echo", text="from afar", in_=channel)).text == "Ana: from afar"
        process.kill()
        await loopback.offline()


async def test_a_bot_that_does_not_start_says_why(loopback: LoopbackDiscord) -> None:
    with pytest.raises(AssertionError) as failure:
        async with launched(loopback, "tests.discord_server.tiny_bot", environment={"DISCORD_TOKEN": "wrong"}):
            pass
    assert "LoginFailure" in failure.value.__notes__[0]
