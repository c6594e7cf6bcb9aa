"""Another process with the same token on other data is noticed, and nothing else is taken for one."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from discord import MessageType

from bot import healthy, words
from bot.discord_app import twin
from tests.discord_app.conftest import ASK
from tests.discord_app.test_faults import REPEATED
from tests.discord_server import LoopbackDiscord, launched, payloads
from tests.discord_server.model import Channel, Message
from tests.discord_server.people import Person
from tests.matching.worlds import with_model

CALLBACK = ("POST", "/interactions/*/callback")


@pytest.fixture(autouse=True)
def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twin, "SETTLED", 0.0)


def told(caplog: pytest.LogCaptureFixture) -> int:
    return [record.getMessage() for record in caplog.records].count(words.connecting.TWIN)


async def posts(loopback: LoopbackDiscord, channel: Channel, **changed: Any) -> None:
    """A message of the bot's own is there, which this process has not posted."""
    message = Message(loopback.clock.snowflake(), channel, loopback.bot, loopback.clock.now())
    message.content, message.nonce = "hello", "another's"
    loopback.gateway.dispatch("MESSAGE_CREATE", {**payloads.event_message(message), **changed})
    await loopback.settled()


@pytest.mark.usefixtures("bot")
async def test_messages_of_its_own_that_it_did_not_post_are_told_once_and_noted_for_doctor(
    loopback: LoopbackDiscord, channel: Channel, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await posts(loopback, channel)
    assert told(caplog) == 0
    await posts(loopback, channel)
    assert told(caplog) == 1
    await posts(loopback, channel, nonce=None)
    assert told(caplog) == 1
    await loopback.until(lambda: (tmp_path / healthy.SHARED).exists() or None, "no note for doctor")


@pytest.mark.usefixtures("bot")
@pytest.mark.slow
async def test_interactions_that_another_has_answered_are_told(
    loopback: LoopbackDiscord, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    for expected in (0, 1):
        loopback.fail_next(*CALLBACK, status=400, body=REPEATED)
        with pytest.raises(AssertionError):
            await ana.uses("/ask", question=ASK, within=0.3)
        assert told(caplog) == expected


@pytest.mark.usefixtures("bot")
async def test_nothing_of_its_own_is_taken_for_another_s(
    loopback: LoopbackDiscord, ana: Person, channel: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        await ana.says(channel, f"{loopback.mention} {ASK}")  # posted with a nonce
        await ana.uses("/simulate", experiment="momentum")  # with files, to an interaction
        loopback.lose_next(*CALLBACK, handled=True)  # repeated, and then said to be answered
        await ana.uses("/ask", question=ASK)
        await posts(loopback, channel, webhook_id=str(loopback.application_id))  # a follow-up
        await posts(loopback, channel, type=18)  # a thread that was made
    await loopback.settled()
    assert told(caplog) == 0


@pytest.mark.slow
@pytest.mark.usefixtures("bot")
async def test_an_answer_that_stood_though_discord_faltered_is_no_sign(
    loopback: LoopbackDiscord, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        loopback.fail_next(*CALLBACK, status=503, handled=True)  # discord.py tries again by itself
        await ana.uses("/ask", question=ASK, within=10)
        await loopback.settled()
    assert told(caplog) == 0


def test_what_is_a_sign_and_what_is_none(caplog: pytest.LogCaptureFixture) -> None:
    time, noted = [0.0], list[float]()
    seen = twin.Twin(1, lambda: noted.append(time[0]), lambda: time[0])
    for at, expected in ((0.0, []), (61.0, []), (120.0, [120.0]), (130.0, [120.0, 130.0]), (200.0, [120.0, 130.0])):
        time[0] = at
        seen.answered_before()
        assert noted == expected
    assert told(caplog) == 1
    time[0] = 3700.0
    seen.answered_before()
    seen.answered_before()
    seen.answered_before()
    assert told(caplog) == 1
    time[0] = 3730.0
    seen.answered_before()
    assert told(caplog) == 2
    assert (seen.answering(5), seen.answering(5), seen.answering(6)) == (True, False, True)


def test_nothing_is_a_sign_while_another_process_may_have_the_shard(caplog: pytest.LogCaptureFixture) -> None:
    certain = False
    seen = twin.Twin(2, list, certain=lambda: certain)
    for _ in range(3):
        seen.answered_before()
    assert told(caplog) == 0
    certain = True
    seen.answered_before()
    assert told(caplog) == 0
    seen.answered_before()
    assert told(caplog) == 1


def test_a_direct_message_may_be_another_shard_s() -> None:
    for shards, here, expected in ((1, None, 2), (2, None, 0), (2, object(), 2)):
        noted: list[None] = []
        seen = twin.Twin(shards, lambda noted=noted: noted.append(None))
        seen.listens()
        message = SimpleNamespace(
            webhook_id=None, interaction_metadata=None, guild=here, type=MessageType.reply, nonce="another's"
        )
        for _ in range(3):
            seen.heard(message)
        assert len(noted) == expected


@pytest.mark.slow
@pytest.mark.usefixtures("guild")
async def test_two_processes_on_two_data_folders_notice_each_other(
    loopback: LoopbackDiscord, ana: Person, channel: Channel, tmp_path: Path
) -> None:
    logs = [tmp_path / "1.log", tmp_path / "2.log"]
    one, two = ({"DATA_DIR": str(with_model(tmp_path / name))} for name in "12")
    async with (
        launched(loopback, "bot", "run", environment=one, log=logs[0]),
        launched(loopback, "bot", "run", environment=two, log=logs[1]),
    ):
        async with asyncio.timeout(60):
            while not all(words.connecting.TWIN in log.read_text() for log in logs):
                await ana.says(channel, f"{loopback.mention} {ASK}")
                await asyncio.sleep(1.0)
        loopback.forgive()
    assert all(log.read_text().count("ERROR") == 1 for log in logs)
    assert all((tmp_path / name / healthy.SHARED).exists() for name in "12")
