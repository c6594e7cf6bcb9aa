"""Reminders of reviews: the page and the form by which members set them."""

from dataclasses import dataclass
from typing import Any

import discord
from discord import ButtonStyle, ui

from bot import words
from bot.discord_app.access import anyone
from bot.discord_app.actions import Action, Call, button, nothing
from bot.discord_app.controls import Form, field, filled
from bot.discord_app.layout import Page, single, typed
from bot.discord_app.replies import ChannelRules, ToldByPage, in_time, replace, respond
from bot.errors import TutorError
from bot.service import zones
from bot.service.reminders import OwnReminders, read_quiet
from bot.service.zones import LONGEST_ZONE, clock_time

_NONE = ChannelRules.NONE
AT, QUIET, ZONE = "at", "quiet", "zone"  # custom ids of the fields of the form


@dataclass(frozen=True)
class ShowReminders(Action, name="reminders", who=anyone, gives_away=nothing, channel_rules=_NONE):
    """Shows members what they have set about reminders."""

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        shown = await in_time(interaction, call.app.reminders.of(call.asker.id, _home(interaction)))
        await respond(interaction, [_settings(shown)], private=True)


@dataclass(frozen=True)
class Remind(Action, name="remind", who=anyone, gives_away=nothing, channel_rules=_NONE):
    """Turns a member's reminders on or off; `here` is whether the page pressed on is the one that shows them."""

    on: bool
    here: bool

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        turned = call.app.reminders.turn(call.asker.id, _home(interaction), self.on)
        await _show(interaction, await in_time(interaction, turned), self.here)


@dataclass(frozen=True)
class ChangeReminders(Action, name="reminder-times", who=anyone, gives_away=nothing, channel_rules=_NONE):
    """Opens the form with a member's zone and times of day."""

    here: bool

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        shown = await call.app.reminders.of(call.asker.id, _home(interaction))
        await interaction.response.send_modal(_form(shown, self.here))


@dataclass(frozen=True)
class SetReminders(Action, name="set-reminders", who=anyone, gives_away=nothing, channel_rules=_NONE):
    """Sets what the form says, all of it or nothing."""

    here: bool

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        given = filled(interaction)
        try:
            changed = call.app.reminders.change(
                call.asker.id,
                _home(interaction),
                zone=zones.zone(given.get(ZONE, "")).key,
                minute=zones.read_time(given.get(AT, "")),
                quiet=read_quiet(given.get(QUIET, "")),
            )
            shown = await in_time(interaction, changed)
        except TutorError as refusal:
            raise ToldByPage(_again(words.refusals.sentence(refusal), given)) from refusal
        await _show(interaction, shown, self.here)


ACTIONS = (ShowReminders, Remind, ChangeReminders, SetReminders)


def reminders_button() -> ui.Button[Any]:
    """The button that shows a member's reminders, for the pages of reviews and scores."""
    return button(words.reminders.REMINDERS, ShowReminders())


async def _show(interaction: discord.Interaction, shown: OwnReminders, here: bool) -> None:
    if here:
        await replace(interaction, [_settings(shown)])
    else:
        await respond(interaction, [_settings(shown)], private=True)


def _settings(shown: OwnReminders) -> Page:
    turn = [button(words.reminders.TURN_OFF, Remind(on=False, here=True))]
    if not shown.row.wanted:
        turn = [button(words.reminders.TURN_ON, Remind(on=True, here=True), ButtonStyle.primary)]
    elif shown.paused:
        turn = [button(words.reminders.GO_ON, Remind(on=True, here=True), ButtonStyle.primary), *turn]
    below = [*turn, button(words.reminders.CHANGE, ChangeReminders(here=True))]
    return single([words.reminders.settings(shown)], [below])


def _form(shown: OwnReminders, here: bool) -> Form:
    said, row = words.reminders, shown.row
    quiet = f"{clock_time(row.quiet_from)}-{clock_time(row.quiet_until)}" if row.quiet_from != row.quiet_until else ""
    fields = (
        (AT, said.FORM_AT, said.FORM_AT_EXAMPLE, clock_time(row.minute), 20, True),
        (QUIET, said.FORM_QUIET, said.FORM_QUIET_EXAMPLE, quiet, 40, False),
        (ZONE, said.FORM_ZONE, said.FORM_ZONE_EXAMPLE, zones.called(shown.zone), LONGEST_ZONE, True),
    )
    return Form(
        said.FORM,
        SetReminders(here),
        [
            field(label, ui.TextInput(custom_id=name, default=before, max_length=most, required=required), example)
            for name, label, example, before, most, required in fields
        ],
    )


def _again(said: str, given: dict[str, str]) -> Page:
    """Why nothing was set, what was typed, and a button to type it again."""
    wrote = [f"{label}: {typed(given[name])}" for name, label in _LABELS.items() if given.get(name)]
    change = button(words.reminders.CHANGE, ChangeReminders(here=False))
    return single(["\n".join([said, *wrote])], [[change]])


_LABELS = {AT: words.reminders.FORM_AT, QUIET: words.reminders.FORM_QUIET, ZONE: words.reminders.FORM_ZONE}


def _home(interaction: discord.Interaction) -> int | None:
    """The server, where I am in it: a member may have brought me into another one."""
    guild = interaction.guild_id
    return guild if guild and interaction.client.get_guild(guild) else None
