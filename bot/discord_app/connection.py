"""Getting into Discord and staying in: every failure is one line that names only a cause that was seen, and what may
pass by itself is tried again with growing pauses."""

import asyncio
import contextlib
import logging
import math
import os
import random
import re
import ssl
import time
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import discord
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from pydantic import SecretStr

from bot import stopping, words
from bot.discord_app import replies
from bot.discord_app.gateway import TutorSocket
from bot.discord_app.proxy import Proxy, on_the_way
from bot.discord_app.sessions import OneShardOnly, SessionStarts, allowance
from bot.errors import ConnectionFailed, NoToken, OwnershipLost, TutorError, Unreachable
from bot.settings import Settings

_TOKEN_REFUSED, _INTENTS_REFUSED, _TOO_MANY_SERVERS = 4004, {4013, 4014}, 4011  # close codes of the gateway
_FINAL = {_TOKEN_REFUSED, *_INTENTS_REFUSED, 4010, _TOO_MANY_SERVERS, 4012}  # after which there is no getting in again

ANSWER_SECONDS = 60.0  # that the login, or the opening of the gateway, may take
# Of a rate limit that is waited for unseen at the login, in seconds: a longer one would be told as silence.
LONGEST_LIMIT = 5.0
LONGEST_PAUSE = 60.0  # seconds
# Between sessions that begin anew: Discord takes the token away after 1,000 in a day, which is one in 86 s.
LONGEST_BETWEEN_SESSIONS = 180.0
LASTING_SECONDS = 100.0  # after which a session was no failure
_CLOSING_SECONDS = 5.0
_LONGEST_WAIT = 3600.0  # seconds that somebody may have the bot wait
_TELL_EVERY = 60.0

_log = logging.getLogger(__name__)


