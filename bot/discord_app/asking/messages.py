"""Messages that speak to the bot: what they want, the text in them, and the answer below, which follows their edits.

Without the message content intent Discord gives the text of a message only where it mentions the bot itself, in direct
messages and on a message that a command is used on; that of a message replied to is withheld by the same rule.
"""

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import discord
from cachetools import LRUCache

from bot import words
from bot.discord_app import replies
from bot.discord_app.access import asker_of, lacking_in, require
from bot.discord_app.actions import LockFirst
from bot.discord_app.asking.answer_pages import answer, answer_on
from bot.discord_app.asking.picks import Beside, ForTheAsker, Reply, ToTry
from bot.discord_app.asking.trying import gone_on
from bot.discord_app.laboratory.results import BelowMessage, run_experiment
from bot.discord_app.layout import line, message_link
from bot.discord_app.replies import Reception, ReplyBelow
from bot.discord_app.rounds.of_the_day import lock_page, told_alone_page
from bot.service.answering import LONGEST_MESSAGE
from bot.service.application import App
from bot.service.gate import NotedFirst
from bot.service.spoken_tries import OpenTry
from bot.simulations.experiments import Request
from bot.text.normalise import visible
from bot.text.unwrapping import points_elsewhere

_SPOKEN = {discord.MessageType.default, discord.MessageType.reply}
_PREVIEWS = {"link", "article", "video", "image", "gifv"}  # embeds that Discord makes of addresses in a message
_ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class SpokenQuestion:
    """Asks something, or wants an experiment run."""

    text: str


@dataclass(frozen=True, slots=True)
class PointsElsewhere:
    """Asks for the message that it replies to to be answered; `text` is what Discord gives of that, mostly nothing."""

    text: str
    link: str


@dataclass(frozen=True, slots=True)
class SpokenInVain:
    """Holds nothing that could be answered; `advice` says how to ask."""

    advice: str


Spoken = SpokenQuestion | PointsElsewhere | SpokenInVain


def spoken_to(message: discord.Message, me: discord.abc.User) -> Spoken | None:
    """What a message wants of `me`; None where it wants nothing, or comes from a bot, a webhook or Discord itself."""
    if message.author.bot or message.webhook_id or message.type not in _SPOKEN:
        return None
    if not _is_for(message, me):
        withheld = _calls_my_role(message) or _replies_to(message, me)
        return SpokenInVain(words.discord.NO_TEXT) if withheld else None
    text = _without_calls(message, me)
    other = _replied_to(message)
    if other and other.author.id != me.id and points_elsewhere(text):
        server = message.guild.id if message.guild else None
        return PointsElsewhere(text_in(other), message_link(server, other.channel.id, other.id))
    if visible(text):
        return SpokenQuestion(text)
    return SpokenInVain(words.discord.TEXT_ONLY if _shows_something(message) else words.discord.HOW_TO_ASK)


def text_in(message: discord.Message) -> str:
    """The text that a member wrote or forwarded."""
    return message.content or "\n".join(one.content for one in message.message_snapshots)


def all_text_in(message: discord.Message) -> str:
    """All text that a message shows: what was written or forwarded, what an application posted, a poll."""
    text = text_in(message)
    shown = _shown_in(message)
    embeds = [embed for one in shown for embed in one.embeds]
    if visible(_ADDRESS.sub(" ", text)):
        embeds = [one for one in embeds if one.type not in _PREVIEWS]
    posted = (one.content for one in _texts(part for one in shown for part in one.components))
    poll = [message.poll.question, *(one.text for one in message.poll.answers)] if message.poll else []
    texts = [text, *(piece for one in embeds for piece in _said_by(one)), *posted, *poll]
    return "\n".join(filter(visible, texts))[:LONGEST_MESSAGE]


def _said_by(embed: discord.Embed) -> Iterator[str]:
    yield from filter(None, (embed.title, embed.description))
    for one in embed.fields:
        yield from filter(None, (one.name, one.value))


def _texts(components: Iterable[discord.Component]) -> Iterator[discord.TextDisplay]:
    for one in components:
        if isinstance(one, discord.TextDisplay):
            yield one
        yield from _texts(getattr(one, "children", ()))


KEPT = 1000  # messages whose edits are known from the first answer; each takes less than a kilobyte
EDITABLE_SECONDS = 120.0  # after which an edit of a message changes nothing: the conversation has moved on
MOST_EDITS = 2  # of one message that are answered


@dataclass(slots=True)
class Answered:
    """A message as it was answered last."""

    text: int = 0  # a hash of what it said to the bot
    edited: datetime | None = None
    edits: int = 0  # how many were answered
    asked: bool = False  # whether it counted as a question
    sent: list[discord.PartialMessage] = field(default_factory=list)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # an edit waits until what it changes is answered


