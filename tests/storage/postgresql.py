"""A real PostgreSQL for tests, one a test process, with a database of its own for each test.

Fixtures: `postgresql` is the URL of an empty database, `migrated_postgresql` that of one whose tables are made and
empty, and `postgresql_server` the server, which a test may stop, start and restart: it runs again for the next one.
`database` is the URL of a database whose tables are made: of SQLite, and for tests that are marked
`on_postgresql` once more of PostgreSQL, in the slow suite. `only_sqlite` takes one of those out again.

Where no PostgreSQL is installed the tests that want one are skipped.
"""

import asyncio
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import pytest
from sqlalchemy.engine import URL

from bot.clock import SystemClock
from bot.storage.database import open_storage

if TYPE_CHECKING:
    from pwd import struct_passwd

T = TypeVar("T")
# Without fsync a crash of the machine would damage the data, and a kill of PostgreSQL alone does not.
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "32MB",
    "max_connections": "100",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}
_PORTS = range(15_000, 32_000)  # below those that systems give to whoever asks for any, so that a restart finds it free
_USERS = ("postgres", "nobody")  # PostgreSQL does not start as root
# Ends the server when whoever started this goes, however that happens: the pipe to it is closed then.
_GUARD = 'cat >/dev/null; "$0" -D "$1" -m immediate -w stop >/dev/null 2>&1; rm -rf "$2"'
TEMPLATE = "migrated"


def programs() -> Path | None:
    """The folder of the newest PostgreSQL's `initdb` and `pg_ctl`; None where there is none."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((one.parent for one in installed), key=lambda one: int(one.parent.name), default=None)


class Server:
    """A PostgreSQL in a new folder, on a port of 127.0.0.1 that it keeps through restarts."""

    def __init__(self, folder: Path, installed: Path, user: "struct_passwd | None") -> None:
        """`user`: who it runs as, where it is not who runs the tests."""
        self._data, self._installed, self._user = folder / "data", installed, user
        self._log = folder / "log"
        self.port = 0
        self._numbers = iter(range(1, 1_000_000))
        self._run("initdb", "--no-sync", "-U", "tutor", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-instructions")
        settings = "".join(f"{name} = '{value}'\n" for name, value in _SETTINGS.items())
        with (self._data / "postgresql.conf").open("a") as file:
            file.write(settings)

    def start(self) -> None:
        """Start it, and wait until it can be used."""
        tries = 1 if self.port else 5
        for left in reversed(range(tries)):
            if tries > 1:
                self.port = _free()
            try:
                self._run("pg_ctl", "-w", "-l", str(self._log), "-o", f"-p {self.port}", "start")
            except AssertionError as error:
                if not left:
                    error.add_note(self._log.read_text(errors="replace")[-2000:])
                    raise
            else:
                return

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Stop it and wait until it has: "fast" tells every connection, "immediate" is as a crash."""
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def restart(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Stop and start it: every connection to it is lost."""
        self.stop(mode)
        self.start()

    @contextmanager
    def silent(self) -> Iterator[None]:
        """While it lasts the server does nothing at all, as if the way to it were cut."""
        postmaster = int((self._data / "postmaster.pid").read_text().split()[0])
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(postmaster)], capture_output=True, text=True)
        processes = [postmaster, *map(int, found.stdout.split())]
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in processes:
                os.kill(process, signal.SIGCONT)

    @property
    def runs(self) -> bool:
        """Whether it has been started and not stopped since."""
        return (self._data / "postmaster.pid").exists()

    def url(self, database: str) -> str:
        """The address of one of its databases. It takes any password: this one is to be printed nowhere."""
        address = URL.create("postgresql+asyncpg", "tutor", "s3cret", "127.0.0.1", self.port, database)
        return address.render_as_string(hide_password=False)

    def sql(self, statement: str, database: str = "postgres") -> list[Any]:
        """What a statement finds, on a connection of its own."""

        import asyncpg

        async def fetched() -> list[Any]:
            connection = await asyncpg.connect(self.url(database).replace("+asyncpg", ""))
            try:
                return list(await connection.fetch(statement))
            finally:
                await connection.close()

        return _elsewhere(fetched())

    def migrate_template(self) -> None:
        """Make the database that the migrated ones are copied from, with the tables of today."""
        self.sql(f"CREATE DATABASE {TEMPLATE}")
        _elsewhere(_made(self.url(TEMPLATE)))

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The URL of a database that is there as long as this lasts, whoever is still connected to it then."""
        name = f"test_{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            if not self.runs:
                self.start()
            self.sql(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._installed / program), "-D", str(self._data), *arguments]
        with tempfile.TemporaryFile() as said:  # no pipe: the server would keep it open
            done = subprocess.run(command, stdout=said, stderr=said, cwd=self._data.parent, **as_user(self._user))
            said.seek(0)
            assert done.returncode == 0, f"{program}: {said.read().decode(errors='replace')}"


