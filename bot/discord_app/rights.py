"""What members may do with the bot, by the rights that Discord says they have where they act.

`moderates` (Manage Messages) decides on rounds and messages, `manages` (Manage Server) on what is set in a server;
`leads` is either: what is taught there, which wordings are accepted, who need not wait.
"""

import discord

from bot import words
from bot.errors import TutorError


def rights_of(interaction: discord.Interaction) -> discord.Permissions:
    """Those of whoever acts; none outside of servers."""
    return interaction.permissions if interaction.guild_id is not None else discord.Permissions.none()


def moderates(rights: discord.Permissions) -> bool:
    """Keeps order there."""
    return rights.manage_messages or rights.administrator


def manages(rights: discord.Permissions) -> bool:
    """Runs the server."""
    return rights.manage_guild or rights.administrator


def leads(rights: discord.Permissions) -> bool:
    """Does one or the other."""
    return moderates(rights) or manages(rights)


def managed_server(interaction: discord.Interaction) -> int:
    """The server, for those who run it. Raises TutorError for anyone else."""
    if interaction.guild_id is None or not manages(rights_of(interaction)):
        raise TutorError(words.additions.ONLY_MANAGERS)
    return interaction.guild_id
