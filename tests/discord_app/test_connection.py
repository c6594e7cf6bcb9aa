"""Getting in and out: `python -m bot run` as a process, and every way of not being let in."""

import asyncio
import json
import logging
import os
import signal
import socket
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import discord
import pytest
from pydantic import SecretStr

from bot import words
from bot.discord_app import connection
from bot.discord_app.client import TutorClient
from bot.discord_app.connection import Pauses
from bot.errors import ConnectionFailed, SettingsError, Unreachable
from bot.metrics import read_address
from bot.settings import Settings
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
@pytest.mark.usefixtures("nothing_ignored")
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_run_serves_until_it_is_asked_to_stop(
    loopback: LoopbackDiscord, ana: Person, tmp_path: Path, stop: signal.Signals
) -> None:
    loopback.patience = 20
    async with launched(
        loopback, "bot", "run", environment={"DATA_DIR": str(with_model(tmp_path)), "LOG_LEVEL": "DEBUG"}
    ) as bot:
        async with asyncio.timeout(20):  # it may have only just started
            while TITLE not in (await ana.dms(ASK)).text:
                pass
        bot.send_signal(stop)
        await loopback.offline(10)
        assert await asyncio.wait_for(bot.wait(), 10) == 0
    assert loopback.gateway.closures == []


@pytest.mark.slow
async def test_a_log_in_json_is_json_to_the_last_line(loopback: LoopbackDiscord, tmp_path: Path) -> None:
    ended = await run_bot(loopback.url, SECRET, tmp_path, LOG_FORMAT="json")
    records = [json.loads(line) for line in ended.errors.splitlines()]
    assert (ended.status, records[-1]["message"]) == (2, words.connecting.TOKEN_REFUSED)


@pytest.mark.slow
async def test_a_refused_token_is_one_line(loopback: LoopbackDiscord, tmp_path: Path) -> None:
    ended = await run_bot(loopback.url, SECRET, tmp_path, LOG_LEVEL="DEBUG")
    assert ended.status == 2
    assert ended.errors.splitlines()[-1] == words.connecting.TOKEN_REFUSED
    assert "Traceback" not in ended.errors
    assert SECRET not in ended.output + ended.errors


@pytest.mark.slow
@pytest.mark.parametrize("token", ["", "   "])
async def test_no_token_is_one_line(tmp_path: Path, token: str) -> None:
    ended = await run_bot("http://127.0.0.1:1", token, tmp_path, LOG_LEVEL="WARNING")
    assert (ended.status, ended.errors.splitlines()) == (2, [words.connecting.TOKEN_MISSING])


async def serve(served: discord.Client, url: str, token: str) -> None:
    with pointed_at(url):
        async with served:
            await connection.serve(served, token)


def bare() -> discord.Client:
    return discord.Client(intents=discord.Intents(guilds=True))


@asynccontextmanager
async def serving(url: str, token: str) -> AsyncIterator[None]:
    task = asyncio.create_task(serve(bare(), url, token))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """That it goes on trying, each time that the log says so."""
    said = (record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING)
    return [line for line in said if words.connecting.KEEP_TRYING in line]


class SpoiltAfterLogin(discord.Client):
    """Its token is revoked between the login and the gateway."""

    async def setup_hook(self) -> None:
        self.http.token = SECRET


async def test_a_token_refused_at_login_is_one_line(loopback: LoopbackDiscord) -> None:
    with pytest.raises(ConnectionFailed) as caught:
        await serve(bare(), loopback.url, SECRET)
    assert str(caught.value) == words.connecting.TOKEN_REFUSED


@pytest.mark.parametrize("status", [503, 429, 403])
async def test_what_may_pass_is_tried_again(
    loopback: LoopbackDiscord, pauses: list[float], caplog: pytest.LogCaptureFixture, status: int
) -> None:
    loopback.fail_next("GET", "/users/@me", status=status, times=4)
    async with serving(loopback.url, loopback.token):
        await loopback.online()
    assert pauses == [1.0, 2.0, 4.0, 8.0]
    (line,) = told(caplog)
    assert f"HTTP {status}" in line


