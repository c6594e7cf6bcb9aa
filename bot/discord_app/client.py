"""The Discord client: handing every event of the gateway to the part that it concerns."""

import asyncio
import logging
import math
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import discord
from discord.http import MultipartParameters

from bot import healthy, metrics, watching, words
from bot.discord_app import connection, register, replies, scheduling
from bot.discord_app.access import lacking_anywhere, permissions_in
from bot.discord_app.actions import Guard, Registry, Router
from bot.discord_app.asking.messages import MessageReader, spoken_to
from bot.discord_app.gateway import Readings
from bot.discord_app.layout import line
from bot.discord_app.liveness import GatewayLiveness, beat, touch
from bot.discord_app.proxy import Proxy, on_the_way
from bot.discord_app.reminding import ReminderDoor
from bot.discord_app.replies import Reception
from bot.discord_app.rounds import losses
from bot.discord_app.rounds.of_the_day import lock_page
from bot.discord_app.rounds.stage import DiscordStage
from bot.discord_app.sessions import SessionStarts
from bot.discord_app.twin import Twin
from bot.errors import Unreachable
from bot.matching.decision import Intent
from bot.quiz.round.state import Ended
from bot.service.application import App
from bot.service.experiment_queue import QueueLine
from bot.settings import Settings
from bot.simulations import experiments as shipped
from bot.tasks import Tasks, UnderWay

_log = logging.getLogger(__name__)

REGISTERING_SECONDS = 3.0  # that the gateway waits for the commands to be registered
_LONGEST_BETWEEN_REGISTRATIONS = 900.0
GRACE_SECONDS = 3.0  # that a shutdown gives to answers under way, then to rows being written


async def run(settings: Settings, app: App) -> None:
    """Serve Discord until the process is asked to stop. Raises ConnectionFailed where Discord does not let it in."""
    token, address = connection.token_text(settings.discord_token), settings.watched_at
    connection.no_voice()
    async with (
        TutorClient(app, settings.data_dir / healthy.name_of(settings.shard.id), on_the_way(settings)) as client,
        watching.watched(address, client, healthy.whose(settings.data_dir, settings.shard)),
    ):
        try:
            await connection.serve(client, token, client.starts)
        finally:  # while there still is a connection, to tell those who wait for a run
            await app.laboratory.experiments.close()


def intents() -> discord.Intents:
    """Servers (to know its permissions and role), and messages in servers and DMs. None is privileged."""
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


