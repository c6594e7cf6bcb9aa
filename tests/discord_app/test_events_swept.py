"""Every key of every event that the loopback sends is removed, is null, is something else, one at a time: none ends the
client, none leaves it deaf."""

import copy
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot.discord_app import gateway
from bot.discord_app.client import TutorClient
from tests.discord_app.conftest import ASK, TITLE
from tests.discord_app.playing import Play
from tests.discord_server import LoopbackDiscord, payloads
from tests.discord_server.gateway import Session
from tests.discord_server.model import VOICE, Guild, Poll
from tests.discord_server.people import Person

Json = dict[str, Any]
GONE = object()
SECRET = "xylophonic"
ODD = [GONE, None, {}, [], "x", 10**400, True]


def places(data: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every key at every depth; of a list the first thing in it."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield (*way, key)
            yield from places(value, (*way, key))
    elif isinstance(data, list) and data:
        yield (*way, 0)
        yield from places(data[0], (*way, 0))


def changed(data: Any, way: tuple[Any, ...], value: Any) -> Any:
    """The same with another value at a place."""
    data = copy.deepcopy(data)
    within = data
    for step in way[:-1]:
        within = within[step]
    if value is GONE:
        del within[way[-1]]
    else:
        within[way[-1]] = value
    return data


def shape(data: Any) -> Any:
    """What two events of one sort have in common."""
    if isinstance(data, dict):
        return tuple(sorted((key, shape(value)) for key, value in data.items() if key not in {"data", "resolved"}))
    if isinstance(data, list):
        return shape(data[0]) if data else None
    return data is None


async def everything_happens(world: LoopbackDiscord, play: Play, ana: Person, bot: TutorClient) -> None:
    """What makes the loopback send an event of every sort that it knows."""
    guild = play.channel.guild
    assert guild
    guild.add_channel("spoken", VOICE)
    role = guild.add_role("some", world.bot)
    role = guild.add_role("other")
    guild.take(role, "send_messages")
    guild.remove_role(role)
    other = guild.add_channel("other")
    thread = other.add_thread("thread")
    thread.close(archived=True)
    thread.delete()
    other.allow(world.bot, "manage_threads")
    other.delete()
    message = await ana.posts(play.channel, f"{world.mention} {ASK} {SECRET}")
    shown = await ana._hears(play.channel, message, None)
    await ana.dms(f"{ASK} {SECRET}")
    more = {"poll": Poll(SECRET, ["a"]), "stickers": ["s"], "forwards": message, "files": [("a.txt", b"a")]}
    await ana.posts(play.channel, f"{world.mention} {SECRET}", **more)
    await ana.posts(play.channel, f"{world.mention} {ASK}", reply_to=shown)
    ana.edits(message, f"{world.mention} what is dropout {SECRET}")
    ana.previews(message, SECRET)
    ana.deletes(message)
    await world.settled()
    await ana.types("/ask", question=SECRET)
    asked = await ana.uses("/ask", question=ASK)
    await ana.uses_on(shown, "Ask the tutor")
    form = await ana.opens(asked.buttons[0])
    await ana.submits(form, text=SECRET)
    guild.remove_bot()
    guild.invite_bot(["send_messages"])
    await world.settled()


def samples(session: Session) -> dict[str, tuple[str, Json]]:
    """One event of each sort that the bot was told of."""
    found: dict[str, tuple[str, Json]] = {}
    for packet in session.sent:
        if packet["t"] not in {"READY", "RESUMED"}:
            kind = (packet["t"], packet["d"].get("type"), shape(packet["d"]))
            found.setdefault(repr(kind), (packet["t"], packet["d"]))
    return found


def as_new(world: LoopbackDiscord, data: Json) -> Json:
    """An interaction once more, as another one that waits for an answer."""
    again = copy.copy(world.interactions[int(data["id"])])
    again.id, again.token, again.created = world.clock.snowflake(), f"another.{again.id}", world.clock.now()
    again.response = again.original = again.modal = again.choices = None
    again.follow_ups = []
    world.interactions[again.id] = again
    return {**data, "id": str(again.id), "token": again.token}


@pytest.mark.slow
async def test_whatever_an_event_lacks_the_bot_still_hears(
    bot: TutorClient, play: Play, guild: Guild, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    world = play.loopback
    world.patience = 20
    await everything_happens(world, play, ana, bot)
    (session,) = world.gateway.identified
    told = samples(session)
    assert len({event for event, _ in told.values()}) >= 14, sorted({event for event, _ in told.values()})
    tried = 0
    for event, data in told.values():
        for way in places(data):
            for value in ODD:
                fresh = as_new(world, data) if event == "INTERACTION_CREATE" else data
                world.gateway.dispatch(event, changed(fresh, way, value))
                tried += 1
            assert TITLE in (await ana.uses("/ask", question=ASK)).text, (event, way)
            assert world.gateway.identified == [session], (event, way)
            assert SECRET not in caplog.text, (event, way)
            caplog.clear()
        world.gateway.dispatch("GUILD_CREATE", payloads.guild_create(guild))  # as if nothing had been
    assert tried > 5000
    await world.settled()
    world.forgive()


@pytest.fixture
def _begins_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame whose op is odd is skipped, and HELLO waited for: not as long as for Discord."""
    monkeypatch.setattr(gateway, "BEGINS_WITHIN", 3.0)


@pytest.mark.slow
@pytest.mark.parametrize("packet", [10, "READY", "GUILD_CREATE"])
@pytest.mark.usefixtures("_begins_soon")
async def test_whatever_the_beginning_of_a_session_lacks_one_begins(
    pauses: list[float], bot: TutorClient, guild: Guild, ana: Person, packet: str | int
) -> None:
    world = guild.world
    await bot.wait_until_ready()
    (session,) = world.gateway.identified
    hello = {"op": 10, "d": {"heartbeat_interval": 41250}, "s": None, "t": None}
    sent = next((one for one in session.sent if one["t"] == packet), hello)
    for way in places(sent):
        for value in ODD:
            left = [1]
            world.gateway.spoilt = lambda one, way=way, value=value, left=left: (
                changed(one, way, value) if packet in {one["op"], one["t"]} and left.pop() else one
            ) if left else one  # fmt: skip
            await world.gateway.close()
            seen = world.gateway.identifies
            await world.until(lambda seen=seen: world.gateway.identifies > seen or None, f"a session {way} {value}")
        await world.until(lambda: bot.alive() or None, f"a session {way}")
        assert TITLE in (await ana.uses("/ask", question=ASK)).text, way
    assert len(pauses) > len(list(places(sent)))
