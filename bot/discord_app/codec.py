"""Custom ids: the name of an action and its fields in one short line, made from the types of the fields, and read back.

`nt2:show:21i3v9:Yk3vT0aB.c0Fq` is version, name, then each field. Numbers are in base 36. What is nested is parted by
other signs: fields of an action by `:`, what is in them by `+`, then `.`, then `~`. A custom id has at most 100
characters, so a field says how long it can be: `Annotated[str, Signs(8)]`, `Annotated[int, Below(1000)]`,
`Annotated[tuple[str, ...], AtMost(3)]`; a bare `int` is any snowflake, a bare `str` is refused.
"""

import base64
import dataclasses
import hashlib
import re
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

VERSION = "nt2"  # of the whole scheme: with a field changed, old buttons must not be misread, so it goes up
LONGEST = 100  # characters of a custom id, by Discord
_BETWEEN = ":+.~"  # what parts the pieces, by depth
_SIGNS = re.compile(r"[\w-]*", re.ASCII)
_BASE36 = re.compile(r"0|[1-9a-z][0-9a-z]*")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_SNOWFLAKES = 1 << 64


class CannotBeEncoded(TypeError):  # noqa: N818 - reads as what it is
    """A field has a type that a custom id cannot carry, or does not say how long it can be."""


@dataclass(frozen=True, slots=True)
class Below:
    """A whole number from 0 up to, but not including, `limit`."""

    limit: int


@dataclass(frozen=True, slots=True)
class Signs:
    """Text of ASCII letters, digits, `_` and `-`: of `most` characters, or of `least` to `most`."""

    most: int
    least: int = 0

    @property
    def fewest(self) -> int:
        """`least`; where that is not said all texts are as long as `most`."""
        return self.least or self.most


@dataclass(frozen=True, slots=True)
class AtMost:
    """A tuple of up to `count` items."""

    count: int


Snowflake = Annotated[int, Below(_SNOWFLAKES)]
Digest = Annotated[str, Signs(8)]
RoundId = Annotated[str, Signs(most=10, least=1)]
TurnNumber = Annotated[int, Below(1000)]


@lru_cache(10_000)
def digest(name: str, size: int = 6) -> str:
    """A digest of a name, in the letters of base64: `size` bytes make a third more characters."""
    return base64.urlsafe_b64encode(hashlib.blake2b(name.encode(), digest_size=size).digest()).decode()


@dataclass(frozen=True, slots=True)
class Coder:
    """How one type is written. `fewest` and `longest` count characters; `decode` raises ValueError."""

    fewest: int
    longest: int
    encode: Callable[[Any], str]
    decode: Callable[[str], Any]


def coder(annotation: Any, depth: int = 0) -> Coder:  # noqa: PLR0911 - a table
    """How values of that type are written, inside of `depth` other types. Raises CannotBeEncoded."""
    base, *marks = get_args(annotation) if get_origin(annotation) is Annotated else (annotation,)
    mark = marks[0] if marks else None
    if base is bool:
        return _number(Below(2), bool)
    if base is int:
        return _number(mark if isinstance(mark, Below) else Below(_SNOWFLAKES), int)
    if base is str and isinstance(mark, Signs):
        return _text(mark)
    if get_origin(base) is tuple and isinstance(mark, AtMost) and get_args(base)[1:] == (...,):
        return _several(coder(get_args(base)[0], depth + 1), mark.count, _between(depth))
    if get_origin(base) in (Union, types.UnionType):
        return _maybe(base, depth)
    if isinstance(base, type) and issubclass(base, StrEnum):
        return _one_of(base)
    if isinstance(base, type) and dataclasses.is_dataclass(base):
        return _record(base, depth)
    raise CannotBeEncoded(f"{annotation} cannot stand in a custom id")


def fields_of(made: type) -> dict[str, Any]:
    """The types of a dataclass's fields, with what they say of their length."""
    hints = get_type_hints(made, include_extras=True)
    return {field.name: hints[field.name] for field in dataclasses.fields(made)}


