"""Answering people: to whom and how soon, as their server has set, and within the time that Discord gives; and what to
say, and to log, when something goes wrong. Every fault of ours has one id in both places."""

import asyncio
import contextlib
import dataclasses
import json
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

import aiohttp
import discord
from cachetools import TTLCache
from discord import app_commands
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot import metrics, words
from bot.discord_app import access, gateway, left_out
from bot.discord_app.access import channels_of, leads, rights_of
from bot.discord_app.layout import Page, line, noted
from bot.discord_app.twin import CountedRequests, Twin
from bot.errors import StorageRefuses, TutorError
from bot.service.server_settings import Cooldown, ServerSettings, SettingsOfServers
from bot.tasks import Prepared

if TYPE_CHECKING:
    from bot.discord_app.client import TutorClient

_log = logging.getLogger(__name__)

# The message, channel or interaction is gone or answered already, or its thread is closed: nobody waits, nothing is
# broken.
_GONE = {10003, 10008, 10015, 10062, 40060, 50027, 50083, 160005}
_DENIED = {50001, 50013, 160002}
_TAKES_NONE = {
    50007,
    50278,
}  # whoever wrote to the bot takes no direct messages from it: they are closed, or it is blocked
_NO_JSON = (json.JSONDecodeError, UnicodeDecodeError)
ANSWERED = 40060  # the interaction has its first answer
UNREACHABLE = (aiohttp.ClientError, OSError)  # what a connection fails with; aiohttp has kinds that are no OSError


class NotDelivered(Exception):  # noqa: N818 - what it comes to
    """Discord did not confirm an answer. It may stand there; what was done before stays done."""


class AnswersToInteractions(AsyncWebhookAdapter):
    """discord.py's requests for interactions. One whose connection was lost before its answer came is made once more.

    A follow-up is not: it would stand there twice. Where the first answer to an interaction was lost, and Discord says
    the second time that there is one already, the first stood. Raises NotDelivered, and HTTPException for a refusal.
    """

    def __init__(self, twin: Twin) -> None:
        """`twin` is told of interactions that somebody else has answered."""
        super().__init__()  # type: ignore[no-untyped-call]
        self._twin = twin

    async def request(self, route: Route, session: aiohttp.ClientSession, **given: Any) -> Any:
        """Make a request. Of what Discord answers, which nobody here looks at, as much is returned as can always be
        read: an answer stands, whatever is said of it."""
        first = route.path.endswith("/callback")
        untried, counted = first and self._twin.answering(int(route.webhook_id or 0)), CountedRequests(session)
        try:
            answer = await self._made(route, cast("aiohttp.ClientSession", counted), **given)
        except discord.HTTPException as refusal:
            if untried and counted.made == 1 and refusal.code == ANSWERED:
                self._twin.answered_before()
            raise
        if first:
            metrics.acknowledged()
            return {"interaction": {"id": str(route.webhook_id), "type": 0}}
        return gateway.bare_message(answer) if answer else answer

    async def _made(
        self, route: Route, session: aiohttp.ClientSession, *, files: Sequence[discord.File] | None = None, **given: Any
    ) -> Any:
        first = route.path.endswith("/callback")
        try:
            return await super().request(route, session, files=files, **given)
        except _NO_JSON as fault:  # it was answered: once more would be once too often
            raise NotDelivered(type(fault).__name__) from fault
        except UNREACHABLE as lost:
            if route.method == "POST" and not first:
                raise NotDelivered(type(lost).__name__) from lost
        except discord.DiscordServerError as failure:
            raise NotDelivered(f"HTTP {failure.status}") from failure
        for file in files or ():
            file.reset(seek=True)
        try:
            return await super().request(route, session, files=files, **given)
        except (discord.DiscordServerError, *UNREACHABLE, *_NO_JSON) as lost:
            raise NotDelivered(type(lost).__name__) from lost
        except discord.HTTPException as refusal:
            if not first or refusal.code != ANSWERED:
                raise
            return None

    def use(self) -> None:
        """Have all tasks that are begun from here on make their requests by it."""
        async_context.set(self)


class Untold:
    """What members could not be told though it holds: the next private message to each of them says so."""

    MOST, SECONDS = 10_000, 24 * 3600.0

    def __init__(self) -> None:
        self._lines: TTLCache[int, dict[object, str]] = TTLCache(self.MOST, self.SECONDS)

    def keep(self, member: int, about: object, said: str) -> None:
        """Keep a line about something, in place of an earlier one about it."""
        self._lines[member] = {**self._lines.get(member, {}), about: said}

    def told(self, member: int, about: object) -> None:
        """Note that they were told of that."""
        self._lines.get(member, {}).pop(about, None)

    def of(self, member: int) -> dict[object, str]:
        """The lines for a member, by what they are about."""
        return dict(self._lines.get(member, {}))


