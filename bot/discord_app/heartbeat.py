"""The sign of life: a file that only a connected bot touches, for the container's health check."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

_log = logging.getLogger(__name__)

EVERY_SECONDS = 20.0
WAITING_SECONDS = 1.0  # between two looks while there is no connection


async def beat(file: Path, alive: Callable[[], bool], every: float = EVERY_SECONDS) -> None:
    """Touches `file` every so many seconds for as long as `alive` says so; never returns."""
    while True:
        beating = alive()
        if beating:
            try:
                await asyncio.to_thread(_touch, file)
            except OSError as error:
                _log.warning("The heartbeat file %s cannot be written: %s", file, error.strerror)
        await asyncio.sleep(every if beating else min(every, WAITING_SECONDS))


def _touch(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
