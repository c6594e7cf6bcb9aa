"""The queue in front of the workers: in order, fair, and sound whatever happens to a run or to who waits for it."""

import asyncio
import os
import signal
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import words
from bot.service.experiment_queue import (
    MOST_WAITING,
    MOST_WAITING_EACH,
    MOST_WAITING_HERE,
    ROUNDS_IN_A_ROW,
    ExperimentQueue,
    Party,
    QueueClosed,
    QueueFull,
    QueueLine,
    QueuePlace,
    Turns,
)
from bot.simulations.experiments import Request, Result, prepare
from bot.simulations.worker import Limits, RunUnfinished, TookTooLong, Worker, WorkerDied
from tests.simulations.rogues import find

HERE = 1  # the server of whoever has no other


@contextmanager
def refused(told: str) -> Iterator[None]:
    """No place is given, and the member is told that."""
    with pytest.raises(QueueFull) as full:
        yield
    assert told in words.refusals.sentence(full.value)


class Bell:
    """Runs until it is rung, once a run; keeps the order in which runs began."""

    def __init__(self, at_once: int = 1) -> None:
        self.at_once = at_once
        self.began: list[int] = []
        self.under_way = self.most_at_once = 0
        self._ends: deque[asyncio.Future[None]] = deque()
        self.closed = False

    async def run(self, request: Request) -> Result:
        self.began.append(request.seed)
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        end = asyncio.get_running_loop().create_future()
        self._ends.append(end)
        try:
            await end
        finally:
            self.under_way -= 1
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


async def ask(
    queue: ExperimentQueue, member: str, seed: int, line: QueueLine = QueueLine.MEMBERS, server: int | None = HERE
) -> Result:
    with queue.place(Party(member, server), line) as place:
        return await queue.run(place, request(seed))


def asking(
    queue: ExperimentQueue, member: str, seed: int, line: QueueLine = QueueLine.MEMBERS, server: int | None = HERE
) -> "asyncio.Task[Result]":
    return asyncio.create_task(ask(queue, member, seed, line, server))


async def test_first_come_first_served_one_at_a_time(queue: ExperimentQueue, bell: Bell) -> None:
    waiting = [asking(queue, f"member {seed}", seed) for seed in range(4)]
    for _ in range(4):
        await bell.ring()
    assert [one.result().seed for one in waiting] == bell.began == [0, 1, 2, 3]
    assert bell.most_at_once == 1


async def ask_for(queue: ExperimentQueue, member: str, wanted: Request, picture: bool = False) -> Result:
    with queue.place(Party(member, HERE), wanted=wanted) as place:
        return await queue.run(place, replace(wanted, picture=picture))


async def test_whoever_wants_what_another_waits_for_is_given_that(queue: ExperimentQueue, bell: Bell) -> None:
    other = asking(queue, "other", 5)
    await settle()
    waiting = [asyncio.create_task(ask_for(queue, f"member {n}", request(7))) for n in range(60)]
    await bell.ring()
    await bell.ring()
    assert bell.began == [5, 7]
    assert len({id(one.result()) for one in waiting}) == 1
    assert other.done()


async def test_it_is_run_for_the_next_where_who_wanted_it_first_goes_away(queue: ExperimentQueue, bell: Bell) -> None:
    other = asking(queue, "other", 5)
    await settle()
    first, second, third = (asyncio.create_task(ask_for(queue, f"member {n}", request(7))) for n in range(3))
    await settle()
    first.cancel()
    await bell.ring()
    await bell.ring(TookTooLong("too long"))
    assert isinstance(second.exception(), TookTooLong) or isinstance(third.exception(), TookTooLong)
    await bell.ring()
    assert {second.exception() is None, third.exception() is None} == {True, False}
    assert other.done()


async def test_a_run_without_the_picture_is_none_with_it(queue: ExperimentQueue, bell: Bell) -> None:
    plain, pictured = (asyncio.create_task(ask_for(queue, f"{p}", request(7), picture=p)) for p in (False, True))
    await bell.ring()
    assert plain.done() and not pictured.done()
    await bell.ring()
    assert pictured.done() and bell.began == [7, 7]


