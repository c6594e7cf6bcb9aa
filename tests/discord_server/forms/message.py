"""The body of a message, new or edited."""

from __future__ import annotations

from typing import Any

from ..errors import Refusal, refused
from ..model import COMPONENTS_V2, Message
from .components import check_components
from .fault import Form, Path

MOST_CONTENT = 2000  # bots; the 4,000 of the OpenAPI document are for paying members
SAYS_SOMETHING = ("embeds", "components", "sticker_ids", "attachments", "poll")


def check_message(body: dict[str, Any], files: set[str], root: Path = (), edited: Message | None = None) -> None:
    """Raises 50035 or 50006. `files` are the names of all files of the message, old and new."""
    form = Form(root)
    v2 = bool((body.get("flags") or 0) & COMPONENTS_V2 or (edited and edited.flags & COMPONENTS_V2))
    form.length(("content",), body.get("content"), 0, MOST_CONTENT)
    form.length(("embeds",), body.get("embeds"), 0, 10)
    nonce = body.get("nonce")
    if nonce is not None and len(str(nonce)) > 25:
        form.fault(("nonce",), "NONCE_TYPE_TOO_LONG", "Nonce must be 25 or fewer in length.")
    if v2:
        _no_legacy_fields(form, body, edited)
    check_components(form, body.get("components") or [], v2=v2, files=files)
    _check_mentions(form, body.get("allowed_mentions"))
    form.check()
    if not _says_something(body, edited):
        error = refused(Refusal.EMPTY_MESSAGE)
        error.bots_fault = True
        raise error


def _no_legacy_fields(form: Form, body: dict[str, Any], edited: Message | None) -> None:
    for field in ("content", "embeds", "poll", "sticker_ids"):
        kept = getattr(edited, field, None) if field not in body else None
        if body.get(field) or kept:
            form.fault((field,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                       f"The '{field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2")  # fmt: skip


def _check_mentions(form: Form, allowed: dict[str, Any] | None) -> None:
    """A list of ids and the same kind in `parse` contradict each other."""
    for kind in ("users", "roles"):
        if allowed and allowed.get(kind) and kind in allowed.get("parse", ()):
            form.fault(("allowed_mentions",), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                       f"parse:[\"{kind}\"] and {kind}: [ids...] are mutually exclusive.")  # fmt: skip


def _says_something(body: dict[str, Any], edited: Message | None) -> bool:
    def value(field: str) -> Any:
        return body[field] if field in body else getattr(edited, field, None)

    return bool((value("content") or "").strip()) or any(value(field) for field in SAYS_SOMETHING)