def values_of(made: Any, wanted: Any) -> Iterator[Any]:
    """The values in the fields of a dataclass that are of that type, such as `RoundId`, at any depth; not None."""
    for name, hint in fields_of(type(made)).items():
        value = getattr(made, name)
        if wanted in {hint, *get_args(hint)} and value is not None:
            yield value
        elif dataclasses.is_dataclass(value):
            yield from values_of(value, wanted)


def _between(depth: int) -> str:
    if depth >= len(_BETWEEN):
        raise CannotBeEncoded("nested too deep for a custom id")
    return _BETWEEN[depth]


def _number(mark: Below, made: Callable[[int], Any]) -> Coder:
    def encode(value: int) -> str:
        if not 0 <= value < mark.limit:
            raise ValueError(f"{value} is not in 0 to {mark.limit - 1}")
        return _base36(value)

    def decode(text: str) -> Any:
        if not _BASE36.fullmatch(text) or (value := int(text, 36)) >= mark.limit:
            raise ValueError(f"{text!r} is no number below {mark.limit}")
        return made(value)

    return Coder(1, len(_base36(mark.limit - 1)), encode, decode)


def _text(mark: Signs) -> Coder:
    fewest, most = mark.fewest, mark.most

    def checked(text: str) -> str:
        if not fewest <= len(text) <= most or not _SIGNS.fullmatch(text):
            raise ValueError(f"{text!r} is not text as {mark} wants it")
        return text

    return Coder(fewest, most, checked, checked)


def _one_of(enum: type[StrEnum]) -> Coder:
    lengths = [len(one.value) for one in enum]
    if not all(one.value and _SIGNS.fullmatch(one.value) for one in enum):
        raise CannotBeEncoded(f"{enum.__name__} has values that cannot stand in a custom id")
    return Coder(min(lengths), max(lengths), lambda value: enum(value).value, enum)


def _maybe(union: Any, depth: int) -> Coder:
    inner = [one for one in get_args(union) if one is not types.NoneType]
    if len(inner) != 1 or len(get_args(union)) != 2:
        raise CannotBeEncoded(f"{union} cannot stand in a custom id")
    one = coder(inner[0], depth)
    _not_empty(one, union)
    return Coder(
        0,
        one.longest,
        lambda value: "" if value is None else one.encode(value),
        lambda text: one.decode(text) if text else None,
    )


def _several(one: Coder, count: int, between: str) -> Coder:
    _not_empty(one, "an item of a tuple")

    def encode(values: tuple[Any, ...]) -> str:
        if len(values) > count:
            raise ValueError(f"{len(values)} are more than {count}")
        return between.join(map(one.encode, values))

    def decode(text: str) -> tuple[Any, ...]:
        values = tuple(map(one.decode, text.split(between))) if text else ()
        if len(values) > count:
            raise ValueError(f"{len(values)} are more than {count}")
        return values

    return Coder(0, count * one.longest + (count - 1) * len(between), encode, decode)


def _record(made: type, depth: int) -> Coder:
    """A dataclass; one without fields is written as nothing."""
    between = _between(depth)
    coders = {name: coder(hint, depth + 1) for name, hint in fields_of(made).items()}

    def encode(value: Any) -> str:
        pieces = []
        for name, one in coders.items():
            pieces.append(one.encode(getattr(value, name)))
        return between.join(pieces)

    def decode(text: str) -> Any:
        values: list[Any] = []
        for one, piece in zip(coders.values(), text.split(between) if coders or text else (), strict=True):
            values.append(one.decode(piece))
        return made(*values)

    gaps = max(0, len(coders) - 1)
    return Coder(
        gaps + sum(one.fewest for one in coders.values()),
        gaps + sum(one.longest for one in coders.values()),
        encode,
        decode,
    )


def _not_empty(one: Coder, what: Any) -> None:
    if not one.fewest:
        raise CannotBeEncoded(f"{what} could not be told from nothing")


@lru_cache(1024)  # the buttons of a message have the same member and topics
def _base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text or "0"
