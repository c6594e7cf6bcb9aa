"""The message command "Ask the tutor": a helper has anyone's question answered in place."""

import discord
from discord import app_commands

from bot.chat.commands.everywhere import contexts, installs
from bot.chat.desk import Desk, asker_of
from bot.chat.replies import respond
from bot.words import english as words


def command(desk: Desk) -> app_commands.ContextMenu:
    """Answers the message it is used on, with a link to it."""

    async def ask(interaction: discord.Interaction, message: discord.Message) -> None:
        # The message's own jump_url names no server where the bot is no member (a user install).
        link = f"https://discord.com/channels/{interaction.guild_id or '@me'}/{message.channel.id}/{message.id}"
        await respond(interaction, desk.answer(message.content, asker_of(interaction), link))

    return app_commands.ContextMenu(
        name=words.ASK_THE_TUTOR, callback=ask, allowed_installs=installs(), allowed_contexts=contexts()
    )
