"""Background tasks: held, so that none is lost, and their errors logged."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.discord_app import faults

GRACE_SECONDS = 3.0

Work = Coroutine[Any, Any, None]


class Background:
    """What runs beside the conversation: work that ends by itself, and work that goes on until the bot stops."""

    def __init__(self) -> None:
        self._ending: set[asyncio.Task[None]] = set()
        self._endless: set[asyncio.Task[None]] = set()

    def start(self, work: Work, name: str) -> None:
        """Runs `work` to its end."""
        self._hold(work, name, self._ending)

    def keep(self, work: Work, name: str) -> None:
        """Runs `work` until `stop`."""
        self._hold(work, name, self._endless)

    async def stop(self) -> None:
        """Ends every task: what is almost done (a row being written, say) gets a little time to finish."""
        for task in self._endless:
            task.cancel()
        if self._ending:
            await asyncio.wait(self._ending, timeout=GRACE_SECONDS)
        left = [*self._endless, *self._ending]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _hold(self, work: Work, name: str, held: set[asyncio.Task[None]]) -> None:
        task = asyncio.create_task(work, name=name)
        held.add(task)
        task.add_done_callback(held.discard)
        task.add_done_callback(_ended)


def _ended(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        faults.sentence(error, f"the background task {task.get_name()}")
