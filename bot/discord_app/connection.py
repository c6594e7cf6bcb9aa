"""The connection to Discord: getting in, where every failure is one clear line, and whether Discord hears the bot."""

import asyncio
import contextlib
import logging
import math
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import aiohttp
import discord
from pydantic import SecretStr

from bot import words
from bot.errors import ConnectionFailed, Unreachable

_TOKEN_REFUSED, _INTENTS_REFUSED = 4004, {4013, 4014}  # close codes of the gateway


async def serve(client: discord.Client, token: str) -> None:
    """Runs the client until SIGTERM or SIGINT. Raises ConnectionFailed."""
    async with _stopping() as stopped:
        session = asyncio.create_task(client.start(token))
        waiting = asyncio.create_task(stopped.wait())
        await asyncio.wait({session, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not session.done():
            session.cancel()
        with _one_line():
            await session


async def probe(token: SecretStr | None) -> str:
    """Logs in, asks for the bot's name and leaves again, for a health report. Raises ConnectionFailed."""
    text = token_text(token)
    no_voice()
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        with _one_line():
            await client.login(text)
        return str(client.user)


def no_voice() -> None:
    """Keeps discord.py from warning of voice packages that nobody here needs: it would drown the one clear line."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


def token_text(token: SecretStr | None) -> str:
    """The token without the spaces around it. Raises ConnectionFailed where there is none."""
    if token is None or not token.get_secret_value().strip():
        raise ConnectionFailed(words.discord.TOKEN_MISSING)
    return token.get_secret_value().strip()


@contextlib.contextmanager
def _one_line() -> Iterator[None]:
    """Turns every failure to get in into ConnectionFailed. Being stopped is none."""
    try:
        yield
    except asyncio.CancelledError:
        pass
    except (discord.LoginFailure, ValueError) as error:  # ValueError: characters that no HTTP header may have
        raise ConnectionFailed(words.discord.TOKEN_REFUSED) from error
    except discord.PrivilegedIntentsRequired as error:
        raise ConnectionFailed(words.discord.INTENTS_REFUSED) from error
    except discord.ConnectionClosed as error:
        raise ConnectionFailed(_closed(error.code)) from error
    except discord.HTTPException as error:
        raise ConnectionFailed(words.discord.turned_away(f"HTTP {error.status}")) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise Unreachable(words.discord.unreachable(type(error).__name__)) from error


def _closed(code: int) -> str:
    if code == _TOKEN_REFUSED:
        return words.discord.TOKEN_REFUSED
    return (
        words.discord.INTENTS_REFUSED if code in _INTENTS_REFUSED else words.discord.turned_away(f"close code {code}")
    )


@contextlib.asynccontextmanager
async def _stopping() -> AsyncIterator[asyncio.Event]:
    """An event that is set when the process is asked to stop (a container stopping, Ctrl-C)."""
    stopped, loop, caught = asyncio.Event(), asyncio.get_running_loop(), []
    for one in (signal.SIGTERM, signal.SIGINT):
        # Windows has no handlers in the loop, and a thread other than the main one may not set any.
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(one, stopped.set)
            caught.append(one)
    try:
        yield stopped
    finally:
        for one in caught:
            loop.remove_signal_handler(one)


_log = logging.getLogger(__name__)

SILENT = 60.0  # seconds; even where nothing happens, heartbeats are acknowledged every 41
EVERY_SECONDS = 20.0  # between two signs of life; the container's health check misses them after 60
WAITING_SECONDS = 1.0  # between two looks while there is no connection

Now = Callable[[], float]


class GatewayLiveness:
    """Since when Discord has not been heard: a break shows at once, a line that went dead only by its silence."""

    def __init__(self, now: Now, latency: Now, elapsed: Now = time.monotonic) -> None:
        """`now` is the clock that rounds go by, `latency` that of the latest acknowledged heartbeat, in seconds."""
        self._now = now
        self._latency = latency
        self._elapsed = elapsed
        self._acknowledged = math.inf
        self._received = elapsed()
        self._broken: float | None = None
        self._over = False

    def received(self) -> None:
        """Note that something came from Discord."""
        self._received = self._elapsed()

    def lost(self) -> None:
        """Note that the connection is lost, or was not to be had again."""
        self._broken = self._now() if (since := self.outage_since()) is None else since
        self._over = False

    def regained(self) -> None:
        """Note that there is a connection again; what was missed has been sent after, if it ever will be."""
        self._over = True
        self.received()

    def outage_since(self) -> float | None:
        """Since when nothing could be heard, by the clock of the rounds; None: Discord is heard.

        A break is told once more when it is over, or a short one could fall between two looks.
        """
        if (broken := self._broken) is not None:
            self._broken = None if self._over else broken
            return broken
        latency = self._latency()
        if math.isfinite(latency) and latency != self._acknowledged:
            self._acknowledged = latency
            self.received()
        silence = self._elapsed() - self._received
        return self._now() - silence if silence > SILENT else None


async def beat(file: Path, alive: Callable[[], bool], every: float = EVERY_SECONDS) -> None:
    """Touch `file` every so many seconds for as long as `alive` says so; never return."""
    while True:
        beating = alive()
        if beating:
            try:
                await asyncio.to_thread(_touch, file)
            except OSError as error:
                _log.warning("The heartbeat file %s cannot be written: %s", file, error.strerror)
        await asyncio.sleep(every if beating else min(every, WAITING_SECONDS))


def _touch(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
