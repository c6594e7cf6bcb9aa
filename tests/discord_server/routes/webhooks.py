"""What follows a first response, on the interaction's token."""

from __future__ import annotations

from .. import payloads, posting
from ..errors import Refusal, refused
from ..model import LOADING, Interaction, Message
from ..posting import Draft
from ..requests import Call
from ..routing import Answer, Routes
from ..world import World
from .interactions import is_hidden

routes = Routes()
TOKEN_LASTS = 15 * 60.0  # seconds on Discord's clock
FOLLOW_UPS_OUTSIDE = 5  # where only the member installed the application
HOOK = "/webhooks/{webhook_id}/{webhook_token}"
ORIGINAL, ONE = HOOK + "/messages/@original", HOOK + "/messages/{message_id}"


def responded(world: World, call: Call) -> Interaction:
    """The interaction behind the token. Raises 404/10015 before a response, 401/50027 after 15 minutes."""
    for interaction in world.interactions.values():
        if interaction.token == call.ids["webhook_token"] and call.number("webhook_id") == world.application_id:
            if world.clock.now() - interaction.created > TOKEN_LASTS:
                raise refused(Refusal.TOKEN_EXPIRED)
            if interaction.response is not None:
                return interaction
    raise refused(Refusal.UNKNOWN_WEBHOOK)


def _original(world: World, call: Call) -> Message:
    original = responded(world, call).original
    if original is None or original.deleted:
        raise refused(Refusal.UNKNOWN_MESSAGE)
    return original


def _one(world: World, call: Call) -> Message:
    interaction = responded(world, call)
    for message in [interaction.original, *interaction.follow_ups]:
        if message is not None and message.id == call.number("message_id") and not message.deleted:
            return message
    raise refused(Refusal.UNKNOWN_MESSAGE)


@routes.on("POST", HOOK)
def follow_up(world: World, call: Call) -> Answer:
    interaction = responded(world, call)
    draft = Draft(call.body, call)
    waiting = interaction.original
    if waiting is not None and waiting.flags & LOADING and not waiting.deleted:
        return 200, payloads.message(posting.edit(draft, waiting))  # the first one takes the place of "thinking"
    if interaction.by_user_install_only and len(interaction.follow_ups) >= FOLLOW_UPS_OUTSIDE:
        raise refused(Refusal.TOO_MANY_FOLLOW_UPS)
    message = posting.post(draft, interaction.channel, interaction, hidden=is_hidden(interaction, call.body))
    interaction.follow_ups.append(message)
    world.changed()
    return 200, payloads.message(message)


@routes.on("GET", ORIGINAL)
def get_original(world: World, call: Call) -> Answer:
    return 200, payloads.message(_original(world, call))


@routes.on("PATCH", ORIGINAL)
def edit_original(world: World, call: Call) -> Answer:
    return 200, payloads.message(posting.edit(Draft(call.body, call), _original(world, call)))


@routes.on("DELETE", ORIGINAL)
def delete_original(world: World, call: Call) -> Answer:
    posting.delete(_original(world, call))
    return 204, None


@routes.on("GET", ONE)
def get(world: World, call: Call) -> Answer:
    return 200, payloads.message(_one(world, call))


@routes.on("PATCH", ONE)
def edit(world: World, call: Call) -> Answer:
    return 200, payloads.message(posting.edit(Draft(call.body, call), _one(world, call)))


@routes.on("DELETE", ONE)
def delete(world: World, call: Call) -> Answer:
    posting.delete(_one(world, call))
    return 204, None
