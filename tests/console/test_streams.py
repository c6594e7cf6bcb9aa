"""Streams that are closed or full, folders that cannot be written: one true line each, and the right exit status."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.console.process import Done
from tests.matching.worlds import with_model

pytestmark = pytest.mark.skipif(os.name == "nt", reason="closes and fills streams as a POSIX shell does")
FULL = "Standard output cannot be written: No space left on device.\n"
CLOSED = "Standard output is closed: there is nowhere to write to.\n"
COMMANDS = [
    "ask why?",
    "ask --json why?",
    "grade momentum x",
    "simulate",
    "simulate --json",
    "check --seeds 0",
    "doctor",
]


def shell(line: str, data: Path | None = None, **environment: str) -> Done:
    """A line of a shell, in which BOT is `python -m bot`; what is written is held back as long as Python likes."""
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    surroundings |= {"DISCORD_TOKEN": "", "PYTHONPATH": str(ROOT), **({"DATA_DIR": str(data)} if data else {})}
    line = line.replace("BOT", f"{shlex.quote(sys.executable)} -m bot")
    done = subprocess.run(["sh", "-c", line], capture_output=True, cwd=ROOT, env=surroundings | environment)
    return Done(done.returncode, done.stdout, done.stderr)


def told(line: str, data: Path | None = None, **environment: str) -> tuple[int, str]:
    """The status, and what stood on standard error; nothing stood on standard output."""
    done = shell(line, data, **environment)
    assert done.output == b""
    return done.status, done.errors.decode()


def test_a_full_disk_behind_the_output_is_said() -> None:
    assert told("BOT simulate --json > /dev/full") == (1, FULL)


def test_a_chat_with_nobody_is_said() -> None:
    assert told("BOT chat <&-") == (2, "Standard input is closed: there is nobody to talk to.\n")


@pytest.mark.slow
@pytest.mark.parametrize("command", [*COMMANDS, "doctor --json", "--help", "ask --help"])
def test_output_that_is_full_or_closed_is_one_line(tmp_path: Path, command: str) -> None:
    data = with_model(tmp_path)
    assert told(f"BOT {command} > /dev/full", data) == (1, FULL)
    assert told(f"BOT {command} >&-", data) == (1, CLOSED)
    assert shell(f"BOT {command} >&- 2>&- <&-", data) == Done(1, b"", b"")
    assert shell(f"BOT {command} >/dev/full 2>/dev/full", data) == Done(1, b"", b"")


@pytest.mark.slow
@pytest.mark.parametrize("command", [*COMMANDS, "chat"])
def test_a_reader_that_has_gone_is_no_fault(tmp_path: Path, command: str) -> None:
    gone = f"echo quit | {{ BOT {command}; echo $? >&2; }} | :"
    assert told(gone, with_model(tmp_path)) == (0, "0\n")


@pytest.mark.slow
def test_errors_that_cannot_be_told_leave_the_status(tmp_path: Path) -> None:
    for line in ("BOT ask '' 2>&-", "BOT ask '' 2>/dev/full", "BOT grade nothing x 2>&-", "BOT bogus 2>&-"):
        assert shell(line, with_model(tmp_path)) == Done(2, b"", b"")
    assert told("BOT ask <&-")[0] == 2


@pytest.mark.slow
def test_where_nothing_can_be_written_no_experiment_is_blamed(tmp_path: Path) -> None:
    """Files of no size at all may be written, as on a full disk, and there is no folder for settings."""
    nowhere = {"HOME": "/proc/x", "MPLCONFIGDIR": "/proc/x", "XDG_CONFIG_HOME": "/proc/x", "XDG_CACHE_HOME": "/proc/x"}
    no_folder = "No picture can be drawn: matplotlib finds no folder that it may write to. MPLCONFIGDIR can name one.\n"
    picture, numbers = tmp_path / "a.png", tmp_path / "a.csv"
    assert told(f"ulimit -f 0; BOT simulate momentum --plot {picture}", **nowhere) == (1, no_folder)
    too_large = f"{numbers} cannot be written: File too large.\n"
    assert told(f"ulimit -f 0; BOT simulate momentum --csv {numbers}", **nowhere) == (1, too_large)
    assert not numbers.exists()
    done = shell("echo 'quiz sparsity picture' | (ulimit -f 0; BOT chat)", **nowhere)
    assert (done.status, done.errors) == (0, b"")
    assert no_folder.encode() in done.output


@pytest.mark.slow
def test_pictures_without_a_library_for_them_blame_no_experiment(tmp_path: Path) -> None:
    (tmp_path / "matplotlib").mkdir()
    (tmp_path / "matplotlib" / "__init__.py").write_text("raise ImportError('DLL load failed')")
    status, line = told(f"BOT simulate momentum --plot {tmp_path}/a.png", PYTHONPATH=f"{tmp_path}:{ROOT}")
    assert (status, line.count("\n")) == (1, 1)
    assert line.startswith("No picture can be drawn: matplotlib does not load on this machine.")


@pytest.mark.slow
def test_a_model_that_cannot_be_kept_is_one_line(tmp_path: Path) -> None:
    done = shell("BOT ask --json why?", DATA_DIR="/proc/x")
    again = b"The model is made anew at each start, which takes seconds: /proc/x/model cannot be written.\n"
    assert (done.status, done.errors) == (0, again)
    full = shell("ulimit -f 0; BOT ask --json why?", tmp_path)
    assert (full.status, full.errors.count(b"\n")) == (0, 1)
    assert b"(it cannot be kept: File too large)" in full.errors


@pytest.mark.slow
def test_a_file_that_cannot_be_written_is_said_before_the_run() -> None:
    for name in ("/no/such/x.csv", "/", "/dev/null/x.csv", "/tmp/" + 300 * "x"):
        status, line = told(f"BOT simulate momentum --csv {name}")
        assert (status, line.count("\n")) == (2, 1)
        assert "cannot be written" in line
    full = "/dev/full cannot be written: No space left on device.\n"
    assert told("BOT simulate momentum --csv /dev/full") == (1, full)


@pytest.mark.slow
def test_a_folder_that_was_removed_is_said(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    leave = f"cd {tmp_path}/gone && rmdir ../gone"
    removed = "The folder that you are in has been removed. Change to another one (cd), then try again.\n"
    assert told(f"{leave} && BOT simulate momentum --plot x.png") == (1, removed)
    (tmp_path / "gone").mkdir()
    done = shell(f"{leave} && BOT doctor", tmp_path / "data")
    assert (done.status, done.errors) == (1, b"")
    assert b"fault    folder: The folder that you are in has been removed\n" in done.output
    assert b"ok       storage: " in done.output


@pytest.mark.slow
def test_a_terminal_that_hangs_up_ends_a_chat(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    ours, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "chat"],
        stdin=terminal,
        stdout=terminal,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(with_model(tmp_path)), "TERM": "dumb"},
    ) as chat:
        os.close(terminal)
        assert chat.stderr
        shown = b""
        while b"> " not in shown[-3:]:
            shown += os.read(ours, 65536)
        os.close(ours)
        errors = chat.stderr.read()
    assert chat.returncode == 1
    assert errors == b"Standard output cannot be written: Input/output error.\n"