class ToldByPage(TutorError):  # noqa: N818 - what it comes to
    """Something cannot be done, and is told by a message of its own, with buttons perhaps."""

    def __init__(self, page: Page) -> None:
        super().__init__("told by a message of its own")
        self.page = page


def cause(error: BaseException) -> BaseException:
    """The error under discord.py's wrapping."""
    return error.original if isinstance(error, app_commands.CommandInvokeError) else error


def is_gone(error: BaseException) -> bool:
    """True where what the reply was for is no longer there."""
    if not isinstance(error, discord.HTTPException):
        return False
    return error.code in _GONE or "message_reference: Unknown message" in error.text


def is_denied(error: BaseException) -> bool:
    """True where the bot lacks a permission."""
    refused = isinstance(error, discord.HTTPException) and error.code in _DENIED
    return refused or isinstance(error, access.LacksPermission)


def background(error: BaseException, name: str) -> None:
    """Log the error of a background task, under an incident id where it is ours."""
    sentence(error, f"the background task {name}")


def sentence(error: BaseException, doing: str, lacking: Sequence[str] = (), place: str = "") -> str | None:
    """Logs the error and returns the one line for the person it hit, or None when there is nothing to say."""
    error = cause(error)
    if isinstance(error, TutorError):
        metrics.came_to("refused")
        return words.refusals.sentence(error)
    if _cannot_be_told(error, doing):
        return None
    if is_denied(error):
        metrics.came_to("not_permitted")
        unseen = isinstance(error, discord.HTTPException) and error.code == access.NO_ACCESS
        lacking = lacking or (["view_channel"] if unseen else [])
        _log.warning("Not permitted: %s (lacking: %s)", doing, ", ".join(lacking) or "unknown")
        return words.discord.lacking(lacking, place)
    if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        metrics.came_to("refused")
        _log.warning("%s: %s", doing, error)
        return words.discord.OLD_COMMAND
    if isinstance(error, app_commands.TransformerError):
        metrics.came_to("refused")
        _log.info("An option of %s names what is not known here", doing)
        return words.discord.OPTION_GONE
    return words.answers.incident(record(error, doing))


def _cannot_be_told(error: BaseException, doing: str) -> bool:
    """Whether nothing can be said to the person it hit; then it is logged."""
    if isinstance(error, NotDelivered):
        metrics.came_to("not_confirmed")
        _log.warning("Discord did not confirm the answer to %s: %s", doing, error)
    elif is_gone(error):
        metrics.came_to("too_late")
        _log.info("Too late for %s: %s", doing, error)
    elif isinstance(error, discord.HTTPException) and error.code in _TAKES_NONE:
        metrics.came_to("not_permitted")
        _log.info("Whoever it is for takes no direct messages: %s", doing)
    else:
        return False
    return True


def record(error: BaseException, doing: str) -> str:
    """Logs a fault of ours in full and returns its id."""
    incident = secrets.token_hex(4)
    metrics.came_to("incident")
    metrics.INCIDENTS.one()
    _log.error("Incident %s in %s", incident, doing, exc_info=error)
    return incident


async def tell_presser(interaction: discord.Interaction, error: BaseException, doing: str) -> None:
    """Tells the person behind an interaction, visible only to them."""
    thread = isinstance(interaction.channel, discord.Thread)
    lacking = access.lacking_of(interaction.app_permissions, thread)
    said = sentence(error, doing, lacking, f"<#{interaction.channel_id}>")
    if not said or interaction.type is discord.InteractionType.autocomplete:
        return
    try:
        if interaction.response.is_done():
            await interaction.followup.send(view=_page(error, said), ephemeral=True)
        else:
            await interaction.response.send_message(view=_page(error, said), ephemeral=True)
    except (discord.HTTPException, *UNREACHABLE) as failure:
        _log.info("Could not tell a person about %s: %s", doing, failure)


async def tell_author(below: "ReplyBelow", error: BaseException, doing: str) -> None:
    """Tells the author of a message: below it, or by DM where the bot may not write there."""
    message = below.message
    said = sentence(error, doing, access.lacking_in(message.channel), f"<#{message.channel.id}>")
    if not said:
        return
    try:
        if is_denied(error):
            await message.author.send(view=line(said))
        else:
            await below.put([_page(error, said)])
    except (discord.HTTPException, *UNREACHABLE) as failure:
        _log.info("Could not tell a person about %s: %s", doing, failure)


