"""In the very first start the bot is there before it can decide messages: it says so, and answers when it can."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import words
from bot.discord_app import replies
from bot.discord_app.client import TutorClient
from bot.service.application import App
from bot.tasks import Prepared
from tests.discord_app.conftest import ASK, TITLE
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel
from tests.discord_server.people import Person


@pytest.fixture
def made() -> Iterator[threading.Event]:
    """Set when the model is there."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replies, "SLOW", 0.01)


@pytest.fixture
async def bot(
    loopback: LoopbackDiscord, make_app: Callable[[], App], tmp_path: Path, made: threading.Event, ana: Person
) -> AsyncIterator[TutorClient]:
    app = replace(make_app(), prepared=Prepared(made.wait))
    app.prepared.begin()
    client = TutorClient(app, tmp_path / "heartbeat")
    async with loopback.running(client):
        yield client
        made.set()


@pytest.mark.usefixtures("soon")
async def test_a_command_is_deferred_and_answered_later(
    bot: TutorClient, loopback: LoopbackDiscord, ana: Person, channel: Channel, made: threading.Event
) -> None:
    asking = asyncio.create_task(ana.uses("/ask", question=ASK, in_=channel))
    await loopback.until(lambda: [one for one in ana.sees(channel) if one.thinking] or None, "the deferral")
    made.set()
    shown = await asking
    await loopback.until(lambda: TITLE in shown.text or None, "the answer")
    assert [one.text for one in ana.sees(channel)] == [shown.text]
    assert TITLE in (await ana.uses("/ask", question=ASK, in_=channel)).text


async def test_a_mention_gets_a_line_that_the_answer_takes_the_place_of(
    bot: TutorClient, loopback: LoopbackDiscord, ana: Person, channel: Channel, made: threading.Event
) -> None:
    shown = await ana.says(channel, f"{loopback.mention} {ASK}")
    assert shown.text == words.discord.ONE_MOMENT
    made.set()
    await loopback.until(lambda: TITLE in shown.text or None, "the answer")
    assert [one.text for one in ana.sees(channel) if one.message.author.bot] == [shown.text]


async def test_what_needs_no_decision_does_not_wait(bot: TutorClient, ana: Person, channel: Channel) -> None:
    assert (await ana.uses("/topics", in_=channel)).buttons
    assert words.discord.HELP in (await ana.uses("/help", in_=channel)).text
