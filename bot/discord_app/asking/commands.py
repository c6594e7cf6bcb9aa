"""`/ask question [private]`, the message command "Ask the tutor", `/topics`, `/help`."""

import discord
from discord import app_commands

from bot import words
from bot.discord_app.access import anyone
from bot.discord_app.actions import Call, Declaration, nothing, what_the_use_case_finds
from bot.discord_app.asking.answers import answer, topic_list
from bot.discord_app.asking.picks import completions
from bot.discord_app.commands import Command, CommandSpec, MessageCommand
from bot.discord_app.layout import line, message_link
from bot.discord_app.reception import ChannelRules
from bot.discord_app.replies import present, respond
from bot.service.answering import LONGEST_MESSAGE

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
    await respond(interaction, topic_list(call.app.curriculum, interaction.user.id), private=True)


async def _help(interaction: discord.Interaction, _call: Call) -> None:
    await respond(interaction, [line(words.discord.HELP)], private=True)


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
