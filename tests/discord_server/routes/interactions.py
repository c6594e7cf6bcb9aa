"""First responses to interactions."""

from __future__ import annotations

from typing import Any

from .. import payloads, permissions, posting
from ..errors import Refusal, refused
from ..forms import Form
from ..forms.choices import check_choices
from ..forms.modal import check_modal
from ..model import EPHEMERAL, LOADING, Interaction, Message
from ..posting import Draft
from ..requests import Call
from ..routing import Answer, Routes
from ..world import World

routes = Routes()
FIRST_RESPONSE_WITHIN = 3.0  # seconds on Discord's clock
COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
PONG, MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9
ANSWER_TO_COMMAND = 20  # a message type
ACCEPTED = {
    COMMAND: (MESSAGE, DEFERRED, MODAL),
    COMPONENT: (MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL),
    AUTOCOMPLETE: (CHOICES,),
    MODAL_SUBMIT: (MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE),
}  # fmt: skip


def failed(world: World, interaction: Interaction) -> bool:
    """Has the member been told that the application did not respond?"""
    late = world.clock.now() - interaction.created > FIRST_RESPONSE_WITHIN
    return interaction.response is None and late


@routes.on("POST", "/interactions/{interaction_id}/{interaction_token}/callback")
def callback(world: World, call: Call) -> Answer:
    interaction = world.interactions.get(call.number("interaction_id"))
    if interaction is None or interaction.token != call.ids["interaction_token"]:
        raise refused(Refusal.UNKNOWN_INTERACTION)
    if interaction.response is not None:
        raise refused(Refusal.ALREADY_ACKNOWLEDGED)
    if failed(world, interaction):
        raise refused(Refusal.UNKNOWN_INTERACTION)
    kind = call.body["type"]
    _check_kind(interaction, kind)
    message = _RESPONSES[kind](interaction, Draft(call.body.get("data") or {}, call, ("data",)))
    interaction.response = kind
    world.changed()
    if call.query.get("with_response") in ("1", "true", "True"):
        return 200, _response(interaction, kind, message)
    return 204, None


def _check_kind(interaction: Interaction, kind: int) -> None:
    if kind not in ACCEPTED[interaction.type]:
        form = Form()
        names = ", ".join(map(str, ACCEPTED[interaction.type]))
        form.fault(("type",), "BASE_TYPE_CHOICES", f"Value must be one of {{{names}}}.")
        form.check()


def is_hidden(interaction: Interaction, body: dict[str, Any]) -> bool:
    """Ephemeral by its flag, or because the member may not use outside applications openly here."""
    if (body.get("flags") or 0) & EPHEMERAL:
        return True
    channel = interaction.channel
    if channel.guild is None or not interaction.by_user_install_only:
        return False
    return not permissions.may(channel, interaction.user, "use_external_apps")


def _message(interaction: Interaction, draft: Draft) -> Message:
    hidden = is_hidden(interaction, draft.body)
    kind = ANSWER_TO_COMMAND if interaction.type == COMMAND else 0
    interaction.original = posting.post(draft, interaction.channel, interaction, hidden=hidden, kind=kind)
    return interaction.original


def _deferred(interaction: Interaction, draft: Draft) -> Message:
    draft.call.check_documented()
    interaction.original = posting.loading(interaction, hidden=is_hidden(interaction, draft.body))
    return interaction.original


def _deferred_update(interaction: Interaction, draft: Draft) -> None:
    interaction.original = interaction.source


def _update(interaction: Interaction, draft: Draft) -> Message | None:
    interaction.original = interaction.source
    if interaction.source is None:
        return None
    return posting.edit(draft, interaction.source)


def _choices(interaction: Interaction, draft: Draft) -> None:
    choices = draft.body.get("choices") or []
    check_choices(choices, ("data",))
    draft.call.check_documented()
    interaction.choices = choices


def _modal(interaction: Interaction, draft: Draft) -> None:
    check_modal(draft.body, ("data",))
    draft.call.check_documented()
    interaction.modal = draft.body


_RESPONSES = {
    MESSAGE: _message, DEFERRED: _deferred, DEFERRED_UPDATE: _deferred_update,
    UPDATE: _update, CHOICES: _choices, MODAL: _modal,
}  # fmt: skip


def _response(interaction: Interaction, kind: int, message: Message | None) -> dict[str, Any]:
    about: dict[str, Any] = {"id": str(interaction.id), "type": interaction.type}
    body: dict[str, Any] = {"interaction": about}
    if message is not None:
        about["response_message_id"] = str(message.id)
        about["response_message_loading"] = bool(message.flags & LOADING)
        about["response_message_ephemeral"] = bool(message.flags & EPHEMERAL)
        if kind in (MESSAGE, UPDATE):
            body["resource"] = {"type": kind, "message": payloads.message(message)}
    elif kind == DEFERRED_UPDATE and interaction.source is not None:
        about["response_message_id"] = str(interaction.source.id)
    return body
