"""Getting in and out: `python -m bot run` as a process, and every way of not being let in."""

import asyncio
import logging
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import discord
import pytest
from pydantic import SecretStr

from bot import words
from bot.discord_app import connection
from bot.discord_app.client import TutorClient
from bot.errors import ConnectionFailed
from tests.conftest import ROOT
from tests.discord_app.conftest import ASK, TITLE
from tests.discord_server import LoopbackDiscord, launched, pointed_at
from tests.discord_server.model import Channel
from tests.discord_server.people import Person
from tests.matching.worlds import with_model

SECRET = "MTIz.c2VjcmV0.dG9rZW4"


@dataclass
class Ended:
    status: int | None
    output: str
    errors: str


async def run_bot(url: str, token: str, data: Path, **environment: str) -> Ended:
    """`python -m bot run` against `url`, until it ends by itself."""
    variables = {**os.environ, "DISCORD_TOKEN": token, "DATA_DIR": str(with_model(data)), **environment}
    command = ["-m", "tests.discord_server.launch", url, "--", "python", "-m", "bot", "run"]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        cwd=ROOT,
        env=variables,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await asyncio.wait_for(process.communicate(), 30)
    return Ended(process.returncode, output.decode(), errors.decode())


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
async def test_run_serves_until_it_is_asked_to_stop(
    loopback: LoopbackDiscord, ana: Person, tmp_path: Path, stop: signal.Signals
) -> None:
    loopback.patience = 20
    async with launched(
        loopback, "bot", "run", environment={"DATA_DIR": str(with_model(tmp_path)), "LOG_LEVEL": "DEBUG"}
    ) as bot:
        assert TITLE in (await ana.dms(ASK)).text
        bot.send_signal(stop)
        await loopback.offline(10)
        assert await asyncio.wait_for(bot.wait(), 10) == 0
    assert loopback.gateway.closures == []


@pytest.mark.slow
async def test_a_refused_token_is_one_line(loopback: LoopbackDiscord, tmp_path: Path) -> None:
    ended = await run_bot(loopback.url, SECRET, tmp_path, LOG_LEVEL="DEBUG")
    assert ended.status == 1
    assert ended.errors.splitlines()[-1] == words.discord.TOKEN_REFUSED
    assert "Traceback" not in ended.errors
    assert SECRET not in ended.output + ended.errors


@pytest.mark.slow
async def test_no_network_is_one_line(tmp_path: Path) -> None:
    ended = await run_bot("http://127.0.0.1:1", SECRET, tmp_path, LOG_LEVEL="WARNING")
    assert ended.status == 1
    (line,) = ended.errors.splitlines()
    assert "cannot be reached" in line


@pytest.mark.slow
@pytest.mark.parametrize("token", ["", "   "])
async def test_no_token_is_one_line(tmp_path: Path, token: str) -> None:
    ended = await run_bot("http://127.0.0.1:1", token, tmp_path, LOG_LEVEL="WARNING")
    assert (ended.status, ended.errors.splitlines()) == (1, [words.discord.TOKEN_MISSING])


async def serve(served: discord.Client, url: str, token: str) -> None:
    with pointed_at(url):
        async with served:
            await connection.serve(served, token)


class SpoiltAfterLogin(discord.Client):
    """Its token is revoked between the login and the gateway."""

    async def setup_hook(self) -> None:
        self.http.token = SECRET


async def test_a_token_refused_at_login_is_one_line(loopback: LoopbackDiscord) -> None:
    with pytest.raises(ConnectionFailed) as caught:
        await serve(discord.Client(intents=discord.Intents(guilds=True)), loopback.url, SECRET)
    assert str(caught.value) == words.discord.TOKEN_REFUSED


async def test_an_unreachable_discord_is_one_line() -> None:
    with pytest.raises(ConnectionFailed, match="cannot be reached") as caught:
        await serve(discord.Client(intents=discord.Intents(guilds=True)), "http://127.0.0.1:1", SECRET)
    assert "\n" not in str(caught.value)


async def test_a_token_refused_by_the_gateway_is_the_same_line(loopback: LoopbackDiscord) -> None:
    with pytest.raises(ConnectionFailed, match="refused the token"):
        await serve(SpoiltAfterLogin(intents=discord.Intents(guilds=True)), loopback.url, loopback.token)


async def test_an_intent_refused_is_one_line(loopback: LoopbackDiscord) -> None:
    with pytest.raises(ConnectionFailed, match="intent"):
        await serve(discord.Client(intents=discord.Intents(members=True)), loopback.url, loopback.token)


@pytest.mark.parametrize("token", [f"{SECRET}\nHost: elsewhere", "töken", "two words", "\x00"])
async def test_a_token_that_is_none_is_one_line(loopback: LoopbackDiscord, token: str) -> None:
    with pytest.raises(ConnectionFailed) as caught:
        await serve(discord.Client(intents=discord.Intents(guilds=True)), loopback.url, token)
    assert str(caught.value) == words.discord.TOKEN_REFUSED


async def test_an_outage_is_one_line(loopback: LoopbackDiscord) -> None:
    loopback.fail_next("GET", "/users/@me", status=503)
    with pytest.raises(ConnectionFailed, match="HTTP 503"):
        await serve(discord.Client(intents=discord.Intents(guilds=True)), loopback.url, loopback.token)


async def test_probe_tells_a_good_token_from_a_bad_one(loopback: LoopbackDiscord) -> None:
    with pointed_at(loopback.url):
        assert await connection.probe(SecretStr(f" {loopback.token}\n")) == "tutor"
        with pytest.raises(ConnectionFailed, match="refused the token"):
            await connection.probe(SecretStr(SECRET))
    with pytest.raises(ConnectionFailed, match="no token"):
        await connection.probe(None)
    with pointed_at("http://127.0.0.1:1"), pytest.raises(ConnectionFailed, match="cannot be reached"):
        await connection.probe(SecretStr(SECRET))


async def test_the_token_is_never_logged(
    loopback: LoopbackDiscord, bot: TutorClient, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await ana.dms(ASK)
    await ana.uses("/ask", question=ASK)
    with pytest.raises(ConnectionFailed):
        await serve(discord.Client(intents=discord.Intents(guilds=True)), loopback.url, SECRET)
    assert len(caplog.records) > 10
    assert loopback.token not in caplog.text
    assert SECRET not in caplog.text


async def test_neither_words_nor_token_are_on_disk(
    loopback: LoopbackDiscord, bot: TutorClient, ana: Person, channel: Channel, tmp_path: Path
) -> None:
    for text in ("xylophonic quandary", f"{ASK} xylophonic"):
        shown = await ana.says(channel, f"{loopback.mention} {text}")
        await ana.presses(shown.buttons[0])
    files = [file for file in tmp_path.rglob("*") if file.is_file()]  # noqa: ASYNC240
    written = b"".join(file.read_bytes() for file in files)
    assert b"fingerprint" in written
    assert b"xylophonic" not in written
    assert loopback.token.encode() not in written
