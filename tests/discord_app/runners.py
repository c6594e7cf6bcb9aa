"""A stand-in for the worker process: the same numbers, computed in this one."""

import asyncio

from bot.simulations import experiments
from bot.simulations.execute import execute
from bot.simulations.experiments import Request, Result
from bot.simulations.worker import RunUnfinished


class HereRunner:
    """Runs at once; `broken` makes every run fail. `ran` are the requests in order."""

    at_once = 1

    def __init__(self) -> None:
        self.broken = False
        self.ran: list[Request] = []

    async def run(self, request: Request) -> Result:
        if self.broken:
            raise RunUnfinished("The run was stopped.")
        self.ran.append(request)
        return await asyncio.to_thread(execute, request, experiments.find)  # beside the event loop, as the worker is

    def close(self) -> None:
        pass
