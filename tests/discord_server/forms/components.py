"""Message components: what may stand where, how many, and how long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .fault import Form, Path

ROW, BUTTON, STRING_SELECT = 1, 2, 3
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
SELECTS = (STRING_SELECT, 5, 6, 7, 8)
LINK, PREMIUM = 5, 6
IN_CONTAINER = (ROW, TEXT, SECTION, GALLERY, SEPARATOR, FILE)
MOST_COMPONENTS, MOST_TEXT = 40, 4000
Component = dict[str, Any]


def each(components: list[Component], path: Path = ("components",)) -> Iterator[tuple[Path, Component]]:
    """Every component with its place, the nested ones and accessories too, in reading order."""
    for number, component in enumerate(components):
        here = (*path, number)
        yield here, component
        yield from each(component.get("components") or [], (*here, "components"))
        if accessory := component.get("accessory"):
            yield (*here, "accessory"), accessory


def media_of(component: Component) -> list[Component]:
    """The media items of a component, by reference."""
    if component["type"] == GALLERY:
        return [item["media"] for item in component["items"]]
    return [component[key] for key in ("media", "file") if isinstance(component.get(key), dict)]


def check_components(form: Form, components: list[Component], *, v2: bool, files: set[str]) -> None:
    allowed = (*IN_CONTAINER, CONTAINER) if v2 else (ROW,)
    if not v2:
        form.length(("components",), components, 0, 5)
    for number, component in enumerate(components):
        _one_of(form, ("components", number), component, allowed)
    for path, component in each(components):
        _check(form, path, component, files)
    _check_whole(form, components)


def _check_whole(form: Form, components: list[Component]) -> None:
    everything = [component for _, component in each(components)]
    if len(everything) > MOST_COMPONENTS:
        form.fault(("components",), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
                   f"The maximum number of components is {MOST_COMPONENTS}")  # fmt: skip
    if sum(len(one.get("content", "")) for one in everything if one.get("type") == TEXT) > MOST_TEXT:
        form.fault(("components",), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
                   f"The total displayable text size must not exceed {MOST_TEXT}")  # fmt: skip
    _no_twins(form, components, "custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED")
    _no_twins(form, components, "id", "COMPONENT_ID_DUPLICATED")


def _no_twins(form: Form, components: list[Component], key: str, code: str) -> None:
    seen = set()
    for path, component in each(components):
        value = component.get(key)
        if value and value in seen:
            form.fault((*path, key), code, f"Component {key.replace('_', ' ')} cannot be duplicated")
        seen.add(value)


def _one_of(form: Form, path: Path, component: Component, types: tuple[int, ...]) -> None:
    if component.get("type") not in types:
        names = ", ".join(map(str, types))
        form.fault((*path, "type"), "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({names},).')


def _check(form: Form, path: Path, component: Component, files: set[str]) -> None:
    check = _CHECKS.get(component.get("type", 0))
    if check is not None:
        check(form, path, component)
    if "custom_id" in component:
        form.length((*path, "custom_id"), component["custom_id"], 1, 100)
    if component.get("type") in (GALLERY, THUMBNAIL, FILE):
        _check_media(form, path, component, files)


def _check_media(form: Form, path: Path, component: Component, files: set[str]) -> None:
    for media in media_of(component):
        scheme, _, name = media["url"].partition("://")
        if scheme == "attachment" and name not in files:
            form.fault((*path, "media", "url"), "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
                       f"The referenced attachment was not found: {media['url']}")  # fmt: skip
        elif scheme not in ("attachment", "http", "https"):
            form.fault((*path, "media", "url"), "URL_TYPE_INVALID_SCHEME", f'Scheme "{scheme}" is not supported.')


def _check_row(form: Form, path: Path, row: Component) -> None:
    inside = row.get("components") or []
    form.length((*path, "components"), inside, 1, 5)
    for number, component in enumerate(inside):
        _one_of(form, (*path, "components", number), component, (BUTTON, *SELECTS))
    if len(inside) > 1 and any(component.get("type") in SELECTS for component in inside):
        form.fault(
            (*path, "components"),
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The specified component exceeds the maximum width",
        )


def _check_button(form: Form, path: Path, button: Component) -> None:
    form.length((*path, "label"), button.get("label"), 0, 80)
    if not button.get("label") and not button.get("emoji") and button.get("style") != PREMIUM:
        form.fault(path, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or an emoji is required")
    if button.get("style") == LINK:
        form.required((*path, "url"), button.get("url"))
        form.length((*path, "url"), button.get("url"), 1, 512)
        if button.get("custom_id"):
            form.fault(
                (*path, "custom_id"),
                "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                "A custom id and url cannot both be specified",
            )
    elif (
        button.get("style") != PREMIUM
        and form.required((*path, "custom_id"), button.get("custom_id"))
        and button.get("url")
    ):
        form.fault((*path, "url"), "BUTTON_COMPONENT_INVALID_URL", "Only a link button can have a url")


def _check_select(form: Form, path: Path, select: Component) -> None:
    form.required((*path, "custom_id"), select.get("custom_id"))
    form.length((*path, "placeholder"), select.get("placeholder"), 0, 150)
    if select["type"] == STRING_SELECT:
        check_options(form, path, select)


def check_options(form: Form, path: Path, select: Component) -> None:
    """The options of a select of texts, on a message or in a form."""
    options = select.get("options") or []
    form.length((*path, "options"), options, 1, 25)
    for number, option in enumerate(options):
        for key, least in (("label", 1), ("value", 1), ("description", 0)):
            form.length((*path, "options", number, key), option.get(key), least, 100)
    values = [option.get("value") for option in options]
    for number in (number for number, value in enumerate(values) if value in values[:number]):
        form.fault(
            (*path, "options", number, "value"),
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
            "The specified option value is already used",
        )
    if (select.get("max_values") or 1) > len(options):
        form.fault(
            (*path, "max_values"), "NUMBER_TYPE_MAX", f"int value should be less than or equal to {len(options)}."
        )


def _check_text(form: Form, path: Path, text: Component) -> None:
    form.length((*path, "content"), text.get("content"), 1, MOST_TEXT)


def _check_section(form: Form, path: Path, section: Component) -> None:
    inside = section.get("components") or []
    form.length((*path, "components"), inside, 1, 3)
    for number, component in enumerate(inside):
        _one_of(form, (*path, "components", number), component, (TEXT,))
    if form.required((*path, "accessory"), section.get("accessory")):
        _one_of(form, (*path, "accessory"), section["accessory"], (BUTTON, THUMBNAIL))


def _check_container(form: Form, path: Path, container: Component) -> None:
    inside = container.get("components") or []
    form.length((*path, "components"), inside, 1, MOST_COMPONENTS)
    for number, component in enumerate(inside):
        _one_of(form, (*path, "components", number), component, IN_CONTAINER)


def _check_gallery(form: Form, path: Path, gallery: Component) -> None:
    form.length((*path, "items"), gallery.get("items") or [], 1, 10)
    for number, item in enumerate(gallery.get("items") or []):
        form.length((*path, "items", number, "description"), item.get("description"), 0, 1024)


_CHECKS = {
    ROW: _check_row, BUTTON: _check_button, SECTION: _check_section, TEXT: _check_text,
    GALLERY: _check_gallery, CONTAINER: _check_container, **dict.fromkeys(SELECTS, _check_select),
}  # fmt: skip