class MessageReader:
    """Answers messages that speak to the bot, and once more those that are edited."""

    def __init__(self, app: App, reception: Reception) -> None:
        self._app = app
        self._reception = reception
        self._answered: LRUCache[int, Answered] = LRUCache(KEPT)

    async def posted(self, message: discord.Message, spoken: Spoken, me: discord.abc.User) -> None:
        """Answers a new message."""
        known = self._answered[message.id] = Answered(_said(message, me))
        async with known.turn:
            await self._answer(message, spoken, me, known)

    async def edited(self, message: discord.Message, spoken: Spoken, me: discord.abc.User) -> None:
        """Answers a message that was edited, where that is new and asks something else; the answer takes its place.

        Discord tells of more than edits: a preview that was added, a pin.
        """
        at = message.edited_at
        if at is None or not _is_for(message, me) or (at - message.created_at).total_seconds() > EDITABLE_SECONDS:
            return
        known = self._answered.setdefault(message.id, Answered())
        async with known.turn:
            said = _said(message, me)
            if known.edits >= MOST_EDITS or said == known.text or (known.edited and at <= known.edited):
                return
            if known.sent and isinstance(spoken, SpokenInVain):
                return
            known.text, known.edited, known.edits = said, at, known.edits + 1
            await self._answer(message, spoken, me, known)

    async def _answer(self, message: discord.Message, spoken: Spoken, me: discord.abc.User, known: Answered) -> None:
        """Whatever goes wrong is told to the author and logged."""
        below = ReplyBelow(message, known.sent)
        try:
            asks = not isinstance(spoken, SpokenInVain) and not known.asked
            instead = await self._reception.message(message, asks)
            if instead is not None:
                if instead and not lacking_in(message.channel):
                    await below.put([line(instead)])
                return
            known.asked = known.asked or asks
            require(message.channel)
            await self._told(below, spoken, me)
        except Exception as error:
            await replies.tell_author(below, error, "answering a message")

    async def _told(self, below: ReplyBelow, spoken: Spoken, me: discord.abc.User) -> None:
        """Answers below the message; what answers a question of the day there only to whoever asks for it alone."""
        gate = self._app.gate
        with gate.noting():
            while True:
                try:
                    return await self._answer_below(below, spoken, me)
                except NotedFirst as first:
                    if first.here:
                        return await below.put([told_alone_page(first.here)])
                    await gate.note(asker_of(below.message), first)
                except LockFirst as first:
                    return await below.put([lock_page(first.asked, first.content)])

    async def _answer_below(self, below: ReplyBelow, spoken: Spoken, me: discord.abc.User) -> None:
        message, app = below.message, self._app
        first = await self._reception.tried_first(message)
        if not app.prepared.done and not isinstance(spoken, SpokenInVain):
            await below.put([line(words.discord.ONE_MOMENT)])
            await app.prepared.wait()
        match spoken:
            case SpokenQuestion(text):
                other = _replied_to(message)
                another = other is not None and other.author.id != me.id
                beside = Beside(about=None if another else answer_on(other), another=another)
                goes_on = None
                if not another and beside.about is None:
                    goes_on = await gone_on(app, asker_of(message), text, message.id)
                await self._give(below, goes_on or await answer(app, text, asker_of(message), beside, first))
            case PointsElsewhere(text, link) if visible(text):
                await self._give(below, await answer(app, text, asker_of(message), Beside(link), first))
            case PointsElsewhere():
                await below.put([line(words.discord.POINTS_ELSEWHERE)])
            case SpokenInVain(advice):
                await below.put([line(advice)])

    async def _give(self, below: ReplyBelow, wanted: Reply) -> None:
        if isinstance(wanted, Request):
            await run_experiment(self._app.laboratory, wanted, asker_of(below.message), BelowMessage(below))
        elif isinstance(wanted, ToTry):
            await below.put([wanted.page])
            if wanted.match:
                asker = asker_of(below.message)
                one = OpenTry(wanted.match, wanted.question, below.message.channel.id)
                self._app.open_tries.put(asker, one)
        else:
            await below.put(wanted.pages if isinstance(wanted, ForTheAsker) else wanted)


def _is_for(message: discord.Message, me: discord.abc.User) -> bool:
    """Whether Discord gives its text because it is meant for `me`."""
    return message.guild is None or me in message.mentions


def _said(message: discord.Message, me: discord.abc.User) -> int:
    return hash(visible(_without_calls(message, me)))


def _without_calls(message: discord.Message, me: discord.abc.User) -> str:
    role = message.guild.self_role if message.guild else None
    calls = [f"<@!?{me.id}>", *([f"<@&{role.id}>"] if role else [])]
    return re.sub("|".join(calls), " ", text_in(message)).strip()


def _shows_something(message: discord.Message) -> bool:
    """Whether it has something to see or hear, its own or forwarded."""
    return bool(message.poll) or any(one.attachments or one.stickers or one.embeds for one in _shown_in(message))


def _shown_in(message: discord.Message) -> list[discord.Message | discord.MessageSnapshot]:
    """The message, and what is forwarded in it."""
    return [message, *message.message_snapshots]


def _calls_my_role(message: discord.Message) -> bool:
    return message.guild is not None and message.guild.self_role in message.role_mentions


def _replied_to(message: discord.Message) -> discord.Message | None:
    """The message that it replies to, where Discord says which."""
    found = message.reference.resolved if message.reference else None
    return found if message.type is discord.MessageType.reply and isinstance(found, discord.Message) else None


def _replies_to(message: discord.Message, me: discord.abc.User) -> bool:
    found = _replied_to(message)
    return found is not None and found.author.id == me.id
