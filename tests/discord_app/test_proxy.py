"""The way to Discord through a proxy: a small real one on this machine, which plays Discord behind TLS too."""

import asyncio
import base64
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import discord
import pytest
from pydantic import SecretStr
from yarl import URL

from bot import words
from bot.discord_app import connection
from bot.discord_app.proxy import Proxy, on_the_way
from bot.errors import ConnectionFailed, SettingsError, Unreachable
from bot.settings import Settings
from tests.discord_server import LoopbackDiscord, pointed_at

PASSWORD = "p@ss:w/rd"
GIVEN = "ana:p%40ss%3Aw%2Frd"  # as it stands in an address
DISCORD = "https://discord.test"  # a name that only the proxy knows


class SmallProxy:
    """Takes CONNECT, and leads every tunnel to the loopback Discord, whose part it plays in TLS."""

    def __init__(self, behind: str, credentials: str | None, tls: ssl.SSLContext) -> None:
        self._port = int(behind.rpartition(":")[2])
        self._wanted = credentials and f"Basic {base64.b64encode(credentials.encode()).decode()}"
        self._tls = tls
        self._tasks: set[asyncio.Task[None]] = set()
        self.asked: list[str] = []
        self.port = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator["SmallProxy"]:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.asked.append(head.splitlines()[0])
            if self._wanted and f"Proxy-Authorization: {self._wanted}" not in head:
                writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                await writer.drain()
            else:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await writer.drain()
                await writer.start_tls(self._tls)
                inner = await asyncio.open_connection("127.0.0.1", self._port)
                await asyncio.gather(_pass(reader, inner[1]), _pass(inner[0], writer))
        writer.close()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not shutil.which("openssl"):
        pytest.skip("makes its certificate with openssl")
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    made = ["openssl", "req", "-x509", *curve, "-nodes", "-days", "2", "-subj", "/CN=discord.test"]
    names = [
        "-addext",
        "subjectAltName=DNS:discord.test,DNS:gateway.discord.test",
        "-keyout",
        str(file),
        "-out",
        f"{file}.crt",
    ]
    subprocess.run([*made, *names], check=True, capture_output=True)
    file.write_text(file.read_text() + Path(f"{file}.crt").read_text())
    return file


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trusting = ssl.create_default_context(cafile=f"{certificate}.crt")
    monkeypatch.setattr("aiohttp.connector._SSL_CONTEXT_VERIFIED", trusting)


