"""Logging to standard error, as text for people or as JSON for machines, to the last line of the process.

No line of any level holds what members write, their names, or a token. Three rules see to that, closed by default:
only our own loggers go below INFO; what the libraries log is shown without the objects in it; an error is shown by its
kind, and by its message only where that is of a kind that quotes nobody. Interaction tokens in addresses, and the
secrets of the settings, are taken out of whatever is left.
"""

import copy
import json
import logging
import os
import re
import sqlite3
import sys
import threading
import traceback
from collections.abc import Iterator
from typing import Any

from bot.errors import TutorError
from bot.settings import Settings

OURS = "bot"
QUIET = (
    "alembic",  # four lines at every start that tell nobody anything
    "discord.gateway",  # ids of sessions, by which they can be taken over
)
# Their messages are made of names in the code, types and numbers.
_SPEAKING = (
    AttributeError, ImportError, IndexError, ModuleNotFoundError, NameError, NotImplementedError, RecursionError,
    RuntimeError, TypeError, UnboundLocalError, ZeroDivisionError, json.JSONDecodeError,
)  # fmt: skip
_MOST_CAUSES = 10
_LEFT_OUT = "[...]"
_SECRETIVE = re.compile(
    r"(?P<before>/(?:interactions|webhooks)/[^/\s]+/)[^/?\s'\"),]+"  # the token in an address
    r"|[\w-]{18,}\.[\w-]{4,}\.[\w-]{20,}"  # a bot's token
    r"|(?P<scheme>\w://)(?!(?<=postgresql\+asyncpg://)[^/@:\s]+@)[^/@\s]+(?=@)"  # a name and a password in an address,
    # but for the name alone in that of a database, which is named so wherever a host sees it
)

_log = logging.getLogger(OURS)


def configure(settings: Settings) -> None:
    """Sends every record of the process, and whatever else Python would write there, to standard error in the format
    that the settings name."""
    handler = _Handler(sys.stderr)
    chosen = JsonFormatter if settings.log_format == "json" else TextFormatter
    handler.setFormatter(chosen(settings.secrets()))
    level = logging.getLevelName(settings.log_level)
    logging.basicConfig(level=max(level, logging.INFO), handlers=[handler], force=True)
    _log.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.raiseExceptions = False  # which writes the arguments of a record that cannot be written
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_a_thread
    sys.unraisablehook = _ignored


def last_line(line: str) -> bool:
    """Logs why the process ends if the log is JSON, also where that comes before `configure`. False: say it plainly."""
    formatters = [handler.formatter for handler in logging.getLogger().handlers]
    if any(isinstance(formatter, JsonFormatter) for formatter in formatters):
        _log.critical("%s", line)
    elif os.environ.get("LOG_FORMAT", "").strip().lower() == "json" and TextFormatter not in map(type, formatters):
        record = logging.LogRecord(OURS, logging.CRITICAL, "", 0, line, None, None)
        sys.stderr.write(JsonFormatter(()).format(record) + "\n")
    else:
        return False
    return True


def safe(error: BaseException) -> str:
    """An error by its kind, and what of it quotes nobody; then what it came of. One for the host is its line."""
    if isinstance(error, TutorError) and not error.quotes:
        return str(error)
    shown, cause = [_one(error)], error.__cause__
    while cause is not None and len(shown) < _MOST_CAUSES:
        shown.append(_one(cause))
        cause = cause.__cause__
    return " from ".join(dict.fromkeys(shown))


def _one(error: BaseException) -> str:
    kind, told = type(error).__name__, ", ".join(_told(error))
    return f"{kind} ({told})" if told else kind


def _told(error: BaseException) -> Iterator[str]:
    if isinstance(error, TutorError):
        yield from [] if error.quotes else [str(error)]
    elif type(error) in _SPEAKING or isinstance(error, sqlite3.Error):
        yield str(error)
    elif isinstance(error, OSError):
        system = getattr(error, "os_error", error)  # aiohttp's errors hold that of the system
        yield from filter(None, [system.strerror, *([str(error.filename)] if error.filename else [])])
    for name in ("status", "code", "errno"):
        if isinstance(number := getattr(error, name, None), int) and number:
            yield f"{name} {number}"


