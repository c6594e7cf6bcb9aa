"""The commands to ask with: `/ask`, "Ask the tutor" on a message; `/topics` and `/help`."""

import discord
from discord import app_commands

from bot import words
from bot.discord_app import replies
from bot.discord_app.access import anyone
from bot.discord_app.actions import Call, Declaration, nothing, what_the_use_case_finds
from bot.discord_app.asking.answer_pages import about_mine, all_topics, answer, give
from bot.discord_app.asking.messages import all_text_in
from bot.discord_app.asking.picks import Beside, completions
from bot.discord_app.commands import Command, CommandSpec, MessageCommand
from bot.discord_app.layout import line, message_link
from bot.discord_app.replies import ChannelRules, respond
from bot.service.answering import LONGEST_MESSAGE
from bot.text.normalise import visible

_ASKED = Declaration(anyone, what_the_use_case_finds, ChannelRules.ASKED)
_FOR_ONE = Declaration(anyone, nothing, ChannelRules.NONE)
_LISTED = Declaration(anyone, nothing, ChannelRules.SHOWN)


async def _ask(
    interaction: discord.Interaction,
    call: Call,
    question: app_commands.Range[str, 1, LONGEST_MESSAGE],
    private: bool | None = None,  # heeded by the call
    try_: bool = False,
) -> None:
    await replies.until(call.app.prepared, interaction, call.audience)
    first = try_ or call.audience.first
    await give(interaction, call, await answer(call.app, question, call.asker, first=first))


async def _ask_the_tutor(interaction: discord.Interaction, call: Call, message: discord.Message) -> None:
    if message.author == interaction.client.user:
        await respond(interaction, about_mine(message, call.asker), private=True)
        return
    text = all_text_in(message)
    if not visible(text):
        await respond(interaction, [line(words.discord.NO_TEXT_THERE)], private=True)
        return
    link = message_link(interaction.guild_id, interaction.channel_id, message.id)
    await replies.until(call.app.prepared, interaction, call.audience)
    await give(interaction, call, await answer(call.app, text, call.asker, Beside(link), call.audience.first))


async def _topics(interaction: discord.Interaction, call: Call) -> None:
    await respond(interaction, all_topics(call.app, call.asker, call.audience.first), private=True)


async def _help(interaction: discord.Interaction, _call: Call) -> None:
    await respond(interaction, [line(words.discord.HELP)], private=True)


COMMANDS: tuple[CommandSpec, ...] = (
    Command(
        name="ask",
        description=words.discord.ASK_COMMAND,
        run=_ask,
        declared=_ASKED,
        describes={
            "question": words.discord.ASK_QUESTION,
            "private": words.discord.ASK_PRIVATE,
            "try_": words.tries.ASK_TRY,
        },
        renames={"try_": "try"},
        completes={"question": lambda app, _, typed: completions(app.curriculum, typed)},
    ),
    Command(name="topics", description=words.discord.TOPICS_COMMAND, run=_topics, declared=_LISTED),
    Command(name="help", description=words.discord.HELP_COMMAND, run=_help, declared=_FOR_ONE),
    MessageCommand(name=words.discord.ASK_THE_TUTOR, run=_ask_the_tutor, declared=_ASKED),
)
