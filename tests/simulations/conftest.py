"""A worker for the tests of experiments: one thread a matrix product, as in use, and every warning an error."""

from collections.abc import Iterator

import pytest

from bot.simulations.worker import Limits, Worker


@pytest.fixture(scope="session")
def strict() -> Iterator[Worker]:
    worker = Worker(Limits(run=60), "tests.simulations.strict")
    yield worker
    worker.close()
