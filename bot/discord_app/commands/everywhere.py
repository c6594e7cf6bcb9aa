"""Where the commands can be used: in servers, in DMs and group chats; installed by a server or by a member."""

from discord import app_commands


def installs() -> app_commands.AppInstallationType:
    """Installed by a server, or by a member for themselves."""
    return app_commands.AppInstallationType(guild=True, user=True)


def contexts() -> app_commands.AppCommandContext:
    """Servers, DMs with the bot, and DMs and groups between people."""
    return app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
