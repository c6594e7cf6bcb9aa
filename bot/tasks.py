"""Background tasks of asyncio: held, so that none is lost to the garbage collector, and their errors told."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

_log = logging.getLogger(__name__)

Work = Coroutine[Any, Any, None]


def seen(work: "asyncio.Future[Any]") -> None:
    """Take note of an error of work that is done, so that asyncio does not complain of one that nobody waits for."""
    if not work.cancelled():
        work.exception()


def _logged(error: BaseException, name: str) -> None:
    _log.error("%s failed", name, exc_info=error)


class Tasks:
    """What runs beside everything else: work that ends by itself, and work that goes on until it is stopped.

    `failed` is called with the error of a task that failed, and with the task's name.
    """

    def __init__(self, failed: Callable[[BaseException, str], object] = _logged) -> None:
        self._failed = failed
        self._ending: set[asyncio.Task[None]] = set()
        self._endless: set[asyncio.Task[None]] = set()

    def start(self, work: Work, name: str) -> "asyncio.Task[None]":
        """Run `work` to its end."""
        return self._hold(work, name, self._ending)

    def keep(self, work: Work, name: str) -> "asyncio.Task[None]":
        """Run `work` until `stop`."""
        return self._hold(work, name, self._endless)

    async def stop(self, grace: float = 0.0) -> None:
        """End every task. What would end by itself (a row being written, say) has `grace` seconds to do so."""
        for task in self._endless:
            task.cancel()
        if self._ending and grace:
            await asyncio.wait(self._ending, timeout=grace)
        left = [*self._endless, *self._ending]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _hold(self, work: Work, name: str, held: set["asyncio.Task[None]"]) -> "asyncio.Task[None]":
        task = asyncio.create_task(work, name=name)
        held.add(task)
        task.add_done_callback(held.discard)
        task.add_done_callback(self._tell)
        return task

    def _tell(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and (error := task.exception()):
            self._failed(error, task.get_name())


class Prepared:
    """Something that takes a while to make, and is made by a thread from `begin` on; until then nobody waits for it."""

    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make
        self._making: asyncio.Future[object] | None = None

    @property
    def done(self) -> bool:
        """Whether there is nothing to wait for."""
        return self._making is None

    def begin(self) -> None:
        """Have a thread make it."""
        self._making = asyncio.ensure_future(asyncio.to_thread(self._make))
        self._making.add_done_callback(seen)

    async def wait(self) -> None:
        """Return when it is there. Raises what making it raises; who waits after that has it tried again."""
        if self._making is None:
            return
        if self._making.done() and self._making.exception():
            self.begin()
        await asyncio.shield(self._making)
        self._making = None


class UnderWay:
    """Counts the answers that are on their way."""

    def __init__(self) -> None:
        self._count = 0
        self._fewer = asyncio.Event()

    @contextlib.contextmanager
    def one(self) -> Iterator[None]:
        """One of them, until the block is left."""
        self._count += 1
        try:
            yield
        finally:
            self._count -= 1
            self._fewer.set()

    async def done(self, within: float) -> None:
        """Waits until there are none, `within` seconds at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self._count:
                    self._fewer.clear()
                    await self._fewer.wait()
                    await asyncio.sleep(0)  # what fails is told in one more step