class TutorClient(discord.Client):
    """The tutor in Discord."""

    def __init__(self, app: App, heartbeat: Path, way: Proxy | None = None) -> None:
        super().__init__(
            intents=intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            shard_id=app.shard.id,
            shard_count=app.shard.count,
            http_trace=connection.only_while(app.storage.owner.certain),
            **connection.proxied(way),
        )
        self.app = app
        self.starts = SessionStarts(self, app.shard, app.starting_session)
        self._rounds = app.rounds
        reception = Reception(app.server_settings)
        guard = Guard(app, reception, lock_page)
        self._messages = MessageReader(app, reception)
        self._under_way = UnderWay()
        self.untold = replies.Untold()
        self._readings = Readings(self)
        self.tree = register.build_tree(self, app, guard, self._request)
        self._router = Router(Registry(register.ACTIONS), guard)
        self._heartbeat = heartbeat
        self._background = Tasks(replies.background)
        self.twin_seen = -math.inf  # when another process with the same token was noticed last
        self._twin = Twin(app.shard.count, self._note_twin, certain=lambda: app.storage.owner.sure)
        self._send_message, self.http.send_message = self.http.send_message, self._posted  # type: ignore[method-assign]
        self._connected = False
        self._liveness = GatewayLiveness(self._rounds.now, lambda: self.latency)
        self._known: set[int] = set()  # servers that the bot was in before it was ready
        self._opened = False  # the rounds, at the first session of the process
        self._stage = DiscordStage(self, app)
        self._begins = False  # what is due by the clock, from when it was first ready
        self._registers_later = False  # the commands, once those rounds go on

    async def setup_hook(self) -> None:
        """Start the heartbeat, read which rounds are on, register the commands: once, after the login.

        Where rounds are on they go on first: every second more is taken from an open question. The commands are all
        shards' and the first registers them.
        """
        replies.AnswersToInteractions(self._twin).use()
        self._background.keep(beat(self._heartbeat, self.alive), "heartbeat")
        await self._rounds.recall()
        self._registers_later = self.app.shard.first and bool(self._rounds.going_on())
        if self.app.shard.first and not self._registers_later:
            tried = self._register()
            try:
                await asyncio.wait_for(tried.wait(), REGISTERING_SECONDS)
            except TimeoutError:
                _log.warning(words.connecting.NOT_REGISTERED_YET)

    async def application_info(self) -> discord.AppInfo:
        """The application as Discord has it, which the login asks for: what else a start has to know is asked beside
        it."""
        if self.application is None:
            self.starts.ask()
        return await super().application_info()

    def _register(self) -> asyncio.Event:
        """Have the commands registered, beside everything else: what was registered before works meanwhile, and so do
        mentions and DMs. Returns what is set after the first attempt."""
        tried = asyncio.Event()
        self._background.keep(self._registered(tried), "registering the commands")
        return tried

    async def _registered(self, tried: asyncio.Event) -> None:
        """Register the commands; what may pass by itself, of Discord or the storage, is waited for."""
        pauses = connection.Pauses(_LONGEST_BETWEEN_REGISTRATIONS)
        while True:
            try:
                return await self.app.once_kept(self._sync)
            except Exception as error:
                known = connection.failure(error)
                refused = isinstance(error, discord.HTTPException) and error.status < 500 and error.status != 429
                if refused or not isinstance(known, Unreachable):
                    replies.record(error, "registering the commands")
                    return None
                if pauses.to_tell():
                    _log.warning("%s %s", known, words.connecting.NOT_REGISTERED_YET)
                wait = known.wait
            finally:
                tried.set()
            await asyncio.sleep(max(pauses.next(), wait))

    async def _sync(self) -> None:
        await register.sync(self.tree, self.application_id or 0, self.app.registered)

    async def connect(self, *, reconnect: bool = True) -> None:
        """Hear the gateway until the client is closed. Raises ConnectionFailed."""
        await connection.listen(self, self.starts)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait no more: the line was not opened before its turn."""

    async def close(self) -> None:
        """Let what is being answered be answered, end the background tasks, then the connection. Where the servers are
        this process's no more the gateway is closed and nothing else is done: the process ends, and nothing is sent."""
        if self.app.storage.owner.is_lost:
            if self.ws:
                await self.ws.close()
            return
        await self._rounds.close()
        await self._under_way.done(GRACE_SECONDS)
        await self.starts.close()
        await self._background.stop(GRACE_SECONDS)
        await super().close()

    def is_closed(self) -> bool:
        """Whether no further session with Discord is begun: it is closed, or its servers are this process's no more."""
        return self.app.storage.owner.is_lost or super().is_closed()

    def alive(self) -> bool:
        """Whether Discord hears the bot (it is connected, ready, and heartbeats are answered) and its data is there."""
        return self.lacking() is None

    def lacking(self) -> str | None:
        """In a few words what the bot lacks to be alive; None: nothing."""
        if not self._connected:
            return "not connected to Discord"
        if not self.is_ready():
            return "waiting for what Discord tells at the start of a session"
        if not math.isfinite(self.latency):
            return "Discord acknowledges no heartbeat"
        if not self.app.storage.owner.sure:
            return "the database does not say that the servers are this process's"
        if self.app.storage.gone():
            return "the database is gone"
        return "the database takes or gives nothing" if self.app.storage.access.refuses else None

    def labels(self) -> dict[str, Iterable[str]]:
        """The values that labels of measures may take: what there is to use and to run, and what this process is."""
        used = {action.name for action in register.ACTIONS} | {one.qualified_name for one in self.tree.walk_commands()}
        return {
            "name": used | {one.qualified_name for one in self.tree.get_commands(type=discord.AppCommandType.message)},
            "intent": [intent.value for intent in Intent],
            "experiment": [one.name for one in shipped.experiments()],
            "version": [version("neural-tutor")],
            "shard": [str(self.app.shard.id)],
            "shards": [str(self.app.shard.count)],
        }

    def levels(self) -> None:
        """Set what is measured as it is now, and not as it happens."""
        metrics.READY.set(self.alive())
        metrics.SERVERS.set(len(self.guilds))
        metrics.LATENCY.set(self.latency)
        metrics.SHARD.set(1, str(self.app.shard.id), str(self.app.shard.count))
        metrics.BUILD.set(1, version("neural-tutor"))
        metrics.ROUNDS_ON.set(sum(not isinstance(one.round.phase, Ended) for one in self._rounds.going_on()))
        metrics.STORAGE_REFUSES.set(self.app.storage.access.refuses)
        metrics.OWNER_SURE.set(self.app.storage.owner.sure)
        metrics.OWNER_EPOCH.set(self.app.storage.owner.epoch)
        experiments = self.app.laboratory.experiments
        metrics.RUNNING.set(experiments.running)
        for waits in QueueLine:
            metrics.RUNS_WAITING.set(experiments.waiting(waits), waits.name.lower())

    async def on_connect(self) -> None:
        """Note the servers that the bot is in: they are listed at the start of a session, if not yet described.

        The rounds go on at the first session: presses come from now on, and to post takes no description of a server.
        """
        metrics.SESSIONS.one("begun")
        self._connected = True
        self._liveness.regained()
        self._twin.listens()
        self._known = {guild.id for guild in self.guilds}
        if not self._opened:
            self._opened = True
            await self._rounds.open(self._stage, self._liveness.outage_since)
            if self._registers_later:
                self._register()

    async def on_resumed(self) -> None:
        """Note that a session goes on after a break; what happened meanwhile has come by now."""
        metrics.SESSIONS.one("resumed")
        self._connected = True
        self._liveness.regained()

    async def on_disconnect(self) -> None:
        """Note that the connection is lost; discord.py is already trying again."""
        if self._connected:
            metrics.SESSIONS.one("lost")
        self._connected = False
        self._liveness.lost()

    async def on_socket_event_type(self, _: str) -> None:
        """Note that something came from Discord."""
        self._liveness.received()

    async def on_ready(self) -> None:
        """Look which rounds have lost their channel meanwhile, once all servers are described.

        discord.py tells no join in the seconds before this, so new servers are greeted here. It waits until no server
        was described for two seconds.
        """
        of_all = f", those of shard {self.app.shard}" if self.app.shard.count > 1 else ""
        _log.info("Ready as %s in %d servers%s", self.user, len(self.guilds), of_all)
        for guild in self.guilds:
            if guild.id not in self._known:
                self._greet(guild)
        await self._rounds.opened()
        self._begin()  # before the looks: the storage may refuse those, and there may be no second `on_ready` for days
        await losses.look(self, self._rounds)
        await losses.look_up(self, self._rounds)
        await losses.look_for_questions(self, self._rounds)
        await losses.look_for_reviews(self, self._rounds)

    def _begin(self) -> None:
        """Begin what is due by the clock, once."""
        if not self._begins:
            self._begins = True
            channels = scheduling.DiscordChannels(self, self.app.server_settings)
            self._background.keep(self.app.schedules.serve(channels), "the schedule")
            door = ReminderDoor(self, self._stage.pace, self.app.shard.count)
            self._background.keep(self.app.reminders.go(door, self.app.reviews), "reminding of reviews")

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Greet a server that the bot has just been added to."""
        self._greet(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """End the rounds of a server that the bot is no longer in; their scores are kept."""
        await losses.look(self, self._rounds, guild.id)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """End the round of a channel that is deleted, and ask others to decide what was to be decided there."""
        await losses.look(self, self._rounds, channel.guild.id)
        await self._rounds.reviews_deleted(channel.id)

    async def on_guild_channel_update(self, _: discord.abc.GuildChannel, channel: discord.abc.GuildChannel) -> None:
        """End the round of a channel that is closed to the bot, or ask reviewers anew."""
        await losses.look(self, self._rounds, channel.guild.id)
        await self._rounds.reviewers_found(channel.guild.id)

    async def on_guild_role_update(self, _: discord.Role, role: discord.Role) -> None:
        """End the rounds of channels where a role of the bot's has lost a permission, or ask reviewers anew."""
        await losses.look(self, self._rounds, role.guild.id)
        await self._rounds.reviewers_found(role.guild.id)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """End the rounds of channels where the bot could write by a role that is deleted."""
        await losses.look(self, self._rounds, role.guild.id)

    async def on_member_update(self, _: discord.Member, member: discord.Member) -> None:
        """End the rounds of channels where the bot could write by a role that was taken from it, and the other way.

        Without the members intent Discord tells of no member but the bot itself.
        """
        await losses.look(self, self._rounds, member.guild.id)
        await self._rounds.reviewers_found(member.guild.id)

    async def on_left_out_delete(self, guild: discord.Guild) -> None:
        """End the round of a channel that could not be read, and is deleted."""
        await losses.look(self, self._rounds, guild.id)

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Tell a round that its open question was deleted, or what asked somebody to decide."""
        await losses.unposted(self._rounds, event.channel_id, {event.message_id})

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Tell a round that its open question was deleted among others."""
        await losses.unposted(self._rounds, event.channel_id, event.message_ids)

    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """End the round of a thread that is deleted."""
        await losses.deleted(self._rounds, event.thread_id)

    async def on_raw_thread_update(self, event: discord.RawThreadUpdateEvent) -> None:
        """End the round of a thread that is locked."""
        await losses.changed(self, self._rounds, event)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Hand presses and forms to the router; commands have gone to the tree by now."""
        if interaction.type in (discord.InteractionType.component, discord.InteractionType.modal_submit):
            async with self._request(interaction.guild_id, interaction.is_guild_integration()):
                with metrics.answering("press"):
                    await self._router.handle(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Answer where the bot is spoken to."""
        if message.author == self.user:
            self._twin.heard(message)
        elif self.user and (spoken := spoken_to(message, self.user)):
            async with self._request(message.guild.id if message.guild else None):
                with metrics.answering("message"):
                    await self._messages.posted(message, spoken, self.user)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Answer anew where a message to the bot was edited; what changed before is not looked up in any cache."""
        if self.user and (spoken := spoken_to(event.message, self.user)):
            async with self._request(event.guild_id):
                with metrics.answering("message"):
                    await self._messages.edited(event.message, spoken, self.user)

    async def on_error(self, event_method: str, /, *_args: object, **_kwargs: object) -> None:
        """Log whatever an event handler let through."""
        error = sys.exc_info()[1]
        if error:
            replies.sentence(error, event_method)

    @asynccontextmanager
    async def _request(self, server: int | None, at_home: bool = False) -> AsyncIterator[None]:
        """One message, command or press, from its coming to its answer: counted, and taught the same all the while,
        which is what the server teaches that it comes from; without one (a direct message), no server's own topics.
        Nor those of a server that the bot is not in (any more): nobody there could change or remove them. They are kept
        for its return. A server of another process is in no cache of this one's: of it `at_home` says whether Discord
        names the server itself as one that has the application."""
        there = server is not None and (self.get_guild(server) is not None if self.app.shard.owns(server) else at_home)
        learnt = await self.app.topics.learnt(server if there else None)
        with self._under_way.one(), self.app.taught.steady(learnt):
            yield

    def _posted(self, channel_id: int | str, *, params: MultipartParameters) -> Any:
        self._twin.posting(params)
        return self._send_message(channel_id, params=params)

    def _note_twin(self) -> None:
        self.twin_seen = self._rounds.now()
        self._background.start(self._twin_noted(), "noting a twin")

    async def _twin_noted(self) -> None:
        await asyncio.to_thread(touch, self._heartbeat.with_name(healthy.SHARED))

    def _greet(self, guild: discord.Guild) -> None:
        self._background.start(_say_hello(guild, self.app), f"greeting server {guild.id}")


async def _say_hello(guild: discord.Guild, app: App) -> None:
    """Greets the server unless it has been greeted before; silent where the bot may write nowhere.

    Where it cannot be kept that it was greeted, that waits.
    """
    greeted = app.greeted
    if not await app.once_kept(lambda: greeted.claim(guild.id)):
        return
    for channel in _writable(guild):
        permissions = permissions_in(channel)
        lacking = [] if permissions is None else lacking_anywhere(permissions)
        text = "\n".join([words.discord.GREETING, *([words.discord.greeting_lacks(lacking)] if lacking else [])])
        try:
            await channel.send(view=line(text))
        except discord.Forbidden:
            continue
        except BaseException:
            await greeted.release(guild.id)
            raise
        return
    _log.info("No channel of server %s to greet in", guild.id)
    await app.once_kept(lambda: greeted.release(guild.id))


def _writable(guild: discord.Guild) -> Iterator[discord.TextChannel]:
    first = [guild.system_channel] if guild.system_channel else []
    for channel in [*first, *(one for one in guild.text_channels if one != guild.system_channel)]:
        rights = permissions_in(channel)
        if rights is None or (rights.view_channel and rights.send_messages):
            yield channel
