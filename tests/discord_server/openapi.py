"""Holds request bodies against Discord's own OpenAPI document, where that file is at hand."""

from __future__ import annotations

import functools
import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .requests import Call

ROOT = "urn:discord"
KINDS = ("multipart/form-data", "application/json")


def document_path() -> Path | None:
    """DISCORD_OPENAPI, or discord/openapi.json in a folder `shared` beside the repository; None without either."""
    named = os.environ.get("DISCORD_OPENAPI")
    here = Path(__file__).resolve().parents[2]
    path = Path(named) if named else here.parent / "shared" / "discord" / "openapi.json"
    return path if path.is_file() else None


def faults(call: Call) -> list[str]:
    """What is wrong with the request's body by the document; nothing where there is no document."""
    path = document_path()
    if path is None or call.method == "GET" or not call.template:
        return []
    return _told(call, path, ("requestBody",), call.body, bool(call.files))


def answer_faults(call: Call) -> list[str]:
    """What is wrong with this server's own answer by the document: for the loopback's own tests."""
    path = document_path()
    if path is None or not call.template or call.answer is None:
        return []
    return _told(call, path, ("responses", str(call.status)), call.answer)


def _told(call: Call, path: Path, part: tuple[str, ...], value: Any, with_files: bool = False) -> list[str]:
    validator = _validator(path, call.template, call.method.lower(), part, with_files)
    if validator is None or validator.is_valid(value):
        return []
    error = _deepest(list(validator.iter_errors(value)))
    place = "/".join(map(str, error.instance_path)) or "body"
    return [f"{call.method} {call.template}: {place}: {error.message[:500]}"]


def _deepest(errors: list[Any]) -> Any:
    """The outermost; where that is that none of several schemas fits, what is wrong by the one that goes furthest. One
    for components of another type is none of those that are meant."""
    error = min(errors, key=lambda error: len(error.instance_path))
    branches, of_type = getattr(error.kind, "context", ()), [*error.instance_path, "type"]
    meant = [branch for branch in branches if all(one.instance_path != of_type for one in branch)] or branches
    further = max((one for branch in meant for one in branch), key=lambda one: len(one.instance_path), default=error)
    return error if len(further.instance_path) <= len(error.instance_path) else _deepest([further])


@functools.cache
def _registry(path: Path) -> tuple[dict[str, Any], Any]:
    from jsonschema_rs import Draft202012, Registry

    document = json.loads(path.read_text(encoding="utf-8"))
    # The service itself takes numbers for ids; discord.py sends them so in attachments and references.
    document["components"]["schemas"]["SnowflakeType"] = {"type": ["string", "integer"], "pattern": "^(0|[1-9][0-9]*)$"}
    # It knows of no forwards, though it has their snapshots; discord.py and the service both say 1.
    document["components"]["schemas"]["MessageReferenceType"] = {"type": "integer", "enum": [0, 1]}
    return document, Registry([(ROOT, document)], draft=Draft202012)


@functools.cache
def _validator(path: Path, template: str, method: str, part: tuple[str, ...], with_files: bool = False) -> Any:
    """`part`: where the body stands under the operation. None where the document says nothing of it."""
    from jsonschema_rs import Draft202012Validator

    document, registry = _registry(path)
    steps = ["paths", _documented(document, template), method, *part, "content"]
    content = functools.reduce(lambda place, step: place.get(step, {}), steps, document)
    kind = next((kind for kind in (KINDS if with_files else KINDS[::-1]) if kind in content), None)
    if kind is None:
        return None
    pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in [*steps, kind, "schema"])
    return Draft202012Validator({"$ref": f"{ROOT}#/{quote(pointer)}"}, registry=registry)


def _documented(document: dict[str, Any], template: str) -> str:
    """The document may name a placeholder otherwise than the routes do."""
    if template in document["paths"]:
        return template
    shape = _shape(template)
    return next((path for path in document["paths"] if _shape(path) == shape), template)


def _shape(template: str) -> str:
    return "/".join("{}" if step.startswith("{") else step for step in template.split("/"))
