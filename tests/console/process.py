"""The command line, called in this process (fast) or in one of its own (where the process itself matters)."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot import knowledge
from bot.__main__ import main
from bot.curriculum.loader import load
from bot.curriculum.model import Curriculum
from bot.service.taught import Learnt
from bot.settings import Settings
from tests.matching import worlds

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended and what it wrote."""

    status: int
    output: bytes
    errors: bytes

    @property
    def text(self) -> str:
        return self.output.decode()


Bot = Callable[..., Done]


@pytest.fixture
def bot(learnt: Learnt, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Bot:
    """`python -m bot ...` in this process: `bot("ask", "--json", typed=b"...", DATA_DIR=...)`.

    The shipped knowledge is read once for all tests, and what is made from it is made once. Packages are taken to load,
    for to try them takes another process.
    """
    monkeypatch.setattr("bot.console.packages.tried", lambda modules: dict.fromkeys(modules, ""))
    monkeypatch.setattr("bot.knowledge.load", _read)
    for module in ("knowledge", "app"):
        monkeypatch.setattr(f"bot.{module}.learn", partial(_made, learnt))

    monkeypatch.setattr("bot.making.begin", lambda *_: None)

    def run(*arguments: str | bytes, typed: bytes = b"", **environment: str) -> Done:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
        capfdbinary.readouterr()
        try:
            status = main([os.fsdecode(argument) for argument in arguments])
        except SystemExit as left:  # argparse leaves by itself on wrong usage
            status = int(left.code or 0)
        written = capfdbinary.readouterr()
        return Done(status, written.out, written.err)

    return run


def _read(folder: Path, *experiments_and_kinds: Any) -> Curriculum:
    return worlds.shipped() if folder.resolve() == worlds.KNOWLEDGE else load(folder, *experiments_and_kinds)


def _made(shipped: Learnt, settings: Settings, curriculum: Curriculum | None = None, **_: Any) -> Learnt:
    asked_for = curriculum or knowledge.taught(settings)
    return shipped if asked_for == shipped.curriculum else Learnt.of(asked_for)


def apart(*arguments: str, typed: bytes = b"", **environment: str) -> Done:
    """`python -m bot ...` in a process of its own."""
    command = [sys.executable, "-m", "bot", *arguments]
    done = subprocess.run(
        command, input=typed, capture_output=True, cwd=ROOT, env=os.environ | environment, check=False
    )
    return Done(done.returncode, done.stdout, done.stderr)
