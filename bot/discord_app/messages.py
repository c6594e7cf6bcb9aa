"""What a message wants of the bot. Discord shows it the text of DMs and of messages that mention it, and no other."""

import re
from dataclasses import dataclass

import discord

from bot.discord_app.reading import answered_by
from bot.text.normalise import visible

_SPOKEN = {discord.MessageType.default, discord.MessageType.reply}


@dataclass(frozen=True, slots=True)
class Question:
    """Asks something."""

    text: str


@dataclass(frozen=True, slots=True)
class BareMention:
    """Calls the bot and says nothing else."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Is meant for the bot, but Discord withholds the text."""


Heard = Question | BareMention | Unreadable


def heard(message: discord.Message, me: discord.abc.User) -> Heard | None:
    """What a message wants of `me`; None where it wants nothing, or comes from a bot, a webhook or Discord itself."""
    if message.author.bot or message.webhook_id or message.type not in _SPOKEN:
        return None
    if message.guild is None or me in message.mentions:
        text = _without_calls(message, me)
        return Question(text) if visible(text) else BareMention()
    return Unreadable() if _calls_my_role(message) or _replies_to(message, me) else None


def _without_calls(message: discord.Message, me: discord.abc.User) -> str:
    role = message.guild.self_role if message.guild else None
    calls = [f"<@!?{me.id}>", *([f"<@&{role.id}>"] if role else [])]
    return re.sub("|".join(calls), " ", message.content).strip()


def _calls_my_role(message: discord.Message) -> bool:
    return message.guild is not None and message.guild.self_role in message.role_mentions


def _replies_to(message: discord.Message, me: discord.abc.User) -> bool:
    return message.type is discord.MessageType.reply and answered_by(message, me) is not None
