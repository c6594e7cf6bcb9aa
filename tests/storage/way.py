"""A way to a database that can be cut and mended: what goes to and fro is held up by it, unseen by both ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy.engine import make_url


class Way:
    """Hands on what comes, until it is cut."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._open = asyncio.Event()
        self._open.set()
        self._to_server: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def cut(self) -> None:
        """From now on nothing comes through, and nobody is told."""
        self._open.clear()

    def mend(self) -> None:
        """Let through what was held up, and all that comes."""
        self._open.set()

    def give_up(self) -> None:
        """Have the server take its clients for gone, as it does after a long silence; they are not told."""
        for writer in self._to_server:
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._open.wait()
        from_server, to_server = await asyncio.open_connection(self._host, self._port)
        self._to_server.add(to_server)
        try:
            await asyncio.gather(self._hand_on(reader, to_server), self._hand_on(from_server, writer))
        finally:
            self._to_server.discard(to_server)
            to_server.transport.abort()
            writer.transport.abort()

    async def _hand_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                await self._open.wait()
                writer.write(data)
                await writer.drain()
        await self._open.wait()
        with suppress(OSError):
            writer.close()


@asynccontextmanager
async def way_to(url: str) -> AsyncIterator[tuple[Way, str]]:
    """A way to the database at `url`, and its address by that way."""
    there = make_url(url)
    assert there.host
    assert there.port
    way = Way(there.host, there.port)
    connected: set[asyncio.Task[None]] = set()

    def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.add(asyncio.create_task(way.serve(reader, writer)))

    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    try:
        port = server.sockets[0].getsockname()[1]
        yield way, there.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
    finally:
        server.close()
        for task in connected:
            task.cancel()
        await asyncio.gather(*connected, return_exceptions=True)
