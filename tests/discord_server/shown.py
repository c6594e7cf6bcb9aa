"""A message as a member reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .forms import components as ComponentType  # noqa: N812 - its numbers are matched against
from .forms.components import BUTTON, SELECTS, each
from .model import EPHEMERAL, LOADING, Attachment, Message, User
from .names import Choice


class Control:
    """A button or a select on a message."""

    def __init__(self, shown: Shown, component: dict[str, Any]) -> None:
        self.shown, self.component = shown, component

    @property
    def label(self) -> str:
        """What is written on it: a button's label or emoji, a select's placeholder."""
        emoji = (self.component.get("emoji") or {}).get("name", "")
        return self.component.get("label") or self.component.get("placeholder") or emoji

    @property
    def custom_id(self) -> str:
        return self.component.get("custom_id") or ""

    @property
    def url(self) -> str | None:
        return self.component.get("url")

    @property
    def disabled(self) -> bool:
        return bool(self.component.get("disabled"))

    @property
    def options(self) -> list[Choice]:
        return [Choice(option["label"], option["value"]) for option in self.component.get("options") or ()]

    def __repr__(self) -> str:
        return f"<{self.label or self.custom_id}{' (disabled)' if self.disabled else ''}>"


class Shown:
    """Live: after an edit the same object shows the new text, after a deletion `deleted` is true."""

    def __init__(self, message: Message) -> None:
        self.message = message

    @property
    def id(self) -> int:
        return self.message.id

    @property
    def author(self) -> User:
        return self.message.author

    @property
    def text(self) -> str:
        """The content, or all text of the components in reading order, a line break between two."""
        parts = [self.message.content] if self.message.content else []
        parts += [one["content"] for _, one in self.components if isinstance(one.get("content"), str)]
        return "\n".join(parts)

    @property
    def screen(self) -> str:
        """The whole message as plain text, with its buttons, menus and pictures (their alt text)."""
        marks = [name for name in ("ephemeral", "thinking", "deleted") if getattr(self, name)]
        opening = [f"({', '.join(marks)})"] if marks else []
        lines = opening + ([self.message.content] if self.message.content else [])
        lines += [line for one in self.message.components for line in drawn(one)]
        lines += [f"(file {one.filename})" for one in self.files]
        return "\n".join(lines) + "\n"

    @property
    def components(self) -> Iterator[tuple[Any, dict[str, Any]]]:
        return each(self.message.components)

    @property
    def buttons(self) -> list[Control]:
        return [Control(self, one) for _, one in self.components if one["type"] == BUTTON]

    @property
    def selects(self) -> list[Control]:
        return [Control(self, one) for _, one in self.components if one["type"] in SELECTS]

    def button(self, label: str | re.Pattern[str]) -> Control:
        """The button with this label, or whose label the pattern is found in."""
        return _pick(self.buttons, label, self)

    def select(self, placeholder: str | re.Pattern[str] | None = None) -> Control:
        """The select with this placeholder; the only one when no placeholder is given."""
        if placeholder is None and len(self.selects) == 1:
            return self.selects[0]
        return _pick(self.selects, placeholder or "", self)

    @property
    def files(self) -> list[Attachment]:
        return self.message.attachments

    @property
    def descriptions(self) -> list[str]:
        """The alternative texts of all pictures."""
        items = [item for _, one in self.components for item in one.get("items") or ()]
        thumbnails = [one for _, one in self.components if "media" in one]
        return [each.get("description") or "" for each in [*items, *thumbnails]]

    @property
    def ephemeral(self) -> bool:
        return bool(self.message.flags & EPHEMERAL)

    @property
    def thinking(self) -> bool:
        return bool(self.message.flags & LOADING)

    @property
    def deleted(self) -> bool:
        return self.message.deleted

    @property
    def edits(self) -> int:
        return self.message.edits

    @property
    def reply_to(self) -> Shown | None:
        return None if self.message.reply_to is None else Shown(self.message.reply_to)

    @property
    def pings(self) -> list[User]:
        return self.message.mentions

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shown) and other.message is self.message

    def __hash__(self) -> int:
        return hash(self.message.id)

    def __repr__(self) -> str:
        marks = [name for name in ("ephemeral", "thinking", "deleted") if getattr(self, name)]
        return f"<message {self.text[:200]!r} buttons={self.buttons} {' '.join(marks)}>"


def drawn(component: dict[str, Any]) -> Iterator[str]:
    """The lines that one component is shown as."""
    inside = [line for one in component.get("components") or () for line in drawn(one)]
    match component["type"]:
        case ComponentType.TEXT:
            yield from component["content"].split("\n")
        case ComponentType.ROW:
            yield " ".join(inside) if len(inside) == len(component["components"]) else "\n".join(inside)
        case ComponentType.CONTAINER:
            yield from (f"| {line}".rstrip() for line in inside)
        case ComponentType.BUTTON:
            emoji = (component.get("emoji") or {}).get("name", "")
            where = f" -> {component['url']}" if component.get("url") else ""
            yield f"[{component.get('label') or emoji}{where}]" + (" (disabled)" if component.get("disabled") else "")
        case ComponentType.GALLERY:
            yield from (f"(picture: {item.get('description') or 'without alt text'})" for item in component["items"])
        case kind if kind in SELECTS:
            yield f"[{component.get('placeholder') or ''} v]"
            for option in component.get("options") or ():
                described = f": {option['description']}" if option.get("description") else ""
                yield f"  {'*' if option.get('default') else '-'} {option['label']}{described}"
        case kind:
            yield f"(component {kind})"
            yield from inside


def _pick(controls: list[Control], label: str | re.Pattern[str], shown: Shown) -> Control:
    for control in controls:
        if control.label == label or (isinstance(label, re.Pattern) and label.search(control.label)):
            return control
    raise AssertionError(f"no {label!r} among {controls} on {shown}")