def _page(error: BaseException, said: str) -> Page:
    error = cause(error)
    return error.page if isinstance(error, ToldByPage) else line(said)


POINTED_AGAIN = 600.0  # seconds after which a member is told once more, in a channel, that I do not answer there


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom an answer is shown to."""

    private: bool  # only to whoever asked
    note: str = ""  # why, said below the answer
    first: bool = False  # the server wants what is asked there to be tried before the answer is shown


class ChannelRules(Enum):
    """How far it matters to a command or an action what a server has set about answering its members."""

    NONE = auto()  # not at all: it is for whoever uses it alone, or changes what is there already
    SHOWN = auto()  # where the server has me answer elsewhere, it is shown to the one who asks alone
    ASKED = auto()  # so too, and members have to wait before they ask again
    POSTED = auto()  # where the server has me answer elsewhere, it is refused
    PLAYED = auto()  # so too: a round


class Reception:
    """Asked before a member is answered. Times are those of Discord: of the interaction, of the message."""

    def __init__(self, rules: SettingsOfServers) -> None:
        self._rules = rules
        self._asked = Cooldown()
        self._told = Cooldown()
        self._pointed = Cooldown()

    async def audience(self, interaction: discord.Interaction, holds: ChannelRules, private: bool | None) -> Audience:
        """How to answer a command or a press; `private` None is for the server to say.

        Raises TutorError where it is too soon to ask again, or not here.
        """
        rules = await self._settings(interaction)
        waits = rules.cooldown and holds is ChannelRules.ASKED and not leads(rights_of(interaction))
        if waits and (wait := self._wait(interaction.user.id, interaction, rules)):
            raise TutorError(words.settings.too_soon(wait))
        private = rules.private_answers if private is None else private
        elsewhere = (
            ""
            if rules.answers_in(channels_of(interaction))
            else words.settings.answers_elsewhere(rules.answer_channels)
        )
        if elsewhere and holds is ChannelRules.PLAYED:
            raise TutorError(words.settings.rounds_elsewhere(rules.answer_channels))
        if elsewhere and holds is ChannelRules.POSTED:
            raise TutorError(elsewhere)
        first = rules.tries_in(channels_of(interaction))
        return Audience(bool(private or elsewhere), "" if private else elsewhere, first)

    async def message(self, message: discord.Message, asks: bool) -> str | None:
        """None where a mention is to be answered; else the line to say instead, empty where it has been said."""
        rules, member, now = await self._settings(message), message.author.id, _written(message)
        if not rules.answers_in(channels_of(message)):
            pointed = self._pointed.tries((message.channel.id, member), POINTED_AGAIN, now)
            return "" if pointed else words.settings.answers_elsewhere(rules.answer_channels)
        if not asks or leads(_permissions(message)):
            return None
        wait = self._wait(member, message, rules)
        if not wait:
            return None
        told = self._told.tries((message.channel.id, member, round(now + wait)), rules.cooldown, now)
        return "" if told else words.settings.too_soon(wait)

    async def tried_first(self, message: discord.Message) -> bool:
        """Whether the server wants what is asked there to be tried before the answer is shown."""
        return (await self._settings(message)).tries_in(channels_of(message))

    def _wait(self, member: int, source: discord.Interaction | discord.Message, rules: ServerSettings) -> float:
        server = source.guild.id if source.guild else None
        now = _written(source) if isinstance(source, discord.Message) else time_of(source.id)
        return self._asked.tries((server, member), float(rules.cooldown), now)

    async def _settings(self, source: discord.Interaction | discord.Message) -> ServerSettings:
        """What the server has set; nothing where there is none, or the bot is not in it (it may have been added once).

        A fault of the storage is no reason not to answer: to the one who asks alone, as the server may have set that.
        """
        if isinstance(source, discord.Message):
            guild = source.guild
        else:
            guild = source.client.get_guild(source.guild_id) if source.guild_id else None
        if guild is None:
            return ServerSettings()
        try:
            return standing(await self._rules.of(guild.id), guild)
        except StorageRefuses:  # the log has it
            return ServerSettings(private_answers=True)
        except Exception as error:
            record(error, f"reading what server {guild.id} has set")
            return ServerSettings(private_answers=True)


def standing(
    rules: ServerSettings, guild: discord.Guild, channels: Iterable[discord.abc.GuildChannel] = ()
) -> ServerSettings:
    """The rules without the role and the channels that are gone from the server: as if they had not been set.

    `channels` are those of the server, where it does not hold them itself since it was asked for alone.
    """
    if guild.unavailable or rules == ServerSettings():
        return rules
    role, review, left = rules.starter_role, rules.review_channel, left_out.of(guild)
    there = {one.id for one in (*guild.channels, *guild.threads, *channels)}
    reviews = review and (review in there or left.has("channel", review))
    reminds = rules.reminder_channel
    reminders = reminds and (reminds in there or left.has("channel", reminds))
    return dataclasses.replace(
        rules,
        starter_role=role if role and (guild.get_role(role) or left.has("role", role)) else None,
        review_channel=review if reviews else None,
        reminder_channel=reminds if reminders else None,
        answer_channels=tuple(one for one in rules.answer_channels if one in there or left.has("channel", one)),
        try_channels=tuple(one for one in rules.try_channels if one in there or left.has("channel", one)),
    )


def _permissions(message: discord.Message) -> discord.Permissions:
    """Of the author, where the message is."""
    author, channel = message.author, message.channel
    if not isinstance(author, discord.Member) or not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return discord.Permissions.none()
    try:
        return channel.permissions_for(author)
    except discord.ClientException:  # a thread whose channel I do not see
        return author.guild_permissions


def time_of(snowflake: int) -> float:
    """When an interaction or a message was made, by Discord's clock, in seconds of Unix time."""
    return discord.utils.snowflake_time(snowflake).timestamp()