def _traced(error: BaseException) -> str:
    """A traceback as Python writes it, but for the messages."""
    parts: list[str] = []
    shown: set[int] = set()
    while id(error) not in shown and len(shown) < _MOST_CAUSES:
        shown.add(id(error))
        lines = ["Traceback (most recent call last):\n", *traceback.format_tb(error.__traceback__)]
        parts.append("".join([*lines, _one(error)]))
        for inner in getattr(error, "exceptions", ()):
            if isinstance(inner, BaseException):
                parts[-1] += "\n" + "\n".join(f"  | {line}" for line in _traced(inner).splitlines())
        before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if before is None:
            break
        error = before
        parts.append("The above came of this:" if before is error.__cause__ else "Before that:")
    return "\n\n".join(parts)


class _Scrubbing(logging.Formatter):
    """Makes a message and a traceback of a record that hold nothing private."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__()
        known = sorted((re.escape(secret) for secret in secrets), key=len, reverse=True)
        self._known = re.compile("|".join(known)) if known else None

    def parts(self, record: logging.LogRecord) -> tuple[str, str]:
        """The message, and the traceback or nothing."""
        error = record.exc_info[1] if record.exc_info else None
        ours = record.name.partition(".")[0] == OURS
        message = self._scrubbed(_message(record, ours))
        return message, self._scrubbed(_traced(error)) if error else ""

    def _scrubbed(self, text: str) -> str:
        if self._known:
            text = self._known.sub(_LEFT_OUT, text)
        return _SECRETIVE.sub(lambda found: f"{found['before'] or found['scheme'] or ''}{_LEFT_OUT}", text)


def _message(record: logging.LogRecord, ours: bool) -> str:
    shown = copy.copy(record)
    if isinstance(record.msg, BaseException):
        shown.msg = safe(record.msg)
    elif isinstance(record.args, dict):
        shown.args = {key: _argument(value, record.name, ours) for key, value in record.args.items()}
    else:
        shown.args = tuple(_argument(value, record.name, ours) for value in record.args or ())
    message = shown.getMessage()
    # What libraries say in further lines is made of reprs; a stack of the gateway's heartbeat is not.
    return message if ours or record.name == "discord.gateway" else message.partition("\n")[0]


def _argument(value: Any, logger: str, ours: bool) -> Any:
    if isinstance(value, BaseException):
        return safe(value)
    if ours or value is None or isinstance(value, int | float):
        return value
    if not isinstance(value, str):
        return f"<{type(value).__name__}>"
    if logger == "asyncio":  # a task or a callback, with what it was called with
        named = re.search(r"coro=<([\w.<>]+)", value) or re.search(r"<\w*Handle ([\w.<>]+)", value)
        return named[1] if named else "a callback"
    return value


class TextFormatter(_Scrubbing):
    """A line a record: the time with its zone, level, logger and message; below it the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        message, trace = self.parts(record)
        time = self.formatTime(record, "%Y-%m-%d %H:%M:%S%z")
        return f"{time} {record.levelname} {record.name}: {message}" + (f"\n{trace}" if trace else "")


class JsonFormatter(_Scrubbing):
    """One object a record: time, level, logger, message, and the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        message, trace = self.parts(record)
        value = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": message,
        }
        return json.dumps(value | ({"exception": trace} if trace else {}))


class _Handler(logging.StreamHandler[Any]):
    """Says of a record that cannot be put into words where it came from."""

    def format(self, record: logging.LogRecord) -> str:
        try:
            return super().format(record)
        except Exception as fault:
            told = f"a record of {record.pathname}:{record.lineno} cannot be put into words: {_one(fault)}"
            return super().format(logging.LogRecord(record.name, record.levelno, "", 0, told, None, None))


def _uncaught(_: object, error: BaseException, __: object) -> None:
    if not isinstance(error, KeyboardInterrupt):
        _log.critical("The process ends by an error that nobody caught", exc_info=error)


def _uncaught_in_a_thread(found: threading.ExceptHookArgs) -> None:
    if found.exc_value and not isinstance(found.exc_value, SystemExit):
        name = found.thread.name if found.thread else "?"
        _log.error("The thread %s ends by an error that nobody caught", name, exc_info=found.exc_value)


def _ignored(found: "sys.UnraisableHookArgs") -> None:
    where = getattr(found.object, "__qualname__", type(found.object).__name__)
    _log.error("An error was ignored in %s", where, exc_info=found.exc_value)