async def test_a_discord_that_is_not_there_is_waited_for(pauses: list[float], caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    late = LoopbackDiscord()
    async with serving(f"http://127.0.0.1:{port}", late.token):
        await late.until(lambda: len(pauses) > 2 or None, "nothing was tried", 5)
        await late.server.start(port)
        await late.online()
    await late.server.stop()
    (line,) = told(caplog)
    assert "Discord cannot be reached (Connect" in line


async def test_an_answer_that_is_not_discords_is_told_as_that(
    loopback: LoopbackDiscord, pauses: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    loopback.fail_next("GET", "/users/@me", status=200, body=["a", "login", "page"], times=3)
    async with serving(loopback.url, loopback.token):
        await loopback.online()
    assert len(pauses) == 3
    (line,) = told(caplog)
    assert "is no answer of Discord's (" in line
    assert "refused" not in line
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_long_rate_limit_is_told_as_that_at_the_login_and_waited_for_after_it(
    loopback: LoopbackDiscord,
) -> None:
    body = {"message": "You are being rate limited.", "retry_after": 1800.5, "global": False}
    loopback.fail_next("GET", "/users/@me", status=429, body=body, headers={"Via": "1.1 google"})
    with pointed_at(loopback.url):
        async with bare() as client:
            with pytest.raises(Unreachable, match=r"too many requests .*HTTP 429\), and asks to wait 1800 s") as caught:
                await asyncio.wait_for(connection._log_in(client, loopback.token), 5)
            assert caught.value.wait == 1800.5
            await connection._reset(client)
            await connection._log_in(client, loopback.token)
            assert client.http.max_ratelimit_timeout is None


async def test_a_session_that_breaks_is_followed_by_another(
    loopback: LoopbackDiscord, pauses: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(loopback.url, loopback.token):
        for _ in range(5):
            await loopback.online()
            (session,) = loopback.gateway.identified
            session.dispatch("READY", {"v": 10})  # no session id, no user
            await loopback.offline(5)
        await loopback.online()
    assert pauses == [1.0, 2.0, 4.0]  # after two at once
    (line,) = told(caplog)
    assert "cannot be read: READY" in line


class Spoilt(discord.Client):
    async def setup_hook(self) -> None:
        raise ValueError("something of ours")


async def test_a_fault_of_ours_is_not_told_as_the_tokens(loopback: LoopbackDiscord) -> None:
    with pytest.raises(ValueError, match="something of ours"):
        await serve(Spoilt(intents=discord.Intents(guilds=True)), loopback.url, loopback.token)


KEY = aiohttp.client_reqrep.ConnectionKey("discord.com", 443, True, True, None, None, None)  # type: ignore
UNTRUSTED = ssl.SSLCertVerificationError(1, "certificate verify failed")
UNTRUSTED.verify_message = "self-signed certificate in certificate chain"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (aiohttp.ClientConnectorCertificateError(KEY, UNTRUSTED), "self-signed certificate in certificate chain"),
        (aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError(1, "wrong version number")), "wrong version number"),
        (aiohttp.ClientConnectorDNSError(KEY, OSError(None, "x")), "the name discord.com cannot be looked up"),
        (aiohttp.ClientConnectorError(KEY, PermissionError(13, "Permission denied")), "does not permit the connection"),
        (aiohttp.ClientConnectorError(KEY, OSError(101, "Network is unreachable")), "Network is unreachable"),
        (aiohttp.ClientProxyConnectionError(KEY, OSError(111, "refused")), "The proxy discord.com:443 cannot be"),
        (aiohttp.ServerDisconnectedError(), "closed before an answer"),
        (aiohttp.ServerTimeoutError(), "no answer came in time"),
        (ConnectionResetError(104, "Connection reset by peer"), "closed before an answer"),
        (aiohttp.ClientPayloadError(), "ClientPayloadError"),
    ],
)
def test_a_cause_is_named_where_it_was_seen(error: Exception, said: str) -> None:
    known = connection.failure(error)
    assert isinstance(known, Unreachable)
    assert said in str(known)
    assert "token" not in str(known)


def test_an_error_of_no_known_cause_has_none_told() -> None:
    assert connection.failure(ValueError("Newline in header")) is None


def test_pauses_grow_and_have_an_end() -> None:
    clock = [0.0]
    pauses = Pauses(60.0, 2, lambda: clock[0], lambda _, longest: longest)
    assert [pauses.next() for _ in range(10)] == [0, 0, 1, 2, 4, 8, 16, 32, 60, 60]
    told = []
    for clock[0] in range(0, 130, 10):
        told += [clock[0]] if pauses.to_tell() else []
    assert told == [0, 60, 120]
    pauses.over()
    assert pauses.to_tell()
    assert pauses.next() == 0
    assert all(0.5 <= Pauses().next() <= 1.0 for _ in range(20))


async def test_a_token_refused_by_the_gateway_is_the_same_line(loopback: LoopbackDiscord) -> None:
    with pytest.raises(ConnectionFailed, match="refused the token"):
        await serve(SpoiltAfterLogin(intents=discord.Intents(guilds=True)), loopback.url, loopback.token)


async def test_an_intent_refused_is_one_line(loopback: LoopbackDiscord) -> None:
    with pytest.raises(ConnectionFailed, match="intent"):
        await serve(discord.Client(intents=discord.Intents(members=True)), loopback.url, loopback.token)


