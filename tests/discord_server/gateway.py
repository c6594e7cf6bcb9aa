"""The gateway: hello, identify, resume, heartbeats and events over a compressed WebSocket."""

from __future__ import annotations

import asyncio
import json
import secrets
import zlib
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from . import payloads
from .limits import SessionStarts
from .model import Guild
from .world import World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, INVALID_SESSION, HELLO, ACK = 0, 1, 2, 6, 9, 10, 11
GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 0, 1 << 9, 1 << 12
PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15  # members, presences, message content
HEARTBEAT_EVERY = 41_250  # ms
REPLAYED = 1000  # events at most
Spoilt = Callable[
    [dict[str, Any]], Any
]  # what is sent instead of a packet: a packet, a text, or bytes that are no frame
AUTHENTICATION_FAILED, INVALID_SHARD, SHARDING_REQUIRED, DISALLOWED_INTENTS = 4004, 4010, 4011, 4014
MOST_SERVERS = 2500  # a shard


class Session:
    """One connection of the bot. Events are queued and written in order."""

    def __init__(self, socket: web.WebSocketResponse, compression: str | None, spoilt: Spoilt) -> None:
        self.socket = socket
        self._spoilt = spoilt
        self.intents = 0
        self.shard, self.shards = 0, 1
        self.identified = False
        self.pulses = 0  # heartbeats received
        self.id = secrets.token_hex(16)
        self.sent: deque[dict[str, Any]] = deque(maxlen=REPLAYED)
        self._sequence = 0
        self._queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._compress = _compressor(compression)

    def owns(self, guild: int) -> bool:
        """Whether it is told of that server; 0: of what happens in none."""
        return (guild >> 22) % self.shards == self.shard

    def send(self, op: int, data: Any = None) -> None:
        self._queue.put_nowait({"op": op, "d": data, "s": None, "t": None})

    def dispatch(self, event: str, data: Any) -> None:
        self._sequence += 1
        self.sent.append({"op": DISPATCH, "d": data, "s": self._sequence, "t": event})
        self._queue.put_nowait(self.sent[-1])

    def go_on(self, left: Session, seen: int) -> None:
        """Takes the place of a session that lost its connection; what was sent after `seen` is sent again."""
        self.id, self.intents, self.sent, self._sequence = left.id, left.intents, left.sent, left._sequence
        self.shard, self.shards = left.shard, left.shards
        for packet in [packet for packet in self.sent if packet["s"] > seen]:
            self._queue.put_nowait(packet)
        self.dispatch("RESUMED", {})
        self.identified = True

    async def write(self) -> None:
        while (packet := await self._queue.get()) is not None:
            if self.socket.closed:
                return
            sent = self._spoilt(packet)
            if isinstance(sent, bytes):  # no frame at all
                await self.socket.send_bytes(sent)
                continue
            text = sent if isinstance(sent, str) else json.dumps(sent)
            if self._compress is None:
                await self.socket.send_str(text)
            else:
                await self.socket.send_bytes(self._compress(text.encode()))


