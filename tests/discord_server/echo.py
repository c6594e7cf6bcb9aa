"""Components as Discord gives them back: with ids, without nulls, attachments with their address."""

from __future__ import annotations

import itertools
from copy import deepcopy
from typing import Any

from .forms.components import CONTAINER, FILE, GALLERY, THUMBNAIL, each, media_of
from .model import Message

Component = dict[str, Any]
ALWAYS_THERE: dict[int, Component] = {
    CONTAINER: {"accent_color": None, "spoiler": False},
    THUMBNAIL: {"description": None, "spoiler": False},
    FILE: {"spoiler": False},
}


def echoed(message: Message, components: list[Component]) -> list[Component]:
    """Fresh components for `message`, whose attachments are in place already."""
    shown = [_without_nulls(component) for component in deepcopy(components)]
    taken = {one.get("id") for _, one in each(shown)}
    fresh = (number for number in itertools.count(1) if number not in taken)
    for _, component in each(shown):
        component["id"] = component.get("id") or next(fresh)
        _complete(component)
        for media in media_of(component):
            _resolve(message, media)
        _describe_file(message, component)
    return shown


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [_without_nulls(inner) for inner in value] if isinstance(value, list) else value


def _complete(component: Component) -> None:
    for key, value in ALWAYS_THERE.get(component["type"], {}).items():
        component.setdefault(key, value)
    for item in component["items"] if component["type"] == GALLERY else ():
        item.setdefault("description", None)
        item.setdefault("spoiler", False)


def _resolve(message: Message, media: Component) -> None:
    world = message.channel.world
    scheme, _, name = media["url"].partition("://")
    media |= {"id": str(world.clock.snowflake()), "proxy_url": media["url"]}
    for file in message.attachments:
        if scheme == "attachment" and file.filename == name:
            url = f"{world.log.base}/attachments/{message.channel.id}/{file.id}/{name}"
            media |= {"url": url, "proxy_url": url, "content_type": file.content_type, "attachment_id": str(file.id)}


def _describe_file(message: Message, component: Component) -> None:
    for file in message.attachments:
        if component["type"] == FILE and component["file"].get("attachment_id") == str(file.id):
            component |= {"name": file.filename, "size": len(file.data)}
