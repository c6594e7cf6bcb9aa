"""What the log shows, and what it never shows; of a session see tests/discord_app/test_nothing_private_is_logged.py."""

import asyncio
import gc
import io
import json
import logging
import re
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from pydantic import SecretStr

from bot import logs
from bot.errors import ConnectionFailed, StorageError, UsageError
from bot.settings import Settings

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GhIjKl.mnopqrstuvwxyzABCDEFGHIJKL0123456789"
PRIVATE = "xylophonic quandary"


@dataclass
class Log:
    stream: io.StringIO

    @property
    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()

    @property
    def records(self) -> list[dict[str, str]]:
        """Of a log in JSON, of which every line is one."""
        return [json.loads(line) for line in self.lines]


Begin = Callable[..., Log]


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Configures the logging of this process; all is put back after the test."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level, {name: logging.getLogger(name).level for name in (logs.OURS, *logs.QUIET)}
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook, logging.raiseExceptions

    def configured(**given: object) -> Log:
        logs.configure(Settings(**given))  # type: ignore[arg-type]
        (handler,) = root.handlers
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(stream)
        return Log(stream)

    yield configured
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    for name, level in before[2].items():
        logging.getLogger(name).setLevel(level)
    sys.excepthook, threading.excepthook, sys.unraisablehook, logging.raiseExceptions = hooks
    logging.captureWarnings(False)


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except BaseException as caught:
        return caught


def test_text_has_the_time_with_its_zone(begin: Begin) -> None:
    log = begin()
    logging.getLogger("bot.rounds").info("A round of %d questions", 5)
    (line,) = log.lines
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} INFO bot\.rounds: A round of 5 questions", line)


@pytest.mark.parametrize(("level", "ours", "theirs"), [("DEBUG", 10, 20), ("INFO", 20, 20), ("ERROR", 40, 40)])
def test_only_what_is_ours_goes_below_info(begin: Begin, level: str, ours: int, theirs: int) -> None:
    begin(log_level=level)
    assert logging.getLogger("bot.discord_app.client").getEffectiveLevel() == ours
    for library in ("discord.http", "discord.client", "asyncio", "aiosqlite", "one.that.is.not.there.yet"):
        assert logging.getLogger(library).getEffectiveLevel() == theirs
    assert logging.getLogger("discord.gateway").getEffectiveLevel() >= logging.WARNING


@pytest.mark.parametrize("secret", [TOKEN, "loopback.f00d", "s3cr%7Et", "s3cr~t", "aW50ZXJhY3Rpb246MTIz_x-y"])
def test_no_token_is_shown(begin: Begin, secret: str) -> None:
    database = "postgresql+asyncpg://tutor:s3cr%7Et@db/tutor"
    log = begin(discord_token=SecretStr("loopback.f00d\n"), database_url=database)
    library = logging.getLogger("discord.http")
    library.warning("%s %s is rate limited", "POST", f"https://discord.com/api/v10/interactions/1/{secret}/callback")
    library.warning("%s", f"https://discord.com/api/v10/webhooks/1/{secret}?wait=true")
    library.warning("PATCH /webhooks/1/%s/messages/@original", secret)
    logging.getLogger("bot").error("Could not be told", exc_info=raised(RuntimeError(f"/webhooks/1/{secret}")))
    assert len(log.lines) > 3
    assert secret not in "".join(log.lines)


def test_a_name_and_a_password_in_an_address_are_not_shown(begin: Begin) -> None:
    log = begin()
    logging.getLogger("bot").warning("through %s", "http://ana:s3cret@proxy.example:3128")
    assert "http://[...]@proxy.example:3128" in log.lines[0]


def test_a_database_is_named_in_one_way_and_without_a_password(begin: Begin) -> None:
    log = begin()
    named = "The database is postgresql+asyncpg://tutor@127.0.0.1:5599/tutor"
    for line in (named, "postgresql+asyncpg://tutor:s3cret@db/tutor", "https://a-secret@db/tutor"):
        logging.getLogger("bot").warning("%s", line)
    assert named in log.lines[0]
    assert "s3cret" not in log.lines[1] and "a-secret" not in log.lines[2]


