"""Being asked to stop, by signals to real processes: one clean stop at any moment, and at once for who asks twice."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from bot import stopping
from tests.conftest import ROOT
from tests.discord_server import LoopbackDiscord, launched
from tests.discord_server.fixtures import loopback  # noqa: F401 - a fixture
from tests.matching.worlds import with_model

SIGNALS = [signal.SIGTERM, signal.SIGINT, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks into /proc"),
    pytest.mark.usefixtures("nothing_ignored"),
]


def handles(process: int, number: signal.Signals) -> bool:
    """Whether a process has a handler of its own for a signal."""
    status = Path(f"/proc/{process}/status").read_text()
    (caught,) = [line.split()[1] for line in status.splitlines() if line.startswith("SigCgt")]
    return bool(int(caught, 16) >> (number - 1) & 1)


def until_begun(process: "subprocess.Popen[str]") -> None:
    """Python has a handler for SIGINT from its own start on; ours for SIGHUP is set last."""
    while not handles(process.pid, signal.SIGHUP):
        assert process.poll() is None
        time.sleep(0.001)


def script(text: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", f"import logging, time\nfrom bot import stopping\n{text}"]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


LISTENS = """
logging.basicConfig(level="INFO", format="%(message)s")
stopping.begin()
with stopping.listening(lambda name: print("asked by", name, flush=True)):
    print("begun", flush=True)
    while True: time.sleep(0.01)
"""


@pytest.mark.parametrize("number", SIGNALS)
def test_before_anything_is_served_it_ends_at_once(number: signal.Signals) -> None:
    """A signal that comes between Python's last look and the start of a sleep is handled after it: sleeps are short."""
    with script("stopping.begin()\nwhile True: time.sleep(0.01)") as process:
        until_begun(process)
        process.send_signal(number)
        assert (process.wait(10), process.communicate()[0]) == (0, "")


@pytest.mark.slow
def test_who_listens_is_told_once_and_who_asks_again_a_second_later_is_not_kept_waiting() -> None:
    with script(LISTENS) as process:
        assert process.stdout
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGHUP)
        assert process.stdout.readline() == "asked by SIGHUP\n"
        process.send_signal(signal.SIGHUP)  # as a terminal does that closes
        process.send_signal(signal.SIGTERM)  # as a wrapper does that passes it on
        time.sleep(1.1)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 1
        assert process.stdout.read() == "Asked to stop once more (SIGINT): I end at once\n"


def test_what_is_ignored_stays_ignored() -> None:
    """By nohup, that is, and by a shell for what it starts with &."""
    ignoring = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    with script(ignoring + LISTENS) as process:
        assert process.stdout
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "asked by SIGTERM\n"
        process.kill()


def start(data: Path, *before: str, url: str = "http://127.0.0.1:1", **environment: str) -> "subprocess.Popen[str]":
    variables = {**os.environ, "DISCORD_TOKEN": "some.token.here", "DATA_DIR": str(data), **environment}
    launch = [sys.executable, "-m", "tests.discord_server.launch", url, "--", "python", "-m", "bot", "run"]
    return subprocess.Popen(
        [*before, *launch], cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def children(process: int) -> set[int]:
    found = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True).stdout
    return set(map(int, found.split()))


def gone(processes: set[int]) -> None:
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{each}/exe").exists() for each in processes):
        assert time.monotonic() < deadline, "a process was left behind"
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("after", [0.0, 0.15, 0.4, 0.8, 1.5, 3.0])
def test_run_stops_at_any_moment_of_its_start(tmp_path: Path, number: signal.Signals, after: float) -> None:
    """In the last of them it waits for a Discord that is not there. No model is kept: one is being made, too."""
    with start(tmp_path / "data", LOG_FORMAT="json") as process:
        until_begun(process)
        time.sleep(after)
        begun = children(process.pid)
        process.send_signal(number)
        status, written = process.wait(10), process.communicate()[0]
        assert status == 0, written
    assert all(line.startswith("{") for line in written.splitlines()), written
    assert "raceback" not in written
    gone(begun)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_run_stops_as_process_1(tmp_path: Path, number: signal.Signals) -> None:
    unshare = ["unshare", "--pid", "--fork", "--kill-child"]
    if not shutil.which("unshare") or subprocess.run([*unshare, "true"], capture_output=True).returncode:
        pytest.skip("no process may have a namespace of its own here")
    with start(with_model(tmp_path), *unshare) as outside:
        inside = next(iter(_waited(outside)))
        while not handles(inside, signal.SIGHUP):
            time.sleep(0.001)
        os.kill(inside, number)
        assert outside.wait(10) == 0
        assert "raceback" not in outside.communicate()[0]


def _waited(process: "subprocess.Popen[str]") -> Iterator[int]:
    while not (found := children(process.pid)):
        assert process.poll() is None
        time.sleep(0.01)
    yield from found


@pytest.mark.slow
@pytest.mark.parametrize("held", ["GET /users/@me", "GET /oauth2/applications/@me", "PUT /applications/*", "gateway"])
async def test_run_stops_while_it_gets_in(
    loopback: LoopbackDiscord,  # noqa: F811
    tmp_path: Path,
    held: str,
) -> None:
    data = with_model(tmp_path)
    if held == "gateway":
        await loopback.gateway.cut()
        held = "PUT /applications/*"
    else:
        loopback.hold_next(*held.split())
    method, path = held.split()
    with start(data, url=loopback.url, DISCORD_TOKEN=loopback.token, LOG_FORMAT="json") as process:

        def arrived() -> bool | None:
            return any(call.method == method and fnmatchcase(call.path, path) for call in loopback.requests) or None

        try:
            await loopback.until(arrived, "it did not begin to get in", 30)
            process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(process.wait, 15) == 0
        finally:
            process.kill()
            written = process.communicate()[0]
    assert "raceback" not in written
    assert all(line.startswith("{") for line in written.splitlines()), written


@pytest.mark.slow
async def test_the_worker_does_not_outlive_a_bot_that_is_killed(
    loopback: LoopbackDiscord,  # noqa: F811
    tmp_path: Path,
) -> None:
    ana = loopback.add_guild("Study group").add_member("Ana")
    async with launched(loopback, "bot", "run", environment={"DATA_DIR": str(with_model(tmp_path))}) as bot:
        await ana.uses("/simulate", experiment="momentum", within=60)
        workers = children(bot.pid)
        assert workers
        bot.kill()
        await bot.wait()
        await asyncio.to_thread(gone, workers)


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="this system has no such signal")
def test_to_read_the_knowledge_anew_is_asked_once_for_each_signal_those_before_anybody_listens_once() -> None:
    asked: list[int] = []
    before = signal.signal(signal.SIGUSR1, stopping._asked_to_reread)
    try:
        for _ in range(2):
            signal.raise_signal(signal.SIGUSR1)
        with stopping.rereading(lambda: asked.append(len(asked))):
            assert asked == [0]
            signal.raise_signal(signal.SIGUSR1)
        assert asked == [0, 1]
        with stopping.rereading(lambda: asked.append(len(asked))):
            assert asked == [0, 1]
    finally:
        signal.signal(signal.SIGUSR1, before)
