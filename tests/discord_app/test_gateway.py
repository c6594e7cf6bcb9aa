"""What Discord sends and discord.py cannot read: it is skipped, left out, or told; the bot goes on."""

import asyncio
import copy
import gc
import inspect
import logging
from collections.abc import Callable
from typing import Any
from weakref import ref

import discord
import pytest

from bot import words
from bot.discord_app.client import TutorClient
from bot.discord_app.gateway import _LISTS, _REQUIRED, SAID_AGAIN, Incidents
from bot.discord_app.liveness import SILENT
from tests.discord_app.conftest import ASK, TITLE
from tests.discord_app.playing import Play
from tests.discord_server import LoopbackDiscord, payloads, pointed_at, using
from tests.discord_server.gateway import ACK, HELLO, INVALID_SESSION, Session
from tests.discord_server.model import Attachment, Channel, Guild, Interaction, Message, Poll
from tests.discord_server.people import Person

Json = dict[str, Any]
SECRET = "xylophonic quandary"


@pytest.fixture(autouse=True)
def _all_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


@pytest.fixture(autouse=True)
def nothing_is_left_of_other_tests(caplog: pytest.LogCaptureFixture) -> None:
    """What asyncio says of their tasks, when these are found to be garbage, is said before."""
    gc.collect()
    caplog.clear()


def incidents(caplog: pytest.LogCaptureFixture) -> list[str]:
    assert SECRET not in caplog.text
    assert "Traceback" not in caplog.text
    return [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR]


def set_at(data: Any, path: str, value: Any) -> Any:
    """The same with another value at a place; `...`: without it."""
    data = copy.deepcopy(data)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    within = data
    for step in way:
        within = within[step]
    if value is ...:
        del within[last]
    else:
        within[last] = value
    return data


@pytest.fixture
def said(loopback: LoopbackDiscord, channel: Channel, ana: Person) -> Json:
    """A message of Ana's, as the bot is told of it, with all that there is in messages."""
    original = Message(loopback.clock.snowflake(), channel, ana, loopback.clock.now())
    message = Message(loopback.clock.snowflake(), channel, ana, loopback.clock.now())
    message.content, message.mentions = f"{loopback.mention} {SECRET}", [loopback.bot]
    message.attachments = [Attachment(loopback.clock.snowflake(), "a.txt", SECRET.encode())]
    message.poll, message.forwards = Poll(SECRET, ["a", "b"]), original
    message.stickers = ["wave"]
    return payloads.event_message(message)


ODD = [
    ("poll.expiry", None, "TypeError in "),
    ("poll.question", ..., "AttributeError 'get' in poll.py"),
    ("message_snapshots.0.message", {}, "KeyError"),
    ("message_snapshots.0", None, "TypeError in "),
    ("attachments.0.proxy_url", ..., "KeyError 'proxy_url'"),
    ("author.discriminator", ..., "KeyError 'discriminator'"),
    ("author.avatar", ..., "KeyError 'avatar'"),
    ("edited_timestamp", SECRET, "ValueError in "),
    ("author", None, "TypeError 'author'"),
    ("id", "x" * 5000, "ValueError 'id'"),
    ("mentions", {SECRET: 1}, "TypeError in "),
    ("member", [SECRET], "TypeError in "),
    ("components", None, "TypeError in "),
    ("mentions.0.username", ..., "KeyError 'username'"),
    ("referenced_message", {"type": 0}, "KeyError 'id'"),
]


async def test_messages_that_cannot_be_read_are_skipped_and_named(
    bot: TutorClient, loopback: LoopbackDiscord, ana: Person, said: Json, caplog: pytest.LogCaptureFixture
) -> None:
    for path, value, told in ODD:
        caplog.clear()
        for event in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
            loopback.gateway.dispatch(event, set_at(said, path, value))
        await loopback.settled()
        for line, event in zip(incidents(caplog), ("MESSAGE_CREATE", "MESSAGE_UPDATE"), strict=True):
            assert event in line
            assert told in line, (path, line)
    assert TITLE in (await ana.dms(ASK)).text
    assert [session.id for session in loopback.gateway.sessions] == [bot.ws.session_id]


