"""Of a server's description the part that cannot be read is left out, and the server works."""

import logging
from collections.abc import Callable
from typing import Any

import pytest

from bot import words
from bot.discord_app import access, left_out, replies
from bot.discord_app.client import TutorClient
from bot.service.server_settings import ServerSettings
from tests.discord_app.conftest import ASK
from tests.discord_app.playing import Play
from tests.discord_app.test_gateway import SECRET, incidents, set_at
from tests.discord_server import LoopbackDiscord, payloads
from tests.discord_server.model import VOICE, Channel, Guild
from tests.discord_server.people import Person


@pytest.fixture(autouse=True)
def _all_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def described(loopback: LoopbackDiscord, change: Callable[[dict[str, Any]], Any]) -> None:
    """From now on the bot gets every description of a server as `change` gives it."""
    loopback.gateway.spoilt = lambda packet: (
        {**packet, "d": change(packet["d"])} if packet["t"] == "GUILD_CREATE" else packet
    )


@pytest.fixture
def voice(guild: Guild) -> Channel:
    return guild.add_channel(SECRET, VOICE)


def without_bitrate(data: dict[str, Any]) -> dict[str, Any]:
    """The description of a server with a voice channel that does not say how it sounds."""
    return {**data, "channels": [{k: v for k, v in one.items() if k != "bitrate"} for one in data["channels"]]}


