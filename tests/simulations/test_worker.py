"""The worker survives whatever an experiment does, and never stands in the bot's way."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.simulations.experiment import TooMuchWork
from bot.simulations.experiments import Request, Result, prepare
from bot.simulations.worker import (
    ExperimentBroke,
    Limits,
    RunUnfinished,
    TookTooLong,
    TooMuchMemory,
    Worker,
    WorkerDied,
    Workers,
    most_workers,
)
from tests.conftest import ROOT
from tests.simulations.rogues import find

pytestmark = pytest.mark.slow  # all of it takes ten seconds or more

SHORT = Limits(run=0.5, memory=1 << 30)


@pytest.fixture(scope="module")
def shared() -> Iterator[Worker]:
    worker = Worker(SHORT, "tests.simulations.rogues")
    yield worker
    worker.close()


def request(name: str, **settings: object) -> Request:
    return prepare(name, settings, find=find)


def test_what_the_process_writes_to_standard_error_is_logged(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    worker = Worker(SHORT, "tests.simulations.rogues")
    worker.run_now(request("grumble"))
    worker.close()
    for thread in threading.enumerate():
        if thread.name == "standard error of the worker":
            thread.join(5)
    assert "The worker process says: a library\N{REPLACEMENT CHARACTER} complains" in caplog.text
    assert "complains" not in capfd.readouterr().err


ENDS_IN_A_RUN = """
import os, threading, time
from bot.simulations.worker import Limits, Worker
from tests.simulations.test_worker import process_of, request
worker = Worker(Limits(run=600), "tests.simulations.rogues")
print(process_of(worker), flush=True)
threading.Thread(target=worker.run_now, args=[request("deaf")], daemon=True).start()
time.sleep(0.5)
os._exit(0)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no parent's number changes there")
def test_a_run_does_not_outlive_the_bot() -> None:
    ended = subprocess.run([sys.executable, "-c", ENDS_IN_A_RUN], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    worker, deadline = int(ended.stdout), time.monotonic() + 20
    with pytest.raises(ProcessLookupError):
        while time.monotonic() < deadline:
            os.kill(worker, 0)
            time.sleep(0.05)


def process_of(worker: Worker) -> int:
    return int(worker.run_now(request("fine")).runs[0].metrics["process"])


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("hang", TookTooLong),
        ("deaf", TookTooLong),
        ("hog", TooMuchMemory),
        ("creep", TooMuchMemory),
        ("die", WorkerDied),
        ("leave", WorkerDied),
        ("broken", ExperimentBroke),
        ("undeclared", ExperimentBroke),
    ],
)
def test_a_fault_is_named_and_the_next_run_works(shared: Worker, name: str, fault: type[RunUnfinished]) -> None:
    before = process_of(shared)
    with pytest.raises(fault) as told:
        shared.run_now(request(name))
    assert len(str(told.value).splitlines()) == 1
    assert process_of(shared) != before


def test_the_process_is_kept_between_runs(shared: Worker) -> None:
    assert process_of(shared) == process_of(shared)


def test_a_worker_killed_between_two_runs_is_replaced_unnoticed(shared: Worker) -> None:
    process_of(shared)
    child = shared._process._child  # type: ignore[union-attr]
    child.kill()
    child.wait(5)
    assert process_of(shared)


def test_a_worker_killed_in_mid_run_is_reported(shared: Worker) -> None:
    pid = process_of(shared)
    killer = threading.Timer(0.1, os.kill, (pid, signal.SIGKILL))
    killer.start()
    with pytest.raises(WorkerDied):
        shared.run_now(request("hang"))
    killer.join()


def test_what_an_experiment_prints_is_no_answer(shared: Worker) -> None:
    assert shared.run_now(request("noisy")).runs[0].headline == "Fine."


def test_a_traceback_goes_to_the_log(shared: Worker, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ExperimentBroke, match="ZeroDivisionError: by the rogue"):
        shared.run_now(request("broken"))
    assert "ZeroDivisionError: by the rogue" in caplog.text


def test_one_thread_and_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    worker = Worker(SHORT, "tests.simulations.rogues")
    try:
        assert worker.run_now(request("environment")).runs[0].metrics["process"] == 2.0
    finally:
        worker.close()


def test_too_much_work_is_refused_before_anything_runs() -> None:
    with pytest.raises(TooMuchWork, match=r"heavy .* 1e\+06 billion multiply-adds; at most 40 billion"):
        request("heavy")


