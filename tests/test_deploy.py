"""What deploy/README.md tells hosts to type about their data does what it says, word for word."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from asyncio import to_thread
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from types import MappingProxyType

import pytest

from bot import healthy
from bot.discord_app.sessions import OneShardOnly
from bot.errors import (
    ConnectionFailed,
    KnowledgeError,
    NoToken,
    OwnershipLost,
    SettingsError,
    StorageError,
    Unreachable,
)
from bot.settings import Settings
from bot.storage.database import open_storage, revisions
from bot.storage.sqlite_file import beside
from tests.conftest import ROOT
from tests.console.process import apart
from tests.console.test_backup import ANSWERED
from tests.discord_server import LoopbackDiscord
from tests.discord_server.fixtures import strict_loopback
from tests.matching.worlds import with_model
from tests.storage.postgresql import Server, programs
from tests.storage.test_database import NoonClock, query

pytestmark = pytest.mark.slow
FOR_HOSTS = (ROOT / "deploy" / "README.md").read_text("utf-8")
# Does here what Docker does in a container, whose volume is the folder data.
DOCKER = r"""#!/usr/bin/env bash
set -euo pipefail
shift  # compose
while [[ $1 == -* ]]; do shift; done
case $1 in
stop|up|down|build) exit ;;
cp) exec cp "${2#tutor:}" "$3" ;;
exec|run) shift; while [[ $1 == -* ]]; do shift; done; shift; exec "$@" ;;
esac
exit 1
"""
# Does here what systemd does with the units of deploy/: a process each, with what is set there.
SYSTEMCTL = r"""
import os, shlex, shutil, signal, subprocess, sys, time
from pathlib import Path

FOLDER = Path(os.environ["HOST"])
STANDS_FOR = {"/opt/neural-tutor": "HOST", "/var/lib/neural-tutor": "VAR", ":9100": "PORT"}

def unit(name):
    file, _, instance = name.partition("@")
    text = (FOLDER / "units" / f"{file}{'@' if instance else ''}.service").read_text().replace("%i", instance)
    for old, new in STANDS_FOR.items():
        text = text.replace(old, os.environ[new])
    lines = [line.partition("=")[::2] for line in text.splitlines() if not line.startswith("#")]
    return {key: [value for one, value in lines if one == key] for key, _ in lines}

def start(name):
    has = unit(name)
    named = dict(pair.split("=", 1) for line in has["Environment"] for pair in shlex.split(line))
    kept = {one: os.environ[one] for one in ("PATH", "HOME", "PYTHONPATH")}
    with open(FOLDER / f"log {name}", "ab") as log:
        ran = subprocess.Popen(
            shlex.split(has["ExecStart"][0]), cwd=has["WorkingDirectory"][0], env=kept | named,
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )
    (FOLDER / f"pid {name}").write_text(str(ran.pid))

def runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False

def stop(name):
    file = FOLDER / f"pid {name}"
    if file.exists():
        pid = int(file.read_text())
        os.kill(pid, signal.SIGTERM)
        while runs(pid):
            time.sleep(0.05)
        file.unlink()

verb, *names = [one for one in sys.argv[1:] if one != "--now"]
for name in names:
    if verb == "reload":
        pid = (FOLDER / f"pid {name}").read_text()
        subprocess.run(shlex.split(unit(name)["ExecReload"][0].replace("$MAINPID", pid)), check=True)
    if verb in ("disable", "restart"):
        stop(name)
    if verb in ("enable", "restart"):
        start(name)
"""


def _block(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n```sh\n(.+?)\n```", FOR_HOSTS, re.S)
    assert found, name
    return found[1]


class Host:
    """A machine with the project in a folder; without systemd, and with something instead of Docker."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        for name in ("bot", "deploy", "knowledge", "pyproject.toml"):
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
        return self.does(commands, variables)

    def does(self, commands: str, set_: Mapping[str, str]) -> str:
        """Commands, with more in the environment."""
        variables = os.environ | {"PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}"} | set_
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


