"""Application commands: names, options, choices."""

from __future__ import annotations

import re
from typing import Any

from .choices import collect
from .fault import Form, Path

CHAT_INPUT, SUBCOMMAND, GROUP = 1, 1, 2
MOST_CHAT_INPUT, MOST_MENU = 100, 15
MOST_CHARACTERS = 8000  # of all names, descriptions and values of one command
NAME = re.compile(r"[-_'\w]{1,32}")
Body = dict[str, Any]


def check_set(commands: list[Body]) -> None:
    """All commands of one place at once."""
    form = Form()
    for number, command in enumerate(commands):
        _check(form, (number,), command)
    keys = [(command.get("name"), command.get("type") or CHAT_INPUT) for command in commands]
    for number, key in enumerate(keys):
        if key in keys[:number]:
            form.fault((number,), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
    for kind, most in ((CHAT_INPUT, MOST_CHAT_INPUT), (2, MOST_MENU), (3, MOST_MENU)):
        if sum(other == kind for _, other in keys) > most:
            form.fault((), "APPLICATION_COMMANDS_MAX", f"Maximum number of commands of type {kind} reached ({most}).")
    form.check()


def check_command(command: Body) -> None:
    form = Form()
    _check(form, (), command)
    form.check()


def _check(form: Form, path: Path, command: Body) -> None:
    if not form.required((*path, "name"), command.get("name")):
        return
    if (command.get("type") or CHAT_INPUT) == CHAT_INPUT:
        _check_named(form, path, command)
        _check_options(form, path, command.get("options") or [], depth=0)
    else:
        form.length((*path, "name"), command["name"], 1, 32)
        for field in ("description", "options"):
            if command.get(field):
                form.fault(
                    (*path, field), "APPLICATION_COMMAND_INVALID_FIELD", f"Context menu commands cannot have {field}"
                )
    if _characters(command) > MOST_CHARACTERS:
        form.fault(path, "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({MOST_CHARACTERS})")


def _check_named(form: Form, path: Path, named: Body) -> None:
    name = named.get("name") or ""
    if not NAME.fullmatch(name) or name != name.lower():
        form.fault((*path, "name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    description = named.get("description") or ""
    if not 1 <= len(description) <= 100:
        form.fault((*path, "description"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")


def _check_options(form: Form, path: Path, options: list[Body], depth: int) -> None:
    form.length((*path, "options"), options, 0, 25)
    names = [option.get("name") for option in options]
    optional = False
    for number, option in enumerate(options):
        here = (*path, "options", number)
        _check_named(form, here, option)
        if names.index(option.get("name")) != number:
            form.fault(here, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists")
        if option.get("required") and optional:
            form.fault(
                here,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional = optional or not option.get("required")
        _check_kind(form, here, option, depth)
    nested = [option.get("type") in (SUBCOMMAND, GROUP) for option in options]
    if any(nested) and not all(nested):
        form.fault(
            (*path, "options"),
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-command and sub-command group option types are mutually exclusive to all other types",
        )


def _check_kind(form: Form, path: Path, option: Body, depth: int) -> None:
    kind = option.get("type")
    if kind in (SUBCOMMAND, GROUP):
        if depth > 1 or (kind == GROUP and depth > 0):
            form.fault(
                (*path, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands cannot be nested this deep"
            )
        _check_options(form, path, option.get("options") or [], depth + 1)
        return
    choices = option.get("choices") or []
    collect(form, (*path, "choices"), choices)
    if choices and option.get("autocomplete"):
        form.fault(
            (*path, "autocomplete"),
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES",
            "Autocomplete and choices are mutually exclusive",
        )
    for key in ("name", "value"):
        seen = [choice.get(key) for choice in choices]
        if len({(type(each), each) for each in seen}) < len(seen):
            form.fault(
                (*path, "choices"),
                f"APPLICATION_COMMAND_OPTIONS_CHOICE_{key.upper()}_ALREADY_EXISTS",
                f"Option choice {key} already exists",
            )


def _characters(named: Body) -> int:
    own = len(named.get("name") or "") + len(named.get("description") or "")
    own += sum(
        len(choice["name"]) + len(str(choice["value"]))
        for choice in named.get("choices") or []
        if {"name", "value"} <= choice.keys()
    )
    return own + sum(_characters(option) for option in named.get("options") or [])
