"""Who may do what, and where: the bot's own permissions, the rights of members, the channels things happen in."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import discord

from bot import words
from bot.discord_app.left_out import rights_unknown
from bot.errors import TutorError
from bot.service.application import App
from bot.service.gate import Asker
from bot.service.server_settings import SettingsOfServers
from bot.shard import Shard

# A reply refers to the message it answers, and Discord lets only those do that who may read the history.
NEEDED = ("view_channel", "send_messages", "read_message_history")
NO_ACCESS = 50001  # what Discord says where a channel may not be seen
NEEDED_FOR_A_THREAD = ("view_channel", "create_public_threads", "send_messages_in_threads", "read_message_history")
NEEDED_IN_THREADS = ("view_channel", "send_messages_in_threads", "read_message_history")

Who = Callable[[discord.Interaction, Any, App], Awaitable[None]]
"""Who may use a command or an action. Takes the interaction, the action (or a command's options by name) and the use
cases; raises TutorError, with the line to say, for everyone else."""


async def anyone(_interaction: discord.Interaction, _what: Any, _app: App) -> None:
    """Lets all members use it."""


async def the_asker(interaction: discord.Interaction, what: Any, _app: App) -> None:
    """Lets only the member use it whose id the action carries as `asker`."""
    if interaction.user.id != what.asker:
        raise TutorError(words.discord.NOT_YOURS)


async def the_asker_or_a_moderator(interaction: discord.Interaction, what: Any, _app: App) -> None:
    """Lets the member use it whose id the action carries as `asker`, and who may manage messages."""
    if interaction.user.id != what.asker and not moderates(rights_of(interaction)):
        raise TutorError(words.discord.NOT_YOURS_TO_REMOVE)


async def who_runs_the_server(interaction: discord.Interaction, _what: Any, _app: App) -> None:
    """Lets those use it who may manage the server."""
    managed_server(interaction)


async def who_moderates(interaction: discord.Interaction, _what: Any, _app: App) -> None:
    """Lets those use it who may manage messages where they use it."""
    if interaction.guild_id is None or not moderates(rights_of(interaction)):
        raise TutorError(words.checkup.ONLY_MODERATORS)


async def who_owns_the_application(interaction: discord.Interaction, _what: Any, _app: App) -> None:
    """Lets the owner of the application use it, and where a team owns it all who have accepted to be in that.

    Discord is asked who they are each time, after it was told to wait: a team changes.
    """
    await interaction.response.defer(ephemeral=True, thinking=True)
    application = await interaction.client.application_info()
    owners = {application.owner.id}
    if team := application.team:
        accepted = discord.TeamMembershipState.accepted
        owners = {member.id for member in team.members if member.membership_state is accepted}
    if interaction.user.id not in owners:
        raise TutorError(words.running.ONLY_OWNERS)


async def whom_the_round_lets(_interaction: discord.Interaction, _what: Any, _app: App) -> None:
    """Leaves it to the round: it knows who started it and plays in it, and is told whether who acts moderates."""


def rights_of(interaction: discord.Interaction) -> discord.Permissions:
    """The rights of whoever acts, where they act; none outside of servers."""
    return interaction.permissions if interaction.guild_id is not None else discord.Permissions.none()


def moderates(rights: discord.Permissions) -> bool:
    """Whether someone keeps order there: decides on rounds and messages (Manage Messages)."""
    return rights.manage_messages or rights.administrator


def manages(rights: discord.Permissions) -> bool:
    """Whether someone runs the server: decides on what is set in it (Manage Server)."""
    return rights.manage_guild or rights.administrator


def leads(rights: discord.Permissions) -> bool:
    """Whether someone moderates or runs the server: decides on what is added to it, and need not wait."""
    return rights.manage_messages or rights.manage_guild or rights.administrator


async def leads_server(interaction: discord.Interaction, server: int) -> bool:
    """Whether whoever acts moderates or runs `server`, which need not be where they act: Discord is asked then."""
    if interaction.guild_id == server:
        return leads(interaction.permissions)
    member = await _member_of(interaction, server)
    return member is not None and leads(member.guild_permissions)


async def may_start(interaction: discord.Interaction, server: int, app: App) -> bool:
    """Whether whoever acts may start rounds in `server`, and so rule those that they started: moderators, and who has
    the role that the server has set. Where they act elsewhere, as in a direct message, Discord is asked."""
    if interaction.guild_id == server:
        member, rights = interaction.user, interaction.permissions
        return moderates(rights) or (isinstance(member, discord.Member) and await starts(member, app.server_settings))
    found = await _member_of(interaction, server)
    return found is not None and await starts(found, app.server_settings)


async def _member_of(interaction: discord.Interaction, server: int) -> discord.Member | None:
    """Whoever acts, as a member of a server where they need not act; None where they, or the bot, are not in it.

    A server of another process is not in this one's cache.
    """
    client = interaction.client
    guild = client.get_guild(server)
    if guild is None and Shard(client.shard_id or 0, client.shard_count or 1).owns(server):
        return None
    try:
        guild = guild or await client.fetch_guild(server, with_counts=False)
        return await guild.fetch_member(interaction.user.id)
    except discord.HTTPException:
        return None


async def starts(member: discord.Member, settings: SettingsOfServers) -> bool:
    """Whether a member may start rounds, wherever they are: moderators of the server, and who has the role for it."""
    if moderates(member.guild_permissions):
        return True
    role = (await settings.of(member.guild.id)).starter_role
    # The role that everyone has is named like the server, and on nobody's list.
    return role == member.guild.id or member.get_role(role or 0) is not None


def managed_server(interaction: discord.Interaction) -> int:
    """The server, for those who run it. Raises TutorError for anyone else, and outside of servers."""
    if interaction.guild_id is None:
        raise TutorError(words.additions.ONLY_IN_A_SERVER)
    if not manages(rights_of(interaction)):
        raise TutorError(words.additions.ONLY_MANAGERS)
    return interaction.guild_id


def channels_of(source: discord.Interaction | discord.Message) -> tuple[int, ...]:
    """The id of the channel where something happens, and for a thread that of the channel around it."""
    channel = source.channel
    if channel is None:
        return ()
    around = channel.parent_id if isinstance(channel, discord.Thread) else None
    return (channel.id, around) if around else (channel.id,)


def asker_of(source: discord.Interaction | discord.Message) -> Asker:
    """The member behind an interaction or a message, and where they are."""
    if isinstance(source, discord.Message):
        member, server, at_home = source.author.id, source.guild.id if source.guild else None, source.guild is not None
    else:
        member, server, at_home = source.user.id, source.guild_id, source.is_guild_integration()
    # What is asked in one server never colours the answers in another, or in direct messages.
    return Asker(f"{server or 'dm'}:{member}", member, server, channels_of(source), at_home)


class LacksPermission(Exception):  # noqa: N818 - what is found, before Discord has to say it
    """The bot may not answer there."""


def require(channel: object) -> None:
    """Raises LacksPermission where the bot may not answer."""
    if lacking := lacking_in(channel):
        raise LacksPermission(", ".join(lacking))


def lacking_of(permissions: discord.Permissions, in_thread: bool = False) -> list[str]:
    """The names (as in `words.discord.PERMISSIONS`) of what the bot needs to answer and does not have."""
    return _missing(permissions, NEEDED_IN_THREADS if in_thread else NEEDED)


def lacking_for_a_thread(permissions: discord.Permissions) -> list[str]:
    """The names of what is missing in a channel to open a thread there and to write in it."""
    return _missing(permissions, NEEDED_FOR_A_THREAD)


def lacking_in(channel: object) -> list[str]:
    """The names of what the bot lacks in a channel it was spoken to in; none where there are no permissions (DMs)."""
    permissions = permissions_in(channel)
    return [] if permissions is None else lacking_of(permissions, isinstance(channel, discord.Thread))


def permissions_in(channel: object) -> discord.Permissions | None:
    """What the bot may do in a channel; None where nobody here can say it: Discord will say what it thinks."""
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread) or rights_unknown(channel):
        return None
    try:
        return channel.permissions_for(channel.guild.me)
    except discord.ClientException:  # a thread whose channel the bot does not see
        return None


def lacking_to_post(channel: object) -> list[str]:
    """The names of what the bot lacks of what it cannot post without in a channel."""
    return [name for name in lacking_in(channel) if name != "read_message_history"]


def lacking_anywhere(permissions: discord.Permissions) -> list[str]:
    """The names of what the bot lacks of all it ever needs, for the greeting."""
    return _missing(permissions, words.discord.PERMISSIONS)


def _missing(permissions: discord.Permissions, needed: Iterable[str]) -> list[str]:
    return [name for name in needed if not getattr(permissions, name)]
