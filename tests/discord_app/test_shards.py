"""Several processes with one token: which servers each has, and when it may begin its session."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from bot import app, words
from bot.discord_app import connection, sessions
from bot.discord_app.client import TutorClient
from bot.errors import ConnectionFailed
from bot.knowledge import Learnt
from bot.service.application import App
from bot.service.server_settings import Change
from bot.service.zones import next_at
from bot.settings import Settings
from bot.shard import Shard, read_shard
from bot.storage.database import open_storage
from bot.storage.rows import PointsOf, PointsRow
from tests.discord_app.conftest import ASK, TITLE
from tests.discord_app.test_connection import run_bot
from tests.discord_server import LoopbackDiscord, pointed_at
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

Apps = Callable[[str], App]
WARNED = (logging.WARNING, logging.ERROR)


@pytest.fixture
async def apps(
    learnt: Learnt, loopback: LoopbackDiscord, migrated_postgresql: str, tmp_path: Path
) -> AsyncIterator[Apps]:
    """Makes the app of a shard, as a process of its own has it, all on one database."""
    opened = []

    async def make(shard: Shard) -> App:
        storage = await open_storage(migrated_postgresql, loopback.clock, shard)
        opened.append(storage)
        settings = Settings(data_dir=tmp_path, shard=shard)
        return app.build(settings, clock=loopback.clock, storage=storage, learnt=learnt)

    made = {shard: await make(read_shard(shard)) for shard in ("0/2", "1/2")}
    yield made.__getitem__
    for storage in opened:
        await storage.close()


@pytest.fixture
def client_of(apps: Apps, tmp_path: Path) -> Callable[[str], TutorClient]:
    return lambda shard: TutorClient(apps(shard), tmp_path / f"heartbeat-{shard[0]}")


def alone(made: App, tmp_path: Path, shard: str = "0/1") -> TutorClient:
    return TutorClient(replace(made, shard=read_shard(shard)), tmp_path / "heartbeat")


@asynccontextmanager
async def served(loopback: LoopbackDiscord, client: TutorClient) -> AsyncIterator[asyncio.Task[None]]:
    with pointed_at(loopback.url):
        async with client:
            task = asyncio.create_task(connection.serve(client, loopback.token, client.starts))
            yield task
            task.cancel()
            await asyncio.wait({task})


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelno in WARNED and one.name.startswith("bot.")]


@pytest.mark.slow
async def test_each_serves_the_servers_of_its_shard_and_the_first_direct_messages(
    loopback: LoopbackDiscord, client_of: Callable[[str], TutorClient]
) -> None:
    guilds = [loopback.add_guild(f"Group {k}", shard=(k, 2), bot_permissions=["send_messages"]) for k in (0, 1)]
    channels = [guild.add_channel("general") for guild in guilds]
    ana = guilds[0].add_member("Ana")
    guilds[1].add_member(ana)
    first, second = client_of("0/2"), client_of("1/2")
    async with loopback.running(first), loopback.running(second):
        for channel in channels:
            assert TITLE in (await ana.says(channel, f"{loopback.mention} {ASK}")).text
        assert TITLE in (await ana.dms(ASK)).text
        await loopback.settled()
        assert [[guild.name for guild in client.guilds] for client in (first, second)] == [["Group 0"], ["Group 1"]]


@pytest.mark.slow
async def test_what_is_reviewed_in_a_server_of_one_process_is_done_in_direct_messages_to_another(
    loopback: LoopbackDiscord, client_of: Callable[[str], TutorClient]
) -> None:
    group = loopback.add_guild("Group 1", shard=(1, 2), bot_permissions=["send_messages"])
    channel, ana = group.add_channel("general"), group.add_member("Ana")
    first, second = client_of("0/2"), client_of("1/2")
    momentum = first.app.curriculum.topic("momentum")
    assert momentum
    key = next(f"momentum/{one.id}" for one in momentum.questions if one.kind == "choice")
    row = PointsRow("r", 0, ana.id, group.id, "Ana", "momentum", key, 1.0, True, loopback.clock.now() - 9 * 86400)
    await second.app.storage.journal.write(PointsOf("r", (row,)))
    async with loopback.running(first), loopback.running(second):
        direct, shown = await ana.uses("/review", in_=ana.dm), await ana.uses("/review", in_=channel)
        await ana.presses(shown.button("A"))
        assert "**All done for today.**" in shown.text
        assert "You have answered that one already" in (await ana.presses(direct.button("A"))).text
        assert "**All done for today.**" in (await ana.uses("/review", in_=ana.dm)).text


@pytest.mark.slow
async def test_the_first_registers_the_commands_and_one_greets(
    loopback: LoopbackDiscord, client_of: Callable[[str], TutorClient]
) -> None:
    async with loopback.running(second := client_of("1/2")):
        await second.wait_until_ready()
        assert not loopback.requested("PUT", "/applications/{application_id}/commands")
        async with loopback.running(client_of("0/2")):
            assert len(loopback.requested("PUT", "/applications/{application_id}/commands")) == 1
            later = loopback.add_guild("Later", shard=(1, 2), bot_permissions=["send_messages"])
            ana, room = later.add_member("Ana"), later.add_channel("general")
            loopback.tell_joined(later)
            await loopback.until(lambda: ana.sees(room) or None, "it was not greeted")
            await loopback.settled()
            assert len(ana.sees(room)) == 1


@pytest.mark.slow
async def test_sessions_of_a_bucket_begin_apart(
    loopback: LoopbackDiscord, client_of: Callable[[str], TutorClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = loopback.gateway.starts
    starts.apart = 0.3
    monkeypatch.setattr(sessions, "APART", 0.35)
    first, second = client_of("0/2"), client_of("1/2")
    async with served(loopback, first), served(loopback, second):
        await loopback.until(lambda: len(loopback.gateway.identified) == 2 or None, "two sessions")
    assert (starts.too_early, loopback.gateway.identifies) == (0, 2)


@pytest.mark.parametrize("lost_while", ["asked", "held"])
async def test_a_database_that_cannot_be_asked_for_a_turn_is_told_in_plain_words_and_one_that_is_lost_after_it_is_not(
    lost_while: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "APART", 0.0)

    @asynccontextmanager
    async def bucket(_: int) -> AsyncIterator[None]:
        if lost_while == "asked":
            raise ConnectionError("connection is closed") from OSError()
        yield
        raise ConnectionError("connection is closed")

    starts = sessions.SessionStarts(cast("TutorClient", None), Shard(0, 2), bucket)
    async with starts.turn():
        pass
    await asyncio.gather(*starts._holding)
    said = warnings(caplog)
    if lost_while == "held":
        assert said == []
    else:
        (line,) = said
        assert "whose turn it is to begin a session with Discord (connection is closed), so I begin mine now" in line
        assert line.endswith("Nothing has to be done.")


@pytest.mark.slow
async def test_buckets_begin_beside_each_other(
    loopback: LoopbackDiscord, client_of: Callable[[str], TutorClient]
) -> None:
    starts = loopback.gateway.starts
    starts.apart, starts.max_concurrency = sessions.APART, 2
    loopback.patience = sessions.APART
    first, second = client_of("0/2"), client_of("1/2")
    async with loopback.running(first), loopback.running(second):
        assert starts.too_early == 0


async def test_what_sessions_need_is_asked_for_beside_the_rest_of_the_login(
    loopback: LoopbackDiscord, make_app: Callable[[], App], tmp_path: Path
) -> None:
    held = loopback.hold_next("GET", "/oauth2/applications/@me")
    async with served(loopback, alone(make_app(), tmp_path)) as task:
        await loopback.until(
            lambda: any(call.path == "/gateway/bot" for call in loopback.requests) or None, "it was not asked"
        )
        held.release()
        await loopback.online(task)


async def test_one_that_was_too_early_all_the_same_comes_in_by_itself(
    loopback: LoopbackDiscord, make_app: Callable[[], App], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "APART", 0.2)
    starts = loopback.gateway.starts
    starts.apart = 0.2
    assert not starts.refused(0)  # of a process that has just died
    async with served(loopback, alone(make_app(), tmp_path)) as task:
        await loopback.online(task)
    assert starts.too_early == 1


async def test_a_session_that_goes_on_needs_no_turn(loopback: LoopbackDiscord, bot: TutorClient) -> None:
    await loopback.gateway.cut()
    loopback.gateway.mend()
    await loopback.until(lambda: len(loopback.gateway.identified) or None, "it did not come back")
    assert loopback.gateway.identifies == 1
    assert len(loopback.requested("GET", "/gateway/bot")) == 1


async def test_too_few_shards_are_warned_of_once(
    loopback: LoopbackDiscord,
    make_app: Callable[[], App],
    tmp_path: Path,
    pauses: list[float],
    caplog: pytest.LogCaptureFixture,
) -> None:
    loopback.gateway.shards = 3
    async with served(loopback, alone(make_app(), tmp_path)):
        for begun in (1, 2):
            await loopback.until(lambda begun=begun: loopback.gateway.identifies == begun or None, "a session")
            await loopback.until(lambda: len(loopback.gateway.identified) or None, "a session")
            await loopback.gateway.cut(forget=True)
            loopback.gateway.mend()
    (line,) = [line for line in warnings(caplog) if "shards" in line]
    assert line.startswith("Discord wants 3 shards, and this is 0/1.")
    assert line.endswith(": SHARD=0/3, SHARD=1/3 and SHARD=2/3.")


async def test_more_servers_than_a_shard_may_have_are_told_with_what_to_do(
    loopback: LoopbackDiscord, make_app: Callable[[], App], tmp_path: Path
) -> None:
    loopback.gateway.shards, loopback.gateway.most_servers = 2, 0
    loopback.add_guild("Group")
    async with served(loopback, alone(make_app(), tmp_path)) as task:
        with pytest.raises(ConnectionFailed) as told:
            await asyncio.wait_for(task, 10)
    assert "4011" in str(told.value)
    assert str(told.value).endswith("Growing): SHARD=0/2 and SHARD=1/2.")


async def test_auto_ends_where_discord_wants_more_than_one(
    loopback: LoopbackDiscord, make_app: Callable[[], App], tmp_path: Path
) -> None:
    loopback.gateway.shards = 2
    async with served(loopback, alone(make_app(), tmp_path, "auto")) as task:
        with pytest.raises(sessions.OneShardOnly, match=r"Start 2 processes .*: SHARD=0/2 and SHARD=1/2\.$"):
            await asyncio.wait_for(task, 10)
    assert loopback.gateway.identifies == 0


async def test_auto_waits_until_discord_says_what_it_wants(
    loopback: LoopbackDiscord, make_app: Callable[[], App], tmp_path: Path, pauses: list[float]
) -> None:
    loopback.fail_next("GET", "/gateway/bot", status=403)
    async with served(loopback, alone(make_app(), tmp_path, "auto")) as task:
        await loopback.online(task)
    assert [call.status for call in loopback.requests if call.path == "/gateway/bot"] == [403, 200]


async def test_auto_goes_on_when_discord_wants_more_than_one_later(
    loopback: LoopbackDiscord,
    make_app: Callable[[], App],
    tmp_path: Path,
    pauses: list[float],
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with served(loopback, alone(make_app(), tmp_path, "auto")) as task:
        await loopback.online(task)
        loopback.gateway.shards = 2
        await loopback.gateway.cut(forget=True)
        loopback.gateway.mend()
        await loopback.online(task)
    assert [line for line in warnings(caplog) if line.startswith("Discord wants 2 shards")]


@pytest.mark.parametrize("answer", [{}, [], None, {"shards": "many", "session_start_limit": {}}])
async def test_others_begin_whatever_discord_says(
    loopback: LoopbackDiscord, make_app: Callable[[], App], tmp_path: Path, answer: object
) -> None:
    loopback.fail_next("GET", "/gateway/bot", status=200, body=answer)
    async with served(loopback, alone(make_app(), tmp_path)) as task:
        await loopback.online(task)


async def test_the_last_sessions_of_a_day_are_not_begun(
    loopback: LoopbackDiscord, make_app: Callable[[], App], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    starts = loopback.gateway.starts
    starts.remaining, starts.resets_at = 49, loopback.clock.now() + 0.4
    async with served(loopback, alone(make_app(), tmp_path)) as task:
        await loopback.online(task)
    assert starts.remaining == starts.TOTAL - 1  # begun after the reset
    (line,) = [line for line in warnings(caplog) if "sessions" in line]
    assert line.startswith("Discord lets the bot begin 49 more sessions until ")
    assert "UTC" in line


@pytest.mark.slow
async def test_auto_ends_with_status_2_and_the_list(loopback: LoopbackDiscord, tmp_path: Path) -> None:
    loopback.gateway.shards = 2
    ended = await run_bot(loopback.url, loopback.token, tmp_path, SHARD="auto", LOG_LEVEL="WARNING")
    assert ended.status == 2
    assert ended.errors.splitlines()[-1].endswith("SHARD=0/2 and SHARD=1/2.")


@pytest.mark.slow
@pytest.mark.parametrize("shard", ["4/4", "0/0", "a/b"])
async def test_a_shard_that_cannot_be_is_one_line(tmp_path: Path, shard: str) -> None:
    ended = await run_bot("http://127.0.0.1:1", "a.b.c", tmp_path, SHARD=shard)
    assert ended.status == 2
    assert [line.partition(":")[0] for line in ended.errors.splitlines()] == ["SHARD"]


@pytest.mark.slow
async def test_members_are_reminded_by_the_shard_of_their_id_and_a_server_by_its_own(
    loopback: LoopbackDiscord, client_of: Callable[[str], TutorClient], apps: Apps
) -> None:
    """Those who are reminded reviewed in a server of the first shard; one of each two belongs to the second."""
    guild = loopback.add_guild("Group", shard=(0, 2), bot_permissions=["send_messages"])
    channel, members, made = guild.add_channel("general"), list[Person](), apps("0/2")
    while {Shard(1, 2).owns(one.id) for one in members[2:]} != {True, False}:
        members.append(guild.add_member("Ana"))
        await asyncio.sleep(0.001)  # ids follow the clock
    topic = made.curriculum.topics[0]
    now = loopback.clock.now()
    loopback.advance(next_at(range(7), 12, 0, ZoneInfo("UTC"), now) - now)
    for number, member in enumerate(members):
        await made.reminders.turn(member.id, guild.id, on=True)
        await made.reminders.change(member.id, guild.id, zone="UTC", minute=16 * 60, quiet=(0, 0))
        key, at = f"{topic.id}/{topic.questions[0].id}", now - 5 * 86400
        row = PointsRow(f"r{number}", 0, member.id, guild.id, "x", topic.id, key, 0.0, True, at)
        await made.storage.journal.write(PointsOf(f"r{number}", (row,)))
    closed = next(one for one in members if Shard(1, 2).owns(one.id))
    closed.closes_dms()
    await made.server_settings.change(guild.id, Change(reminder_channel=channel.id))
    async with loopback.running(client_of("0/2")), loopback.running(client_of("1/2")):
        loopback.advance(4 * 3600 + 60)

        def there() -> bool | None:
            loopback.advance(10)
            return all(one.sees(one.dm) for one in members if one is not closed) or None

        await loopback.until(there, "not everybody was reminded", 20)
        loopback.advance(3600 - 600)

        def posted() -> bool | None:
            loopback.advance(10)
            return any(words.reminders.IN_CHANNEL in one.text for one in members[0].sees(channel)) or None

        await loopback.until(posted, "there is no button", 20)
        assert {len(one.sees(one.dm)) for one in members if one is not closed} == {1}
        assert closed.sees(closed.dm) == []
        assert sum(words.reminders.IN_CHANNEL in one.text for one in members[0].sees(channel)) == 1


@pytest.mark.slow
async def test_a_question_of_the_day_begins_once_and_what_another_process_tells_of_its_topic_is_known_there(
    loopback: LoopbackDiscord, client_of: Callable[[str], TutorClient]
) -> None:
    guild = loopback.add_guild("Group 1", shard=(1, 2), bot_permissions=["send_messages"])
    channel, ana = guild.add_channel("general"), guild.add_member("Ana")
    ben, head = guild.add_member("Ben"), guild.add_member("Head", permissions=["manage_guild"])
    first, second = client_of("0/2"), client_of("1/2")

    def posted() -> list[Shown]:
        return [one for one in head.sees(channel) if "### Question of the day\n" in one.text]

    async with loopback.running(first), loopback.running(second):
        await head.uses(
            "/tutor schedule add", in_=channel, when="daily 18:30", what="day", topics="momentum", kinds="choice"
        )
        (one,) = second.app.schedules.known(guild.id)
        loopback.advance(one.next_at - loopback.clock.now() + 3)
        await loopback.until(lambda: posted() or None, "the question of the day")
        await loopback.settled()
        (shown,) = posted()
        assert not first.app.schedules.known(guild.id)
        loopback.advance(3)  # after which the other process looks anew
        told = await ana.dms("why does momentum too close to 1 overshoot")
        assert "### " in told.text
        assert words.rounds.SAW.strip() in (await ana.presses(shown.button("A"))).text
        assert "Locked" in (await ben.presses(shown.button("A"))).text
        kept = await ben.dms("why does momentum too close to 1 overshoot")
        assert [button.label for button in kept.buttons][:2] == [words.rounds.LOCK_FOR_GOOD, words.rounds.GIVE_UP]
        decided = await ben.presses(kept.button(words.rounds.LOCK_FOR_GOOD))
        assert "locked for good" in decided.text
        assert "### " in (await ben.presses(decided.button(words.rounds.SHOW_IT))).text
        cleo = guild.add_member("Cleo")  # who has only asked, and at the other process
        assert "### " in (await cleo.dms("why does momentum too close to 1 overshoot")).text
        for who in (ana, ben, cleo):  # what they delete there is gone here too, and yet they begin nothing anew
            sure = await who.presses((await who.uses("/me", in_=who.dm)).button(words.scores.DELETE_ME))
            assert (await who.presses(sure.button(words.scores.REALLY_DELETE))).text == words.scores.DELETED
            assert not await second.app.storage.seen_answers.of(who.id)
            assert not await second.app.rounds.naming(who.id)
            assert words.rounds.SAW.strip() in (await who.presses(shown.button("A"))).text