async def test_each_is_told_the_place(queue: ExperimentQueue) -> None:
    ana, ben = Party("a", HERE), Party("b", HERE)
    with queue.place(ana) as first, queue.place(ben) as second, queue.place(ana) as third:
        assert [first.place, second.place, third.place] == [1, 2, 3]
    with queue.place(Party("a", HERE)) as alone:
        assert alone.place == 1


async def test_a_member_has_at_most_two_waiting(queue: ExperimentQueue, bell: Bell) -> None:
    waiting = [asking(queue, "ana", seed) for seed in range(1 + MOST_WAITING_EACH)]
    await settle()
    with refused("You have 2"), queue.place(Party("ana", HERE)):
        pass
    ben = asking(queue, "ben", 9)
    for _ in waiting:
        await bell.ring()
    assert (ben.result().seed, waiting[-1].done()) == (9, False)  # of the two who wait one comes after the other
    again = asking(queue, "ana", 10)
    await bell.ring()
    await bell.ring()
    assert (waiting[-1].result().seed, again.result().seed) == (2, 10)


async def test_at_most_sixteen_of_a_server_wait(queue: ExperimentQueue, bell: Bell) -> None:
    waiting = [asking(queue, f"member {seed}", seed) for seed in range(1 + MOST_WAITING_HERE)]
    await settle()
    with refused("16 experiments of this server"), queue.place(Party("one more", HERE)):
        pass
    with queue.place(Party("elsewhere", 2)) as elsewhere:
        assert elsewhere.place == 3  # after the one that runs, and one more
    await bell.ring()
    with queue.place(Party("one more", HERE)) as place:
        assert place.place == 1 + MOST_WAITING_HERE
    for _ in waiting[1:]:
        await bell.ring()
    assert all(one.done() for one in waiting)


