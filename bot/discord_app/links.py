"""Addresses of messages."""

import discord


def link_to(interaction: discord.Interaction, message_id: int) -> str:
    """The address of a message beside an interaction. Its own jump_url names no server where the bot is no member."""
    return message_link(interaction.guild_id, interaction.channel_id, message_id)


def message_link(server: int | None, channel: int | None, message_id: int) -> str:
    """The address of a message; without a server it is one of a direct conversation."""
    return f"https://discord.com/channels/{server or '@me'}/{channel}/{message_id}"
