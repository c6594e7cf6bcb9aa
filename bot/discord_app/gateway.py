"""What Discord sends and discord.py cannot read: no event of that sort ends the process, or leaves it deaf.

Discord adds and drops keys every month. discord.py 2.7 reads an event right out of the loop that listens, and what its
parser raises ends the client. Here that has one of three ends: of a server's description the part is left out; any
other event is skipped (an interaction gets its line); without a hello, a READY, or frames that make sense the session
ends. Each is logged under an incident id, by the event's type and the key, never by its contents.

Relied upon of 2.7, and held by tests: `ConnectionState.parsers` maps the type of an event to what reads it;
`DiscordWebSocket.received_message` notes the sequence number before it calls one, so that what is skipped is not sent
again after a RESUME; a decompressor gives None for a part of a frame; `Guild(data=, state=)` reads a description.
"""

import asyncio
import json
import logging
import secrets
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from typing import Any
from weakref import ReferenceType, WeakKeyDictionary, ref

import aiohttp
import discord
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.webhook.async_ import async_context, interaction_message_response_params

from bot import metrics, words
from bot.discord_app import left_out
from bot.discord_app.layout import line
from bot.discord_app.left_out import State, Unread, id_of, named, number_in
from bot.errors import TutorError

_log = logging.getLogger(__name__)

Parser = Callable[[Any], None]

SAID_AGAIN = 60.0  # seconds after which a fault that comes again is logged once more
MOST_NAMED = 10  # parts of a server in one line, before they are counted
MOST_LINES = 20  # servers with the same fault, likewise
_BEATS = range(1_000, 600_001)  # ms between two heartbeats; without a pause they would be a flood, and never is deaf
_MOST_BEATS_APART = 45_000  # ms; all that tells a line that went dead by its silence goes by Discord's usual 41 s
_MOST_UNANSWERED = 3  # heartbeats in a row, after which the line is given up though events may still come on it
_KNOWN = range(12)  # op codes
_CODES = {1: "HEARTBEAT", 7: "RECONNECT", 9: "INVALID_SESSION", 10: "HELLO", 11: "HEARTBEAT_ACK"}
_CLOSING_SECONDS = 5.0
BEGINS_WITHIN = 50.0  # seconds after the line is there; Discord takes one or two
_NEVER_AGAIN = {4003, 4007, 4009}  # close codes after which a session cannot be taken up again
_SEQUENCES = range(2**53)  # numbers that a session can count its events with
_SESSION = ("READY", "RESUMED")
_DESCRIBED = ("GUILD_CREATE", "GUILD_UPDATE")
_LISTS = {  # events with a list of things of a server, of which each can be read for itself
    "THREAD_LIST_SYNC": ("threads", "members"),
    "GUILD_MEMBERS_CHUNK": ("members", "presences"),
    "GUILD_EMOJIS_UPDATE": ("emojis",),
    "GUILD_STICKERS_UPDATE": ("stickers",),
    "GUILD_SOUNDBOARD_SOUNDS_UPDATE": ("soundboard_sounds",),
}
_INTERACTION, _COMPLETION = "INTERACTION_CREATE", 4


class SessionUnreadable(TutorError):  # noqa: N818 - what it is
    """Nothing sensible comes from Discord in this session: only a new one can help."""

    quotes = False


class Incidents:
    """Logs what cannot be read: the same fault under one id, once a minute, with how often it came meanwhile."""

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._elapsed = elapsed
        self._ids: dict[str, str] = {}
        self._since: dict[str, float] = {}  # when it was logged first, of the last minute
        self._lines: Counter[str] = Counter()
        self._unsaid: Counter[str] = Counter()

    def note(self, fault: str, what: str, most: int = 1) -> str:
        """Logs `what`, a sentence, unless that `fault` was logged `most` times just now; returns its incident id."""
        incident, now = self._ids.setdefault(fault, secrets.token_hex(4)), self._elapsed()
        if fault not in self._since or now - self._since[fault] >= SAID_AGAIN:
            self._since[fault], self._lines[fault] = now, 0
        elif self._lines[fault] >= most:
            self._unsaid[fault] += 1
            return incident
        self._lines[fault] += 1
        metrics.INCIDENTS.one()
        more = self._unsaid.pop(fault, 0)
        _log.error("Incident %s: %s%s", incident, what, f" ({more} more since this was last said)" if more else "")
        return incident


