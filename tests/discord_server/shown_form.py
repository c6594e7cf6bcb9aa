"""A form as a member is shown it, and what they send in."""

from __future__ import annotations

from typing import Any

from . import payloads
from .forms.components import SELECTS
from .forms.modal import FILE_UPLOAD, RADIO_GROUP, TEXT_INPUT, fields_of
from .model import Attachment, Interaction
from .names import CannotUse, Choice


class Field:
    """A line or a list of a form."""

    def __init__(self, label: str, component: dict[str, Any]) -> None:
        self.label, self.component = label, component

    @property
    def custom_id(self) -> str:
        return self.component.get("custom_id") or ""

    @property
    def value(self) -> str:
        """What stands in a text field before the member types."""
        return self.component.get("value") or ""

    @property
    def options(self) -> list[Choice]:
        return [Choice(option["label"], option["value"]) for option in self.component.get("options") or ()]

    @property
    def is_upload(self) -> bool:
        return self.component["type"] == FILE_UPLOAD

    @property
    def required(self) -> bool:
        return bool(self.component.get("required", True))

    def filled(self, given: Any) -> dict[str, Any]:
        """What Discord sends for this field; `given` None leaves it as it was shown. Raises CannotUse."""
        sent = {"type": self.component["type"], "custom_id": self.custom_id}
        if self.component["type"] in SELECTS:
            return {**sent, "values": self._picked(given)}
        if self.component["type"] == RADIO_GROUP:
            return {**sent, "value": next(iter(self._picked(given)), None)}
        if self.component["type"] == FILE_UPLOAD:
            return {**sent, "values": [str(one.id) for one in self.chosen(given)]}
        if self.component["type"] != TEXT_INPUT:
            raise CannotUse(f"this server fills in no fields of type {self.component['type']} yet")
        return {**sent, "value": self._typed(self.value if given is None else str(given))}

    def chosen(self, given: Any) -> list[Attachment]:
        """The files that are sent for this field. Raises CannotUse where Discord would not let them be sent."""
        files = [given] if isinstance(given, Attachment) else list(given or ())
        least, most = (self.component.get(key) for key in ("min_values", "max_values"))
        least = 1 if least is None and self.required else least or 0
        if not least <= len(files) <= (most or 1):
            raise CannotUse(f"{self} takes {least} to {most or 1} files, not {len(files)}")
        return files

    def _picked(self, given: Any) -> list[str]:
        if given is None:
            return [option["value"] for option in self.component.get("options") or () if option.get("default")]
        wanted = [given] if isinstance(given, str) else list(given)
        known = {name: str(choice.value) for choice in self.options for name in (choice.name, choice.value)}
        if unknown := [one for one in wanted if one not in known]:
            raise CannotUse(f"{unknown} is not among {self.options}")
        least = self.component.get("min_values", 1) if self.required or wanted else 0
        if not least <= len(wanted) <= (self.component.get("max_values") or 1):
            raise CannotUse(f"{self} takes another number of values than {wanted}")
        return [known[one] for one in wanted]

    def _typed(self, text: str) -> str:
        if not text and not self.required:
            return text
        least, most = self.component.get("min_length") or 1, self.component.get("max_length") or 4000
        if not least <= len(text) <= most:
            raise CannotUse(f"{self} takes {least} to {most} characters, not {len(text)}")
        return text

    def __repr__(self) -> str:
        return f"<field {self.label!r} {self.custom_id}>"


class ShownForm:
    def __init__(self, interaction: Interaction) -> None:
        self.interaction = interaction
        self.modal: dict[str, Any] = interaction.modal or {}

    @property
    def title(self) -> str:
        return self.modal["title"]

    @property
    def custom_id(self) -> str:
        return self.modal["custom_id"]

    @property
    def fields(self) -> list[Field]:
        return [Field(label, component) for _, component, label in fields_of(self.modal)]

    def field(self, name: str) -> Field:
        """The field with this custom id or label."""
        for field in self.fields:
            if name in (field.custom_id, field.label):
                return field
        raise AssertionError(f"no field {name!r} among {self.fields}")

    def filled(self, given: dict[str, Any]) -> dict[str, Any]:
        """The data of the submit, as Discord sends it. Raises CannotUse where it would not let the member send it."""
        values = {self.field(name).custom_id: value for name, value in given.items()}
        sent = [_sent(number, one, values) for number, one in enumerate(self.modal["components"])]
        world, channel = self.interaction.channel.world, self.interaction.channel
        uploads = [one for field in self.fields if field.is_upload for one in field.chosen(values.get(field.custom_id))]
        for one in uploads:
            world.uploads[one.id] = one
        files = {str(one.id): payloads.attachment(world, channel.id, one) for one in uploads}
        return {
            "custom_id": self.custom_id,
            "components": sent,
            **({"resolved": {"attachments": files}} if files else {}),
        }


def _sent(number: int, shown: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    about = {"type": shown["type"], "id": shown.get("id") or 2 * number + 1}
    if inner := shown.get("component"):
        filled = Field(shown.get("label") or "", inner).filled(values.get(inner.get("custom_id")))
        return {**about, "component": {**filled, "id": inner.get("id") or 2 * number + 2}}
    if inside := shown.get("components"):
        fields = [Field(one.get("label") or "", one).filled(values.get(one.get("custom_id"))) for one in inside]
        return {**about, "components": fields}
    return about
