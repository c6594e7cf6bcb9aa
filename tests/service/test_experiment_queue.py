"""The queue in front of the worker: in order, fair, and sound whatever happens to a run or to who waits for it."""

import asyncio
import os
import signal
from collections import deque

import pytest

from bot.service.experiment_queue import (
    MOST_WAITING,
    MOST_WAITING_EACH,
    ExperimentQueue,
    QueueClosed,
    QueueFull,
    QueueLine,
)
from bot.simulations.experiments import Request, Result, prepare
from bot.simulations.worker import Limits, RunUnfinished, TookTooLong, Worker, WorkerDied
from tests.simulations.rogues import find


class Bell:
    """Runs until it is rung, once a run; keeps the order in which runs began."""

    def __init__(self) -> None:
        self.began: list[int] = []
        self.at_once = self.most_at_once = 0
        self._ends: deque[asyncio.Future[None]] = deque()
        self.closed = False

    async def run(self, request: Request) -> Result:
        self.began.append(request.seed)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        end = asyncio.get_running_loop().create_future()
        self._ends.append(end)
        try:
            await end
        finally:
            self.at_once -= 1
        return Result(request.experiment, request.seed, ())

    def close(self) -> None:
        self.closed = True

    async def ring(self, fault: Exception | None = None) -> None:
        await settle()
        end = self._ends.popleft()
        if fault:
            end.set_exception(fault)
        else:
            end.set_result(None)
        await settle()


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def request(seed: int) -> Request:
    return Request("momentum", seed, ({},))


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def queue(bell: Bell) -> ExperimentQueue:
    return ExperimentQueue(bell)


async def ask(queue: ExperimentQueue, member: str, seed: int, line: QueueLine = QueueLine.MEMBERS) -> Result:
    with queue.place(member, line) as place:
        return await queue.run(place, request(seed))


def asking(
    queue: ExperimentQueue, member: str, seed: int, line: QueueLine = QueueLine.MEMBERS
) -> "asyncio.Task[Result]":
    return asyncio.create_task(ask(queue, member, seed, line))


async def test_first_come_first_served_one_at_a_time(queue: ExperimentQueue, bell: Bell) -> None:
    waiting = [asking(queue, f"member {seed}", seed) for seed in range(4)]
    for _ in range(4):
        await bell.ring()
    assert [one.result().seed for one in waiting] == bell.began == [0, 1, 2, 3]
    assert bell.most_at_once == 1


async def test_each_is_told_the_place(queue: ExperimentQueue) -> None:
    with queue.place("a") as first, queue.place("b") as second, queue.place("a") as third:
        assert [first.place, second.place, third.place] == [1, 2, 3]
    with queue.place("a") as alone:
        assert alone.place == 1


async def test_a_member_has_at_most_two_waiting(queue: ExperimentQueue, bell: Bell) -> None:
    waiting = [asking(queue, "ana", seed) for seed in range(1 + MOST_WAITING_EACH)]
    await settle()
    with pytest.raises(QueueFull, match="You have 2"), queue.place("ana"):
        pass
    ben = asking(queue, "ben", 9)
    for _ in waiting:
        await bell.ring()
    assert not ben.done()
    again = asking(queue, "ana", 10)
    await bell.ring()
    await bell.ring()
    assert (ben.result().seed, again.result().seed) == (9, 10)


async def test_at_most_sixteen_wait_in_all(queue: ExperimentQueue, bell: Bell) -> None:
    waiting = [asking(queue, f"member {seed}", seed) for seed in range(1 + MOST_WAITING)]
    await settle()
    with pytest.raises(QueueFull, match="16 experiments"), queue.place("one more"):
        pass
    await bell.ring()
    with queue.place("one more") as place:
        assert place.place == 1 + MOST_WAITING
    for _ in waiting[1:]:
        await bell.ring()
    assert all(one.done() for one in waiting)


async def test_a_hundred_rounds_fill_it_for_no_member_and_members_for_no_round(
    queue: ExperimentQueue, bell: Bell
) -> None:
    rounds = [asking(queue, f"round {n}", n, QueueLine.ROUNDS) for n in range(100)]
    await settle()
    members = [asking(queue, f"member {n}", 1000 + n) for n in range(MOST_WAITING)]
    await settle()
    for _ in range(100 + MOST_WAITING):
        await bell.ring()
    assert all(one.done() for one in [*rounds, *members])
    assert bell.began[:5] == [0, 1000, 1, 1001, 2]
    assert bell.began[2 * MOST_WAITING :] == list(range(MOST_WAITING, 100))