ODD_EVENTS: list[tuple[str, Any]] = [
    ("CHANNEL_UPDATE", None),
    ("THREAD_CREATE", []),
    ("GUILD_ROLE_UPDATE", {"guild_id": "1" * 5000}),
    ("GUILD_MEMBER_UPDATE", SECRET),
    ("GUILD_CREATE", {"id": None, "name": SECRET}),
    ("GUILD_UPDATE", 17),
    ("GUILD_DELETE", {}),
    ("USER_UPDATE", {"id": "5", "username": SECRET, "discriminator": "0", "avatar": None}),
    ("INTERACTION_CREATE", {"id": [], "token": SECRET}),
]


UNKNOWN: list[tuple[str, Any]] = [
    ("NEVER_HEARD_OF", SECRET),
    ("GUILD_DELETE", {"id": "77"}),
    ("THREAD_CREATE", {"guild_id": "7"}),
    ("CHANNEL_CREATE", {"type": 2}),
]


async def test_other_events_that_cannot_be_read(
    bot: TutorClient, loopback: LoopbackDiscord, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    for event, data in ODD_EVENTS:
        loopback.gateway.dispatch(event, data)
    for event, data in UNKNOWN:
        loopback.gateway.dispatch(event, data)  # these are no fault: discord.py knows what to do
    assert TITLE in (await ana.dms(ASK)).text
    lines = incidents(caplog)
    assert len(lines) == len(ODD_EVENTS), lines
    for (event, _), line in zip(ODD_EVENTS, lines, strict=True):
        assert event in line
    assert bot.user
    assert (bot.user.id, bot.user.name) == (loopback.bot.id, "tutor")


async def test_the_same_fault_is_counted(
    bot: TutorClient, loopback: LoopbackDiscord, said: Json, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(50):
        loopback.gateway.dispatch("MESSAGE_CREATE", set_at(said, "author.avatar", ...))
        loopback.gateway.dispatch("MESSAGE_CREATE", set_at(set_at(said, "author.avatar", ...), "guild_id", ...))  # a DM
    await loopback.settled()
    assert len(incidents(caplog)) == 1


def test_a_fault_is_told_once_a_minute_with_how_often_it_came(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    told = Incidents(lambda: now[0])
    ids = {told.note("this", "this happened") for _ in range(40)} | {told.note("that", "that happened")}
    assert len(ids) == 2
    now[0] = SAID_AGAIN
    told.note("this", "this happened")
    first, other, again = incidents(caplog)
    assert "that happened" in other
    assert first.endswith("this happened")
    assert again.endswith("this happened (39 more since this was last said)")


async def interacts(ana: Person, path: str, value: Any, kind: int = 2) -> Interaction:
    """Ana uses `/ask`, or types in it, and the bot is told of it in an odd form."""
    channel, world = ana._usual_channel(), ana.world
    data = {"id": "1", "name": "ask", "type": 1, "options": [{"name": "question", "type": 3, "value": SECRET}]}
    data["options"][0] |= {"focused": True} if kind == 4 else {}  # type: ignore[index]
    number = world.clock.snowflake()
    used = Interaction(number, f"a.{SECRET[:5]}", kind, ana, channel, data, created=world.clock.now(), owners={})
    world.interactions[used.id] = used
    world.gateway.dispatch("INTERACTION_CREATE", set_at(using.as_json(used), path, value))
    return used


UNREADABLE = [
    *[
        (path, ...)
        for path in ("data", "version", "member.roles", "member.user.avatar", "attachment_size_limit", "type")
    ],
    *[(path, None) for path in ("data", "data.options", "member.roles", "channel", "entitlements")],
    *[("type", 17), ("data.name", ...), ("data.options.0.name", {}), ("data.options.0", "x"), ("guild_id", "a guild")],
]


async def test_an_interaction_that_cannot_be_read_gets_its_line(
    bot: TutorClient, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    for path, value in UNREADABLE:
        used = await interacts(ana, path, value)
        shown = await ana._response(used, lambda used=used: using.result(used), None)
        logged = [line.split()[1].rstrip(":") for line in incidents(caplog)]
        assert shown.seen_by is ana
        assert ana._heard(shown).text in {words.discord.unreadable(incident) for incident in logged}, path
    assert len(logged) <= len(UNREADABLE)
    assert TITLE in (await ana.uses("/ask", question=ASK)).text


async def test_where_a_member_is_typing_there_is_nothing_to_choose(
    bot: TutorClient, loopback: LoopbackDiscord, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    for path, value in [("member.roles", None), ("data.name", ...), ("data.options.0.focused", ...)]:
        used = await interacts(ana, path, value, kind=4)
        assert await ana._response(used, lambda used=used: used.choices if used.response else None, None) == [], path
    assert "cannot be read" in caplog.text


async def test_an_interaction_without_id_or_token_is_logged(
    bot: TutorClient, loopback: LoopbackDiscord, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    for path in ("id", "token"):
        await interacts(ana, path, ...)
        await interacts(ana, path, None)
    await loopback.settled()
    assert [line for line in incidents(caplog) if "INTERACTION_CREATE" in line]
    assert TITLE in (await ana.uses("/ask", question=ASK)).text


BEGINNINGS: list[tuple[str | int, str, Any, str]] = [
    (10, "d", None, "HELLO"),
    ("READY", "d.user.avatar", ..., "READY (KeyError 'avatar')"),
    ("READY", "t", None, "did not send READY"),
    (10, "d.heartbeat_interval", 0, "HELLO (ValueError 'heartbeat_interval')"),
    (10, "d.heartbeat_interval", "41250", "HELLO"),
    (10, "d.heartbeat_interval", 10**300, "HELLO"),
    (10, "op", ..., "a frame (KeyError 'op')"),
    ("READY", "d.session_id", ..., "READY (KeyError 'session_id')"),
    ("READY", "d.guilds", None, "READY (TypeError"),
    ("READY", "s", SECRET, "READY (TypeError 's')"),
    ("READY", "op", SECRET, "a frame (TypeError 'op')"),
    ("READY", "op", 99, "did not send READY"),
]


@pytest.mark.parametrize(
    ("packet", "path", "value", "told"),
    [pytest.param(*one, marks=[pytest.mark.slow] if n > 2 else []) for n, one in enumerate(BEGINNINGS)],
    ids=[f"{packet} {path} {n}" for n, (packet, path, *_) in enumerate(BEGINNINGS)],
)
async def test_a_session_whose_beginning_cannot_be_read_is_followed_by_another(  # noqa: PLR0917
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], ana: Person, pauses: list[float],
    caplog: pytest.LogCaptureFixture, packet: str | int, path: str, value: Any, told: str,
) -> None:  # fmt: skip
    left = [6]

    def spoilt(sent: Json) -> Any:
        if left[0] and packet in (sent["op"], sent["t"]):
            left[0] -= 1
            return set_at(sent, path, value)
        return sent

    loopback.gateway.spoilt = spoilt
    client = make_client()
    with pointed_at(loopback.url):
        task = asyncio.create_task(client.start(loopback.token))
        await loopback.until(lambda: not left[0] or None, "the last that is spoilt")
        assert not client.alive()
        await loopback.until(lambda: client.alive() or None, "a sign of life")
        assert TITLE in (await ana.dms(ASK)).text
        assert pauses == [1.0, 2.0, 4.0, 8.0]
        (line,) = [one for one in caplog.messages if words.connecting.KEEP_TRYING in one]
        assert told in line
        await client.close()
        await asyncio.wait({task})


async def test_a_session_that_does_not_begin_in_time_is_followed_by_another(
    pauses: list[float], bot: TutorClient, loopback: LoopbackDiscord, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord_app.gateway.BEGINS_WITHIN", 0.3)

    def spoilt(sent: Json) -> Json:
        if sent["t"] != "RESUMED":
            return sent
        monkeypatch.setattr("bot.discord_app.gateway.BEGINS_WITHIN", 60.0)
        return {**sent, "t": None}

    loopback.gateway.spoilt = spoilt
    await loopback.gateway.cut()
    loopback.gateway.mend()
    await loopback.until(lambda: loopback.gateway.identifies == 2 or None, "another session")
    assert TITLE in (await ana.dms(ASK)).text


async def test_without_a_hello_a_session_ends_whatever_else_comes(  # noqa: PLR0917
    pauses: list[float], bot: TutorClient, loopback: LoopbackDiscord, ana: Person, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    await bot.wait_until_ready()
    monkeypatch.setattr("bot.discord_app.gateway.BEGINS_WITHIN", 0.05)
    ends = [0]

    def spoilt(sent: Json) -> Json:
        if sent["op"] == HELLO:
            ends[0] += 1
            for _ in range(5):
                loopback.gateway.sessions[-1].send(ACK)
        return {**sent, "op": ACK}

    loopback.gateway.spoilt = spoilt
    await loopback.gateway.close()
    await loopback.until(lambda: ends[0] > 3 or None, "a line after the other")
    assert not bot.alive()
    assert loopback.gateway.identifies == 1
    monkeypatch.setattr("bot.discord_app.gateway.BEGINS_WITHIN", 60.0)
    loopback.gateway.spoilt = lambda sent: sent
    assert TITLE in (await ana.dms(ASK)).text
    told = [one for one in caplog.messages if "did not send HELLO" in one]
    assert len(told) <= 1
    assert len([one for one in caplog.messages if words.connecting.KEEP_TRYING in one]) == 1


@pytest.fixture
def deaf(loopback: LoopbackDiscord, monkeypatch: pytest.MonkeyPatch) -> Callable[[Json], Json]:
    """Spoils what is sent: heartbeats every 10 ms are wanted, and something else comes for each of them."""
    monkeypatch.setattr("bot.discord_app.gateway._BEATS", range(1, 1000))

    def spoilt(sent: Json) -> Json:
        if sent["op"] == HELLO:
            return {**sent, "d": {"heartbeat_interval": 10}}
        return {**sent, "op": 99} if sent["op"] == ACK else sent

    return spoilt


async def test_a_line_on_which_no_heartbeat_is_acknowledged_is_left_and_so_is_its_session_if_that_does_not_help(  # noqa: PLR0917
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], ana: Person, pauses: list[float],
    caplog: pytest.LogCaptureFixture, deaf: Callable[[Json], Json],
) -> None:  # fmt: skip
    resumed, gateway = [], loopback.gateway

    def resume(session: Session, data: Json) -> None:
        resumed.append(data["session_id"])
        session.go_on(first, data["seq"])

    gateway.spoilt, gateway._resume = deaf, resume  # type: ignore[method-assign]
    client = make_client()
    async with loopback.running(client):
        (first,) = gateway.identified
        await loopback.until(lambda: gateway.identifies == 2 or None, "another session")
        assert len(resumed) == 1
        gateway.spoilt = lambda sent: sent
        await loopback.until(lambda: client.alive() or None, "a sign of life")
        assert TITLE in (await ana.dms(ASK)).text
    assert [one for one in caplog.messages if "none of the last 3 heartbeats" in one]


async def test_heartbeats_are_never_so_far_apart_that_a_quiet_line_passes_for_a_dead_one(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient]
) -> None:
    loopback.gateway.spoilt = lambda sent: (
        {**sent, "d": {"heartbeat_interval": 300_000}} if sent["op"] == HELLO else sent
    )
    client = make_client()
    async with loopback.running(client):
        keep_alive = client.ws._keep_alive
        assert keep_alive
        assert keep_alive.interval is not None
        assert keep_alive.interval + 10 < min(SILENT, keep_alive.heartbeat_timeout)


@pytest.mark.parametrize("code", [4003, 4007, 4009, 4000, None])
async def test_a_session_that_is_not_taken_up_again_is_followed_by_another(  # noqa: PLR0917
    pauses: list[float], bot: TutorClient, loopback: LoopbackDiscord, ana: Person, monkeypatch: pytest.MonkeyPatch,
    code: int | None,
) -> None:  # fmt: skip
    await bot.wait_until_ready()
    resumes = []

    def refused(session: Session, data: Json) -> None:
        if code is None:
            session.send(INVALID_SESSION, True)
        else:
            resumes.append(asyncio.create_task(session.socket.close(code=code)))

    monkeypatch.setattr(loopback.gateway, "_resume", refused)
    await loopback.gateway.close()
    await loopback.until(lambda: loopback.gateway.identifies == 2 or None, "another session")
    assert TITLE in (await ana.dms(ASK)).text
    assert len(resumes) == (code is not None)
    if code in {4003, 4007, 4009}:  # no use in asking whether it may be taken up
        await loopback.gateway.close(code)
        await loopback.until(lambda: loopback.gateway.identifies == 3 or None, "another session")
        assert len(resumes) == 1


async def test_a_number_that_counts_nothing_is_passed_over(
    pauses: list[float], bot: TutorClient, loopback: LoopbackDiscord, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    await bot.wait_until_ready()
    for odd in (10**30, 2**53, -1, True, 1.5, {}):
        loopback.gateway.spoilt = lambda sent, odd=odd: {**sent, "s": odd} if sent["t"] == "TYPING_START" else sent
        before = bot.ws.sequence
        loopback.gateway.dispatch("TYPING_START", {"channel_id": "1", "user_id": "2", "timestamp": 1})
        await loopback.settled()
        assert bot.ws.sequence == before
    await loopback.gateway.cut()
    loopback.gateway.mend()
    assert TITLE in (await ana.dms(ASK)).text
    assert loopback.gateway.identifies == 1
    (line,) = incidents(caplog)
    assert "sequence" in line


async def test_what_is_known_is_not_thrown_away_for_a_ready_that_cannot_be_read(
    pauses: list[float], bot: TutorClient, loopback: LoopbackDiscord, channel: Channel
) -> None:
    await bot.wait_until_ready()
    for spoilt in ({"user": {}}, {"guilds": [None]}, {"guilds": None}, {"session_id": None}, {"resume_gateway_url": 7}):
        loopback.gateway.spoilt = lambda sent, spoilt=spoilt: (
            {**sent, "d": {**sent["d"], **spoilt}} if sent["t"] == "READY" else sent
        )
        await loopback.gateway.close()
        seen = loopback.gateway.identifies
        await loopback.until(lambda seen=seen: loopback.gateway.identifies > seen + 1 or None, "another session")
        assert bot.get_channel(channel.id)
        assert not bot.alive()


NO_FRAMES = [
    b"no frame\x00\x00\xff\xff",
    "{",
    "[]",
    "17",
    '{"op": null}',
    "[" * 100_000,
    '{"op": 0, "s": ' + "1" * 5000 + "}",
]


async def test_a_frame_that_is_none_ends_the_session_only(
    pauses: list[float], bot: TutorClient, loopback: LoopbackDiscord, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    for number, frame in enumerate(NO_FRAMES, 2):
        loopback.gateway.spoilt = lambda sent, frame=frame: frame if sent["t"] == "TYPING_START" else sent
        loopback.gateway.dispatch("TYPING_START", {})
        await loopback.until(lambda number=number: loopback.gateway.identifies == number or None, "another session")
        assert TITLE in (await ana.dms(ASK)).text, frame
    assert pauses == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert len([one for one in caplog.messages if "a frame" in one]) == 1
    assert not incidents(caplog)


async def test_what_is_skipped_is_not_sent_again(
    bot: TutorClient, loopback: LoopbackDiscord, ana: Person, said: Json, caplog: pytest.LogCaptureFixture
) -> None:
    await bot.wait_until_ready()
    loopback.gateway.spoilt = lambda sent: {**sent, "s": SECRET, "op": 0} if sent["t"] == "TYPING_START" else sent
    for event, data in [("MESSAGE_CREATE", set_at(said, "author.avatar", ...)), ("TYPING_START", {})]:
        loopback.gateway.dispatch(event, data)
    for packet in ({"op": 99, "t": SECRET, "d": SECRET, "s": None}, {"op": 0, "t": [SECRET], "d": {}, "s": None}):
        loopback.gateway.sessions[0]._queue.put_nowait(packet)
    await loopback.settled()
    lines = incidents(caplog)
    assert [one for one in lines if "op code" in one]
    assert [one for one in lines if "of no name" in one]
    assert bot.ws.sequence == loopback.gateway.sessions[0]._sequence - 1  # TYPING_START had none
    await loopback.gateway.cut()
    loopback.gateway.mend()
    assert TITLE in (await ana.dms(ASK)).text
    assert len(incidents(caplog)) == len(lines)
    again = bot._readings.incidents._unsaid  # of what was sent again, which is what had no number
    assert [fault.split()[2] for fault in again if fault != "s"] == ["TYPING_START"]
    assert loopback.gateway.identifies == 1


def test_discord_py_still_has_what_is_relied_upon() -> None:
    """Where this fails after an update of discord.py, gateway.py and left_out.py are to be read anew, each against what
    they say of it."""
    state, socket = discord.state.ConnectionState, discord.gateway.DiscordWebSocket
    client = discord.Client(intents=discord.Intents(guilds=True))
    parsers = client._connection.parsers
    named = [*_REQUIRED, *_LISTS, "READY", "RESUMED", "GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE", "USER_UPDATE"]
    named += [f"CHANNEL_{what}" for what in ("CREATE", "UPDATE", "DELETE")]
    named += ["GUILD_ROLE_DELETE", "GUILD_MEMBER_UPDATE", "THREAD_DELETE"]
    assert [event for event in named if event not in parsers] == []
    received = inspect.getsource(socket.received_message)
    assert received.index("self.sequence = seq") < received.index("self._discord_parsers[event]")
    assert "ws._discord_parsers = client._connection.parsers" in inspect.getsource(socket.from_client)
    assert "self._decompressor.decompress(msg)" in received
    for within, said in [
        (state.parse_ready, "self.clear(views=False)"),  # before it is read
        (state._get_create_guild, "self._add_guild_from_data(data)"),
        (state._add_guild_from_data, "Guild(data=data, state=self)"),
        (state.parse_guild_update, "guild._from_data(data)"),
        (state.parse_channel_update, "channel._update(guild, data)"),
        (discord.Message.__init__, "except KeyError:\n                continue"),  # of an author that cannot be read
        (discord.Role._update, "int(data.get('permissions', 0))"),
        (discord.app_commands.CommandTree._from_interaction, "await self._call(interaction)"),
    ]:
        assert said in inspect.getsource(within), (within, said)
    assert client._connection._get_client() is client
    assert hasattr(client.http, "_HTTPClient__session")
    slots = {slot for kind in (discord.Guild, discord.Role, discord.TextChannel) for slot in kind.__slots__}
    assert {"_roles", "_permissions", "_overwrites"} <= slots


async def test_nothing_of_the_cache_keeps_itself_elsewhere_than_in_slots(bot: TutorClient, guild: Guild) -> None:
    await bot.wait_until_ready()
    known = bot.get_guild(guild.id)
    assert known
    for thing in (known, known.me, known.default_role, known.text_channels[0], bot.user):
        assert not hasattr(thing, "__dict__"), thing


def only_ids(answer: Any) -> Any:
    """What Discord answers, of messages their ids only."""
    if isinstance(answer, list):
        return [only_ids(one) for one in answer]
    if isinstance(answer, dict) and "channel_id" in answer:
        return {"id": answer["id"], "channel_id": answer["channel_id"]}
    return {**answer, "resource": SECRET} if isinstance(answer, dict) and "resource" in answer else answer


async def test_what_was_posted_stands_though_the_answer_to_it_cannot_be_read(
    bot: TutorClient, play: Play, ana: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    handle = play.loopback.server._handle

    def spoilt(call: Any) -> Any:
        status, answer = handle(call)
        return status, only_ids(answer)

    monkeypatch.setattr(play.loopback.server, "_handle", spoilt)
    await play.start(bot, questions=1, kinds="choice", seconds=60)
    shown = await play.asked()
    assert (await ana.presses(shown.button(play.letter()))).text.startswith("Locked")
    await play.closed(shown, 70)
    assert "✅" in shown.text
    assert "`Ana`: **1** of 1" in (await play.result()).text
    asked = await ana.uses("/ask", question=ASK)
    await ana.submits(await ana.opens(asked.buttons[0]), text="why?")
    assert len([one for one in ana.sees(play.channel) if "Question 1 of" in one.text]) == 1
    (line,) = incidents(caplog)
    assert "KeyError 'type'" in line


async def test_a_client_that_nobody_uses_is_not_kept(make_client: Callable[[], TutorClient]) -> None:
    client = make_client()
    kept = ref(client)
    await client.close()
    del client
    gc.collect()
    assert kept() is None