QUOTING = [ValueError(PRIVATE), KeyError(PRIVATE), UsageError(PRIVATE), AssertionError(PRIVATE), Exception(PRIVATE)]


@pytest.mark.parametrize("error", QUOTING, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("form", ["text", "json"])
def test_an_error_quotes_nobody(begin: Begin, form: str, error: Exception) -> None:
    log = begin(log_format=form, log_level="DEBUG")
    ours, theirs = logging.getLogger("bot.x"), logging.getLogger("discord.x")
    for logger in (ours, theirs):
        logger.warning("It failed: %s", error)
        logger.warning(error)
        logger.error("It failed", exc_info=raised(OSError(28, "No space left on device"), raised(error)))
        logger.error("It failed", exc_info=raised(ExceptionGroup(PRIVATE, [error])))
    written = "\n".join(log.lines)
    assert PRIVATE not in written
    assert written.count(type(error).__name__) >= 8
    assert "No space left on device" in written
    assert "in raised" in written  # where it was raised


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (StorageError("The database cannot be opened."), "The database cannot be opened."),
        (AttributeError("no attribute 'id'"), "AttributeError (no attribute 'id')"),
        (PermissionError(13, "Permission denied", "/data/x"), "PermissionError (Permission denied, /data/x, errno 13)"),
        (raised(ConnectionFailed("No way."), TimeoutError()), "No way."),
        (raised(UsageError("No."), TimeoutError()), "UsageError from TimeoutError"),
    ],
)
def test_an_error_says_what_it_may(error: BaseException, shown: str) -> None:
    assert logs.safe(error) == shown


class Member:
    def __repr__(self) -> str:
        return PRIVATE


def test_libraries_show_no_objects(begin: Begin) -> None:
    log = begin(log_level="DEBUG")
    logging.getLogger("discord.client").warning("%s said %r in %d, %.1f", Member(), {"content": PRIVATE}, 7, 0.5)
    logging.getLogger("discord.client").warning("%(who)s", {"who": Member()})
    logging.getLogger("discord.client").debug(PRIVATE)
    logging.getLogger("asyncio").warning("Executing %s took 1 s", f"<Handle Answering.ask('{PRIVATE}') at x.py:1>")
    assert [line.partition(": ")[2] for line in log.lines] == [
        "<Member> said '<dict>' in 7, 0.5",
        "<Member>",
        "Executing Answering.ask took 1 s",
    ]


async def test_what_python_would_write_itself_is_json_too(begin: Begin) -> None:
    log = begin(log_format="json")

    async def fails() -> None:
        raise ValueError(PRIVATE)

    task = asyncio.create_task(fails())
    await asyncio.wait({task})
    del task
    gc.collect()
    thread = threading.Thread(target=lambda: {}[PRIVATE])
    thread.start()
    thread.join()
    warnings.warn("an old way", UserWarning, stacklevel=1)
    sys.unraisablehook(SimpleNamespace(exc_value=KeyError(PRIVATE), object=fails))  # type: ignore[arg-type]
    sys.excepthook(KeyError, KeyError(PRIVATE), None)
    logging.getLogger("discord").warning("%d", PRIVATE)
    assert [record["logger"] for record in log.records] == ["asyncio", "bot", "py.warnings", "bot", "bot", "discord"]
    assert PRIVATE not in "".join(log.lines)


@pytest.mark.parametrize("form", ["json", "text"])
def test_the_last_line_is_of_the_logs_form(begin: Begin, form: str) -> None:
    log = begin(log_format=form)
    assert logs.last_line("Discord refused the token.") == (form == "json")
    assert [record["message"] for record in log.records] == ["Discord refused the token."][: form == "json"]
