"""The nested errors of an Invalid Form Body, collected while a body is looked through."""

from __future__ import annotations

from typing import Any

from ..errors import Refusal, refused

Path = tuple[str | int, ...]


class Form:
    """`root` is where in the request the checked part stands, e.g. ("data",) in a callback."""

    def __init__(self, root: Path = ()) -> None:
        self._root = root
        self._errors: dict[str, Any] = {}

    def fault(self, path: Path, code: str, message: str) -> None:
        place = self._errors
        for step in (*self._root, *path):
            place = place.setdefault(str(step), {})
        place.setdefault("_errors", []).append({"code": code, "message": message})

    def length(self, path: Path, value: Any, least: int, most: int) -> None:
        """`value` is a string or a list; what is missing (None) is left to the caller."""
        if value is None or least <= len(value) <= most:
            return
        if not value and isinstance(value, str):
            self.fault(path, "BASE_TYPE_REQUIRED", "This field is required")
        elif isinstance(value, list) or least > 1:
            self.fault(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        else:
            self.fault(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def required(self, path: Path, value: Any) -> bool:
        if value is None:
            self.fault(path, "BASE_TYPE_REQUIRED", "This field is required")
        return value is not None

    def check(self, *, bots_fault: bool = True) -> None:
        """Raises 50035 where anything was found."""
        if self._errors:
            error = refused(Refusal.INVALID_FORM, self._errors)
            error.bots_fault = bots_fault
            raise error
