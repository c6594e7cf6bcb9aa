"""From a token to a connected bot: every way of not getting in is one clear line, and the token is in none."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Iterator

import aiohttp
import discord
from pydantic import SecretStr

from bot import words
from bot.discord_app.client import TutorClient
from bot.errors import ConnectionFailed, Unreachable
from bot.service.application import App
from bot.settings import Settings

_TOKEN_REFUSED, _INTENTS_REFUSED = 4004, {4013, 4014}  # close codes of the gateway


async def run(settings: Settings, app: App) -> None:
    """Serves Discord until the process is asked to stop. Raises ConnectionFailed where Discord does not let it in."""
    token = _token(settings.discord_token)
    _no_voice()
    async with TutorClient(app, settings.data_dir / "heartbeat") as client:
        try:
            await serve(client, token)
        finally:  # while there still is a connection, to tell those who wait for a run
            await app.laboratory.experiments.close()


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
    text = _token(token)
    _no_voice()
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        with _one_line():
            await client.login(text)
        return str(client.user)


def _no_voice() -> None:
    """Keeps discord.py from warning of voice packages that nobody here needs: it would drown the one clear line."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


def _token(token: SecretStr | None) -> str:
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
