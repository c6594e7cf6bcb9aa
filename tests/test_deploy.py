"""What deploy/README.md tells hosts to type about their data does what it says, word for word."""

import os
import re
import subprocess
import sys
from asyncio import to_thread
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from bot.settings import Settings
from bot.storage.database import open_storage, revisions
from bot.storage.sqlite_file import beside
from tests.conftest import ROOT
from tests.console.test_backup import ANSWERED
from tests.storage.postgresql import Server, programs
from tests.storage.test_database import NoonClock, query

pytestmark = pytest.mark.slow
FOR_HOSTS = (ROOT / "deploy" / "README.md").read_text("utf-8")
# Does here what Docker does in a container, whose volume is the folder data.
DOCKER = r"""#!/usr/bin/env bash
set -euo pipefail
shift  # compose
case $1 in
stop|up) exit ;;
cp) exec cp "${2#tutor:}" "$3" ;;
exec|run) shift; while [[ $1 == -* ]]; do shift; done; shift; exec "$@" ;;
esac
exit 1
"""


def _block(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n```sh\n(.+?)\n```", FOR_HOSTS, re.S)
    assert found, name
    return found[1]


class Host:
    """A machine with the project in a folder; without systemd, and with something instead of Docker."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        for name in ("bot", "knowledge", "pyproject.toml"):
            (folder / name).symlink_to(ROOT / name)
        python = f'#!/bin/sh\nexec {sys.executable} "$@"\n'
        for program, text in {"docker": DOCKER, "python": python, "../.venv/bin/python": python}.items():
            self.program(program, text)

    def program(self, name: str, text: str) -> None:
        """Something that can be typed, as a script."""
        file = Path(os.path.normpath(self.folder / "bin" / name))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)

    def types(self, name: str, set_: Mapping[str, str] = MappingProxyType({}), **named: str) -> str:
        """A block of commands, with other names in place of some, and more in the environment."""
        commands = _block(name)
        for old, new in {"/data/": f"{self.data}/", **named}.items():
            assert old in commands or old == "/data/", old
            commands = commands.replace(old, new)
        variables = os.environ | {
            "DATA_DIR": str(self.data), "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}", "DISCORD_TOKEN": "",
        } | set_  # fmt: skip
        done = subprocess.run(
            ["bash", "-euc", commands], cwd=self.folder, env=variables, capture_output=True, text=True
        )
        assert done.returncode == 0, (commands, done.stdout, done.stderr)
        return done.stdout

    def copies(self) -> list[Path]:
        return sorted((self.folder / "backups").iterdir())


@pytest.fixture
async def host(tmp_path: Path) -> Host:
    made = Host(tmp_path)
    await (await open_storage(Settings(data_dir=made.data).database, NoonClock())).close()
    query(made.data / "tutor.sqlite3", ANSWERED)
    return made


@pytest.mark.parametrize("way", ["", ": docker"])
async def test_what_was_backed_up_is_restored(host: Host, way: str) -> None:
    file = host.data / "tutor.sqlite3"
    said = host.types(f"back up{way}")
    assert "answers with points: 1" in said
    (copy,) = host.copies()
    lost = await open_storage(Settings(data_dir=host.data).database, NoonClock())
    await lost.scores.forget(5)
    left = {ending: beside(file, ending).read_bytes() for ending in ("", "-wal", "-mark")}
    await lost.close()
    for ending, content in left.items():  # as a kill leaves it
        beside(file, ending).write_bytes(content)
    told = host.types(f"restore{way}", **{"2026-11-30-041700.sqlite3": copy.name})
    assert f"storage: the database {file} (rounds: 0, answers with points: 1) is sound and up to date" in told
    again = await open_storage(Settings(data_dir=host.data).database, NoonClock())
    assert [row.name for row in await again.scores.of(5)] == ["Ana"]
    await again.close()


@pytest.fixture
def server(postgresql_server: Server, host: Host, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What is set where the host has a PostgreSQL, with a database `tutor`, and its programs."""
    installed = programs()
    assert installed
    monkeypatch.setenv("PATH", f"{installed}:{os.environ['PATH']}")
    for name in ("tutor", "before_restore"):
        postgresql_server.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    postgresql_server.sql("CREATE DATABASE tutor")
    address = f"postgresql+asyncpg://tutor@127.0.0.1:{postgresql_server.port}/tutor"
    return {"PGPORT": str(postgresql_server.port), "PGPASSWORD": "s3cret", "DATABASE_URL": address}


async def test_it_moves_to_postgresql_is_backed_up_and_restored_there_and_moves_back(
    host: Host, server: dict[str, str]
) -> None:
    here, at = {"localhost": "127.0.0.1"}, f"127.0.0.1:{server['PGPORT']}"
    assert "to postgresql+asyncpg://tutor@" in await to_thread(host.types, "move", server, localhost=at)
    await to_thread(host.types, "back up: postgresql", server, **here)
    (copy,) = host.copies()
    told = host.types("restore: postgresql", server, **here, **{"2026-11-30-041700.dump": copy.name})
    assert f"{server['DATABASE_URL']} is sound and up to date" in told
    lost = await open_storage(server["DATABASE_URL"], NoonClock())
    assert await lost.greetings.claim(7)
    await lost.close()
    host.types("move: back", server, localhost=at)
    assert query(host.data / "tutor.sqlite3", "SELECT name, g.server_id FROM quiz_points, greeted_servers AS g") == (
        "Ana",
        7,
    )


def test_an_update_begins_with_a_copy_and_ends_with_a_look(host: Host) -> None:
    for name in ("git", "pip"):
        host.program(name, '#!/bin/sh\n[ "$1" = describe ] && echo 0a1b2c3 || true\n')
    query(host.data / "tutor.sqlite3", "UPDATE alembic_version SET version_num = '0001'")
    told = host.types("update", **{".venv/bin/pip": "pip"})
    assert [copy.name for copy in host.copies()] == ["before-0a1b2c3.sqlite3"]
    assert f"of revision 0001: the next start brings it up to {revisions()[-1]}" in told
    assert "python -m bot doctor" in host.types("update: docker") + _block("update: docker")
