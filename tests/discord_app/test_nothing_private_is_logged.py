"""A session at LOG_LEVEL=DEBUG, with faults: no text, no name and no token of it is in the log."""

import asyncio
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.discord_app import replies
from bot.discord_app.client import TutorClient
from tests.discord_app.conftest import ASK, UNSURE, UnsureAbout
from tests.discord_app.playing import Play
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.test_logs import Begin, Log, begin  # noqa: F401 - a fixture

TEXT = "xylophonic quandary"
NAME = "Quillonia Featherstonehaugh"


@pytest.fixture(autouse=True)
def log(begin: Begin) -> Log:  # noqa: F811
    return begin(log_level="DEBUG")


@pytest.fixture
def bot(log: Log, bot: TutorClient) -> TutorClient:
    """Begun when the log is."""
    return bot


@pytest.fixture
def quill(guild: Guild, channel: Channel) -> Person:
    return guild.add_member(NAME, permissions=["manage_messages", "manage_guild"])


@pytest.fixture(autouse=True)
def nothing_private(loopback: LoopbackDiscord, log: Log) -> Iterator[None]:
    yield
    written = "\n".join(log.lines)
    found = [re.match(r"/(?:interactions|webhooks)/\d+/([^/]+)", call.path) for call in loopback.requests]
    tokens = {one[1] for one in found if one}
    sessions = {session.id for session in loopback.gateway.identified}
    assert tokens
    for secret in {TEXT, "quandary", NAME, "Quillonia", loopback.token, *tokens, *sessions}:
        assert secret not in written


async def test_talking(loopback: LoopbackDiscord, bot: TutorClient, quill: Person, channel: Channel, log: Log) -> None:
    await quill.says(channel, f"{loopback.mention} {ASK} {TEXT}")
    shown = await quill.uses("/ask", question=UNSURE)
    await quill.presses(shown.buttons[0])
    await quill.uses("/simulate", experiment="momentum", settings=TEXT)
    await quill.types("/ask", question=TEXT)
    logging.getLogger("bot").debug("It is the session at %s", "DEBUG")
    await loopback.until(lambda: any("Ready as" in line for line in log.lines) or None, "it is not ready", 10)
    assert any("It is the session at DEBUG" in line for line in log.lines)


async def test_a_round(bot: TutorClient, play: Play, quill: Person) -> None:
    await play.start(bot, questions=1, kinds="choice", topics="momentum", seed="b")
    await quill.presses((await play.asked()).buttons[0])


def breaks(*given: Any) -> Any:
    raise ValueError(f"cannot take {given} {TEXT} of {NAME}")


async def test_faults_of_ours(
    bot: TutorClient, decider: UnsureAbout, quill: Person, channel: Channel, log: Log
) -> None:
    decider.decide = breaks  # type: ignore[method-assign]
    await quill.says(channel, f"{channel.world.bot.mention} {TEXT}")
    await quill.uses("/ask", question=TEXT)
    replies.background(ValueError(TEXT), "greeting")
    bot.loop.call_exception_handler({"message": "An odd one", "future": TEXT, "exception": KeyError(NAME)})
    assert sum("Incident" in line for line in log.lines) == 3
    assert any(line.startswith("ValueError") for line in log.lines)


@pytest.mark.parametrize(
    "status", [400, 404, None, *(pytest.param(each, marks=pytest.mark.slow) for each in (500, 503))]
)
async def test_faults_of_discords(
    loopback: LoopbackDiscord, bot: TutorClient, quill: Person, log: Log, status: int | None
) -> None:
    body = {"code": 50035, "message": f"Invalid {TEXT}", "errors": {"content": {"_errors": [{"message": NAME}]}}}
    for path in ("/interactions/*", "/webhooks/*"):
        if status is None:
            loopback.lose_next("POST", path, times=2)
        else:
            loopback.fail_next("POST", path, status=status, body=body, times=2)
    with pytest.raises(AssertionError):  # nothing comes of it
        await quill.uses("/ask", question=f"{ASK} {TEXT}", within=0.3)
    await loopback.settled()
    loopback.forgive()


async def test_being_slowed_down(loopback: LoopbackDiscord, bot: TutorClient, quill: Person, log: Log) -> None:
    slow = {"retry_after": 0.01, "global": False, "message": TEXT}
    for path in ("/interactions/*", "/webhooks/*", "/channels/*"):
        loopback.fail_next("POST", path, status=429, body=slow, headers={"Via": "1.1", "X-RateLimit-Remaining": "1"})
    await quill.uses("/ask", question=f"{ASK} {TEXT}")
    await quill.dms(ASK)
    assert any("rate limit" in line for line in log.lines)


async def test_breaks_and_what_asyncio_says_of_slow_steps(
    loopback: LoopbackDiscord, bot: TutorClient, quill: Person, channel: Channel, log: Log
) -> None:
    loop = asyncio.get_running_loop()
    loop.set_debug(True)
    loop.slow_callback_duration = 0.0
    try:
        await quill.uses("/ask", question=f"{ASK} {TEXT}")
        await loopback.gateway.cut()
        loopback.gateway.mend()
        await loopback.online()
        await quill.says(channel, f"{loopback.mention} {TEXT}")
    finally:
        loop.set_debug(False)
    assert any("Executing" in line for line in log.lines)
