"""Interactions: what a member's click or command becomes, and how it ends for them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from . import payloads, permissions
from .forms.components import each
from .model import DM, LOADING, Channel, Interaction, Message
from .names import CannotUse, NoAnswer
from .routes.interactions import COMPONENT, MODAL, MODAL_SUBMIT, failed

if TYPE_CHECKING:
    from .people import Person
    from .shown import Control
    from .shown_form import ShownForm

IN_GUILD, IN_BOT_DM, IN_PRIVATE = 0, 1, 2


def owners(person: Person, channel: Channel) -> dict[str, str]:
    """Who authorised the application here: "0" by the server, "1" by the member themselves."""
    found = {}
    if channel.guild is not None and channel.guild.has_bot:
        found["0"] = str(channel.guild.id)
    if channel.type == DM and person.world.shares_a_guild(person):
        found["0"] = "0"
    if person.installed:
        found["1"] = str(person.id)
    return found


def context(channel: Channel) -> int:
    if channel.guild is not None:
        return IN_GUILD
    return IN_BOT_DM if channel.type == DM else IN_PRIVATE


def send(person: Person, kind: int, channel: Channel, data: dict[str, Any], **more: Any) -> Interaction:
    """Tells the bot, and starts the three seconds. `more`: `owners`, and the pressed message as `source`."""
    world = person.world
    number, token = world.clock.snowflake(), secrets.token_urlsafe(24)
    interaction = Interaction(number, token, kind, person, channel, data, created=world.clock.now(), **more)
    world.interactions[interaction.id] = interaction
    world.gateway.dispatch("INTERACTION_CREATE", as_json(interaction))
    return interaction


def as_json(interaction: Interaction) -> dict[str, Any]:
    channel, person = interaction.channel, interaction.user
    world = channel.world
    shown: dict[str, Any] = {
        "id": str(interaction.id), "application_id": str(world.application_id), "type": interaction.type,
        "token": interaction.token, "version": 1, "data": interaction.data, "channel_id": str(channel.id),
        "channel": payloads.interaction_channel(channel, person), "locale": "en-US", "entitlements": [],
        "authorizing_integration_owners": interaction.owners, "context": context(channel),
        "attachment_size_limit": 10 * 1024 * 1024, "app_permissions": str(_app_permissions(channel)),
    }  # fmt: skip
    if interaction.source is not None:
        shown["message"] = payloads.message(interaction.source)
    if channel.guild is None:
        return {**shown, "user": payloads.user(person)}
    guild = channel.guild
    allowed = str(permissions.in_channel(channel, person))
    shown |= {"guild_id": str(guild.id), "guild_locale": "en-US"}
    shown["guild"] = {"id": str(guild.id), "locale": "en-US", "features": []}
    return {**shown, "member": {**payloads.full_member(guild.members[person.id]), "permissions": allowed}}


def _app_permissions(channel: Channel) -> int:
    if channel.guild is None or not channel.guild.has_bot:
        return permissions.bits(permissions.FOR_APPS_OUTSIDE)
    return permissions.in_channel(channel, channel.world.bot)


def act_on(person: Person, control: Control, values: list[str] | None) -> Interaction:
    """A press or a choice. Raises CannotUse where the control is gone, disabled or only a link."""
    message = control.shown.message
    if message.deleted or message.seen_by not in (None, person):
        raise CannotUse(f"{person} does not see the message with {control}")
    present = [one for _, one in each(message.components) if one.get("custom_id") == control.custom_id]
    if not control.custom_id or not present:
        raise CannotUse(f"{control} is a link or no longer on the message")
    if present[0].get("disabled"):
        raise CannotUse(f"{control} is disabled")
    data: dict[str, Any] = {
        "custom_id": control.custom_id,
        "component_type": present[0]["type"],
        "id": present[0]["id"],
    }
    if values is not None:
        data["values"] = values
    return send(person, COMPONENT, message.channel, data, owners=owners(person, message.channel), source=message)


def still_open(interaction: Interaction, form: bool = False) -> None:
    """Raises NoAnswer once Discord has told the member that it failed, or where a form came that was not waited for."""
    world = interaction.channel.world
    if failed(world, interaction):
        raise NoAnswer(f"The application did not respond to {interaction.data}\n{world.log.account()}")
    if interaction.response == MODAL and not form:
        raise NoAnswer(f"a form was opened (`opens` shows it, `submits` fills it in): {interaction.modal}")


def submit(person: Person, form: ShownForm, given: dict[str, Any]) -> Interaction:
    """A form, filled in and sent. Raises CannotUse where Discord's client would not send it."""
    opener = form.interaction
    if opener.user is not person:
        raise CannotUse(f"{person} was not shown {form.title!r}")
    more = {"owners": opener.owners, "source": opener.source, "opened_by": opener}
    return send(person, MODAL_SUBMIT, opener.channel, form.filled(given), **more)


def result(interaction: Interaction) -> Message | None:
    """The message that the member was waiting for: the first response, filled in, or a follow-up."""
    original = interaction.original
    if original is not None and original is not interaction.source and not original.flags & LOADING:
        return original
    return interaction.follow_ups[0] if interaction.follow_ups else None