async def test_where_all_is_full_who_has_none_waiting_is_let_in(queue: ExperimentQueue) -> None:
    waiting = [asking(queue, f"member {n}", n, server=n // 2) for n in range(1 + MOST_WAITING)]
    await settle()
    with refused(f"{MOST_WAITING} experiments are waiting"), queue.place(Party("more", 7)):
        pass
    with queue.place(Party("new", 1000)), queue.place(Party("in a direct message")):
        pass
    for one in waiting:
        one.cancel()


async def test_a_hundred_rounds_fill_it_for_no_member_and_members_for_no_round(
    queue: ExperimentQueue, bell: Bell
) -> None:
    rounds = [asking(queue, f"round {n}", n, QueueLine.ROUNDS) for n in range(100)]
    await settle()
    members = [asking(queue, f"member {n}", 1000 + n) for n in range(MOST_WAITING_HERE)]
    await settle()
    for _ in range(100 + MOST_WAITING_HERE):
        await bell.ring()
    assert all(one.done() for one in [*rounds, *members])
    assert bell.began[:6] == [0, 1, 2, 3, 1000, 4]
    assert bell.began[(1 + ROUNDS_IN_A_ROW) * MOST_WAITING_HERE + 1 :] == list(range(49, 100))


async def test_as_many_run_at_once_as_can_but_one_of_each_member() -> None:
    bell = Bell(at_once=3)
    queue = ExperimentQueue(bell)
    waiting = [asking(queue, "ana", 0), asking(queue, "ana", 1), asking(queue, "ben", 2), asking(queue, "cem", 3)]
    waiting.append(asking(queue, "dora", 4, server=2))
    await settle()
    assert bell.began == [0, 2, 3]
    for _ in waiting:
        await bell.ring()
    assert bell.began == [0, 2, 3, 1, 4]
    assert bell.most_at_once == 3


async def test_what_runs_ahead_leaves_one_of_several_workers_to_those_who_wait() -> None:
    bell = Bell(at_once=3)
    queue = ExperimentQueue(bell)
    ahead = [asking(queue, f"round {n}", n, QueueLine.AHEAD) for n in range(3)]
    await settle()
    assert bell.began == [0, 1]
    member = asking(queue, "ana", 9)
    await settle()
    assert bell.began == [0, 1, 9]
    for _ in range(4):
        await bell.ring()
    assert all(one.done() for one in [*ahead, member])


async def test_a_member_is_told_how_many_of_all_come_before(queue: ExperimentQueue, bell: Bell) -> None:
    rounds = [asking(queue, f"round {n}", n, QueueLine.ROUNDS) for n in range(5)]  # one of them runs
    await settle()
    waiting = [asking(queue, "ana", 1000)]
    await settle()
    with queue.place(Party("ben", HERE)) as place:
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
    one, other = Party("round", HERE), Party("other", HERE)
    with queue.place(one, QueueLine.AHEAD) as hurried, queue.place(other, QueueLine.AHEAD) as later:
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
    with pytest.raises(ZeroDivisionError), queue.place(Party("a", HERE)):
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
    with pytest.raises(QueueClosed), queue.place(Party("c", HERE)):
        pass
    assert isinstance(running.exception(), QueueClosed)


@pytest.mark.slow
async def test_the_real_worker_hangs_dies_or_is_killed_and_the_next_run_works() -> None:
    queue = ExperimentQueue(Worker(Limits(run=0.5, memory=1 << 30), "tests.simulations.rogues"))

    async def run(name: str) -> Result:
        with queue.place(Party("ana", HERE)) as place:
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


SERVERS = range(5)
parties = st.builds(Party, st.sampled_from("abc"), st.sampled_from([*SERVERS, None]))
lines = st.sampled_from([QueueLine.ROUNDS, QueueLine.MEMBERS])
comings = st.lists(st.one_of(st.builds(QueuePlace, parties, lines), st.none()), max_size=40)  # None: one is taken


@given(comings)
def test_a_server_delays_another_by_its_turn_and_no_more(comings: list[QueuePlace | None]) -> None:
    """From when a server has something waiting in a line, or had its turn, to its turn every other has one at most."""
    turns, since = Turns(), dict[tuple[QueueLine, int | str], list[int | str]]()
    for coming in [*comings, *[None] * len(comings)]:
        if coming:
            turns.add(coming)
            since.setdefault((coming.line, coming.party.taking_turns), [])
        elif taken := turns.next():
            server = taken.party.taking_turns
            between = since.pop((taken.line, server))
            assert len(between) == len(set(between))
            for (line, _), others in since.items():
                if line is taken.line:
                    others.append(server)
            if turns.lines[taken.line].waiting(server):
                since[taken.line, server] = []
    assert not [*turns]


@given(comings)
def test_a_round_goes_first_but_for_a_member_after_every_third(comings: list[QueuePlace | None]) -> None:
    turns, in_a_row = Turns(), 0
    for coming in [*comings, *[None] * len(comings)]:
        if coming:
            turns.add(coming)
            continue
        rounds, members = (any(turns.lines[line]) for line in (QueueLine.ROUNDS, QueueLine.MEMBERS))
        if taken := turns.next():
            wanted = members and (not rounds or in_a_row == ROUNDS_IN_A_ROW)
            assert taken.line is (QueueLine.MEMBERS if wanted else QueueLine.ROUNDS)
            in_a_row = in_a_row + 1 if rounds and members and not wanted else 0


@given(comings, parties)
def test_the_place_that_is_told_is_the_place_that_it_has(comings: list[QueuePlace | None], party: Party) -> None:
    turns = Turns()
    for coming in comings:
        if coming:
            turns.add(coming)
        else:
            turns.next()
    turns.add(mine := QueuePlace(party, QueueLine.MEMBERS))
    told, come = turns.before(mine), 0
    while turns.next() is not mine:
        come += 1
    assert told == come


@given(comings, st.sets(st.sampled_from("abc")))
def test_who_may_not_run_now_keeps_the_turn_and_holds_up_nobody(
    comings: list[QueuePlace | None], busy: set[str]
) -> None:
    turns = Turns()
    for coming in comings:
        if coming:
            turns.add(coming)
    free = sum(one.party.name not in busy for one in turns)
    taken = [turns.next(lambda party: party.name not in busy) for _ in range(free)]
    assert all(one and one.party.name not in busy for one in taken)
    assert turns.next(lambda party: party.name not in busy) is None
    assert {one.party.name for one in turns} <= busy
