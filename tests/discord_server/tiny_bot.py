"""A bot of a few lines for the loopback's own tests. It is not the project's bot and shares nothing with it."""

from __future__ import annotations

import io
import sys
from typing import Any

import discord
from discord import app_commands, ui

FRUIT = ("apple", "apricot", "banana")
PICTURE = b"\x89PNG\r\n\x1a\n not really"


def panel(text: str, *, buttons: tuple[str, ...] = ("Louder",)) -> ui.LayoutView:
    """A finished view: discord.py keeps nothing of it, presses arrive at on_interaction only."""
    view = ui.LayoutView(timeout=None)
    row: ui.ActionRow[Any] = ui.ActionRow()
    for label in buttons:
        row.add_item(ui.Button(label=label, custom_id=f"tiny:{label.lower()}"))
    choice: ui.ActionRow[Any] = ui.ActionRow()
    options = [discord.SelectOption(label=name.title(), value=name) for name in FRUIT]
    choice.add_item(ui.Select(custom_id="tiny:fruit", placeholder="A fruit", options=options))
    view.add_item(ui.Container(ui.TextDisplay(text), row, choice))
    view.stop()
    return view


class TinyBot(discord.Client):
    """Echoes mentions and direct messages; its commands are below."""

    def __init__(self, intents: discord.Intents | None = None, shard: tuple[int, int] = (0, 1)) -> None:
        modest = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        super().__init__(
            intents=intents or modest,
            allowed_mentions=discord.AllowedMentions.none(),
            shard_id=shard[0],
            shard_count=shard[1],
        )
        self.tree = app_commands.CommandTree(self)
        self.heard: list[discord.Message] = []
        self.failures: list[Exception] = []
        add_commands(self.tree)

    async def setup_hook(self) -> None:
        self.tree.on_error = self._remember  # type: ignore[assignment]
        await self.tree.sync()

    async def _remember(self, interaction: discord.Interaction[Any], error: Exception) -> None:
        self.failures.append(getattr(error, "original", error))

    async def on_error(self, event: str, *args: Any, **more: Any) -> None:
        error = sys.exception()
        if isinstance(error, Exception):
            self.failures.append(error)

    async def on_message(self, message: discord.Message) -> None:
        if message.author == self.user:
            return
        self.heard.append(message)
        if message.guild is None or self.user in message.mentions:
            try:
                await message.reply(f"you said: {message.content}")
            except discord.HTTPException as error:
                self.failures.append(error)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        if interaction.type is not discord.InteractionType.component:
            return
        values = (interaction.data or {}).get("values") or ["LOUDER"]
        await interaction.response.edit_message(view=panel(" ".join(values)))


def add_commands(tree: app_commands.CommandTree[Any]) -> None:
    tree.add_command(app_commands.Command(name="echo", description="Says it again", callback=echo))
    tree.add_command(app_commands.Command(name="slowly", description="Defers first", callback=slowly))
    tree.add_command(app_commands.Command(name="panel", description="Shows buttons", callback=show_panel))
    tree.add_command(app_commands.Command(name="picture", description="Shows a picture", callback=picture))
    tree.add_command(app_commands.Command(name="about", description="Names what was chosen", callback=about))
    tree.add_command(app_commands.Command(name="twice", description="Responds twice", callback=twice))
    tree.add_command(app_commands.ContextMenu(name="Shout", callback=shout))
    fruit = app_commands.Group(name="fruit", description="About fruit", guild_only=True)
    pick = app_commands.Command(name="pick", description="Picks one", callback=pick_fruit)
    pick.autocomplete("name")(suggest)
    fruit.add_command(pick)
    tree.add_command(fruit)


async def echo(interaction: discord.Interaction[Any], text: str, private: bool = False) -> None:
    await interaction.response.send_message(f"{interaction.user.display_name}: {text}", ephemeral=private)


async def slowly(interaction: discord.Interaction[Any], private: bool = False) -> None:
    await interaction.response.defer(ephemeral=private)
    await interaction.followup.send("here it is")
    await interaction.followup.send("and more", ephemeral=True)


async def show_panel(interaction: discord.Interaction[Any]) -> None:
    await interaction.response.send_message(view=panel("quiet"))


async def picture(interaction: discord.Interaction[Any]) -> None:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.MediaGallery(discord.MediaGalleryItem("attachment://loss.png", description="a falling curve")))
    view.stop()
    await interaction.response.send_message(view=view, file=discord.File(io.BytesIO(PICTURE), "loss.png"))


async def about(
    interaction: discord.Interaction[Any], role: discord.Role, place: discord.TextChannel | None = None
) -> None:
    assert isinstance(interaction.user, discord.Member) and interaction.guild
    mine = interaction.user.get_role(role.id) is not None
    known = interaction.guild.get_role(role.id) == role
    rights = "manage" if role.permissions.manage_messages else "plain"
    await interaction.response.send_message(f"{role.name} {mine} {known} {rights} {place and place.name}")


async def twice(interaction: discord.Interaction[Any]) -> None:
    await interaction.response.send_message("once")
    interaction.response._response_type = None  # as a second process would not know of the first response
    await interaction.response.send_message("twice")


async def shout(interaction: discord.Interaction[Any], message: discord.Message) -> None:
    await interaction.response.send_message(message.content.upper(), ephemeral=True)


async def pick_fruit(interaction: discord.Interaction[Any], name: str, count: int = 1) -> None:
    await interaction.response.send_message(f"{count} x {name}")


async def suggest(interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=name.title(), value=name) for name in FRUIT if name.startswith(current)]


if __name__ == "__main__":  # for the launcher's test: `python -m tests.discord_server.tiny_bot`
    import os

    TinyBot().run(os.environ["DISCORD_TOKEN"])