def _written(message: discord.Message) -> float:
    """When a message was written, or changed last."""
    return message.edited_at.timestamp() if message.edited_at else time_of(message.id)


T = TypeVar("T")
SLOW = 1.5  # seconds; Discord waits for three


async def present(interaction: discord.Interaction, pages: Sequence[Page], audience: Audience) -> None:
    """Answers an interaction as the server wants it."""
    await respond(interaction, noted(pages, audience.note) if audience.note else pages, audience.private)


async def in_time(interaction: discord.Interaction, work: Awaitable[T], private: bool = True) -> T:
    """Waits for `work`. Where that takes long Discord is told that the answer will come, before it gives up."""
    working = asyncio.ensure_future(work)
    done, _ = await asyncio.wait({working}, timeout=SLOW)
    if not done and not interaction.response.is_done():
        command = interaction.type is discord.InteractionType.application_command
        with contextlib.suppress(discord.HTTPException):  # what is done about it has to be known all the same
            await interaction.response.defer(ephemeral=private and command, thinking=command)
    return await working


async def until(prepared: Prepared, interaction: discord.Interaction, audience: Audience) -> None:
    """Wait until messages can be decided, which takes seconds in the very first start; Discord is told in time."""
    if not prepared.done:
        await in_time(interaction, prepared.wait(), audience.private)


Uploads = Callable[[], Sequence[discord.File]]


@dataclass(slots=True)
class _Alone:
    note: str


_ALONE: ContextVar[_Alone | None] = ContextVar("what is shown is for whoever asked alone", default=None)


@contextlib.contextmanager
def alone(note: str) -> Iterator[None]:
    """Inside, whatever answers an interaction is shown to the one behind it alone, with that note below."""
    token = _ALONE.set(_Alone(note))
    try:
        yield
    finally:
        _ALONE.reset(token)


def is_alone() -> bool:
    """Whether what is shown now is for whoever asked alone."""
    return _ALONE.get() is not None


async def _alone(interaction: discord.Interaction, pages: Sequence[Page], files: Uploads = list) -> None:
    """Answers so: also where it was said to all that an answer comes, and where a message of all was pressed."""
    note = note_left()
    first, *rest = noted(pages, note) if note else pages
    if not interaction.response.is_done():
        await interaction.response.send_message(view=first, ephemeral=True, files=files())
    else:
        if interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
            await interaction.delete_original_response()  # what follows it would be shown as it was
        await interaction.followup.send(view=first, ephemeral=True, files=files())
    await _follow(interaction, rest, True)


def note_left() -> str:
    """The note that is still to be shown below what is for whoever asked alone; empty where it has been, or there is
    none."""
    for_them = _ALONE.get()
    note, left = (for_them.note, for_them) if for_them else ("", None)
    if left:
        left.note = ""
    return note


def _is_shown_to_all(interaction: discord.Interaction) -> bool:
    return interaction.message is None or not interaction.message.flags.ephemeral


