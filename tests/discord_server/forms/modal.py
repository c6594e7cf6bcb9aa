"""Forms that are opened by an interaction: a title, and labels with one field each."""

from __future__ import annotations

from typing import Any

from .components import ROW, SELECTS, STRING_SELECT, TEXT, check_options
from .fault import Form, Path

TEXT_INPUT, LABEL, FILE_UPLOAD, RADIO_GROUP = 4, 18, 19, 21
MOST_FIELDS = 5
Component = dict[str, Any]


def fields_of(modal: Component) -> list[tuple[Path, Component, str]]:
    """Every field with its place and the label above it."""
    found: list[tuple[Path, Component, str]] = []
    for number, one in enumerate(modal.get("components") or []):
        here: Path = ("components", number)
        if one.get("type") == LABEL:
            found.append(((*here, "component"), one.get("component") or {}, one.get("label") or ""))
        for place, inner in enumerate(one.get("components") or [] if one.get("type") == ROW else []):
            found.append(((*here, "components", place), inner, inner.get("label") or ""))
    return found


def check_modal(modal: Component, root: Path = ()) -> None:
    """Raises 50035."""
    form = Form(root)
    for key, most in (("title", 45), ("custom_id", 100)):
        if form.required((key,), modal.get(key)):
            form.length((key,), modal[key], 1, most)
    form.length(("components",), modal.get("components") or [], 1, MOST_FIELDS)
    for number, one in enumerate(modal.get("components") or []):
        _check_top(form, ("components", number), one)
    seen = set()
    for path, field, _ in fields_of(modal):
        _check_field(form, path, field)
        if field.get("custom_id") in seen:
            form.fault(
                (*path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
            )
        seen.add(field.get("custom_id"))
    form.check()


def _check_top(form: Form, path: Path, one: Component) -> None:
    if one.get("type") not in (ROW, TEXT, LABEL):
        form.fault((*path, "type"), "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1, 10, 18).')
    if one.get("type") == LABEL and form.required((*path, "label"), one.get("label")):
        form.length((*path, "label"), one["label"], 1, 45)
        form.length((*path, "description"), one.get("description"), 0, 100)


def _check_field(form: Form, path: Path, field: Component) -> None:
    form.length((*path, "custom_id"), field.get("custom_id"), 1, 100)
    if field.get("type") in SELECTS:
        form.length((*path, "placeholder"), field.get("placeholder"), 0, 150)
        if field["type"] == STRING_SELECT:
            check_options(form, path, field)
        if field.get("required", True) and field.get("min_values") == 0:
            form.fault((*path, "min_values"), "SELECT_COMPONENT_REQUIRED_MIN_VALUES", "Required selects need a value")
    elif field.get("type") == RADIO_GROUP:
        form.length((*path, "options"), field.get("options") or [], 2, 10)
    elif field.get("type") == FILE_UPLOAD:
        for key, low, high in (("min_values", 0, 10), ("max_values", 1, 10)):
            if field.get(key) is not None and not low <= field[key] <= high:
                form.fault((*path, key), "NUMBER_TYPE_RANGE", f"int value should be between {low} and {high}.")
    elif field.get("type") == TEXT_INPUT:
        form.length((*path, "placeholder"), field.get("placeholder"), 0, 100)
        form.length((*path, "value"), field.get("value"), 0, min(field.get("max_length") or 4000, 4000))