def having(token: str) -> Settings:
    return Settings(discord_token=SecretStr(token))


GOOD = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GhIjKl.mnopqrstuvwxyzABCDEFGHIJKL0123456789"


@pytest.mark.parametrize(
    ("token", "shape"),
    [
        (f'"{GOOD}"', "quotation mark"),
        (f"'{GOOD}", "quotation mark"),
        (f"\N{LEFT DOUBLE QUOTATION MARK}{GOOD}\N{RIGHT DOUBLE QUOTATION MARK}", "quotation mark"),
        (f"<{GOOD}>", "bracket"),
        (f"Bot {GOOD}", "Bot or the like"),
        (f"bearer {GOOD}", "Bot or the like"),
        (f"DISCORD_TOKEN={GOOD}", "setting's own name"),
        (f"\ufeff{GOOD}", r"invisible sign in it \(ZERO WIDTH NO-BREAK SPACE\)"),
        (f"{GOOD}\u200b", r"\(ZERO WIDTH SPACE\)"),
        (f"{GOOD[:9]}\u00a0{GOOD[9:]}", r"\(NO-BREAK SPACE\)"),
        (f"{GOOD}\x00", r"\(U\+0000\)"),
        (f"{GOOD} {GOOD}", "space or a line break"),
        (f"{GOOD}\nHost: elsewhere", "space or a line break"),
        (f"{GOOD}é", "letter or sign"),
    ],
)
def test_what_cannot_be_a_token_is_told_by_its_shape(token: str, shape: str) -> None:
    with pytest.raises(ConnectionFailed, match=shape) as caught:
        connection.token_text(SecretStr(token))
    assert "MTIz" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("token", "shape"),
    [
        (GOOD, None),
        (f"mfa.{GOOD.replace('.', '')}.x", None),
        ("123456789012345678", words.connecting.LIKE_AN_ID),
        ("aB3_" * 8, words.connecting.LIKE_THE_SECRET),
        ("0123456789abcdef" * 4, words.connecting.LIKE_A_KEY),
        ("loopback.f00d", words.connecting.NOT_OF_THREE),
        ("a..b", words.connecting.NOT_OF_THREE),
    ],
)
async def test_what_may_be_a_token_is_tried(loopback: LoopbackDiscord, token: str, shape: str | None) -> None:
    assert connection.token_text(SecretStr(f" {token}\n")) == token
    assert connection.odd(token) == shape
    with pointed_at(loopback.url), pytest.raises(ConnectionFailed) as caught:
        await connection.probe(having(token))
    assert str(caught.value) == words.connecting.refused(shape)


def test_a_start_that_cannot_be_watched_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.settings.find_spec", lambda _: None)
    chosen = Settings(discord_token=SecretStr(SECRET), metrics=read_address("9100"))
    with pytest.raises(SettingsError, match=r'^METRICS: .* is not installed\. Run, in /.* --editable "\.\[metrics\]"$'):
        connection.prepare(chosen)


async def test_probe_tells_a_good_token_from_a_bad_one(loopback: LoopbackDiscord) -> None:
    with pointed_at(loopback.url):
        assert await connection.probe(having(f" {loopback.token}\n")) == ("tutor", "")
        loopback.gateway.shards = 2
        _, advice = await connection.probe(having(loopback.token))
        assert "SHARD=0/2 and SHARD=1/2" in advice
        with pytest.raises(ConnectionFailed, match="refused the token"):
            await connection.probe(having(SECRET))
    with pytest.raises(ConnectionFailed, match="no token"):
        await connection.probe(Settings(discord_token=None))
    with pointed_at("http://127.0.0.1:1"):
        with pytest.raises(ConnectionFailed, match=r"cannot be reached .* network\.$"):
            await connection.probe(having(SECRET))
        with pytest.raises(ConnectionFailed, match=r"cannot be reached .* DISCORD_TOKEN looks like the client secret"):
            await connection.probe(having("A" * 32))


async def test_the_token_is_never_logged(
    loopback: LoopbackDiscord, bot: TutorClient, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await ana.dms(ASK)
    await ana.uses("/ask", question=ASK)
    with pytest.raises(ConnectionFailed):
        await serve(bare(), loopback.url, SECRET)
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


async def test_a_process_that_has_lost_its_servers_begins_no_further_session(
    bot: TutorClient, loopback: LoopbackDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    bot.app.storage.owner._lose("another process has taken it")
    await loopback.gateway.close(code=4000)
    await loopback.offline(5)
    await loopback.settled()
    assert bot.is_closed()
    assert loopback.gateway.identifies == 1
    assert not [line for line in caplog.messages if words.connecting.KEEP_TRYING in line]