def _dumped(to: Path, server: dict[str, str]) -> str:
    """What stands in a copy that is made by the command which `backup` prints."""
    printed = apart("backup", str(to), **server).errors.decode()
    subprocess.run(["bash", "-euc", printed[printed.index("pg_dump") :]], env=os.environ | server, check=True)
    return subprocess.run(["pg_restore", "--list", to], capture_output=True, text=True, check=True).stdout


async def test_it_moves_to_postgresql_is_backed_up_and_restored_there_and_moves_back(
    host: Host, server: dict[str, str]
) -> None:
    here, at = {"localhost": "127.0.0.1"}, f"127.0.0.1:{server['PGPORT']}"
    assert "to postgresql+asyncpg://tutor@" in await to_thread(host.types, "move", server, localhost=at)
    await to_thread(host.types, "back up: postgresql", server, **here)
    (copy,) = host.copies()
    told = host.types("restore: postgresql", server, **here, **{"2026-11-30-041700.dump": copy.name})
    assert f"{server['DATABASE_URL']} is sound and up to date" in told
    assert "TABLE DATA public quiz_points" in await to_thread(_dumped, host.folder / "a b.dump", server)
    lost = await open_storage(server["DATABASE_URL"], NoonClock())
    assert await lost.greetings.claim(7)
    await lost.close()
    host.types("move: back", server, localhost=at)
    assert query(host.data / "tutor.sqlite3", "SELECT name, g.server_id FROM quiz_points, greeted_servers AS g") == (
        "Ana",
        7,
    )


async def test_what_several_shards_keep_in_docker_is_backed_up_restored_and_updated(
    host: Host, server: dict[str, str]
) -> None:
    server |= {"PGHOST": "127.0.0.1"}  # here the container of the database
    kept = await open_storage(server["DATABASE_URL"], NoonClock())
    assert await kept.greetings.claim(7)
    await kept.close()
    await to_thread(host.types, "back up: shards", server)
    (copy,) = host.copies()
    lost = await open_storage(server["DATABASE_URL"], NoonClock())
    await lost.greetings.release(7)
    await lost.close()
    told = await to_thread(host.types, "restore: shards", server, **{"2026-11-30-041700.dump": copy.name})
    assert f"{server['DATABASE_URL']} is sound and up to date" in told
    again = await open_storage(server["DATABASE_URL"], NoonClock())
    assert not await again.greetings.claim(7)
    await again.close()
    host.program("git", "#!/bin/sh\n")
    assert "is sound and up to date" in await to_thread(host.types, "update: shards", server)


async def test_what_docker_kept_moves_to_the_database_of_the_shards(host: Host, server: dict[str, str]) -> None:
    told = await to_thread(host.types, "grow: docker", server, **{"/from/": f"{host.data}/"})
    assert "to postgresql+asyncpg://tutor@" in told
    moved = await open_storage(server["DATABASE_URL"], NoonClock())
    assert [row.name for row in await moved.scores.of(5)] == ["Ana"]
    await moved.close()


def _port() -> int:
    """A port that is free at the address of each shard."""
    for port in range(30000, 15000, -1):
        with suppress(OSError), ExitStack() as both:
            for shard in (0, 1):
                both.enter_context(socket.create_server((f"127.0.1.{shard}", port)))
            return port
    raise AssertionError("no port is free")


@pytest.fixture
async def loopback() -> AsyncIterator[LoopbackDiscord]:
    async with strict_loopback() as discord:
        yield discord


