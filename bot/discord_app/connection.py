"""Getting into Discord: every failure is one clear line."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Iterator

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
