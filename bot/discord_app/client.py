"""The Discord client: events come in, and are handed on."""

import logging
import math
import sys
from pathlib import Path
from typing import assert_never

import discord

from bot import words
from bot.discord_app import faults, messages, permissions, register
from bot.discord_app.desk import Desk, asker_of
from bot.discord_app.experiments import repeat
from bot.discord_app.experiments.bench import Bench
from bot.discord_app.experiments.outlets import Below
from bot.discord_app.greeting import greet
from bot.discord_app.hearing import Hearing
from bot.discord_app.heartbeat import beat
from bot.discord_app.messages import BareMention, Heard, Question, Unreadable
from bot.discord_app.quiz import losses
from bot.discord_app.quiz.stage import DiscordStage
from bot.discord_app.reading import answer_in, answered_by
from bot.discord_app.render import line
from bot.discord_app.replies import reply
from bot.discord_app.router import Router
from bot.discord_app.under_way import UnderWay
from bot.service.application import App
from bot.tasks import Tasks

_log = logging.getLogger(__name__)
GRACE_SECONDS = 3.0  # that a shutdown gives to answers under way, then to rows being written


def intents() -> discord.Intents:
    """Servers (to know its permissions and role), and messages in servers and DMs. None is privileged."""
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


class TutorClient(discord.Client):
    """The tutor in Discord."""

    def __init__(self, app: App, heartbeat: Path) -> None:
        super().__init__(intents=intents(), allowed_mentions=discord.AllowedMentions.none(), max_messages=None)
        self.desk = Desk(app)
        self._under_way = UnderWay()
        self.tree = register.build_tree(self, self.desk, self._under_way)
        self._router = Router(self.desk)
        self._storage = app.storage
        self._heartbeat = heartbeat
        self._background = Tasks(faults.background)
        self._connected = False
        self._hearing = Hearing(self.desk.app.rounds.now, lambda: self.latency)
        self._known: set[int] = set()
        self._warm = False

    async def setup_hook(self) -> None:
        """Once, after the login: the sign of life, what is under way, the commands."""
        self._background.keep(beat(self._heartbeat, self.alive), "heartbeat")
        await self.desk.app.rounds.recall()
        try:
            await register.sync(self.tree, self.application_id or 0, self._storage.registrations)
        except Exception as error:  # what was registered before still works, and so do mentions and DMs
            faults.record(error, "registering the commands")

    async def close(self) -> None:
        """Lets what is being answered be answered, ends the background tasks, then the connection."""
        await self.desk.app.rounds.close()
        await self._under_way.done(GRACE_SECONDS)
        await self._background.stop(GRACE_SECONDS)
        await super().close()

    def alive(self) -> bool:
        """True while Discord hears the bot: connected, ready, and heartbeats answered."""
        return self._connected and self.is_ready() and math.isfinite(self.latency)

    async def on_connect(self) -> None:
        """A session has begun; the servers that the bot is in are listed, if not yet described."""
        self._connected = True
        self._hearing.back()
        self._known = {guild.id for guild in self.guilds}

    async def on_resumed(self) -> None:
        """A session goes on after a break; what happened meanwhile has come by now."""
        self._connected = True
        self._hearing.back()

    async def on_disconnect(self) -> None:
        """The connection is lost; discord.py is already trying again."""
        self._connected = False
        self._hearing.broken()

    async def on_socket_event_type(self, _: str) -> None:
        """Anything at all that comes."""
        self._hearing.received()

    async def on_ready(self) -> None:
        """All servers are described. discord.py tells no join in the seconds before this, so they are greeted here."""
        _log.info("Ready as %s in %d servers", self.user, len(self.guilds))
        for guild in self.guilds:
            if guild.id not in self._known:
                self._greet(guild)
        if not self._warm:  # ready comes again after every break
            self._warm = True
            stage = DiscordStage(self, self.desk.curriculum, self.desk.app.server_settings)
            await self.desk.app.rounds.open(stage, self._hearing.since)
            self._background.start(self.desk.laboratory.experiments.warm(), "warming the worker")
        await losses.look(self, self.desk.app.rounds)
        await losses.look_up(self, self.desk.app.rounds)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Greets a server that the bot has just been added to."""
        self._greet(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Rounds of a server that the bot is no longer in are over; their scores are kept."""
        await self._look_at_rounds(guild)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """So is a round whose channel is deleted,"""
        await self._look_at_rounds(channel.guild)

    async def on_guild_channel_update(self, _: discord.abc.GuildChannel, channel: discord.abc.GuildChannel) -> None:
        """or closed to the bot,"""
        await self._look_at_rounds(channel.guild)

    async def on_guild_role_update(self, _: discord.Role, role: discord.Role) -> None:
        """or where a role of the bot's loses a permission,"""
        await self._look_at_rounds(role.guild)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """or is deleted,"""
        await self._look_at_rounds(role.guild)

    async def on_member_update(self, _: discord.Member, member: discord.Member) -> None:
        """or taken from it (of other members it is not told);"""
        await self._look_at_rounds(member.guild)

    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """and one in a thread that is deleted,"""
        await losses.deleted(self.desk.app.rounds, event.thread_id)

    async def on_raw_thread_update(self, event: discord.RawThreadUpdateEvent) -> None:
        """or locked."""
        await losses.changed(self, self.desk.app.rounds, event)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Presses and forms go to the router; commands have gone to the tree by now."""
        if interaction.type in (discord.InteractionType.component, discord.InteractionType.modal_submit):
            with self._under_way.one():
                await self._router.handle(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Answers where the bot is spoken to."""
        me = self.user
        heard = messages.heard(message, me) if me else None
        if me is None or heard is None:
            return
        with self._under_way.one():
            try:
                await self._answer(message, heard, me)
            except Exception as error:
                await faults.tell_author(message, error, "answering a message")

    async def on_error(self, event_method: str, /, *_args: object, **_kwargs: object) -> None:
        """Whatever an event handler let through."""
        error = sys.exc_info()[1]
        if error:
            faults.sentence(error, event_method)

    async def _look_at_rounds(self, guild: discord.Guild) -> None:
        await losses.look(self, self.desk.app.rounds, guild.id)

    def _greet(self, guild: discord.Guild) -> None:
        self._background.start(greet(guild, self._storage.greetings), f"greeting server {guild.id}")

    async def _answer(self, message: discord.Message, heard: Heard, me: discord.abc.User) -> None:
        instead = await self.desk.reception.message(message, asks=isinstance(heard, Question))
        if instead is None:
            await self._heard(message, heard, me)
        elif instead and not permissions.lacking_in(message.channel):
            await reply(message, [line(instead)])

    async def _heard(self, message: discord.Message, heard: Heard, me: discord.abc.User) -> None:
        permissions.require(message.channel)
        match heard:
            case Question(text) if wanted := repeat.spoken(text):
                await Bench(self.desk.laboratory).run(wanted.requested(), message.author.id, Below(message))
            case Question(text):
                about = answer_in(answered_by(message, me))
                await reply(message, await self.desk.answer(text, asker_of(message), about=about))
            case BareMention():
                await reply(message, [line(words.discord.HOW_TO_ASK)])
            case Unreadable():
                await reply(message, [line(words.discord.NO_TEXT)])
            case _:
                assert_never(heard)