class Pauses:
    """How long to wait before each further attempt, and whether to say in the log that attempts are being made.

    The first `at_once` failures in a row make no pause; from then on a pause is about twice the one before, up to
    `most` seconds. Chance takes up to half of it off, so that bots that fell together do not come back together.
    """

    def __init__(
        self,
        most: float = LONGEST_PAUSE,
        at_once: int = 0,
        elapsed: Callable[[], float] = time.monotonic,
        chance: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._most, self._at_once, self._elapsed, self._chance = most, at_once, elapsed, chance
        self._told: float | None = None
        self.failures = 0  # in a row

    def next(self) -> float:
        """The seconds to wait after one more failure."""
        self.failures += 1
        growing = self.failures - self._at_once
        if growing <= 0:
            return 0.0
        longest = min(self._most, 2.0 ** min(growing - 1, 30))
        return self._chance(longest / 2, longest)

    def over(self) -> None:
        """Note a success: the next failure is a first one again."""
        self.failures, self._told = 0, None

    def to_tell(self) -> bool:
        """Whether to log this failure: the first of a row, and one a minute after that."""
        now = self._elapsed()
        if self._told is not None and now - self._told < _TELL_EVERY:
            return False
        self._told = now
        return True


async def serve(client: discord.Client, token: str, starts: SessionStarts | None = None) -> None:
    """Runs the client until the process is asked to stop. What keeps it out and may pass by itself is waited for, and
    so is its turn to begin a session.

    Raises ConnectionFailed where Discord will not let it in.
    """
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()

    def asked(name: str) -> None:
        _log.info("Asked to stop (%s)", name)
        stopped.set()

    with stopping.listening(lambda name: loop.call_soon_threadsafe(asked, name)):
        session = asyncio.create_task(_served(client, token, starts))
        waiting = asyncio.create_task(stopped.wait())
        await asyncio.wait({session, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not session.done():
            session.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await session


async def _served(client: discord.Client, token: str, starts: SessionStarts | None) -> None:
    pauses = Pauses()
    while True:
        try:
            await _log_in(client, token)
            break
        except Unreachable as error:
            if pauses.to_tell():
                _log.warning("%s %s", error, words.connecting.KEEP_TRYING)
            await asyncio.sleep(max(pauses.next(), error.wait))
            await _reset(client)
    if pauses.failures:
        _log.info("Discord has let me in after %d attempts that failed", pauses.failures)
    await listen(client, starts)


async def probe(settings: Settings) -> tuple[str, str]:
    """Logs in, asks for the bot's name and how many shards Discord wants, and leaves again, for a health report: who
    the bot is, and what to do where there are too few shards. Raises ConnectionFailed or SettingsError."""
    way = on_the_way(settings)
    async with logged_in(settings) as client:
        name, allowed = str(client.user), await allowance(client)
    advice = words.connecting.more_shards(settings.shard, allowed.shards) if allowed else ""
    return f"{name}, {words.connecting.through(way.shown, way.setting)}" if way else name, advice


@contextlib.asynccontextmanager
async def logged_in(settings: Settings) -> AsyncIterator[discord.Client]:
    """A client that may ask Discord, and hears nothing of the gateway. Raises ConnectionFailed or SettingsError."""
    text, way = token_text(settings.discord_token), on_the_way(settings)
    no_voice()
    async with discord.Client(intents=discord.Intents(guilds=True), **proxied(way)) as client:
        try:
            await _log_in(client, text)
        except Unreachable as error:
            if shape := odd(text):  # which needs no Discord to be seen
                raise Unreachable(words.connecting.and_odd(error, shape)) from error
            raise
        yield client


def proxied(way: Proxy | None) -> dict[str, Any]:
    """What discord.py's client is given to go through a proxy with all it does."""
    return {"proxy": way.address, "proxy_auth": way.credentials} if way else {}


def only_while(certain: Callable[[], Awaitable[None]]) -> aiohttp.TraceConfig:
    """What has each request to Discord, the opening of a gateway too, wait until `certain` returns. Where that raises
    OwnershipLost, the work that the request is of ends without a word, as it does when it is cancelled."""

    async def hold(*_: object) -> None:
        try:
            await certain()
        except OwnershipLost:
            raise asyncio.CancelledError from None

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(hold)
    return trace


def no_voice() -> None:
    """Keeps discord.py from warning of voice packages that nobody here needs: it would drown the one clear line."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


def prepare(settings: Settings) -> None:
    """Say how Discord will be reached, and what is odd about the token. Raises NoToken or SettingsError where there is
    no use in beginning."""
    _ = settings.watched_at  # where it cannot be, nobody waits for the rest to hear so
    if shape := odd(token_text(settings.discord_token)):
        _log.warning(words.connecting.odd_token(shape))
    if way := on_the_way(settings):
        _log.info("I reach Discord %s", words.connecting.through(way.shown, way.setting))


def token_text(token: SecretStr | None) -> str:
    """The token without the spaces around it. Raises ConnectionFailed where there is none, or what no token can be."""
    text = token.get_secret_value().strip() if token else ""
    if not text:
        raise NoToken(words.connecting.TOKEN_MISSING)
    if shape := _impossible(text):
        raise NoToken(words.connecting.no_token(shape))
    return text


def _impossible(token: str) -> str | None:
    """What keeps a text from being a token at all; None: nothing. Those have letters, digits, "-", "_" and "."."""
    for pattern, shape in _NO_TOKENS:
        if pattern.search(token):
            return shape
    for sign in token:
        if sign != " " and unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp", "Zs"} and sign not in "\r\n\t":
            return words.connecting.invisible(unicodedata.name(sign, f"U+{ord(sign):04X}"))
    if any(sign.isspace() for sign in token):
        return words.connecting.SPACED
    return None if token.isascii() else words.connecting.FOREIGN


def odd(token: str) -> str | None:
    """What makes a text unlikely to be a token, though Discord may take it; None: nothing."""
    for pattern, shape in _ODD_TOKENS:
        if pattern.fullmatch(token):
            return shape
    return None if token.count(".") == 2 and all(token.split(".")) else words.connecting.NOT_OF_THREE


_NO_TOKENS = [
    (re.compile(r"^(bot|bearer|token)\b[\s:]+", re.IGNORECASE), words.connecting.PREFIXED),
    (re.compile(r"^\s*(export\s+)?discord_token\s*=", re.IGNORECASE), words.connecting.NAMED),
    (re.compile(r"[\"'`´“”„‘’‚«»]"), words.connecting.QUOTED),
    (re.compile(r"[<>()\[\]{}]"), words.connecting.BRACKETED),
]
_ODD_TOKENS = [
    (re.compile(r"\d{15,21}"), words.connecting.LIKE_AN_ID),
    (re.compile(r"[0-9a-f]{64}"), words.connecting.LIKE_A_KEY),
    (re.compile(r"[\w-]{32}"), words.connecting.LIKE_THE_SECRET),
]


async def _log_in(client: discord.Client, token: str) -> None:
    """Log in and set the client up. Raises ConnectionFailed, Unreachable where another attempt may succeed, and what
    setting up raises."""
    patience, client.http.max_ratelimit_timeout = client.http.max_ratelimit_timeout, LONGEST_LIMIT
    login = asyncio.create_task(client.login(token))
    try:
        await asyncio.wait({login}, timeout=ANSWER_SECONDS)
        if not login.done() and client.application is None:
            raise TimeoutError
        await login
    except Exception as error:
        if client.application is not None:  # it was let in; what failed is the setting up
            raise
        if isinstance(error, discord.LoginFailure):
            raise NoToken(words.connecting.refused(odd(token))) from error
        if known := failure(error):
            raise known from error
        _log.debug("What answered the login cannot be read", exc_info=error)
        raise Unreachable(words.connecting.unreadable(type(error).__name__)) from error
    finally:
        client.http.max_ratelimit_timeout = patience
        login.cancel()
        await asyncio.wait({login})


async def _reset(client: discord.Client) -> None:
    """Make the client fit for another login: discord.py opens a session for each, and closes only the last."""
    await client.http.close()
    client.http.connector = discord.utils.MISSING


async def listen(client: discord.Client, starts: SessionStarts | None = None) -> None:
    """Hear the gateway until the client is closed, in one session after the other, each begun when `starts` lets it.
    Raises ConnectionFailed where Discord will not have the bot back.

    In place of `Client.connect`, which pauses for up to 17 minutes, or not at all, and which ends with whatever a frame
    makes its parser raise.
    """
    pauses = Pauses(LONGEST_BETWEEN_SESSIONS, at_once=2)
    begun: dict[str, Any] = {"initial": True, "shard_id": client.shard_id}
    while not client.is_closed():
        since = math.inf
        try:
            async with starts.turn() if starts and not begun.get("resume") else contextlib.nullcontext():
                since = time.monotonic()
                opening = TutorSocket.from_client(client, **begun)
                client.ws = await asyncio.wait_for(opening, ANSWER_SECONDS)
            begun = {"shard_id": client.shard_id}
            while True:
                await client.ws.poll_event()
        except OneShardOnly:
            raise
        except Exception as error:
            client.dispatch("disconnect")
            if client.is_closed():
                return
            if time.monotonic() - since > LASTING_SECONDS:
                pauses.over()
            if starts and isinstance(error, discord.ConnectionClosed) and error.code == _TOO_MANY_SERVERS:
                raise ConnectionFailed(starts.too_few()) from error
            goes_on = _lost(error, pauses)
            begun = await _left(client, begun, goes_on)
        await asyncio.sleep(pauses.next())


def _lost(error: Exception, pauses: Pauses) -> bool:
    """Log why a session broke off; True where it may be taken up again. Raises ConnectionFailed where none follows."""
    known: TutorError | None
    if isinstance(error, ReconnectWebSocket):
        known, goes_on = Unreachable(words.connecting.ENDED), error.resume
    else:
        known = failure(error) or (error if isinstance(error, TutorError) else None)
        goes_on = isinstance(known, Unreachable)
    if isinstance(error, discord.ConnectionClosed) and not goes_on:
        assert known  # noqa: S101 - a code that ends it all
        raise known from error
    if pauses.to_tell():
        if known:
            usual = isinstance(error, ReconnectWebSocket) and not pauses.failures
            _log.log(logging.INFO if usual else logging.WARNING, "%s %s", known, words.connecting.KEEP_TRYING)
        else:
            replies.record(error, "a session with Discord; I begin another")
    return goes_on


async def _left(client: discord.Client, begun: dict[str, Any], goes_on: bool) -> dict[str, Any]:
    """Close what is left of a session. Returns how the next one is opened: taking this one up again, or anew."""
    socket: DiscordWebSocket | None = client.ws
    if socket is None:
        return begun
    if socket.open:
        with contextlib.suppress(Exception):  # whatever state it is in
            await asyncio.wait_for(socket.close(4000), _CLOSING_SECONDS)
    if not goes_on or not socket.session_id:
        return {"shard_id": client.shard_id}
    again = {"resume": True, "session": socket.session_id, "sequence": socket.sequence, "shard_id": client.shard_id}
    # The gateway that a session is to be taken up at may be gone itself: every other attempt goes to the first one.
    return again if "gateway" in begun else again | {"gateway": socket.gateway}


def failure(error: BaseException) -> ConnectionFailed | None:
    """What a failure to get in is told as; None where its cause is none that is known. Unreachable where it may pass by
    itself."""
    for kinds, told in _CAUSES:
        if isinstance(error, kinds):
            return told(error)
    return None


def _closed(error: Any) -> ConnectionFailed:
    if error.code == _TOKEN_REFUSED:
        return NoToken(words.connecting.TOKEN_REFUSED)
    if error.code in _INTENTS_REFUSED:
        return ConnectionFailed(words.connecting.INTENTS_REFUSED)
    if error.code in _FINAL:
        return ConnectionFailed(words.connecting.turned_away(f"close code {error.code}"))
    return Unreachable(words.connecting.broke_off(f"close code {error.code}"))


def _answered(error: Any) -> ConnectionFailed:
    if error.status == 407:  # which only proxies say
        return ConnectionFailed(words.connecting.PROXY_REFUSED)
    if error.status == 429 and isinstance(error, discord.HTTPException):
        wait = _seconds(error.response.headers.get("Retry-After", ""))
        return Unreachable(words.connecting.rate_limited(wait), wait)
    return Unreachable(words.connecting.answered(error.status))


def _limited(error: discord.RateLimited) -> ConnectionFailed:
    wait = min(error.retry_after, _LONGEST_WAIT)
    return Unreachable(words.connecting.rate_limited(wait), wait)


def _seconds(text: str) -> float:
    return min(float(text), _LONGEST_WAIT) if text.isdecimal() else 0.0


def _proxy_answered(error: Any) -> ConnectionFailed:
    if error.status == 407:
        return ConnectionFailed(words.connecting.PROXY_REFUSED)
    return Unreachable(words.connecting.proxy_answered(error.status))


def _reason(error: OSError) -> str:
    """Why a connection failed, in the words of the system."""
    system = getattr(error, "os_error", error)
    if isinstance(system, ConnectionError) and system.errno:  # asyncio has put the address in the place of the reason
        return os.strerror(system.errno)
    return system.strerror or type(system).__name__


def _unreachable(error: OSError) -> ConnectionFailed:
    if isinstance(getattr(error, "os_error", error), PermissionError):
        return Unreachable(words.connecting.NOT_PERMITTED)
    return Unreachable(words.connecting.unreachable(_reason(error)))


_CAUSES: list[tuple[type[BaseException] | tuple[type[BaseException], ...], Callable[[Any], ConnectionFailed]]] = [
    (discord.LoginFailure, lambda _: NoToken(words.connecting.TOKEN_REFUSED)),
    (discord.PrivilegedIntentsRequired, lambda _: ConnectionFailed(words.connecting.INTENTS_REFUSED)),
    (discord.ConnectionClosed, _closed),
    (discord.HTTPException, _answered),
    (discord.RateLimited, _limited),
    (aiohttp.ClientHttpProxyError, _proxy_answered),
    (
        aiohttp.ClientProxyConnectionError,
        lambda error: Unreachable(words.connecting.proxy_unreachable(f"{error.host}:{error.port}", _reason(error))),
    ),
    (
        aiohttp.ClientConnectorCertificateError,
        lambda error: Unreachable(words.connecting.certificate(error.host, error.certificate_error.verify_message)),
    ),
    ((aiohttp.ClientSSLError, ssl.SSLError), lambda error: Unreachable(words.connecting.encryption(_reason(error)))),
    (aiohttp.ClientConnectorDNSError, lambda error: Unreachable(words.connecting.no_such_host(error.host))),
    (aiohttp.WSServerHandshakeError, _answered),
    (TimeoutError, lambda _: Unreachable(words.connecting.NO_ANSWER)),
    ((aiohttp.ServerDisconnectedError, ConnectionError), lambda _: Unreachable(words.connecting.HUNG_UP)),
    (OSError, _unreachable),
    (aiohttp.ClientError, lambda error: Unreachable(words.connecting.unreachable(type(error).__name__))),
]
