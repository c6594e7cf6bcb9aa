"""Holds request bodies against Discord's own OpenAPI document, where that file is at hand."""

from __future__ import annotations

import functools
import json
import os
from pathlib import Path
from typing import Any

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
    fault = _fault(path, call.template, call.method.lower(), part, with_files, json.dumps(value))
    return [] if fault is None else [f"{call.method} {call.template}: {fault}"]


@functools.lru_cache(1000)
def _fault(  # noqa: PLR0917 - all that one verdict hangs on
    path: Path, template: str, method: str, part: tuple[str, ...], with_files: bool, body: str
) -> str | None:
    """What is wrong with a body that is written as JSON. The same commands are registered in test after test."""
    from jsonschema.exceptions import best_match

    validator = _validator(path, template, method, part, with_files)
    error = None if validator is None else best_match(validator.iter_errors(json.loads(body)))
    return error and f"{'/'.join(map(str, error.absolute_path)) or 'body'}: {error.message[:500]}"


@functools.cache
def _registry(path: Path) -> tuple[dict[str, Any], Any]:
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    document = json.loads(path.read_text(encoding="utf-8"))
    # The service itself takes numbers for ids; discord.py sends them so in attachments and references.
    document["components"]["schemas"]["SnowflakeType"] = {"type": ["string", "integer"], "pattern": "^(0|[1-9][0-9]*)$"}
    # It knows of no forwards, though it has their snapshots; discord.py and the service both say 1.
    document["components"]["schemas"]["MessageReferenceType"] = {"type": "integer", "enum": [0, 1]}
    return document, Registry().with_resource(ROOT, Resource(document, DRAFT202012))


@functools.cache
def _validator(path: Path, template: str, method: str, part: tuple[str, ...], with_files: bool = False) -> Any:
    """`part`: where the body stands under the operation. None where the document says nothing of it."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    document, registry = _registry(path)
    steps = ["paths", _documented(document, template), method, *part, "content"]
    content = functools.reduce(lambda place, step: place.get(step, {}), steps, document)
    kind = next((kind for kind in (KINDS if with_files else KINDS[::-1]) if kind in content), None)
    if kind is None:
        return None
    pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in [*steps, kind, "schema"])
    quick = extend(Draft202012Validator, {"oneOf": functools.partial(_one_of, document["components"]["schemas"])})
    return quick({"$ref": f"{ROOT}#/{pointer}"}, registry=registry)


def _one_of(schemas: dict[str, Any], validator: Any, choices: list[Any], instance: Any, schema: Any) -> Any:
    """As ever, but what says itself of what type it is, as components do, is not held against those of other types."""
    from jsonschema import Draft202012Validator

    told = instance.get("type") if isinstance(instance, dict) else None
    fitting = [one for one in choices if told is None or told in _types(schemas, one, told)]
    yield from Draft202012Validator.VALIDATORS["oneOf"](validator, fitting or choices, instance, schema)


def _types(schemas: dict[str, Any], choice: dict[str, Any], told: Any) -> list[Any]:
    """The values that it takes for `type`: `told` among them where it does not say."""
    meant = schemas.get(str(choice.get("$ref", "")).rpartition("/")[2], choice)
    named = meant.get("properties", {}).get("type", {})
    return list(named.get("enum", [told]))


def _documented(document: dict[str, Any], template: str) -> str:
    """The document may name a placeholder otherwise than the routes do."""
    if template in document["paths"]:
        return template
    shape = _shape(template)
    return next((path for path in document["paths"] if _shape(path) == shape), template)


def _shape(template: str) -> str:
    return "/".join("{}" if step.startswith("{") else step for step in template.split("/"))