@pytest.fixture
async def machine(host: Host, server: dict[str, str], loopback: LoopbackDiscord) -> AsyncIterator[dict[str, str]]:
    """What is set on a machine with a systemd, where the bot reaches the loopback Discord."""
    await to_thread(host.types, "move", server, localhost=f"127.0.0.1:{server['PGPORT']}")
    var, units = host.folder / "var", host.folder / "units"
    for data in (var, var / "0", var / "1"):
        with_model(data)
    units.mkdir()
    shutil.copy(ROOT / "deploy" / "neural-tutor.service", units)
    host.program("sudo", '#!/bin/sh\nexec "$@"\n')
    host.program("systemctl", f"#!{sys.executable}\n{SYSTEMCTL}")
    pointed = f"-m tests.discord_server.launch {loopback.url} -- python"
    host.program("../.venv/bin/python", f'#!/bin/sh\nexec {sys.executable} {pointed} "$@"\n')
    (host.folder / ".env").write_text(f"DISCORD_TOKEN={loopback.token}\nDATABASE_URL={server['DATABASE_URL']}\n")
    yield {"HOST": str(host.folder), "VAR": str(var), "PORT": f":{_port()}", "PYTHONPATH": str(ROOT)}
    for file in host.folder.glob("pid *"):
        with suppress(ProcessLookupError):
            os.kill(int(file.read_text()), signal.SIGKILL)


async def test_one_process_becomes_two_shards_that_are_watched_restarted_in_turn_and_become_one_again(
    host: Host, machine: dict[str, str], loopback: LoopbackDiscord
) -> None:
    def shards() -> list[tuple[int, int]]:
        return sorted((session.shard, session.shards) for session in loopback.gateway.identified)

    at = machine["PORT"]
    loopback.add_guild("Study group")
    await to_thread(host.types, "grow", machine, **{"/etc/systemd/system/": f"{machine['HOST']}/units/"})
    await loopback.until(lambda: len(shards()) == 2 or None, "two shards", 60)
    told = await to_thread(host.types, "roll", machine, **{":9100": at})
    assert told == "ready\n" * 2
    assert shards() == [(0, 2), (1, 2)]
    assert loopback.gateway.identifies == 4
    for k in (0, 1):
        heartbeat = host.folder / "var" / str(k) / healthy.name_of(k)
        await loopback.until(lambda file=heartbeat: file.exists() or None, "a heartbeat")  # a second after it is ready
        asks = f"DATA_DIR={machine['VAR']}/{k} SHARD={k}/2 python -m bot.healthy"
        assert (await to_thread(host.does, asks, machine)).startswith("healthy")
    asked = await to_thread(host.types, "watch: ask", machine, **{"127.0.0.1:9100": f"127.0.1.1{at}"})
    assert asked.startswith("alive\nready\n")
    assert 'tutor_shard_info{shard="1",shards="2"} 1.0' in asked
    await to_thread(host.does, "systemctl reload neural-tutor@1", machine)
    log = host.folder / "log neural-tutor@1"
    await loopback.until(lambda: ("read anew" in log.read_text()) or None, "the knowledge read anew", 60)
    await to_thread(host.types, "grow: back", machine)
    await loopback.until(lambda: shards() == [(0, 1)] or None, "one process", 60)


def test_systemd_does_not_start_again_what_no_restart_mends() -> None:
    assert {one.exit_status for one in (SettingsError, NoToken, ConnectionFailed, OneShardOnly)} == {2}
    assert {one.exit_status for one in (StorageError, Unreachable, OwnershipLost, KnowledgeError)} == {1}
    for unit in ("neural-tutor.service", "neural-tutor@.service"):
        lines = (ROOT / "deploy" / unit).read_text().splitlines()
        assert "RestartPreventExitStatus=2" in lines, unit


def test_an_update_begins_with_a_copy_and_ends_with_a_look(host: Host) -> None:
    for name in ("git", "pip"):
        host.program(name, '#!/bin/sh\n[ "$1" = describe ] && echo 0a1b2c3 || true\n')
    query(host.data / "tutor.sqlite3", "UPDATE alembic_version SET version_num = '0001'")
    told = host.types("update", **{".venv/bin/pip": "pip"})
    assert [copy.name for copy in host.copies()] == ["before-0a1b2c3.sqlite3"]
    assert f"of revision 0001: the next start brings it up to {revisions()[-1]}" in told
    assert "python -m bot doctor" in host.types("update: docker") + _block("update: docker")
