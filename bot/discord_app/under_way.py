"""What is being answered right now: a shutdown waits a little for it."""

import asyncio
import contextlib
from collections.abc import Iterator


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
