"""Small shared values and what goes wrong on the members' side."""

from __future__ import annotations

from typing import NamedTuple


class Choice(NamedTuple):
    """A suggestion or an option of a select: what is read and what is sent."""

    name: str
    value: str | int | float


class NoAnswer(AssertionError):  # noqa: N818 - reads as what happened
    """The bot did not do what the member was waiting for."""


class CannotUse(AssertionError):  # noqa: N818
    """Discord's own client would not have let the member do this."""
