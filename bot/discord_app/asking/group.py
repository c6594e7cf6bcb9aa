"""*Ask the group* below a refusal: the question is put to the humans of the channel."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ButtonStyle, ui

from bot import words
from bot.discord_app.access import lacking_of, the_asker
from bot.discord_app.actions import Action, Call, button, nothing
from bot.discord_app.asking.picks import Inquiry
from bot.discord_app.codec import Snowflake
from bot.discord_app.controls import Remove, question_of
from bot.discord_app.layout import Page, pages, typed
from bot.discord_app.replies import ChannelRules


@dataclass(frozen=True)
class AskGroup(Action, name="group", who=the_asker, gives_away=nothing, channel_rules=ChannelRules.POSTED, once=True):
    """Posts the question for the humans, and takes its own button away."""

    asker: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        message = interaction.message
        if message is None:
            await interaction.response.defer()
            return
        asking = Inquiry(question_of(message), call.asker)
        await interaction.response.edit_message(view=_without_group(message))
        await _post(interaction, _to_group(interaction.user.display_name, asking))


ACTIONS = (AskGroup,)


def ask_group(asking: Inquiry) -> ui.Button[Any]:
    """The button that does it."""
    return button(words.answers.ASK_THE_GROUP, AskGroup(asking.asker.id), ButtonStyle.primary)


async def _post(interaction: discord.Interaction, shown: Sequence[Page]) -> None:
    """Posts for all to see: in the channel, or where the bot is no member or may not write, as a public response."""
    channel = interaction.channel
    member = interaction.guild_id is not None and interaction.client.get_guild(interaction.guild_id) is not None
    lacking = lacking_of(interaction.app_permissions, isinstance(channel, discord.Thread))
    for page in shown:
        if member and not lacking and isinstance(channel, discord.abc.Messageable):
            with contextlib.suppress(discord.Forbidden):  # what only Discord knows of: a timeout, say
                await channel.send(view=page)
                continue
        await interaction.followup.send(view=page)


def _without_group(message: discord.Message) -> Page:
    """The message as it stands, with what was done in place of the button."""
    page = Page()
    for item in ui.LayoutView.from_message(message, timeout=None).children:
        if isinstance(item, ui.ActionRow):
            for child in item.children:
                if AskGroup.read(str(getattr(child, "custom_id", ""))):
                    item.remove_item(child)
        page.add_item(item)
    page.add_item(ui.TextDisplay(f"-# {words.discord.GROUP_ASKED}"))
    return page


def _to_group(name: str, asking: Inquiry) -> list[Page]:
    """The question for the humans; `name` is what the asker is called there."""
    blocks = [words.discord.group_asked_by(typed(name)), asking.question, words.discord.GROUP_CALL]
    return pages("", ["\n".join(blocks)], [[button(words.answers.REMOVE, Remove(asking.asker.id))]])
