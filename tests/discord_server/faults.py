"""Trouble on demand: the next request that fits fails, is lost, or is held until the test lets it go."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from .requests import Call


@dataclass(eq=False)
class Fault:
    """`status` None with `hold` False breaks the connection instead of answering.

    `handled`: does the server carry the request out before it fails to say so?
    """

    method: str
    path: str
    times: int = 1
    status: int | None = None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    handled: bool = False
    hold: bool = False
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def fits(self, call: Call) -> bool:
        return self.times > 0 and self.method == call.method and fnmatchcase(call.path, self.path)

    def release(self) -> None:
        """Lets the requests that are held go on, and holds no more."""
        self.times = 0
        self._released.set()

    async def wait(self) -> None:
        self.arrived.set()
        await self._released.wait()


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        self._waiting.append(fault)
        return fault

    def take(self, call: Call) -> Fault | None:
        """The first fault that fits, used up by one."""
        for fault in self._waiting:
            if fault.fits(call):
                fault.times -= 1
                return fault
        return None

    def release_all(self) -> None:
        for fault in self._waiting:
            fault.release()
