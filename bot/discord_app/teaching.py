"""Teaching in Discord: who may, the form, what was taught, and taking it back. Rights are checked at every step."""

from collections.abc import Mapping
from typing import Any

import discord

from bot import words
from bot.discord_app import taught_pages
from bot.discord_app.desk import Desk
from bot.discord_app.forms import filled
from bot.discord_app.layout import Page
from bot.discord_app.presses import Forget, TurnTo, Untaught
from bot.discord_app.render import line
from bot.discord_app.replies import replace, respond
from bot.discord_app.rights import leads, managed_server, rights_of
from bot.errors import TutorError
from bot.service.additions.kind import CannotBeAdded, Moderator


async def open_form(interaction: discord.Interaction, desk: Desk, question: str) -> None:
    """Shows a moderator the form, with the question as it is shown. Raises TutorError for anyone else."""
    _moderated_server(interaction)
    await interaction.response.send_modal(taught_pages.form(desk.curriculum, question, interaction.user.id))


async def learn(interaction: discord.Interaction, desk: Desk) -> None:
    """Learns what a moderator sent in. Raises TutorError where it cannot be taught, or not by them."""
    server = _moderated_server(interaction)
    form = filled(interaction)
    topic, part = taught_pages.names(form)
    text = form.get(taught_pages.PHRASING, "")
    by = Moderator(interaction.user.id, interaction.user.display_name)
    try:
        row = await desk.additions.phrasings.add(server, topic, part, text, by)
    except CannotBeAdded as fault:
        raise TutorError(words.additions.cannot_be_added(fault)) from fault
    await respond(interaction, taught_pages.learned(desk.curriculum, row, interaction.user.id), private=True)


async def unlearn(interaction: discord.Interaction, press: Untaught, desk: Desk) -> None:
    """Takes back what was just taught."""
    server = _moderated_server(interaction)
    if not await desk.additions.phrasings.take_back(server, press.number):
        raise TutorError(words.additions.PHRASINGS.gone)
    await replace(interaction, [line(words.additions.TAKEN_BACK)])


async def show(interaction: discord.Interaction, desk: Desk) -> None:
    """Lists what was taught, to who manages the server."""
    await respond(interaction, await _listed(interaction, desk, 0), private=True)


async def turn(interaction: discord.Interaction, press: TurnTo, desk: Desk) -> None:
    """Turns to another page."""
    await replace(interaction, await _listed(interaction, desk, press.number))


async def forget(interaction: discord.Interaction, press: Forget, desk: Desk) -> None:
    """Takes back what was chosen, and shows what is left."""
    server = managed_server(interaction)
    data: Mapping[str, Any] = interaction.data or {}
    for number in data.get("values", ())[:1]:
        await desk.additions.phrasings.take_back(server, int(number))
    await replace(interaction, await _listed(interaction, desk, press.number))


async def _listed(interaction: discord.Interaction, desk: Desk, page: int) -> list[Page]:
    rows = await desk.additions.phrasings.listed(managed_server(interaction))
    return taught_pages.listed(desk.curriculum, rows, page, interaction.user.id)


def _moderated_server(interaction: discord.Interaction) -> int:
    if interaction.guild_id is None or not leads(rights_of(interaction)):
        raise TutorError(words.additions.PHRASINGS.only_moderators)
    return interaction.guild_id
