"""Pages for people, whatever takes them."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.console.process import apart


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_what_an_encoding_does_not_know_is_a_question_mark(encoding: str) -> None:
    done = apart("grade", "momentum", "it overshoots for β → 1 😀", PYTHONIOENCODING=encoding)
    assert (done.status, done.errors) == (0, b"")
    assert b"> it overshoots for ? ? 1 ?" in done.output


def test_a_reader_that_has_seen_enough_is_no_fault_of_a_page() -> None:
    typed = b"it overshoots\n" * 2000
    command = [sys.executable, "-m", "bot", "grade", "momentum"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as child:
        assert child.stdin
        assert child.stdout
        assert child.stderr
        child.stdin.write(typed)
        child.stdin.close()
        child.stdout.read(100)
        child.stdout.close()
        assert child.stderr.read() == b""
    assert child.returncode == 0