@pytest.mark.skipif(sys.platform != "linux", reason="sets a limit as shells on Linux do")
def test_a_stricter_limit_from_outside_stays() -> None:
    code = "import resource; from bot.simulations.execute import _limit_memory; _limit_memory(1 << 40)"
    code += "; print(resource.getrlimit(resource.RLIMIT_AS)[0])"
    done = subprocess.run(
        ["sh", "-c", f"ulimit -v 1900000 && exec {sys.executable} -c '{code}'"], capture_output=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr


def test_an_idle_worker_leaves_and_comes_back_for_the_next_run() -> None:
    worker = Worker(Limits(idle=0.05), "tests.simulations.rogues")
    try:
        before = process_of(worker)
        child = worker._process._child  # type: ignore[union-attr]
        assert child.wait(10) is not None
        assert process_of(worker) != before
    finally:
        worker.close()


def test_a_worker_at_work_is_not_idle() -> None:
    worker = Worker(Limits(idle=0.0), "tests.simulations.rogues")
    try:
        assert all(process_of(worker) for _ in range(5))
    finally:
        worker.close()


def test_a_module_that_does_not_start() -> None:
    worker = Worker(SHORT, "tests.simulations.nothing")
    with pytest.raises(WorkerDied):
        worker.run_now(request("fine"))
    worker.close()


def test_a_start_that_takes_too_long_is_not_blamed_on_the_run() -> None:
    worker = Worker(Limits(start=0.001), "tests.simulations.rogues")
    with pytest.raises(TookTooLong, match="to start"):
        worker.run_now(request("fine"))
    worker.close()


def test_a_machine_that_takes_no_more_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/there/is/no/such/interpreter")
    worker = Worker(SHORT, "tests.simulations.rogues")
    with pytest.raises(WorkerDied, match="cannot be started"):
        worker.run_now(request("fine"))
    worker.close()


async def test_the_event_loop_is_free_while_the_worker_is_busy(shared: Worker) -> None:
    busy = asyncio.create_task(shared.run(request("hang")))
    for _ in range(50):  # a loop that is blocked would come back once, with the run at its end
        await asyncio.sleep(0)
        assert not busy.done()
    with pytest.raises(TookTooLong):
        await busy


async def test_runs_wait_for_each_other_and_waiting_does_not_count(shared: Worker) -> None:
    wanted = [request("hang"), request("hang"), request("fine")]
    first, second, third = await asyncio.gather(*map(shared.run, wanted), return_exceptions=True)
    assert isinstance(first, TookTooLong)
    assert isinstance(second, TookTooLong)
    assert not isinstance(third, BaseException)


async def test_closing_ends_a_run_under_way() -> None:
    worker = Worker(Limits(run=30), "tests.simulations.rogues")
    await worker.run(request("fine"))
    busy = asyncio.create_task(worker.run(request("hang")))
    await asyncio.sleep(0.1)
    await asyncio.to_thread(worker.close)
    with pytest.raises(WorkerDied):
        await busy
    with pytest.raises(RunUnfinished):
        worker.run_now(request("fine"))


def test_the_worker_ends_with_the_bot(shared: Worker) -> None:
    process_of(shared)
    child = shared._process._child  # type: ignore[union-attr]
    child.stdin.close()  # what the system does when the bot is gone
    assert child.wait(5) == 0
    assert process_of(shared)


def test_pictures_and_numbers_come_as_bytes() -> None:
    worker = Worker(Limits(), "tests.simulations.rogues")
    result = worker.run_now(replace(request("fine", size=3), picture=True, numbers=True))
    worker.close()
    assert result.png.startswith(b"\x89PNG")
    assert result.csv.decode().splitlines()[-1] == ",y,line,1,3"
    assert "line: rises from 0 to 3." in result.alt


class TestSeveral:
    @pytest.fixture
    def workers(self) -> Iterator[Workers]:
        workers = Workers(2, SHORT, "tests.simulations.rogues")
        yield workers
        workers.close()

    async def test_what_hangs_or_dies_takes_nobody_with_it(self, workers: Workers) -> None:
        for fault in ("hang", "die", "hog"):
            rogue = asyncio.create_task(workers.run(request(fault)))
            await asyncio.sleep(0)
            assert (await workers.run(request("fine"))).runs[0].headline == "Fine."
            with pytest.raises(RunUnfinished):
                await rogue
        assert len({_process_of(one) for one in await asyncio.gather(*_twice(workers, "fine"))}) == 2

    async def test_no_more_start_than_are_needed_and_those_that_are_not_needed_any_more_end(self) -> None:
        workers = Workers(3, replace(SHORT, idle=0.3), "tests.simulations.rogues")
        one, other = await asyncio.gather(*_twice(workers, "fine"))
        assert _process_of(one) != _process_of(other)
        assert sum(each._process is not None for each in workers._all) == 2
        ends = [each._process._child for each in workers._all if each._process]
        await asyncio.gather(*(asyncio.to_thread(each.wait, 10) for each in ends))
        assert (await workers.run(request("fine"))).runs[0].headline == "Fine."
        workers.close()

    async def test_closing_ends_them_all_those_that_are_starting_too(self) -> None:
        workers = Workers(2, Limits(), "tests.simulations.rogues")
        busy = [asyncio.create_task(one) for one in _twice(workers, "hang")]
        await asyncio.sleep(0)
        await asyncio.to_thread(workers.close)
        ended = await asyncio.gather(*busy, return_exceptions=True)
        assert [type(one) for one in ended] == [WorkerDied, WorkerDied]


def _twice(workers: Workers, name: str) -> "list[Coroutine[None, None, Result]]":
    return [workers.run(request(name)) for _ in range(2)]


def _process_of(result: Result) -> int:
    return int(result.runs[0].metrics["process"])


@pytest.mark.skipif(sys.platform != "linux", reason="control groups are Linux's")
@pytest.mark.parametrize(
    ("files", "workers"),
    [
        ({}, 7),
        ({"proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": "max 100000"}, 7),
        ({"proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": "350000 100000"}, 2),
        ({"proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": "50000 100000"}, 1),
        ({"proc/self/cgroup": "0::/a/b", "sys/fs/cgroup/a/cpu.max": "300000 100000"}, 2),
        ({"proc/self/cgroup": "0::/", "sys/fs/cgroup/memory.max": "1000000000"}, 4),
        ({"proc/self/cgroup": "0::/", "sys/fs/cgroup/memory.max": "256000000"}, 1),
        ({"proc/self/cgroup": "4:memory:/x", "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712"}, 7),
        (
            {
                "proc/self/cgroup": "2:cpu,cpuacct:/",
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "200000",
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000",
            },
            1,
        ),
        ({"proc/self/cgroup": "2:cpu:/", "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1"}, 7),
    ],
)
def test_one_processor_is_the_bots_of_those_that_it_may_use(
    files: dict[str, str], workers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{text}\n")
    assert most_workers(tmp_path) == workers
