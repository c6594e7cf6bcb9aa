"""The ways to ask: `/ask`, "Ask the tutor" on a message, a message that mentions the bot; `/topics` and `/help`."""

import re
from dataclasses import dataclass
from typing import assert_never

import discord
from discord import app_commands

from bot import words
from bot.discord_app.access import anyone, asker_of, lacking_in, require
from bot.discord_app.actions import Call, Declaration, nothing, what_the_use_case_finds
from bot.discord_app.asking.answer_pages import answer, answer_on, completions, topic_list
from bot.discord_app.commands import Command, CommandSpec, MessageCommand
from bot.discord_app.laboratory import repeat
from bot.discord_app.laboratory.results import ReplyTo, run_experiment
from bot.discord_app.layout import line, message_link
from bot.discord_app.replies import ChannelRules, Reception, present, reply, respond
from bot.service.answering import LONGEST_MESSAGE
from bot.service.application import App
from bot.text.normalise import visible

_ASKED = Declaration(anyone, what_the_use_case_finds, ChannelRules.ASKED)
_FOR_ONE = Declaration(anyone, nothing, ChannelRules.NONE)


async def _ask(
    interaction: discord.Interaction,
    call: Call,
    question: app_commands.Range[str, 1, LONGEST_MESSAGE],
    private: bool | None = None,  # heeded by the call
) -> None:
    await present(interaction, await answer(call.app, question, call.asker), call.audience)


async def _ask_the_tutor(interaction: discord.Interaction, call: Call, message: discord.Message) -> None:
    link = message_link(interaction.guild_id, interaction.channel_id, message.id)
    await present(interaction, await answer(call.app, message.content, call.asker, link), call.audience)


async def _topics(interaction: discord.Interaction, call: Call) -> None:
    await respond(interaction, topic_list(call.app.curriculum, call.asker), private=True)


async def _help(interaction: discord.Interaction, _call: Call) -> None:
    await respond(interaction, [line(words.discord.HELP)], private=True)


_SPOKEN = {discord.MessageType.default, discord.MessageType.reply}


@dataclass(frozen=True, slots=True)
class SpokenQuestion:
    """Asks something, or wants an experiment run."""

    text: str


@dataclass(frozen=True, slots=True)
class BareMention:
    """Calls the bot and says nothing else."""


@dataclass(frozen=True, slots=True)
class WithoutText:
    """Is meant for the bot, but Discord withholds the text."""


Spoken = SpokenQuestion | BareMention | WithoutText


def spoken_to(message: discord.Message, me: discord.abc.User) -> Spoken | None:
    """What a message wants of `me`; None where it wants nothing, or comes from a bot, a webhook or Discord itself."""
    if message.author.bot or message.webhook_id or message.type not in _SPOKEN:
        return None
    if message.guild is None or me in message.mentions:
        text = _without_calls(message, me)
        return SpokenQuestion(text) if visible(text) else BareMention()
    return WithoutText() if _calls_my_role(message) or _replies_to(message, me) else None


async def answer_message(
    app: App, reception: Reception, message: discord.Message, spoken: Spoken, me: discord.abc.User
) -> None:
    """Answers below the message, as the server has set.

    Raises LacksPermission where the bot may not answer, and what answering raises.
    """
    instead = await reception.message(message, asks=isinstance(spoken, SpokenQuestion))
    if instead is not None:
        if instead and not lacking_in(message.channel):
            await reply(message, [line(instead)])
        return
    require(message.channel)
    match spoken:
        case SpokenQuestion(text) if wanted := repeat.spoken(text):
            await run_experiment(app.laboratory, wanted.requested(), asker_of(message), ReplyTo(message))
        case SpokenQuestion(text):
            about = answer_on(_answered_by(message, me))
            await reply(message, await answer(app, text, asker_of(message), about=about))
        case BareMention():
            await reply(message, [line(words.discord.HOW_TO_ASK)])
        case WithoutText():
            await reply(message, [line(words.discord.NO_TEXT)])
        case _:
            assert_never(spoken)


def _without_calls(message: discord.Message, me: discord.abc.User) -> str:
    role = message.guild.self_role if message.guild else None
    calls = [f"<@!?{me.id}>", *([f"<@&{role.id}>"] if role else [])]
    return re.sub("|".join(calls), " ", message.content).strip()


def _calls_my_role(message: discord.Message) -> bool:
    return message.guild is not None and message.guild.self_role in message.role_mentions


def _replies_to(message: discord.Message, me: discord.abc.User) -> bool:
    return message.type is discord.MessageType.reply and _answered_by(message, me) is not None


def _answered_by(message: discord.Message, me: discord.abc.User) -> discord.Message | None:
    """The message of `me` that it replies to."""
    answered = message.reference.resolved if message.reference else None
    return answered if isinstance(answered, discord.Message) and answered.author.id == me.id else None


COMMANDS: tuple[CommandSpec, ...] = (
    Command(
        name="ask",
        description=words.discord.ASK_COMMAND,
        run=_ask,
        declared=_ASKED,
        describes={"question": words.discord.ASK_QUESTION, "private": words.discord.ASK_PRIVATE},
        completes={"question": lambda app, _, typed: completions(app.curriculum, typed)},
    ),
    Command(name="topics", description=words.discord.TOPICS_COMMAND, run=_topics, declared=_FOR_ONE),
    Command(name="help", description=words.discord.HELP_COMMAND, run=_help, declared=_FOR_ONE),
    MessageCommand(name=words.discord.ASK_THE_TUTOR, run=_ask_the_tutor, declared=_ASKED),
)
