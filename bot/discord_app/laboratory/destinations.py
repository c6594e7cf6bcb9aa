"""Where a result goes: into a new answer, into the message whose button was pressed, or below a message."""

import contextlib
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import discord

from bot.discord_app import faults
from bot.discord_app.layout import Page, line


@dataclass(frozen=True, slots=True)
class Sheet:
    """A message of one page, and the files that come with it: name and content of each."""

    page: Page
    files: tuple[tuple[str, bytes], ...] = ()

    def uploads(self) -> list[discord.File]:
        """The files, ready to be sent once."""
        return [discord.File(io.BytesIO(content), name) for name, content in self.files]


Make = Callable[[bool], Sheet]  # takes whether the message may have its files


class Destination(Protocol):
    """Opened at once, told to wait perhaps, then shown the result or why there is none."""

    def opened(self) -> contextlib.AbstractAsyncContextManager[None]:
        """Shows that something is under way, until the block is left."""

    async def tell(self, text: str) -> None:
        """Says one line before the result."""

    async def show(self, make: Make) -> None:
        """Shows the result, with its files where they may be attached."""

    async def fail(self, text: str) -> None:
        """Says one line instead of the result."""


class NewMessage:
    """A new message in answer to an interaction."""

    def __init__(self, interaction: discord.Interaction, private: bool) -> None:
        self._interaction = interaction
        self._private = private

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        await self._interaction.response.defer(ephemeral=self._private, thinking=True)
        yield

    async def tell(self, text: str) -> None:
        await self._interaction.edit_original_response(view=line(text))

    async def show(self, make: Make) -> None:
        await _edit(self._interaction, make)

    async def fail(self, text: str) -> None:
        await self._interaction.edit_original_response(view=line(text))


class SameMessage:
    """The message that the pressed button, or the form sent in, belongs to."""

    def __init__(self, interaction: discord.Interaction) -> None:
        self._interaction = interaction

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        await self._interaction.response.defer()
        yield

    async def tell(self, text: str) -> None:
        await self._interaction.followup.send(view=line(text), ephemeral=True)

    async def show(self, make: Make) -> None:
        await _edit(self._interaction, make)

    async def fail(self, text: str) -> None:
        await self.tell(text)


class ReplyTo:
    """A reply to a message that asked for the run."""

    def __init__(self, message: discord.Message) -> None:
        self._message = message
        self._sent: discord.Message | None = None

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        async with self._message.channel.typing():
            yield

    async def tell(self, text: str) -> None:
        self._sent = await self._message.reply(view=line(text))

    async def show(self, make: Make) -> None:
        await _attaching(self._show, make, _may_attach(self._message))

    async def fail(self, text: str) -> None:
        if self._sent:
            await self._sent.edit(view=line(text))
        else:
            await self.tell(text)

    async def _show(self, sheet: Sheet) -> None:
        if self._sent:
            await self._sent.edit(view=sheet.page, attachments=sheet.uploads())
        else:
            await self._message.reply(view=sheet.page, files=sheet.uploads())


async def _edit(interaction: discord.Interaction, make: Make) -> None:
    async def send(sheet: Sheet) -> None:
        await interaction.edit_original_response(view=sheet.page, attachments=sheet.uploads())

    # Discord's own calculation: for an interaction, where the bot is no member too.
    await _attaching(send, make, interaction.app_permissions.attach_files)


async def _attaching(send: Callable[[Sheet], Awaitable[None]], make: Make, allowed: bool) -> None:
    """Sends with the files; where they are refused, without."""
    if allowed:
        try:
            return await send(make(True))
        except discord.Forbidden as error:
            if not faults.is_denied(error):
                raise
    return await send(make(False))


def _may_attach(message: discord.Message) -> bool:
    channel = message.channel
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return True
    try:
        return channel.permissions_for(channel.guild.me).attach_files
    except discord.ClientException:  # a thread whose channel the bot does not see: Discord will say what it thinks
        return True
