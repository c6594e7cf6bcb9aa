"""Forms (Discord's modals): sent finished like messages, and read from what Discord sends back.

discord.py would drop the submit of a form that this process did not open; so nothing is left to it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import discord
from discord import ui

from bot.discord_app import custom_ids
from bot.discord_app.presses import Press

LONGEST_TITLE = 45
LONGEST_DESCRIPTION = 100


class Form(ui.Modal):
    """A form that sends `press` back when it is submitted. Reported as finished, so that discord.py keeps no state."""

    def __init__(self, title: str, press: Press, fields: Iterable[ui.Item[Any]]) -> None:
        super().__init__(title=title[:LONGEST_TITLE], custom_id=custom_ids.encode(press))
        for field in fields:
            self.add_item(field)

    def is_finished(self) -> bool:
        """Always."""
        return True


def field(label: str, component: ui.Item[Any], description: str = "") -> ui.Label[Any]:
    """A component of a form under its label."""
    return ui.Label(text=label, component=component, description=description[:LONGEST_DESCRIPTION] or None)


def filled(interaction: discord.Interaction) -> dict[str, str]:
    """What a submitted form holds, by the fields' custom ids; empty for a select in which nothing was picked."""
    data: Mapping[str, Any] = interaction.data or {}
    found = {}
    for label in data.get("components", ()):
        for one in (label.get("component"), *label.get("components", ())):
            if one and "custom_id" in one:
                found[one["custom_id"]] = str(one.get("value") or next(iter(one.get("values") or ()), ""))
    return found
