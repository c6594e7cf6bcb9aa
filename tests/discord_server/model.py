"""The things of Discord: plain state, no HTTP. What happens to them is in the other modules."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import permissions

if TYPE_CHECKING:
    from .people import Person
    from .world import World

EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 15
TEXT, DM, VOICE, GROUP_DM, ANNOUNCEMENT, ANNOUNCEMENT_THREAD, THREAD = 0, 1, 2, 3, 5, 10, 11


@dataclass(eq=False)
class User:
    world: World
    id: int
    name: str
    bot: bool = False
    dms_open: bool = True
    installed: bool = False  # has this member installed the application for themselves?

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    def __repr__(self) -> str:
        return f"<{self.name}>"


@dataclass(eq=False)
class Role:
    id: int
    name: str
    permissions: int
    managed: bool = False
    bot: User | None = None  # whose own role it is, made when the bot was added with permissions
    mentionable: bool = False  # by everyone

    @property
    def mention(self) -> str:
        return f"<@&{self.id}>"


@dataclass(eq=False)
class Member:
    user: User
    roles: list[Role]
    joined: float


@dataclass(eq=False)
class Guild:
    world: World
    id: int
    name: str
    everyone: Role
    owner: User | None = None
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)

    @property
    def has_bot(self) -> bool:
        return self.world.bot.id in self.members

    @property
    def bot_role(self) -> Role:
        """The bot's own role. Raises StopIteration where it was added with no permissions: then it has none."""
        return next(role for role in self.roles.values() if role.bot is not None)

    def add_channel(self, name: str, kind: int = TEXT) -> Channel:
        channel = Channel(self.world, self.world.clock.snowflake(), kind, name, guild=self)
        self.channels[channel.id] = self.world.channels[channel.id] = channel
        self.world.tell_guild(self, "CHANNEL_CREATE", channel)
        return channel

    def add_member(self, who: str | Person, permissions: Any = ()) -> Person:
        """A new or a known person joins. `permissions`: names granted to them by a role of their own."""
        person = self.world.person(who) if isinstance(who, str) else who
        self.world.join(self, person, permissions)
        return person

    def add_role(self, name: str, *people: User, permissions: Any = ()) -> Role:
        """A role of this server, given to these members."""
        role = self.world.make_role(self, name, permissions)
        for person in people:
            self.members[person.id].roles.append(role)
        return role

    def remove_role(self, role: Role) -> None:
        """The role is deleted, and with it taken from everyone."""
        del self.roles[role.id]
        for member in self.members.values():
            member.roles = [one for one in member.roles if one is not role]
        if self.has_bot:
            self.world.gateway.dispatch("GUILD_ROLE_DELETE", {"guild_id": str(self.id), "role_id": str(role.id)})

    def invite_bot(self, permissions: Any = ()) -> None:
        """The application is added to this server: the client is told by GUILD_CREATE."""
        self.world.join(self, self.world.bot, permissions)
        self.world.tell_joined(self)

    def remove_bot(self) -> None:
        """The application is removed from this server: GUILD_DELETE."""
        self.world.leave(self)

    def take(self, role: Role, *names: str) -> None:
        """Takes permissions from a role, in the whole server: GUILD_ROLE_UPDATE."""
        role.permissions &= ~permissions.bits(names)
        self.world.tell_role(self, role)

    def delete(self) -> None:
        """The server is gone, with all that is in it."""
        for number in [number for number, channel in self.world.channels.items() if channel.guild is self]:
            del self.world.channels[number]
        del self.world.guilds[self.id]
        self.world.leave(self)

    def __repr__(self) -> str:
        return f"<server {self.name}>"