async def test_a_member_is_told_how_many_of_all_come_before(queue: ExperimentQueue, bell: Bell) -> None:
    rounds = [asking(queue, f"round {n}", n, QueueLine.ROUNDS) for n in range(5)]  # one of them runs
    await settle()
    waiting = [asking(queue, "ana", 1000)]
    await settle()
    with queue.place("ben") as place:
        told = place.place
        task = asyncio.create_task(queue.run(place, request(2000)))
        for _ in range(7):
            await bell.ring()
        await task
    assert all(one.done() for one in [*rounds, *waiting])
    assert bell.began.index(2000) + 1 == told


async def test_what_runs_ahead_waits_for_all_until_it_is_hurried(queue: ExperimentQueue, bell: Bell) -> None:
    first = asking(queue, "a", 0)
    await settle()
    with queue.place("round", QueueLine.AHEAD) as hurried, queue.place("other", QueueLine.AHEAD) as later:
        ahead = [asyncio.create_task(queue.run(place, request(n))) for n, place in ((1, hurried), (2, later))]
        members = [asking(queue, "b", 3), asking(queue, "c", 4)]
        await settle()
        queue.hurry(hurried)
        for _ in range(5):
            await bell.ring()
        assert bell.began == [0, 1, 3, 4, 2]
        assert all(one.done() for one in [first, *ahead, *members])


async def test_who_goes_away_while_waiting_leaves_the_line(queue: ExperimentQueue, bell: Bell) -> None:
    first, second, third = (asking(queue, name, seed) for seed, name in enumerate("abc"))
    await settle()
    second.cancel()
    await bell.ring()
    await bell.ring()
    assert bell.began == [0, 2]
    assert first.done()
    assert third.result().seed == 2


async def test_who_goes_away_while_it_runs_holds_nobody_up_and_nobody_runs_beside(
    queue: ExperimentQueue, bell: Bell
) -> None:
    first, second = asking(queue, "a", 0), asking(queue, "b", 1)
    await settle()
    first.cancel()
    await settle()
    assert bell.began == [0]  # the worker is still at it
    await bell.ring(WorkerDied("It was stopped."))
    await bell.ring()
    assert second.result().seed == 1
    assert bell.most_at_once == 1


async def test_a_failed_run_is_told_to_its_member_only(queue: ExperimentQueue, bell: Bell) -> None:
    first, second = asking(queue, "a", 0), asking(queue, "b", 1)
    await bell.ring(TookTooLong("Too long."))
    await bell.ring()
    assert isinstance(first.exception(), TookTooLong)
    assert second.result().seed == 1


async def test_a_turn_that_is_not_used_is_passed_on(queue: ExperimentQueue, bell: Bell) -> None:
    with pytest.raises(ZeroDivisionError), queue.place("a"):
        waiting = asking(queue, "b", 1)
        await settle()
        raise ZeroDivisionError
    await bell.ring()
    assert waiting.result().seed == 1


async def test_closing_lets_nobody_wait_and_nobody_in(queue: ExperimentQueue, bell: Bell) -> None:
    running, waiting = asking(queue, "a", 0), asking(queue, "b", 1)
    await settle()
    closing = asyncio.create_task(queue.close())
    await bell.ring(WorkerDied("It was stopped."))  # what the worker says when it is closed
    await closing
    assert bell.closed
    assert isinstance(waiting.exception(), QueueClosed)
    with pytest.raises(QueueClosed), queue.place("c"):
        pass
    assert isinstance(running.exception(), QueueClosed)


async def test_the_real_worker_hangs_dies_or_is_killed_and_the_next_run_works() -> None:
    queue = ExperimentQueue(Worker(Limits(run=0.5, memory=1 << 30), "tests.simulations.rogues"))

    async def run(name: str) -> Result:
        with queue.place("ana") as place:
            return await queue.run(place, prepare(name, find=find))

    for name in ("hang", "creep", "die"):
        with pytest.raises(RunUnfinished):
            await run(name)
    process = int((await run("fine")).runs[0].metrics["process"])
    killed, after = asyncio.create_task(run("hang")), asyncio.create_task(run("fine"))
    await asyncio.sleep(0.1)
    os.kill(process, signal.SIGKILL)
    assert isinstance((await asyncio.gather(killed, return_exceptions=True))[0], WorkerDied)
    assert (await after).runs[0].headline == "Fine."
    await queue.close()
