"""The worker's side: reads requests from standard input, answers on standard output, ends when the input does."""

import json
import os
import sys
import traceback
from contextlib import suppress
from typing import Any, BinaryIO

from bot.simulations.execute import execute
from bot.simulations.plot import Axis, Line, Panel, Plot
from bot.simulations.request import Find, Request


def serve(find: Find, memory: int) -> None:
    """Answers until the parent closes the pipe or is gone. `memory` is in bytes of address space."""
    channel = _private_output()
    _limit_memory(memory)
    _send(channel, {"ready": True})
    for line in sys.stdin.buffer:
        _send(channel, _answer(json.loads(line), find))


def _private_output() -> BinaryIO:
    """Keeps the pipe for answers; what anything prints goes to standard error instead."""
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return channel


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows; the time limit still holds there
        return
    with suppress(ValueError):  # a stricter limit was set from outside, and holds; macOS takes none
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _send(channel: BinaryIO, message: dict[str, Any]) -> None:
    channel.write(json.dumps(message).encode("ascii") + b"\n")
    channel.flush()


def _answer(message: dict[str, Any], find: Find) -> dict[str, Any]:
    try:
        if "warm" in message:
            _warm()
            return {"ready": True}
        request = Request(**{**message, "runs": tuple(message["runs"])})
        return {"result": execute(request, find).plain()}
    except MemoryError:
        return {"fault": "memory"}
    except Exception:  # whatever it is, the bot shall hear of it
        return {"fault": "broke", "traceback": traceback.format_exc()}


def _warm() -> None:
    """Loads matplotlib and its fonts, so that the first picture is not charged for it."""
    from bot.simulations.plotting import plotter

    plotter.png("", "", [("", Plot([Panel(Axis("x"), Axis("y", log=True), [Line("line", [0, 1], [1, 10])])]))])