async def respond(
    interaction: discord.Interaction, pages: Sequence[Page], private: bool = False, files: Uploads = list
) -> None:
    """Answers an interaction with new messages, the files with the first; with `private` only the person behind it sees
    them, and is told there what they could not be told before."""
    untold, member = untold_of(interaction), interaction.user.id
    lines = untold.of(member) if private else {}
    for note in lines.values():
        pages = noted(pages, note)
    if is_alone():
        await _alone(interaction, pages, files)
        return
    first, *rest = pages
    if interaction.response.is_done():  # deferred
        await interaction.followup.send(view=first, ephemeral=private, files=files())
    else:
        await interaction.response.send_message(view=first, ephemeral=private, files=files())
    await _follow(interaction, rest, private)
    for about in lines:
        untold.told(member, about)


def untold_of(interaction: discord.Interaction) -> Untold:
    """What members could not be told by the client that has this interaction."""
    return cast("TutorClient", interaction.client).untold


async def replace(interaction: discord.Interaction, pages: Sequence[Page]) -> None:
    """Answers the press of a button by changing the message it is on; what does not fit follows."""
    if is_alone() and _is_shown_to_all(interaction):
        await _alone(interaction, pages)
        return
    note = note_left()
    first, *rest = noted(pages, note) if note else pages
    await put_on(interaction, first)
    await _follow(interaction, rest, bool(interaction.message and interaction.message.flags.ephemeral))


class ReplyBelow:
    """The answer below a message: sent once, and changed in place where the message was changed; it pings nobody."""

    def __init__(self, message: discord.Message, sent: list[discord.PartialMessage] | None = None) -> None:
        """`sent` are the messages that it was answered with already; it is kept up to date."""
        self.message = message
        self._sent = [] if sent is None else sent
        self._note = words.discord.EDITED if self._sent else ""

    async def put(self, pages: Sequence[Page], files: Uploads = list) -> None:
        """Shows these instead of what was shown before; the files, which are made anew to be sent, with the first."""
        first, *rest = noted(pages, self._note) if self._note else pages
        before = list(self._sent)
        if not before or not await _changed(before[0], first, files):
            before = []  # removed meanwhile
            self._sent[:] = [await _sent(lambda **once: self.message.reply(view=first, files=files(), **once))]
        for at, page in enumerate(rest, 1):
            if at >= len(before) or not await _changed(before[at], page):
                self._sent[at:] = [await _sent(partial(self.message.channel.send, view=page))]
        for surplus in before[1 + len(rest) :]:
            with contextlib.suppress(discord.NotFound):
                await surplus.delete()
        del self._sent[1 + len(rest) :]


async def _changed(sent: discord.PartialMessage, page: Page, files: Uploads = list) -> bool:
    """Whether the message was there to be changed; its old files go."""
    try:
        # discord.py applies what the client lets mentions do to what is sent only, not to what is changed.
        await _again_if_lost(
            lambda: sent.edit(view=page, attachments=files(), allowed_mentions=discord.AllowedMentions.none())
        )
    except discord.NotFound:
        return False
    return True


async def _sent(send: Callable[..., Awaitable[discord.Message]]) -> discord.PartialMessage:
    """As much of a new message as is needed to change it. The nonce keeps it from standing there twice."""
    nonce = secrets.token_hex(12)
    sent = await _again_if_lost(lambda: send(nonce=nonce))
    metrics.acknowledged()
    return discord.PartialMessage(channel=sent.channel, id=sent.id)


async def _again_if_lost(request: Callable[[], Awaitable[T]]) -> T:
    """Make a request once more where the connection was lost before its answer came. Raises NotDelivered."""
    try:
        return await request()
    except UNREACHABLE:
        try:
            return await request()
        except UNREACHABLE as lost:
            raise NotDelivered(type(lost).__name__) from lost


async def put_on(interaction: discord.Interaction, page: Page, files: Sequence[discord.File] | None = None) -> None:
    """Puts a page on the message that was pressed, with these files in place of those that are there (None: they
    stay)."""
    if is_alone() and _is_shown_to_all(interaction):
        await _alone(interaction, [page], lambda: files or [])
        return
    kept: Any = discord.utils.MISSING if files is None else files
    if interaction.response.is_done():  # deferred
        await interaction.edit_original_response(view=page, attachments=kept)
    else:
        await interaction.response.edit_message(view=page, attachments=kept)


async def _follow(interaction: discord.Interaction, pages: Sequence[Page], private: bool) -> None:
    for page in pages:
        await interaction.followup.send(view=page, ephemeral=private)