@pytest.fixture(autouse=True)
def _no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    for name in ("PROXY", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with pointed_at(DISCORD):
        yield


def settings(discord_server: LoopbackDiscord, proxy: str) -> Settings:
    return Settings(discord_token=SecretStr(discord_server.token), proxy=SecretStr(proxy))


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("given", ["", f"{GIVEN}@"])
async def test_all_goes_through_the_proxy(loopback: LoopbackDiscord, tls: ssl.SSLContext, given: str) -> None:
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = URL("wss://gateway.discord.test/gateway")
    small = SmallProxy(loopback.url, f"ana:{PASSWORD}" if given else None, tls)
    async with small.running():
        way = on_the_way(settings(loopback, f"http://{given}127.0.0.1:{small.port}"))
        assert way
        assert way.shown == f"127.0.0.1:{small.port}"
        client = discord.Client(intents=discord.Intents(guilds=True), **connection.proxied(way))
        async with client:
            task = asyncio.create_task(connection.serve(client, loopback.token))
            await loopback.online()
            hosts = ("discord.test", "gateway.discord.test")
            assert small.asked == [f"CONNECT {host}:443 HTTP/1.1" for host in hosts]
            task.cancel()
            await asyncio.wait({task})


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("given", ["", "ana:guessed@"])
async def test_a_proxy_that_refuses_is_what_is_told(
    loopback: LoopbackDiscord, tls: ssl.SSLContext, given: str, caplog: pytest.LogCaptureFixture
) -> None:
    small = SmallProxy(loopback.url, f"ana:{PASSWORD}", tls)
    async with small.running():
        with pytest.raises(ConnectionFailed) as caught:
            await connection.probe(settings(loopback, f"http://{given}127.0.0.1:{small.port}"))
    assert str(caught.value) == words.connecting.PROXY_REFUSED
    assert "guessed" not in caplog.text + repr(caught.value.__cause__)


@pytest.mark.usefixtures("trusted")
async def test_a_report_shows_the_proxy_without_its_password(loopback: LoopbackDiscord, tls: ssl.SSLContext) -> None:
    small = SmallProxy(loopback.url, f"ana:{PASSWORD}", tls)
    async with small.running():
        told, _ = await connection.probe(settings(loopback, f"{GIVEN}@127.0.0.1:{small.port}"))
    assert told == f"tutor, through the proxy 127.0.0.1:{small.port} (PROXY)"


async def test_a_proxy_that_reads_along_is_told_by_its_certificate(
    loopback: LoopbackDiscord, tls: ssl.SSLContext
) -> None:
    async with SmallProxy(loopback.url, None, tls).running() as small:
        with pytest.raises(Unreachable, match=r"certificate of what answered as discord\.test was not accepted \(self"):
            await connection.probe(settings(loopback, f"127.0.0.1:{small.port}"))


async def test_a_proxy_that_is_not_there_is_told_as_that(loopback: LoopbackDiscord) -> None:
    with pytest.raises(Unreachable, match=r"The proxy 127\.0\.0\.1:1 cannot be reached"):
        await connection.probe(settings(loopback, f"http://{GIVEN}@127.0.0.1:1"))


def chosen(**given: str) -> Proxy | None:
    secret = {name: SecretStr(value) for name, value in given.items() if name != "no_proxy"}
    return on_the_way(Settings(**secret, no_proxy=given.get("no_proxy")))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, None),
        ({"https_proxy": "http://other:3128"}, "http://other:3128"),
        ({"proxy": "HTTP://ours", "https_proxy": "http://other:3128"}, "http://ours:80"),
        ({"proxy": "https://ours/"}, "https://ours:443"),
        ({"proxy": "http://[fd00::1]:8080"}, "http://[fd00::1]:8080"),
        ({"proxy": "ours:8080", "no_proxy": "discord.test"}, None),
        ({"proxy": "ours:8080", "no_proxy": "localhost, .test"}, None),
        ({"proxy": "ours:8080", "no_proxy": "*"}, None),
        ({"proxy": "ours:8080", "no_proxy": "notdiscord.test,example.com"}, "http://ours:8080"),
    ],
)
def test_which_proxy_it_is(given: dict[str, str], address: str | None) -> None:
    way = chosen(**given)
    assert (way.address if way else None) == address


@pytest.mark.parametrize(
    "here", ["http://127.0.0.1:80", "http://localhost:80", "http://[::1]:80", "http://127.9.9.9:1"]
)
def test_nothing_here_is_reached_through_a_proxy(here: str) -> None:
    with pointed_at(here):
        assert chosen(proxy="socks5://ours:1080") is None


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "PROXY"])
def test_it_is_taken_from_the_environment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "http://ana:s3cret@ours:8080")
    way = on_the_way(Settings())
    assert way
    assert way.shown == "ours:8080"
    assert "s3cret" not in f"{way} {Settings()!r}"
    monkeypatch.setenv("NO_PROXY", "discord.test")
    assert on_the_way(Settings()) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("socks5://ana:s3cret@ours:1080", "of the sort socks5"),
        ("socks://s3cret", "of the sort socks"),
        ("ftp://s3cret", "of the sort ftp"),
        ("http://", "not the address of a proxy"),
        ("http://s3cret:99999", "not the address of a proxy"),
        ("http://[s3cret", "not the address of a proxy"),
        ("http://s3 cret:80", "not the address of a proxy"),
    ],
)
def test_what_cannot_be_gone_through_is_refused_by_its_name(text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        chosen(https_proxy=text)
    assert "s3" not in str(caught.value)
    assert "\n" not in str(caught.value)
