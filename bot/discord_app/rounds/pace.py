"""Requests of ours, spread in time: Discord takes 50 a second of a bot, and counts against it what goes beyond.

discord.py waits only when it has been refused, and then lets everything try again at once. Answers to interactions
are not counted.
"""

import asyncio

A_SECOND = 40  # the rest is for replies to messages


class Pace:
    """Lets everyone through in order of coming, so many a second."""

    def __init__(self, a_second: float = A_SECOND) -> None:
        self._apart = 1 / a_second
        self._next = 0.0

    async def turn(self) -> None:
        """Returns when it is the caller's turn; at once where nobody else came just before."""
        now = asyncio.get_running_loop().time()
        mine = max(now, self._next)
        self._next = mine + self._apart
        if mine > now:
            await asyncio.sleep(mine - now)
