"""Roles: given, chosen as an option, with what they permit, and deleted."""

from __future__ import annotations

import pytest

from . import CannotUse, LoopbackDiscord
from .model import Channel, Guild
from .people import Person
from .tiny_bot import TinyBot

pytestmark = pytest.mark.asyncio


async def test_a_role_is_chosen_and_known_also_when_it_is_new(
    bot: TinyBot, ana: Person, guild: Guild, channel: Channel
) -> None:
    role = guild.add_role("Hosts", ana, permissions=["manage_messages"])
    assert (await ana.uses("/about", role=role, place=channel)).text == "Hosts True True manage general"
    ben = guild.add_member("Ben")
    assert (await ben.uses("/about", role=role)).text == "Hosts False True manage None"
    assert (await ana.uses("/about", role=guild.everyone)).text.startswith("@everyone")


async def test_only_roles_fit_an_option_for_roles(bot: TinyBot, ana: Person, channel: Channel) -> None:
    with pytest.raises(CannotUse, match="takes"):
        await ana.uses("/about", role=channel)
    with pytest.raises(CannotUse, match="takes channels of the types"):
        await ana.uses("/about", role=channel.guild.everyone, place=channel.add_thread("homework"))  # type: ignore[union-attr]


async def test_a_deleted_role_is_nobodys_and_unknown(
    bot: TinyBot, ana: Person, guild: Guild, loopback: LoopbackDiscord
) -> None:
    role = guild.add_role("Hosts", ana, permissions=["manage_messages"])
    known = bot.get_guild(guild.id)
    await loopback.until(lambda: known and known.get_role(role.id), "the role")
    guild.remove_role(role)
    await loopback.until(lambda: (known and known.get_role(role.id) is None) or None, "the end of the role")
    assert guild.members[ana.id].roles == []


async def test_what_a_role_permits_counts(bot: TinyBot, ana: Person, guild: Guild, channel: Channel) -> None:
    channel.deny(guild.everyone, "send_messages")
    with pytest.raises(CannotUse, match="cannot write"):
        await ana.posts(channel, "hello")
    channel.allow(guild.add_role("Writers", ana), "send_messages")
    await ana.posts(channel, "hello")
