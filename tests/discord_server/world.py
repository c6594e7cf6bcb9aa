"""Everything there is on this Discord, and who must be told when it changes."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from . import payloads, permissions
from .clock import Clock
from .model import DM, GROUP_DM, Attachment, Channel, Guild, Interaction, Member, Message, Role, User
from .names import NoAnswer

if TYPE_CHECKING:
    from .gateway import Gateway
    from .people import Person
    from .requests import RequestLog

Found = TypeVar("Found")
LOOK_AGAIN = 0.05  # seconds; for what is looked at beside the world, which wakes nobody


class World:
    """State and change. `gateway` and `log` are set by the server that holds this world."""

    people: type[Person]  # what a member is; they act on the world, so it does not import them
    gateway: Gateway
    log: RequestLog

    def __init__(self, clock: Clock, bot_name: str) -> None:
        self.clock = clock
        self.token = f"loopback.{secrets.token_hex(8)}"
        self.bot = User(self, clock.snowflake(), bot_name, bot=True)
        self.application_id = self.bot.id  # as for every application made since 2021
        self.application_owner: User | None = None  # None: somebody who takes no part
        self.team: dict[User, bool] | None = None  # the others of the owner's, and whether they have accepted
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.commands: dict[int | None, dict[int, dict[str, Any]]] = {None: {}}  # by guild; None: global
        self.interactions: dict[int, Interaction] = {}
        self.uploads: dict[int, Attachment] = {}  # files that were sent in with forms
        self.said: list[
            Message
        ] = []  # by the bot since a member last did anything, less what was waited for or looked at
        self.patience = 10.0  # seconds of real time that a member waits for the bot: a busy machine takes its time
        self._waiting: set[asyncio.Future[None]] = set()

    # people and places

    def person(self, name: str) -> Person:
        person = self.people(self, self.clock.snowflake(), name)
        self.users[person.id] = person
        return person

    def add_guild(
        self, name: str, *, bot: bool = True, bot_permissions: Any = (), shard: tuple[int, int] = (0, 1)
    ) -> Guild:
        """A server; with `bot=False` one that the application was never added to.

        `bot_permissions` beyond everyone's, by name; the bot gets a role of its own only if there are any. Its id is
        one of that `shard`'s, k of N.
        """
        number = self.clock.snowflake()
        number += (shard[0] - (number >> 22)) % shard[1] << 22
        everyone = Role(number, "@everyone", permissions.bits(permissions.EVERYONE_BY_DEFAULT))
        guild = Guild(self, number, name, everyone, roles={number: everyone})
        self.guilds[number] = guild
        guild.owner = guild.add_member(f"Owner of {name}")
        if bot:
            guild.invite_bot(bot_permissions)
        return guild

    def join(self, guild: Guild, user: User, granted: Any) -> None:
        member = Member(user, [], self.clock.now())
        if permissions.bits(granted):
            member.roles.append(self.make_role(guild, user.name, granted, user if user.bot else None))
        guild.members[user.id] = member

    def make_role(self, guild: Guild, name: str, granted: Any, bot: User | None = None) -> Role:
        """A new role, of which a bot in that server is told; `bot` is whose own it is."""
        role = Role(self.clock.snowflake(), name, permissions.bits(granted), managed=bot is not None, bot=bot)
        guild.roles[role.id] = role
        if guild.has_bot:
            shown = {"guild_id": str(guild.id), "role": payloads.placed_role(guild, role)}
            self.gateway.dispatch("GUILD_ROLE_CREATE", shown)
        return role

    def leave(self, guild: Guild) -> None:
        if guild.members.pop(self.bot.id, None):
            self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)})

    def dm_channel(self, user: User) -> Channel:
        """The one direct conversation of the bot and this user."""
        for channel in self.channels.values():
            if channel.type == DM and channel.recipients == [user]:
                return channel
        channel = Channel(self, self.clock.snowflake(), DM, user.name, recipients=[user])
        self.channels[channel.id] = channel
        return channel

    def group(self, *people: Person) -> Channel:
        """A private conversation that the bot is not part of (user installs work there)."""
        channel = Channel(self, self.clock.snowflake(), GROUP_DM, "group", recipients=list(people))
        self.channels[channel.id] = channel
        return channel

    def shares_a_guild(self, user: User) -> bool:
        return any(user.id in guild.members for guild in self.guilds.values() if guild.has_bot)

    # telling the bot

    def tell_joined(self, guild: Guild) -> None:
        self.gateway.dispatch("GUILD_CREATE", payloads.guild_create(guild, just_joined=True))

    def tell_guild(self, guild: Guild, event: str, channel: Channel) -> None:
        if guild.has_bot:
            self.gateway.dispatch(event, payloads.channel(channel))
        self.changed()

    def tell_role(self, guild: Guild, role: Role) -> None:
        place = list(guild.roles).index(role.id)
        self.gateway.dispatch("GUILD_ROLE_UPDATE", {"guild_id": str(guild.id), "role": payloads.role(role, place)})
        self.changed()

    def tell_message(self, event: str, message: Message) -> None:
        """MESSAGE_*: only to a bot that is there, sees the channel, and never of ephemeral messages."""
        if message.seen_by is None and self.bot_hears(message.channel):
            data = payloads.removed(message) if event == "MESSAGE_DELETE" else payloads.event_message(message)
            self.gateway.dispatch(event, data, direct=message.channel.guild is None)
        self.changed()

    def bot_hears(self, channel: Channel) -> bool:
        if channel.guild is None:
            return channel.type == DM
        return permissions.may(channel, self.bot, "view_channel")

    # waiting

    def changed(self) -> None:
        """Wakes everyone who waits for something to have happened."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, look: Callable[[], Found | None], what: str, within: float | None = None) -> Found:
        """The first value of `look` that is not None; NoAnswer after `within` seconds of real time.

        `what` is said when it did not come about, followed by the requests of the bot.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + (self.patience if within is None else within)
        start = self.log.mark()
        while (found := look()) is None:
            left = deadline - loop.time()
            if left <= 0:
                raise NoAnswer(f"{what}\n{self.log.account(start)}")
            await self._change(min(left, LOOK_AGAIN))
        return found

    async def _change(self, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await asyncio.wait([future], timeout=seconds)
        finally:
            self._waiting.discard(future)
