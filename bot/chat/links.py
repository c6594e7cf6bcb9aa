"""Addresses of messages."""

import discord


def link_to(interaction: discord.Interaction, message_id: int) -> str:
    """The address of a message beside an interaction. Its own jump_url names no server where the bot is no member."""
    place = interaction.guild_id or "@me"
    return f"https://discord.com/channels/{place}/{interaction.channel_id}/{message_id}"