class TutorSocket(DiscordWebSocket):
    """The line to Discord, where frames and the beginnings of a session are looked at before discord.py reads them.

    `received_message`, and so `poll_event` and `from_client`, raise SessionUnreadable; the line is closed then.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._awaited: str | None = "HELLO"  # what the session lacks to begin; None: it has begun
        self._begins_by = self.loop.time() + BEGINS_WITHIN
        self._taken_up = False  # whether the session began on another line
        self._unanswered = 0  # heartbeats since the last one that was acknowledged
        self._answered = False  # whether one ever was

    async def poll_event(self) -> None:
        """Hears one frame; until Discord has said hello, all up to that: nothing may be said to it before.

        Raises SessionUnreadable, too where the session does not begin in time, whatever else comes;
        ReconnectWebSocket, by which the session is not resumed where that would fail again; ConnectionClosed.
        """
        try:
            async with asyncio.timeout_at(self._begins_by if self._awaited else None):
                await super().poll_event()
                while self._awaited == "HELLO":
                    await super().poll_event()
        except TimeoutError:
            if not self._awaited:
                raise
            raise await self._ended(None, _NotBegun(self._awaited)) from None
        except ReconnectWebSocket as left:
            refused = self._awaited in _SESSION or self.socket.close_code in _NEVER_AGAIN
            deaf = self._taken_up and not self._answered and self._unanswered >= _MOST_UNANSWERED
            if left.resume and (refused or deaf):
                raise ReconnectWebSocket(self.shard_id, resume=False) from None
            raise

    async def send_heartbeat(self, data: Any) -> None:
        """Sends one, or closes the line where the last three were not acknowledged: `poll_event` then raises."""
        if self._unanswered >= _MOST_UNANSWERED:
            _log.warning(words.connecting.unanswered(self._unanswered))
            await self.close(4000)
            return
        self._unanswered += 1
        await super().send_heartbeat(data)

    async def received_message(self, msg: Any, /) -> None:
        """Reads a frame, or a part of one. Raises SessionUnreadable where no frame or session can be made of it."""
        frame = None
        try:
            text = self._decompressor.decompress(msg) if type(msg) is bytes else msg
            if text is None:
                return
            frame = _frame(text)
            self._require_begun(frame)
            if frame["op"] in _KNOWN:
                _require_sound(frame, self._connection)
                await self._read(text, frame)
            else:
                Readings.of(self._connection).incidents.note("op", "an op code that is not known was skipped")
        except (ReconnectWebSocket, discord.ConnectionClosed, aiohttp.ClientError, OSError):
            raise
        except Exception as fault:
            if isinstance(fault, _NotBegun) or not _may_be_skipped(frame):
                raise await self._ended(frame, fault) from None
            Readings.of(self._connection).skipped(frame["t"], frame, fault)  # type: ignore[index]

    async def _read(self, text: str, frame: Mapping[str, Any]) -> None:
        if not _counts(frame.get("s")):
            Readings.of(self._connection).incidents.note("s", "a sequence number that can be none was passed over")
            text = json.dumps({**frame, "s": None})
        if frame["op"] == self.HELLO:
            if self._keep_alive:
                self._keep_alive.stop()  # another one follows
            beat = min(frame["d"]["heartbeat_interval"], _MOST_BEATS_APART)
            text = json.dumps({**frame, "s": None, "d": {**frame["d"], "heartbeat_interval": beat}})
        if frame["op"] == self.HEARTBEAT_ACK:
            self._unanswered, self._answered = 0, True
        await super().received_message(text)
        if frame["op"] == self.HELLO and self._awaited == "HELLO":
            self._taken_up = bool(self.session_id)
            self._awaited = "RESUMED" if self.session_id else "READY"
        if frame["t"] in _SESSION:
            self._awaited = None

    def _require_begun(self, frame: Mapping[str, Any]) -> None:
        """Raises where it can be told that what begins a session was not among what came."""
        early = frame["op"] == self.DISPATCH and self.session_id is None and frame["t"] != "READY"
        if self._awaited and (early or self.loop.time() > self._begins_by):
            raise _NotBegun(self._awaited)

    async def _ended(self, frame: Mapping[str, Any] | None, fault: BaseException) -> SessionUnreadable:
        with suppress(Exception):
            await asyncio.wait_for(self.close(), _CLOSING_SECONDS)
        if isinstance(fault, _NotBegun):
            return SessionUnreadable(words.connecting.no_beginning(str(fault)))
        what = "a frame" if frame is None else frame["t"] or _CODES.get(frame["op"], "a frame")
        return SessionUnreadable(words.connecting.unreadable_session(what, named(fault, frame)))


class _NotBegun(Exception):  # noqa: N818 - what it is
    """The session, since what begins it did not come; with what that would have been."""


def _frame(text: str) -> dict[str, Any]:
    """What a text says. Raises for what is no frame."""
    frame = json.loads(text)
    if type(frame["op"]) is not int:
        raise left_out.about("op", TypeError())
    event = frame.get("t")
    return {**frame, "t": event if event is None or isinstance(event, str) else "of no name"}


def _counts(sequence: object) -> bool:
    """Whether a session can have numbered an event so, or left it without a number."""
    return sequence is None or (type(sequence) is int and sequence in _SEQUENCES)


def _may_be_skipped(frame: Mapping[str, Any] | None) -> bool:
    return frame is not None and frame["op"] == DiscordWebSocket.DISPATCH and frame["t"] not in _SESSION


def _require_sound(frame: Mapping[str, Any], state: State) -> None:
    """Raises for what discord.py would read and be the worse for: beats without a pause, or what begins a session and
    cannot be read, for which it throws away all that is known first."""
    if frame["op"] == DiscordWebSocket.HELLO:
        beat = frame["d"]["heartbeat_interval"]
        if type(beat) not in (int, float) or not _BEATS.start <= beat < _BEATS.stop:
            raise left_out.about("heartbeat_interval", ValueError())
    if frame["t"] in _SESSION and (frame["s"] is None or not _counts(frame["s"])):
        raise left_out.about("s", ValueError() if type(frame["s"]) is int else TypeError())
    if frame["t"] == "READY":
        data = frame["d"]
        _kinds(data, session_id=str, resume_gateway_url=str)
        discord.ClientUser(state=state, data=data["user"])
        for guild in data["guilds"]:
            discord.Guild(data=guild, state=state)


# A client's readings keep the client, and are kept by its parsers: kept here too, neither would ever be thrown away.
_READINGS: WeakKeyDictionary[State, ReferenceType["Readings"]] = WeakKeyDictionary()


class Readings:
    """Reads the events of a client: each by discord.py's own parser, and what that cannot read in another way."""

    def __init__(self, client: discord.Client, incidents: Incidents | None = None) -> None:
        self.incidents = incidents or Incidents()
        self._client = client
        self._state: State = client._connection
        self._parsers: dict[str, Parser] = dict(self._state.parsers)
        self._answers: set[asyncio.Task[None]] = set()
        for event, parser in self._parsers.items():
            if event not in _SESSION:
                self._state.parsers[event] = partial(self._read, event, parser)
        _READINGS[self._state] = ref(self)
        http: Any = client.http
        http.send_message, http.edit_message = self._one(http.send_message), self._one(http.edit_message)
        http.logs_from = self._several(http.logs_from)

    @classmethod
    def of(cls, state: State) -> "Readings":
        """Those of a client's state."""
        known = _READINGS.get(state)
        return (known and known()) or cls(state._get_client())

    def skipped(self, event: str | None, data: object, fault: BaseException) -> str:
        """Logs that an event is skipped, and returns the incident id."""
        what = f"an event {event} cannot be read ({named(fault, data)})"
        return self.incidents.note(what, f"{what} and is skipped")

    def unreadable(self, data: Any, fault: BaseException) -> None:
        """Tells whoever is behind an interaction, given as Discord sent it, that it cannot be read."""
        incident = self.skipped(_INTERACTION, data, fault)
        if not isinstance(data, Mapping) or (number := id_of(data)) is None:
            return
        token = data.get("token")
        if isinstance(token, str) and token:
            self._soon(self._answer(number, token, data.get("type") == _COMPLETION, incident))

    def misread(self, interaction: discord.Interaction, fault: BaseException | None = None) -> None:
        """The same, where discord.py fails when it reads on in an interaction that it has taken for sound; without a
        fault it has said itself what was wrong, and somebody who is typing waits."""
        incident = self.skipped(_INTERACTION, interaction.data, fault) if fault else ""
        completion = interaction.type is discord.InteractionType.autocomplete
        self._soon(self._answer(interaction.id, interaction.token, completion, incident))

    def _one(self, request: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """The request, with a message for its answer that can be read: it stands there, whatever is said of it."""

        async def answered(*arguments: Any, **named: Any) -> Any:
            return self._message_in(await request(*arguments, **named))

        return answered

    def _several(self, request: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """The same for a list of messages."""

        async def answered(*arguments: Any, **named: Any) -> Any:
            return [self._message_in(one) for one in await request(*arguments, **named)]

        return answered

    def _message_in(self, data: Any) -> Any:
        try:
            _message(data, self._state)
            discord.Message(state=self._state, channel=discord.Object(0), data=data)  # type: ignore[arg-type]
        except Exception as fault:
            what = f"what Discord answers about a message cannot be read ({named(fault, data)})"
            self.incidents.note(what, f"{what}; of it only the id is taken")
            return bare_message(data, self._state.self_id)
        return data

    def _soon(self, answering: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(answering, name="answering an unreadable interaction")
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    def _read(self, event: str, parser: Parser, data: Any) -> None:
        try:
            if event in _DESCRIBED:
                self._described(event, parser, data)
            elif event in _LISTS:
                self._listed(event, parser, data)
            else:
                with self._safe(event, data):
                    if require := _REQUIRED.get(event):
                        require(data, self._state)
                    parser(data)
            self._heard(event, data)
        except Exception as fault:
            if event == _INTERACTION:
                self.unreadable(data, fault)
            else:
                self.skipped(event, data, fault)

    def _described(self, event: str, parser: Parser, data: Any) -> None:
        """Reads the description of a server; what was known of it stays where the new description cannot be read."""
        _ids(data, "id")
        if data.get("unavailable") is True:
            parser(data)
            return
        guild = self._state._get_guild(id_of(data))
        roles = dict(guild._roles) if guild else {}
        left: list[Unread] = []
        try:
            if not left_out.is_whole(event, data):
                raise ValueError("not whole")
            with left_out.unchanged(guild):
                parser(data)
        except Exception:
            data, left = left_out.readable(self._state, event, data)
            parser(data)
        self._remember(event, data, roles, left)

    def _remember(self, event: str, data: Any, roles: Mapping[int, discord.Role], left: list[Unread]) -> None:
        server, self_id = int(data["id"]), self._state.self_id
        if event == "GUILD_CREATE":
            left_out.forgotten(self._state, server)
            there = [id_of(one) for one in data.get("members", [])]
            if self_id not in [*there, *(one.id for one in left)] and not _in(left, "member"):
                left = [*left, Unread("member", self_id, "it is not there")]
        kept = left_out.kept(self._state, server)
        kept.parts = {part for part in kept.parts if part[0] != "role"}
        kept.parts |= {(part.kind, part.id) for part in left}
        kept.parts |= {(left_out.OVERWRITES, id_of(one)) for one in data.get("channels", []) if _bare(one)}
        if guild := self._state._get_guild(server):
            numbers = {id_of(one) for one in data.get("channels", [])}  # discord.py passes over types it does not know
            kept.parts |= {("channel", one) for one in numbers if one and guild.get_channel(one) is None}
            for number, role in roles.items():
                if kept.has("role", number) and guild.get_role(number) is None:
                    guild._add_role(role)
        self._name(server, left)

    def _name(self, server: int | None, left: list[Unread]) -> None:
        """Logs what was left out of a server's description."""
        alike: dict[tuple[str, str], list[Unread]] = {}
        for part in left:
            alike.setdefault((part.kind, part.why), []).append(part)
        for (kind, why), parts in alike.items():
            ids = ", ".join("(no id can be read)" if one.id is None else str(one.id) for one in parts[:MOST_NAMED])
            more = f" and {len(parts) - MOST_NAMED} more" if len(parts) > MOST_NAMED else ""
            told = f"{kind} {ids}{more}" if kind in left_out.KINDS.values() else kind
            what = f"of server {server} what cannot be read ({why}) is left out, the rest of it works: {told}"
            self.incidents.note(f"{kind} {why}", what, MOST_LINES)

    def _listed(self, event: str, parser: Parser, data: Any) -> None:
        """Reads an event with a list; where that fails, without those on the list that cannot be read."""
        try:
            parser(data)
            return
        except Exception:
            server = int(data["guild_id"])
            guild = self._state._get_guild(server)
            if guild is None:
                raise
            clean, left = dict(data), []
            for key in _LISTS[event]:
                parts = [(one, _fault_of(self._state, guild, key, one)) for one in data.get(key, [])]
                clean[key] = [one for one, fault in parts if fault is None]
                left += [Unread(left_out.KINDS[key], id_of(one), fault) for one, fault in parts if fault is not None]
            if not left:
                raise
            parser(clean)
        left_out.kept(self._state, server).parts |= {(part.kind, part.id) for part in left if part.kind == "thread"}
        self._name(server, left)

    def _safe(self, event: str, data: Any) -> AbstractContextManager[None]:
        """What an event changes stays as it was where reading it fails halfway."""
        with suppress(Exception):
            if event == "USER_UPDATE":
                return left_out.unchanged(self._state.user)
            guild = self._state._get_guild(int(data["guild_id"]))
            match event:
                case "CHANNEL_UPDATE":
                    return left_out.unchanged(guild and guild.get_channel(int(data["id"])))
                case "THREAD_UPDATE":
                    return left_out.unchanged(guild and guild.get_thread(int(data["id"])))
                case "GUILD_ROLE_UPDATE":
                    return left_out.unchanged(guild and guild.get_role(int(data["role"]["id"])))
                case "GUILD_MEMBER_UPDATE":
                    return left_out.unchanged(guild and guild.get_member(int(data["user"]["id"])))
        return nullcontext()

    def _heard(self, event: str, data: Any) -> None:
        """What was left out and can be read now is there again."""
        if event == "GUILD_DELETE":
            left_out.forgotten(self._state, int(data["id"]))
        if not event.startswith(("CHANNEL_", "GUILD_ROLE_", "GUILD_MEMBER_")):
            return
        guild = self._state._get_guild(number_in(data.get("guild_id")))
        if guild is None:
            return
        parts = left_out.kept(self._state, guild.id).parts
        match event:
            case "CHANNEL_CREATE" | "CHANNEL_UPDATE" | "CHANNEL_DELETE":
                self._channel_heard(event, guild, data, parts)
            case "GUILD_ROLE_CREATE" | "GUILD_ROLE_UPDATE" | "GUILD_ROLE_DELETE":
                number = int(data["role_id"] if "role_id" in data else data["role"]["id"])
                if event == "GUILD_ROLE_UPDATE" and guild.get_role(number) is None:
                    self._parsers["GUILD_ROLE_CREATE"](data)
                parts.discard(("role", number))
            case "GUILD_MEMBER_UPDATE" if int(data["user"]["id"]) == self._state.self_id:
                if guild.me is None:
                    guild._add_member(discord.Member(data=data, guild=guild, state=self._state))
                parts.discard(("member", self._state.self_id))

    def _channel_heard(self, event: str, guild: discord.Guild, data: Any, parts: set[tuple[str, int | None]]) -> None:
        number = int(data["id"])
        was_left_out = ("channel", number) in parts
        parts -= {("channel", number), (left_out.OVERWRITES, number)}
        if event == "CHANNEL_DELETE":
            if was_left_out:  # discord.py tells of no channel that it did not know
                self._client.dispatch("left_out_delete", guild)
            return
        if event == "CHANNEL_UPDATE" and was_left_out:
            self._parsers["CHANNEL_CREATE"](data)
        if _bare(data):
            parts.add((left_out.OVERWRITES, number))

    async def _answer(self, number: int, token: str, completion: bool, incident: str) -> None:
        """The line for whoever is behind an interaction; nothing to choose from where they are typing."""
        if completion:
            payload: dict[str, Any] = {"type": 8, "data": {"choices": []}}
            params = discord.http.MultipartParameters(payload=payload, multipart=None, files=None)
        else:
            flags = discord.MessageFlags(ephemeral=True)
            page = line(words.discord.unreadable(incident))
            params = interaction_message_response_params(type=4, view=page, flags=flags)
        http = self._client.http
        try:
            await async_context.get().create_interaction_response(
                number,
                token,
                session=http._HTTPClient__session,  # type: ignore[attr-defined] # as discord.py's own interactions do
                proxy=http.proxy,
                proxy_auth=http.proxy_auth,
                params=params,
            )
        except Exception as failure:  # what Discord answers to this may be as odd as what it asked
            _log.info("Could not tell a person of incident %s: %s", incident, type(failure).__name__)


def _ids(within: Any, *keys: str) -> None:
    """Raises KeyError or ValueError where one of these is no id that Discord could have given."""
    for key in keys:
        if number_in(within[key]) is None:
            raise left_out.about(key, ValueError())


def _kinds(within: Any, /, **kinds: type) -> None:
    """Raises KeyError or TypeError where one of these is none of its kind."""
    for key, kind in kinds.items():
        if not isinstance(within[key], kind):
            raise left_out.about(key, TypeError())


def _message(data: Any, state: State) -> None:
    """discord.py takes a message without an author, or passes over those mentioned, where it cannot read a user."""
    data.setdefault("mentions", [])
    data.setdefault("components", [])
    _ids(data, "id", "channel_id")
    _kinds(data, type=int, content=str, author=dict)
    for user in (data["author"], *data["mentions"]):
        _ids(user, "id")
        state.create_user(user)
    if data.get("referenced_message"):
        _message(data["referenced_message"], state)


def bare_message(data: Any, author: int | None = None) -> dict[str, Any]:
    """As much of a message as there must be, in a form that can be read: its id, and who wrote it."""
    found = data if isinstance(data, Mapping) else {}
    user = found.get("author")
    number = id_of(user) or author or 0
    return {
        "id": str(id_of(found) or 0), "channel_id": str(number_in(found.get("channel_id")) or 0), "type": 0,
        "author": {"id": str(number), "username": "", "discriminator": "0", "avatar": None},
        "content": "", "timestamp": "1970-01-01T00:00:00+00:00", "edited_timestamp": None, "tts": False,
        "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [],
        "components": [], "pinned": False,
    }  # fmt: skip


def _interaction(data: Any, state: State) -> None:
    """discord.py takes one of a kind that it does not know, or without anyone behind it, and does nothing."""
    _ids(data, "id")
    _kinds(data, type=int, token=str, data=dict)
    if data["type"] not in range(2, 6):
        raise left_out.about("type", ValueError())
    _ids((data["member"] if data.get("guild_id") else data)["user"], "id")
    if "message" in data:
        _message(data["message"], state)
        _kinds(data["message"], flags=int)


def _thread(data: Any, _: State) -> None:
    """What is said of a thread that the bot did not know is passed on unread."""
    _ids(data, "id", "guild_id", "parent_id")
    _kinds(data, thread_metadata=dict)


def _role(data: Any, _: State) -> None:
    left_out.rights(data["role"])


def _self(data: Any, state: State) -> None:
    """Whoever the bot is told it is now, it stays who it is."""
    if id_of(data) != state.self_id:
        raise left_out.about("id", ValueError())


_REQUIRED: dict[str, Callable[[Any, State], None]] = {  # raises for what discord.py would read, and be wrong
    _INTERACTION: _interaction,
    "MESSAGE_CREATE": _message,
    "MESSAGE_UPDATE": _message,
    "THREAD_UPDATE": _thread,
    "USER_UPDATE": _self,
    "GUILD_ROLE_CREATE": _role,
    "GUILD_ROLE_UPDATE": _role,
}


def _in(left: list[Unread], kind: str) -> bool:
    """Whether all of a kind were left out."""
    return any(part.kind == kind and part.id is None for part in left)


def _bare(channel: object) -> bool:
    """Whether the description of a channel does not say who may do what there."""
    return isinstance(channel, Mapping) and "permission_overwrites" not in channel


def _fault_of(state: State, guild: discord.Guild, key: str, one: Any) -> str | None:
    """What keeps discord.py from reading one thing of a list; None: nothing."""
    try:
        match key:
            case "threads":
                discord.Thread(guild=guild, state=state, data=one)
            case "members" if "user" in one:
                discord.Member(guild=guild, state=state, data=one)
            case "members":
                (int(one["id"]), int(one.get("user_id", 0)), one["join_timestamp"], one["flags"])
            case "emojis":
                discord.Emoji(guild=guild, state=state, data=one)
            case "stickers":
                discord.GuildSticker(state=state, data=one)
            case "soundboard_sounds":
                discord.SoundboardSound(guild=guild, state=state, data=one)
            case "presences":
                discord.RawPresenceUpdateEvent(data=one, state=state)
    except Exception as fault:
        return named(fault, one)
    return None
