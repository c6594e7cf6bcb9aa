"""Suggestions for an option while a member types."""

from __future__ import annotations

from typing import Any

from .fault import Form, Path


def check_choices(choices: list[dict[str, Any]], root: Path = ()) -> None:
    form = Form(root)
    collect(form, ("choices",), choices)
    form.check()


def collect(form: Form, path: Path, choices: list[dict[str, Any]]) -> None:
    """At most 25, names and string values of 1 to 100 characters."""
    form.length(path, choices, 0, 25)
    for number, choice in enumerate(choices):
        if form.required((*path, number, "name"), choice.get("name")):
            form.length((*path, number, "name"), choice["name"], 1, 100)
        value = choice.get("value")
        if form.required((*path, number, "value"), value) and isinstance(value, str):
            form.length((*path, number, "value"), value, 1, 100)
