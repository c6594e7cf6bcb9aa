"""What a host asks a running bot over HTTP at the address that METRICS names: its measures (`/metrics`, for
Prometheus), whether its process lives and its loop turns (`/healthz`), and whether it is ready (`/readyz`).

It is answered in the loop of the bot, so that an answer shows that the loop turns; what takes long of it, the text of
all measures, is made by a thread, and at most once a second. Whoever asks slowly, or holds a line open, is cut off.
"""

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Protocol

from bot import healthy, metrics
from bot.metrics import Address
from bot.tasks import Tasks

if TYPE_CHECKING:
    from aiohttp.web import BaseRequest, RequestHandler, Response, Server
    from prometheus_client import CollectorRegistry

PATIENCE = 10.0  # seconds from the opening of a line to its end, whatever is asked on it
MOST_LINES = 20  # at a time; a scraper takes one, and who checks the health another
FRESH = 1.0  # seconds for which the measures are not looked up again
SAMPLED_EVERY = 0.5  # seconds between two looks at how late the loop is
AGAIN_AFTER = 60.0  # seconds after which an address that could not be had is tried again
_LONGEST_LINE, _MOST_HEADERS = 2048, 32

_log = logging.getLogger(__name__)


class Watched(Protocol):
    """A bot that can be watched."""

    def labels(self) -> Mapping[str, Iterable[str]]:
        """The values that labels may take, where `metrics` does not say them."""
        ...

    def levels(self) -> None:
        """Set every `Level` to what it is now."""
        ...

    def lacking(self) -> str | None:
        """A word for what the bot lacks to be ready; None: nothing."""
        ...


@asynccontextmanager
async def watched(address: Address | None, bot: Watched, whose: str = "") -> AsyncIterator[None]:
    """Inside, measures are taken and served at the address; without one nothing is done at all. `whose` is what
    `healthy.whose` says of the bot."""
    if address is None:
        yield
        return
    background, answers = Tasks(), Answers(bot, metrics.begin(bot.labels()), whose)
    background.keep(_sampled(), "sampling how late the loop is")
    background.keep(_served(address, answers), "serving what is measured")
    try:
        yield
    finally:
        await background.stop()
        metrics.end()


class Answers:
    """Answers what is asked."""

    def __init__(self, bot: Watched, registry: "CollectorRegistry", whose: str) -> None:
        self._bot = bot
        self._whose = whose
        self._registry = registry
        self._turn = asyncio.Lock()
        self._text, self._type, self._until = b"", "", -1.0

    async def to(self, request: "BaseRequest") -> "Response":
        """The answer to one request; the line is closed after it."""
        from aiohttp import web

        if request.method not in ("GET", "HEAD"):
            answer = web.Response(status=405, text="Ask by GET.\n", headers={"Allow": "GET, HEAD"})
        elif request.path == "/healthz":
            answer = web.Response(text="alive\n")
        elif request.path == "/readyz":
            lacks = self._bot.lacking()
            answer = web.Response(status=503 if lacks else 200, text=f"not ready: {lacks}\n" if lacks else "ready\n")
        elif request.path == "/metrics":
            body, kind = await self._measures()
            answer = web.Response(body=body, headers={"Content-Type": kind})
        else:
            answer = web.Response(status=404, text="There are /metrics, /healthz and /readyz.\n")
        answer.headers[healthy.HEADER] = self._whose
        answer.force_close()
        return answer

    async def _measures(self) -> tuple[bytes, str]:
        """All measures as text, and the type of that."""
        from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

        async with self._turn:
            if time.monotonic() >= self._until:
                self._bot.levels()
                self._text = await asyncio.to_thread(generate_latest, self._registry)
                self._type, self._until = CONTENT_TYPE_LATEST, time.monotonic() + FRESH
            return self._text, self._type


async def _served(address: Address, answers: Answers) -> None:
    """Serve until cancelled. An address that cannot be had is told once, and tried again now and then."""
    from aiohttp import web

    quiet = logging.getLogger("aiohttp.of_those_who_watch")
    quiet.disabled = True  # it would have a traceback for whoever sends no HTTP
    server = web.Server(
        answers.to,
        access_log=None,
        logger=quiet,
        keepalive_timeout=PATIENCE,
        lingering_time=0.0,
        max_line_size=_LONGEST_LINE,
        max_field_size=_LONGEST_LINE,
        max_headers=_MOST_HEADERS,
    )
    listening = await _listening(address, server)
    _log.info("What is measured of me is served at http://%s/metrics", address)
    if not address.loopback:
        _log.warning("METRICS=%s: whoever reaches this machine there can read what is measured of me", address)
    try:
        await asyncio.Future()
    finally:
        listening.close()
        with suppress(Exception):
            await server.shutdown(0.0)


async def _listening(address: Address, server: "Server") -> asyncio.Server:
    """What hands each line at the address to the server, and cuts it off when its time is over."""
    loop, told = asyncio.get_running_loop(), False

    def line() -> asyncio.Protocol:
        made = server()
        full = len(server.connections) >= MOST_LINES
        loop.call_later(0.1 if full else PATIENCE, _cut, made)
        return made

    while True:
        try:
            return await loop.create_server(line, address.host, address.port)
        except OSError as error:
            if not told:
                what = "METRICS: nothing can be served at %s (%s). I run on without, and try again now and then"
                _log.error(what, address, _why(error))
            told = True
        await asyncio.sleep(AGAIN_AFTER)


def _cut(line: "RequestHandler") -> None:
    if line.transport is not None:
        line.transport.abort()


def _why(error: OSError) -> str:
    """Why an address cannot be had, in the words of the system: asyncio has put another text in their place."""
    return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error.strerror)


async def _sampled() -> None:
    """Note how late the loop comes to what is due, for as long as it turns."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + SAMPLED_EVERY
        await asyncio.sleep(SAMPLED_EVERY)
        metrics.LOOP_LAG.note(max(loop.time() - due, 0.0))