@dataclass(eq=False)
class Channel:
    world: World
    id: int
    type: int
    name: str
    guild: Guild | None = None
    recipients: list[User] = field(default_factory=list)
    overwrites: dict[int, tuple[int, int]] = field(default_factory=dict)  # target -> (allow, deny)
    messages: dict[int, Message] = field(default_factory=dict)
    nonces: dict[str, tuple[float, Message]] = field(default_factory=dict)
    parent: Channel | None = None  # of a thread; its permissions are the thread's
    threads: dict[int, Channel] = field(default_factory=dict)
    archived: bool = False
    locked: bool = False

    @property
    def mention(self) -> str:
        return f"<#{self.id}>"

    def add_thread(self, name: str) -> Channel:
        """A public thread, started without a message."""
        kind = ANNOUNCEMENT_THREAD if self.type == ANNOUNCEMENT else THREAD
        thread = Channel(self.world, self.world.clock.snowflake(), kind, name, guild=self.guild, parent=self)
        self.threads[thread.id] = self.world.channels[thread.id] = thread
        if self.guild is not None:
            self.world.tell_guild(self.guild, "THREAD_CREATE", thread)
        return thread

    def deny(self, who: User | Role, *names: str) -> None:
        """Takes permissions away in this channel only, e.g. `channel.deny(discord.bot, "send_messages")`."""
        allow, deny = self.overwrites.get(who.id, (0, 0))
        wanted = permissions.bits(names)
        self._overwrite(who, allow & ~wanted, deny | wanted)

    def allow(self, who: User | Role, *names: str) -> None:
        allow, deny = self.overwrites.get(who.id, (0, 0))
        wanted = permissions.bits(names)
        self._overwrite(who, allow | wanted, deny & ~wanted)

    def _overwrite(self, who: User | Role, allow: int, deny: int) -> None:
        self.overwrites[who.id] = (allow, deny)
        if self.guild is not None:
            self.world.tell_guild(self.guild, "CHANNEL_UPDATE", self)

    def close(self, *, archived: bool | None = None, locked: bool | None = None) -> None:
        """A thread is archived or locked, or opened again: THREAD_UPDATE."""
        self.archived = self.archived if archived is None else archived
        self.locked = self.locked if locked is None else locked
        if self.guild is not None:
            self.world.tell_guild(self.guild, "THREAD_UPDATE", self)

    def delete(self) -> None:
        """The channel goes with its threads; a thread goes alone."""
        if self.guild is None:
            return
        for number in [self.id, *self.threads]:
            del self.world.channels[number]
        home = self.parent.threads if self.parent else self.guild.channels
        del home[self.id]
        self.world.tell_guild(self.guild, "THREAD_DELETE" if self.parent else "CHANNEL_DELETE", self)

    def __repr__(self) -> str:
        return f"#{self.name}"


@dataclass(eq=False)
class Attachment:
    id: int
    filename: str
    data: bytes
    description: str | None = None
    content_type: str = "application/octet-stream"


@dataclass(eq=False)
class Poll:
    question: str
    answers: list[str]


@dataclass(eq=False)
class Message:
    id: int
    channel: Channel
    author: User
    created: float
    content: str = ""
    embeds: list[Any] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    type: int = 0
    nonce: str | None = None
    mentions: list[User] = field(default_factory=list)
    role_mentions: list[Role] = field(default_factory=list)
    calls_everyone: bool = False
    reply_to: Message | None = None
    forwards: Message | None = None  # whose text stands in it as it was then
    stickers: list[str] = field(default_factory=list)  # names
    poll: Poll | None = None
    pinned: bool = False
    interaction: Interaction | None = None
    seen_by: User | None = None  # an ephemeral message has one reader
    edited: float | None = None
    edits: int = 0
    deleted: bool = False


@dataclass(eq=False)
class Interaction:
    id: int
    token: str
    type: int
    user: User
    channel: Channel
    data: dict[str, Any]
    owners: dict[str, str]  # authorizing_integration_owners
    created: float
    source: Message | None = None  # the message whose component was pressed
    response: int | None = None  # the callback type of the first response
    original: Message | None = None
    follow_ups: list[Message] = field(default_factory=list)
    choices: list[dict[str, Any]] | None = None
    modal: dict[str, Any] | None = None
    sent: float = field(default_factory=time.perf_counter)
    opened_by: Interaction | None = None  # the interaction whose form this one submits

    @property
    def by_user_install_only(self) -> bool:
        return "0" not in self.owners
