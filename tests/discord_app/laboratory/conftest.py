"""The bot on the loopback with a real worker, kept from test to test."""

from collections.abc import Iterator

import pytest

from bot.service.experiment_queue import Runner
from bot.simulations.experiments import Request, Result
from bot.simulations.worker import Worker
from tests.discord_server import LoopbackDiscord


class Kept:
    """A worker that outlives the bot of one test."""

    at_once = 1

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.ran: list[Request] = []

    async def run(self, request: Request) -> Result:
        self.ran.append(request)
        return await self.worker.run(request)

    def close(self) -> None:
        return


@pytest.fixture(scope="session")
def kept() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


@pytest.fixture
def worker(kept: Worker, loopback: LoopbackDiscord) -> Runner:
    loopback.patience = 20  # a run takes a second or two, and twice that on a busy machine
    return Kept(kept)
