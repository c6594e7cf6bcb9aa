"""Standard output: JSON for scripts, Markdown for people."""

import io
import json
import math
import sys
from typing import Any

from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table


def write_json(value: dict[str, Any]) -> None:
    """One object on one line, ASCII-escaped, flushed; what is not finite is null."""
    sys.stdout.write(json.dumps(_finite(value), ensure_ascii=True, allow_nan=False) + "\n")
    sys.stdout.flush()


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leaves it to `main`, for which a reader that has seen enough is no fault; rich would exit with 1."""
        raise  # noqa: PLE0704 - rich calls this while it handles the BrokenPipeError


class Screen:
    """Shows Markdown and plain lines; typed text is never interpreted as markup."""

    def __init__(self) -> None:
        if isinstance(sys.stdout, io.TextIOWrapper):  # a pipe on Windows has no β; a page with a ? is better than none
            sys.stdout.reconfigure(errors="replace")
        self._console = _Console(highlight=False, markup=False)

    def markdown(self, text: str) -> None:
        """Rendered Markdown, with an empty line behind it."""
        self._console.print(Markdown(text, hyperlinks=False))
        self._console.print()

    def table(self, table: Table) -> None:
        """Columns as wide as there is room for."""
        self._console.print(table)

    def line(self, text: str, style: str = "") -> None:
        """One line as it is."""
        self._console.print(text, style=style, markup=False, soft_wrap=True)
