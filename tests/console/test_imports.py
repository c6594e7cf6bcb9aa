"""No command loads what it has no use for: each such package costs a start tenths of a second and megabytes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.matching.worlds import with_model

pytestmark = pytest.mark.slow  # all of it takes ten seconds or more

DATABASE = {"sqlalchemy", "alembic", "aiosqlite"}
DISCORD = {"discord", "aiohttp"}
CODE = """
import json, sys
from bot.__main__ import main
status = main(sys.argv[1:])
print(json.dumps([status, sorted({name.partition(".")[0] for name in sys.modules})]), file=sys.stderr)
"""
OPENED = """
import asyncio, sys
from bot.clock import SystemClock
from bot.storage.database import open_storage
async def main():
    storage = await open_storage("sqlite+aiosqlite:///" + sys.argv[1], SystemClock())
    await storage.close()
    print("alembic" in sys.modules)
asyncio.run(main())
"""


def _loaded(data: Path, *arguments: str, typed: str = "") -> set[str]:
    command = [sys.executable, "-c", CODE, *arguments]
    environment = {"DATA_DIR": str(data), "PATH": ""}
    done = subprocess.run(command, input=typed, capture_output=True, text=True, cwd=ROOT, env=environment)
    status, names = json.loads(done.stderr.splitlines()[-1])
    assert status == 0
    return set(names)


@pytest.mark.parametrize(
    ("arguments", "unused"),
    [
        (("ask", "--json", "why not equal weights?"), {*DATABASE, *DISCORD, "matplotlib", "rich"}),
        (("ask", "why not equal weights?"), {*DATABASE, *DISCORD, "matplotlib"}),
        (("chat",), {*DATABASE, *DISCORD, "matplotlib"}),
        (("grade", "--json", "momentum", "it overshoots"), {*DATABASE, *DISCORD, "matplotlib", "rich"}),
        (("simulate", "--json"), {*DATABASE, *DISCORD, "matplotlib", "rich"}),
        (("check", "--json", "--seeds", "0"), {*DATABASE, *DISCORD, "matplotlib"}),
    ],
    ids=["ask --json", "ask", "chat", "grade", "simulate", "check"],
)
def test_a_command_loads_only_what_it_uses(tmp_path: Path, arguments: tuple[str, ...], unused: set[str]) -> None:
    loaded = _loaded(with_model(tmp_path), *arguments, typed="why not equal weights?\nquit\n")
    assert "bot" in loaded
    assert not loaded & unused


def test_the_migrations_are_loaded_only_where_one_is_due(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPENED, str(tmp_path / "tutor.sqlite3")]
    told = [subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout.strip() for _ in range(2)]
    assert told == ["True", "False"]
