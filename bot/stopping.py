"""Being asked to stop: SIGTERM, SIGHUP and Ctrl-C are one clean stop with status 0, from the first instant of `run` on.

Until the bot serves there is nothing to finish: what is half loaded is let go at once, and the database takes a step
whole or not at all. After that the stop is told to whoever listens, announces it, and lets the process end. Whoever
asks again is not kept waiting: it ends at once, with status 1. A closing terminal sends SIGHUP twice, and Ctrl-C under
a wrapper comes twice too, so that is asked again only which comes a second later, and is no SIGHUP.

SIGUSR1, where the system has it, asks for something else: to read the knowledge anew. It is noted from the first
instant on too, since it would end the process otherwise.

As process 1 of a container it would be deaf without: what such a process does not handle is ignored. This is what
`run` loads first, so it loads little itself.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

ASKING = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")  # not every system has all of them
AGAIN_AFTER = 1.0  # seconds
CLEAN, CUT_OFF = 0, 1


class _State:
    """How far the process is."""

    def __init__(self) -> None:
        self.since: float | None = None  # when it was asked
        self.listener: Callable[[str], object] | None = None
        self.served = False  # it has, and is ending by itself
        self.reread = False  # it was asked to read the knowledge anew, and nobody listened yet
        self.rereads: Callable[[], object] | None = None


_state = _State()


def begin() -> None:
    """Take note of requests to stop from here on. One that is ignored stays so: `nohup` and `&` of a shell mean it."""
    for number in _numbers():
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _asked)
    if hasattr(signal, "SIGUSR1"):
        signal.signal(signal.SIGUSR1, _asked_to_reread)


def asked() -> bool:
    """Whether the process was asked to stop."""
    return _state.since is not None


@contextmanager
def listening(listener: Callable[[str], object]) -> Iterator[None]:
    """Have the first request told to `listener`, by the signal's name, in the main thread between any two steps.

    Without `begin` before, requests are noted inside the block only. In another thread than the main one none are.
    """
    before = {number: signal.getsignal(number) for number in _numbers()}
    with suppress(ValueError):  # not in the main thread
        begin()
    _state.since, _state.listener = None, listener
    try:
        yield
    finally:
        _state.listener, _state.served = None, True
        for number, handler in before.items():
            if handler is not None and handler is not _asked:
                with suppress(ValueError):
                    signal.signal(number, handler)


@contextmanager
def rereading(listener: Callable[[], object]) -> Iterator[None]:
    """Have each request to read the knowledge anew told to `listener` inside the block, in the main thread between any
    two steps; one that came before at once. What comes after the block is passed over."""
    _state.rereads = listener
    try:
        if _state.reread:
            _state.reread = False
            listener()
        yield
    finally:
        _state.rereads = None


def leave(status: int) -> None:
    """End the process at once, whatever its threads are at."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    os._exit(status)


def _numbers() -> list[signal.Signals]:
    return [getattr(signal, name) for name in ASKING if hasattr(signal, name)]


def _asked(number: int, _: FrameType | None) -> None:
    name, now = signal.Signals(number).name, time.monotonic()
    if _state.since is None:
        _state.since = now
        if _state.listener:
            _state.listener(name)
        elif not _state.served:
            _leave("Asked to stop (%s) before I had begun", name, CLEAN)
    elif now - _state.since >= AGAIN_AFTER and name != "SIGHUP":
        _leave("Asked to stop once more (%s): I end at once", name, CUT_OFF)


def _asked_to_reread(_number: int, _: FrameType | None) -> None:
    if _state.rereads:
        _state.rereads()
    else:
        _state.reread = True


def _leave(told: str, name: str, status: int) -> None:
    import logging

    with suppress(Exception):  # it may come in the middle of a line of the log
        logging.getLogger(__name__).info(told, name)
    leave(status)