class Gateway:
    def __init__(self, world: World) -> None:
        self._world = world
        self.sessions: list[Session] = []
        self.closures: list[int] = []  # codes that this server has closed with
        self.identifies = 0  # sessions that were asked for
        self.starts = SessionStarts(world.clock)
        self.shards: int | None = None  # that Discord wants of the bot; None: one for 1,000 servers
        self.most_servers = MOST_SERVERS
        self.spoilt: Spoilt = lambda packet: packet
        self._left: dict[str, Session] = {}  # lost their connection, and may come back
        self._open = asyncio.Event()
        self._open.set()

    @property
    def identified(self) -> list[Session]:
        return [session for session in self.sessions if session.identified]

    def has_identified(self, shard: int | None = None, beside: Sequence[Session] = ()) -> bool:
        """Whether there is a session, of that shard if one is named, that is none of those."""
        return any(one not in beside and shard in (None, one.shard) for one in self.identified)

    @property
    def joined(self) -> list[Guild]:
        """The servers that the bot is in."""
        return [guild for guild in self._world.guilds.values() if guild.has_bot]

    def wanted_shards(self) -> int:
        """How many Discord recommends."""
        return self.shards if self.shards is not None else max(1, -(-len(self.joined) // 1000))

    def dispatch(self, event: str, data: Any, *, direct: bool = False) -> None:
        """Tells every session whose intents cover the event, and whose shard has the server where it happens."""
        needed = 0
        if event.startswith("MESSAGE_"):
            needed = DIRECT_MESSAGES if direct else GUILD_MESSAGES
        elif event.startswith(("GUILD_", "CHANNEL_", "THREAD_")):
            needed = GUILDS
        guild = _guild(event, data)
        for session in {*self.identified, *self._left.values()}:
            if session.intents & needed == needed and session.owns(guild):
                session.dispatch(event, data)
        self._world.changed()

    def _as_spoilt(self, packet: dict[str, Any]) -> Any:
        return self.spoilt(packet)

    async def close(self, code: int = WSCloseCode.GOING_AWAY, shard: int | None = None) -> None:
        """Ends the sessions of a shard, or all."""
        for session in list(self.sessions):
            if shard in (None, session.shard):
                await session.socket.close(code=code)

    async def cut(self, *, forget: bool = False) -> None:
        """Breaks every connection and lets nobody in until `mend`. `forget`: no session can be resumed then."""
        self._open.clear()
        if not forget:
            self._left = {session.id: session for session in self.identified}
        await self.close()
        await self._world.until(lambda: not self.sessions or None, "the connection did not break")

    def mend(self) -> None:
        """Lets the bot in again."""
        self._open.set()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        await self._open.wait()
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        session = Session(socket, request.query.get("compress"), self._as_spoilt)
        self.sessions.append(session)
        writer = asyncio.create_task(session.write())
        session.send(HELLO, {"heartbeat_interval": HEARTBEAT_EVERY})
        try:
            await self._listen(session)
        finally:
            self.sessions.remove(session)
            writer.cancel()
            self._world.changed()
        return socket

    async def _listen(self, session: Session) -> None:
        async for packet in session.socket:
            if packet.type is not WSMsgType.TEXT:
                continue
            received = json.loads(packet.data)
            if received["op"] == HEARTBEAT:
                session.pulses += 1
                session.send(ACK)
                self._world.changed()
            elif received["op"] == IDENTIFY:
                await self._identify(session, received["d"])
            elif received["op"] == RESUME:
                self._resume(session, received["d"])

    async def _identify(self, session: Session, data: dict[str, Any]) -> None:
        self.identifies += 1
        if data["token"] != self._world.token:
            await self._refuse(session, AUTHENTICATION_FAILED, b"Authentication failed.")
        elif data["intents"] & PRIVILEGED:
            await self._refuse(session, DISALLOWED_INTENTS, b"Disallowed intent(s).")
        else:
            session.intents = data["intents"]
            session.shard, session.shards = data.get("shard", (0, 1))
            await self._admit(session)

    async def _admit(self, session: Session) -> None:
        if not 0 <= session.shard < session.shards:
            await self._refuse(session, INVALID_SHARD, b"Invalid shard.")
        elif len([guild for guild in self.joined if session.owns(guild.id)]) > self.most_servers:
            await self._refuse(session, SHARDING_REQUIRED, b"Sharding required.")
        elif self.starts.refused(session.shard):
            session.send(INVALID_SESSION, False)
        else:
            self._welcome(session)

    def _resume(self, session: Session, data: dict[str, Any]) -> None:
        left = self._left.pop(data["session_id"], None)
        if left is None or data["token"] != self._world.token:
            session.send(INVALID_SESSION, False)
        else:
            session.go_on(left, data["seq"])
            self._world.changed()

    async def _refuse(self, session: Session, code: int, reason: bytes) -> None:
        self.closures.append(code)
        await session.socket.close(code=code, message=reason)

    def _welcome(self, session: Session) -> None:
        world = self._world
        joined = [guild for guild in self.joined if session.owns(guild.id)]
        session.dispatch("READY", {
            "v": 10, "user": payloads.own_user(world.bot), "session_id": session.id,
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in joined],
            "resume_gateway_url": world.log.base.replace("http", "ws") + "/gateway",
            "application": {"id": str(world.application_id), "flags": 0}, "private_channels": [],
            "shard": [session.shard, session.shards],
        })  # fmt: skip
        session.identified = True
        if session.intents & GUILDS:
            for guild in joined:
                session.dispatch("GUILD_CREATE", payloads.guild_create(guild))
        world.changed()


def _guild(event: str, data: Any) -> int:
    """The server that an event happens in; 0 where it is none, or cannot be read."""
    if not isinstance(data, dict):
        return 0
    found = data.get("id" if event in ("GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE") else "guild_id")
    return int(found) if isinstance(found, str) and len(found) < 20 and found.isdecimal() else 0


def _compressor(compression: str | None) -> Callable[[bytes], bytes] | None:
    """Bytes to bytes: one stream a connection, flushed after every packet."""
    if compression == "zlib-stream":
        stream = zlib.compressobj()
        return lambda data: stream.compress(data) + stream.flush(zlib.Z_SYNC_FLUSH)
    if compression == "zstd-stream":  # asked for from Python 3.14 on, and where the client has the package zstandard
        return _zstd()
    return None


def _zstd() -> Callable[[bytes], bytes]:
    try:
        from compression import zstd
    except ImportError:
        import zstandard

        frames = zstandard.ZstdCompressor().compressobj()
        return lambda data: frames.compress(data) + frames.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    stream = zstd.ZstdCompressor()
    return lambda data: stream.compress(data, stream.FLUSH_BLOCK)