async def test_a_round_outlives_a_restart_where_another_channel_cannot_be_read(
    make_client: Callable[[], TutorClient], play: Play, ana: Person, voice: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    async with play.killed_after(make_client()) as bot:
        await play.start(bot, questions=1, kinds="choice", seconds=60)
        shown = await play.asked()
    described(play.loopback, without_bitrate)
    async with play.killed_after(make_client()) as bot:
        await play.goes_on()
        await ana.presses(shown.button(play.letter()))
        await play.closed(shown, 70)
        assert "✅" in shown.text
        assert bot.get_channel(voice.id) is None
    (line,) = incidents(caplog)
    assert f"channel {voice.id}" in line
    assert "KeyError 'bitrate'" in line


async def test_a_round_in_a_channel_that_cannot_be_read_goes_on_as_far_as_discord_lets_it(
    make_client: Callable[[], TutorClient], loopback: LoopbackDiscord, play: Play, ana: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    async with play.killed_after(make_client()) as bot:
        await play.start(bot, questions=2, kinds="choice", seconds=60)
        shown = await play.asked()
    described(loopback, lambda data: set_at(data, "channels.0.permission_overwrites", None))
    async with play.killed_after(make_client()) as bot:
        await play.goes_on()
        assert bot.get_channel(play.channel.id) is None
        await ana.presses(shown.button(play.letter()))
        await play.closed(shown, 70)
        await loopback.until(lambda: f"Round {play.id} goes on" in caplog.text or None, "the word in the log")
        play.channel.delete()  # of which discord.py tells nothing
        assert words.rounds.LOST["channel-gone"] in await play.told()
    assert len(incidents(caplog)) == 1


PARTS: list[tuple[str, Any]] = [
    ("channels", ...),
    ("channels", None),
    ("channels.0.id", ...),
    ("channels.0.type", "text"),
    ("channels.0.permission_overwrites", ...),
    ("roles", ...),
    ("roles", {}),
    ("roles.0", None),
    ("roles.0.permissions", ...),
    ("roles.1.permissions", None),
    ("members", ...),
    ("members", []),
    ("members.0.roles", ...),
    ("members.0.user.avatar", ...),
    ("threads", 17),
    ("threads.0.thread_metadata", ...),
    ("emojis", [None]),
    ("voice_states", [{"channel_id": "x"}]),
    ("presences", [{"user": {"id": "1"}}]),
    ("stage_instances", [7]),
    ("soundboard_sounds", [{}]),
    ("guild_scheduled_events", [{"id": "7"}]),
    ("member_count", "many"),
    ("system_channel_id", []),
    ("features", None),
    ("name", None),
    ("afk_channel_id", "x" * 5000),
]


@pytest.mark.slow
async def test_whatever_cannot_be_read_of_a_server_it_and_its_round_go_on(
    bot: TutorClient, play: Play, guild: Guild, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    world = play.loopback
    guild.add_channel("a").add_thread("b")
    await play.start(bot, questions=2, kinds="choice", seconds=60)
    shown = await play.asked()
    world.tell_joined(guild)  # it is greeted
    for path, value in PARTS:
        await world.settled()
        caplog.clear()
        world.gateway.dispatch("GUILD_CREATE", set_at(payloads.guild_create(guild, just_joined=True), path, value))
        await world.settled()
        assert (await ana.presses(shown.button(play.letter()))).text.startswith(("Locked", "That")), path
        assert (await ana.says(play.channel, f"{world.mention} {ASK}")).text, path
        for one in bot.get_guild(guild.id).channels:
            assert access.lacking_in(one) == [], path
        guild.take(guild.everyone, "add_reactions")  # the bot looks what it has lost
        await world.settled()
        assert len(incidents(caplog)) <= 1, path
        assert bot.app.rounds.on(play.channel.id), path
    await play.closed(shown, 70)


async def test_what_a_server_has_set_stays_where_it_cannot_be_read(
    bot: TutorClient, loopback: LoopbackDiscord, guild: Guild, channel: Channel
) -> None:
    role = guild.add_role("starters")
    rules = ServerSettings(starter_role=role.id, review_channel=channel.id, answer_channels=(channel.id,))
    data = payloads.guild_create(guild, just_joined=True)
    loopback.gateway.dispatch("GUILD_CREATE", {**data, "roles": [], "channels": []})
    await loopback.settled()
    known = bot.get_guild(guild.id)
    assert known
    assert replies.standing(rules, known) == ServerSettings()
    loopback.gateway.dispatch("GUILD_CREATE", {**data, "roles": None, "channels": None})
    await loopback.settled()
    assert replies.standing(rules, bot.get_guild(guild.id)) == rules


async def test_what_was_left_out_is_there_again_once_it_can_be_read(
    bot: TutorClient, loopback: LoopbackDiscord, guild: Guild, channel: Channel
) -> None:
    data = payloads.guild_create(guild, just_joined=True)
    odd = {**data, "channels": [{**data["channels"][0], "position": []}], "roles": [*data["roles"], {"id": "12"}]}
    odd["channels"][0].pop("name")
    loopback.gateway.dispatch("GUILD_CREATE", {**odd, "members": []})
    await loopback.settled()
    known = bot.get_guild(guild.id)
    left = left_out.of(known)
    assert (known.get_channel(channel.id), known.me) == (None, None)
    assert left.has("channel", channel.id)
    assert left.has("role", 12)
    assert left.has("member", loopback.bot.id)
    role = {**data["roles"][0], "id": "12"}
    loopback.gateway.dispatch("CHANNEL_UPDATE", data["channels"][0])
    loopback.gateway.dispatch("GUILD_ROLE_UPDATE", {"guild_id": str(guild.id), "role": role})
    loopback.gateway.dispatch("GUILD_MEMBER_UPDATE", {"guild_id": str(guild.id), **data["members"][0]})
    await loopback.settled()
    assert known.get_channel(channel.id)
    assert known.get_role(12)
    assert known.me
    assert not left_out.of(known).parts


async def test_what_was_known_stays_where_a_change_of_it_cannot_be_read(
    bot: TutorClient, loopback: LoopbackDiscord, guild: Guild, channel: Channel
) -> None:
    channel.allow(loopback.bot, "manage_threads")
    await loopback.settled()
    known = bot.get_guild(guild.id)
    before = [known.me.guild_permissions, known.get_channel(channel.id).permissions_for(known.me), known.name]
    roles = payloads.guild(guild)["roles"]
    role = next(one for one in roles if "tags" in one)
    for event, data in [
        ("CHANNEL_UPDATE", {**payloads.channel(channel), "permission_overwrites": [None]}),
        ("GUILD_ROLE_UPDATE", {"guild_id": str(guild.id), "role": {**role, "permissions": None}}),
        (
            "GUILD_ROLE_UPDATE",
            {"guild_id": str(guild.id), "role": {k: v for k, v in role.items() if k != "permissions"}},
        ),
        ("GUILD_ROLE_UPDATE", {"guild_id": str(guild.id), "role": {**role, "permissions": "0", "tags": []}}),
        ("GUILD_UPDATE", {k: v for k, v in payloads.guild(guild).items() if k != "roles"}),
        (
            "GUILD_UPDATE",
            {
                **payloads.guild(guild),
                "roles": [{"id": one["id"], "permissions": "0"} if one is role else one for one in roles],
            },
        ),
    ]:
        loopback.gateway.dispatch(event, data)
        await loopback.settled()
        after = [known.me.guild_permissions, known.get_channel(channel.id).permissions_for(known.me), known.name]
        assert after == before, event
