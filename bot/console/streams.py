"""The three standard streams, each of which may be closed, full, gone, or of an encoding that lacks what is said.

The standard library only, and nothing newer than Python 3.8: `doctor` speaks through them before anything else loads.
"""

from __future__ import annotations

import codecs
import errno
import io
import logging
import os
import re
import sys
import unicodedata
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class Unwritable(Exception):  # noqa: N818 - what there is to say
    """What was to be said could not be written to standard output; its text says why."""


def prepare() -> None:
    """Make the streams fit to be used: what an encoding lacks is spelled in letters, and no file that is opened later
    gets the number of a stream that is closed, for it would be written to by mistake."""
    codecs.register_error("spelled", _spelled_error)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="spelled")
    with suppress(OSError):
        while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
            os.set_inheritable(number, True)
        os.close(number)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115 - for as long as the process lives


@contextmanager
def writing() -> Iterator[None]:
    """A block that writes to standard output. Raises Unwritable where that fails, and BrokenPipeError where whoever
    reads it has seen enough."""
    if sys.stdout is None:
        raise Unwritable("Standard output is closed: there is nowhere to write to.")
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if os.name == "nt" and error.errno == errno.EINVAL:  # how Windows says that a pipe is broken
            raise BrokenPipeError from None
        raise Unwritable(f"Standard output cannot be written: {error.strerror}.") from None


def finish() -> None:
    """Write what is still held back. Raises as `writing`."""
    if sys.stdout is not None:
        with writing():
            sys.stdout.flush()


def abandon(stream: Any) -> None:
    """Have what a stream still holds back go nowhere, so that writing it at the end of the process does not fail."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def tell(line: str) -> None:
    """Write a line to standard error, if that can be written at all."""
    try:
        sys.stderr.write(f"{printable(line)}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        abandon(sys.stderr)


class OneLine(logging.Handler):
    """Tells a person at a terminal what is logged, in one line. What is logged of a run is told as its error anyway."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the first line of the record to standard error."""
        if sys.flags.dev_mode:
            tell(record.getMessage())
        elif not record.name.startswith(("bot.simulations", "bot.service")):
            tell(record.getMessage().partition("\n")[0])


NOWHERE = "The folder that you are in has been removed. Change to another one (cd), then try again."


def somewhere() -> bool:
    """Whether there is a current folder, from which other paths go out."""
    try:
        return bool(os.getcwd())  # noqa: PTH109 - what is asked
    except OSError:
        return False


# Characters that command a terminal, or turn the rest of a line round, rather than being shown.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

_IN_ADDRESSES = re.compile(r"(?<=://)\S*(?=@)|(?<=password=)[^&\s]*")


def printable(text: str) -> str:
    r"""Return a text without characters that a terminal would obey.

    >>> printable("a\x1b[31mb\rc\u202e")
    'a[31mb c'
    """
    return _COMMANDS.sub(lambda found: " " if found[0] in "\r\x0b\x0c\u2028\u2029" else "", text)


def without_passwords(text: str) -> str:
    """The text with stars in place of the names and passwords that stand in addresses in it.

    >>> without_passwords("move postgresql+asyncpg://ana:s3cr@t@db/tutor tutor.sqlite3")
    'move postgresql+asyncpg://***@db/tutor tutor.sqlite3'
    """
    return _IN_ADDRESSES.sub("***", text)


def spelled(text: str) -> str:
    """Return a text as standard output can show it: what its encoding lacks is spelled in letters and plain signs."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode(encoding, "spelled").decode(encoding)
    return text


# None of these means something in Markdown where it stands for a sign in a sentence.
_SIGNS = {
    "→": "->", "←": "<-", "↔": "<->", "⇒": "=>", "⇐": "<=", "↑": "^", "↓": "v", "≥": ">=", "≤": "<=", "≠": "!=",
    "≈": "~", "≡": "==", "±": "+-", "×": "x", "·": "x", "⋅": "x", "÷": "/", "−": "-", "–": "-", "—": "--", "…": "...",
    "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'", "′": "'", "″": '"', "«": "<<", "»": ">>", "ˋ": "'",
    "√": "sqrt ", "∞": "infinity", "∇": "nabla ", "∂": "d", "∑": "sum ", "∏": "product ", "∈": " in ", "‖": "||",
    "§": "section ", "¬": "not ", "•": "*", "●": "*", "▪": "*", "◦": "-", "‣": ">", "⁃": "-", "⁄": "/", "▌": "|",
    "│": "|", "┃": "|", "─": "-", "━": "=", "✓": "yes", "✔": "yes", "✅": "yes", "✗": "no", "✘": "no", "❌": "no",
    "ß": "ss", "ı": "i", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "€": "EUR", "°": " degrees", "\xa0": " ",
}  # fmt: skip


def _spelled_error(error: UnicodeError) -> tuple[str, int]:
    """What `errors="spelled"` puts in place of a run of characters that an encoding lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    run = error.object[error.start : error.end]
    before = error.object[error.start - 1 : error.start]
    return "".join(_letters(character, run[i - 1] if i else before) for i, character in enumerate(run)), error.end


def _letters(character: str, before: str) -> str:
    """A character in ASCII: 10⁻⁵ becomes 10^-5, x₁ x_1, β beta, é e; a question mark where it has no such spelling."""
    if character == "·" and not before.isdigit():  # between words it is no product
        return "-"
    if character in _SIGNS:
        return _SIGNS[character]
    mark = {"<super>": "^", "<sub>": "_"}.get(_kind(character), "")
    if _kind(before) == _kind(character):
        mark = ""
    plain = unicodedata.normalize("NFKD", character)
    found = "".join(_letter(part) for part in plain if not unicodedata.combining(part))
    return mark + found if found or unicodedata.combining(character) else "?"


def _kind(character: str) -> str:
    return unicodedata.decomposition(character).partition(" ")[0] if character else ""


def _letter(part: str) -> str:
    if part.isascii():
        return part
    greek = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (?:FINAL )?([A-Z]+)", unicodedata.name(part, ""))
    if greek:
        name = greek[2].replace("LAMDA", "LAMBDA")
        return name.lower() if greek[1] == "SMALL" else name.capitalize()
    return _SIGNS.get(part, "?")
