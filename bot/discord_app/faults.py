"""What to say, and what to log, when something goes wrong. Every fault of ours has one id in both places."""

import logging
import secrets
from collections.abc import Sequence

import aiohttp
import discord
from discord import app_commands

from bot import words
from bot.discord_app import access
from bot.discord_app.layout import Page, line
from bot.errors import TutorError

_log = logging.getLogger(__name__)

# The message, channel or interaction is gone or answered already, or its thread is closed: nobody waits, nothing is
# broken.
_GONE = {10003, 10008, 10015, 10062, 40060, 50027, 50083, 160005}
_DENIED = {50001, 50013, 160002}
UNREACHABLE = (aiohttp.ClientError, OSError)  # what a connection fails with; aiohttp has kinds that are no OSError


class ToldByPage(TutorError):  # noqa: N818 - what it comes to
    """Something cannot be done, and is told by a message of its own, with buttons perhaps."""

    def __init__(self, page: Page) -> None:
        super().__init__("told by a message of its own")
        self.page = page


def cause(error: BaseException) -> BaseException:
    """The error under discord.py's wrapping."""
    return error.original if isinstance(error, app_commands.CommandInvokeError) else error


def is_gone(error: BaseException) -> bool:
    """True where what the reply was for is no longer there."""
    if not isinstance(error, discord.HTTPException):
        return False
    return error.code in _GONE or "message_reference: Unknown message" in error.text


def is_denied(error: BaseException) -> bool:
    """True where the bot lacks a permission."""
    refused = isinstance(error, discord.HTTPException) and error.code in _DENIED
    return refused or isinstance(error, access.LacksPermission)


def background(error: BaseException, name: str) -> None:
    """Log the error of a background task, under an incident id where it is ours."""
    sentence(error, f"the background task {name}")


def sentence(error: BaseException, doing: str, lacking: Sequence[str] = (), place: str = "") -> str | None:
    """Logs the error and returns the one line for the person it hit, or None when there is nothing to say."""
    error = cause(error)
    if isinstance(error, TutorError):
        return words.refusals.sentence(error)
    if is_gone(error):
        _log.info("Too late for %s: %s", doing, error)
        return None
    if is_denied(error):
        _log.warning("Not permitted: %s (lacking: %s)", doing, ", ".join(lacking) or "unknown")
        return words.discord.lacking(lacking, place)
    if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        _log.warning("%s: %s", doing, error)
        return words.discord.OLD_COMMAND
    return words.answers.incident(record(error, doing))


def record(error: BaseException, doing: str) -> str:
    """Logs a fault of ours in full and returns its id."""
    incident = secrets.token_hex(4)
    _log.error("Incident %s in %s", incident, doing, exc_info=error)
    return incident


async def tell_presser(interaction: discord.Interaction, error: BaseException, doing: str) -> None:
    """Tells the person behind an interaction, visible only to them."""
    thread = isinstance(interaction.channel, discord.Thread)
    lacking = access.lacking_of(interaction.app_permissions, thread)
    said = sentence(error, doing, lacking, f"<#{interaction.channel_id}>")
    if not said or interaction.type is discord.InteractionType.autocomplete:
        return
    try:
        if interaction.response.is_done():
            await interaction.followup.send(view=_page(error, said), ephemeral=True)
        else:
            await interaction.response.send_message(view=_page(error, said), ephemeral=True)
    except (discord.HTTPException, *UNREACHABLE) as failure:
        _log.info("Could not tell a person about %s: %s", doing, failure)


async def tell_author(message: discord.Message, error: BaseException, doing: str) -> None:
    """Tells the author of a message: below it, or by DM where the bot may not write there."""
    said = sentence(error, doing, access.lacking_in(message.channel), f"<#{message.channel.id}>")
    if not said:
        return
    try:
        if is_denied(error):
            await message.author.send(view=line(said))
        else:
            await message.reply(view=_page(error, said))
    except (discord.HTTPException, *UNREACHABLE) as failure:
        _log.info("Could not tell a person about %s: %s", doing, failure)


def _page(error: BaseException, said: str) -> Page:
    error = cause(error)
    return error.page if isinstance(error, ToldByPage) else line(said)