def as_user(user: "struct_passwd | None") -> dict[str, Any]:
    """What has `subprocess` run a program as that user."""
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


@contextmanager
def running() -> Iterator[Server]:
    """A server that runs; it and its folder are gone afterwards, also where this process is killed. Skips the test
    where PostgreSQL is not installed."""
    installed = programs()
    pytest.importorskip("asyncpg", reason="the driver asyncpg is not installed: pip install '.[test]'")
    if installed is None:
        pytest.skip("PostgreSQL is not installed: no initdb in PATH or in /usr/lib/postgresql/*/bin")
    user = _user() if os.geteuid() == 0 else None
    # Who root drops to may not come to where TMPDIR leads; the folder's name stays short.
    folder = Path(tempfile.mkdtemp(prefix="postgresql-", dir="/tmp" if user else None))
    guard = subprocess.Popen(
        ["/bin/sh", "-c", _GUARD, str(installed / "pg_ctl"), str(folder / "data"), str(folder)],
        stdin=subprocess.PIPE,
        start_new_session=True,
        **as_user(user),
    )
    try:
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        server = Server(folder, installed, user)
        server.start()
        yield server
    finally:
        assert guard.stdin
        guard.stdin.close()
        guard.wait()
        shutil.rmtree(folder, ignore_errors=True)  # where the guard may not


def _user() -> "struct_passwd":
    import pwd

    for name in _USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    pytest.skip("PostgreSQL does not run as root, and there is no user postgres or nobody")


def _free() -> int:
    """A port that nobody listens on."""
    while True:
        port = random.choice(_PORTS)
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def _elsewhere(work: Coroutine[Any, Any, T]) -> T:
    """What comes of it, in a thread with a loop of its own: that of the test stays as it is."""
    found: list[T] = []
    faults: list[BaseException] = []

    def run() -> None:
        try:
            found.append(asyncio.run(work))
        except BaseException as fault:
            faults.append(fault)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if faults:
        raise faults[0]
    return found[0]


@pytest.fixture(scope="session")
def session_postgresql() -> Iterator[Server]:
    """The server of this test process, with the template."""
    with running() as server:
        server.migrate_template()
        yield server


@pytest.fixture
def postgresql_server(session_postgresql: Server) -> Iterator[Server]:
    """The server; it runs when the test begins and when the next one does."""
    yield session_postgresql
    if not session_postgresql.runs:
        session_postgresql.start()


@pytest.fixture
def postgresql(postgresql_server: Server) -> Iterator[str]:
    """The URL of an empty database."""
    with postgresql_server.database() as url:
        yield url


@pytest.fixture
def migrated_postgresql(postgresql_server: Server) -> Iterator[str]:
    """The URL of a database whose tables are made."""
    with postgresql_server.database(TEMPLATE) as url:
        yield url


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Which databases a test runs on, unless it says so itself."""
    own = any("database" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "database" in metafunc.fixturenames and not own:
        marked = {mark.name for mark in metafunc.definition.iter_markers()}
        both = "on_postgresql" in marked and "only_sqlite" not in marked
        if both:
            on_postgresql = pytest.param("postgresql", marks=pytest.mark.slow)
            metafunc.parametrize("database", ["sqlite", on_postgresql], indirect=True)


async def _made(url: str) -> None:
    await (await open_storage(url, SystemClock())).close()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite whose tables are made: a copy of it takes a hundredth of the time that all revisions take."""
    file = tmp_path_factory.mktemp("migrated") / "tutor.sqlite3"
    _elsewhere(_made(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> str:
    """The URL of a database of the test's own, whose tables are made."""
    if getattr(request, "param", "sqlite") == "postgresql":
        url: str = request.getfixturevalue("migrated_postgresql")
        return url
    file = tmp_path / "tutor.sqlite3"
    shutil.copyfile(migrated_file, file)
    return f"sqlite+aiosqlite:///{file}"
