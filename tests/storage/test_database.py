"""The database is made, brought up to date without losing a row, and every fault is one clear line."""

import asyncio
import os
import sqlite3
from contextlib import closing
from dataclasses import astuple
from pathlib import Path
from types import SimpleNamespace

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from bot import app, folders
from bot.clock import SystemClock
from bot.errors import StorageError
from bot.settings import Settings
from bot.shard import Shard
from bot.storage.database import config, health, open_storage, revisions
from bot.storage.rows import Heard
from bot.storage.sqlite_file import copy
from bot.storage.tables import METADATA
from tests.conftest import ROOT


class NoonClock:
    def now(self) -> float:
        return 1_000_000.0


def url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def rows(path: Path, sql: str) -> list[object]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


def query(path: Path, sql: str) -> object:
    with closing(sqlite3.connect(path)) as database, database:
        return database.execute(sql).fetchone()


async def test_a_new_file_is_made_with_its_folder_in_wal_mode(tmp_path: Path) -> None:
    path = tmp_path / "new 100%" / "tutor.sqlite3"
    storage = await open_storage(url(path), NoonClock())
    await storage.close()
    assert query(path, "PRAGMA journal_mode") == ("wal",)


@pytest.mark.on_postgresql
async def test_the_migrations_make_what_the_tables_say(database: str) -> None:
    storage = await open_storage(database, NoonClock())

    def difference(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, METADATA))

    async with storage.engine.connect() as connection:
        assert await connection.run_sync(difference) == []
    await storage.close()


def test_the_revisions_are_those_of_the_migrations_in_order() -> None:
    scripts = ScriptDirectory.from_config(config())
    assert revisions() == tuple(script.revision for script in scripts.walk_revisions())[::-1]
    assert scripts.get_heads() == [revisions()[-1]]


async def test_opening_again_keeps_the_rows(tmp_path: Path) -> None:
    for expected in (True, False, False):
        storage = await open_storage(url(tmp_path / "t.sqlite3"), NoonClock())
        assert await storage.greetings.claim(7) is expected
        await storage.close()


async def test_a_file_of_the_first_version_is_upgraded_with_its_rows(tmp_path: Path) -> None:
    """As the first version wrote it, in SQL of its own: later revisions must carry these rows along."""
    path = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(path)) as old:
        old.executescript(
            """
            CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
            INSERT INTO alembic_version VALUES ('0001');
            CREATE TABLE greeted_servers (server_id BIGINT NOT NULL, greeted_at FLOAT NOT NULL,
                CONSTRAINT pk_greeted_servers PRIMARY KEY (server_id));
            INSERT INTO greeted_servers VALUES (81384788765712384, 1.5);
            CREATE TABLE synced_commands (application_id BIGINT NOT NULL, fingerprint VARCHAR(64) NOT NULL,
                CONSTRAINT pk_synced_commands PRIMARY KEY (application_id));
            INSERT INTO synced_commands VALUES (5, 'abc');
            """
        )
    storage = await open_storage(url(path), NoonClock())
    assert not await storage.greetings.claim(81384788765712384)
    assert await storage.registrations.fingerprint(5) == "abc"
    assert await storage.additions.of(81384788765712384, "phrasing") == ()
    await storage.close()


async def test_additions_of_two_tables_are_all_in_the_one_table(tmp_path: Path) -> None:
    path, server = tmp_path / "old.sqlite3", 81384788765712384
    with closing(sqlite3.connect(path)) as old:
        old.executescript((ROOT / "tests" / "data" / "additions-0005.sql").read_text("utf-8"))
    storage = await open_storage(url(path), NoonClock())
    try:
        phrasings = await storage.additions.of(server, "phrasing")
        assert [astuple(one)[1:5] for one in phrasings] == [
            ("selu", "sparsity", "is it “sparse”? 🍞", "Mo `*x*`"),
            ("dropout", "", "why is it so slow at night", "Mo"),
        ]
        assert [one.at for one in phrasings] == [1700086400.0, 1700259200.0]
        assert [one.text for one in await storage.additions.of(7, "phrasing")] == ["rye bread"]
        (first, second) = await storage.additions.of(server, "accepted_wording")
        assert astuple(first)[1:5] == (
            "weight-initialization", "weight-initialization/why-not-zeros", "the lockstep “marching” band 🥁", "Mo",
        )  # fmt: skip
        assert (second.about, second.text, second.by) == ("dropout/what-sleeps", "half of them sleep", "")
        assert [one.by for one in await storage.additions.of(7, "accepted_wording")] == ["", "Mo"]
        await storage.additions.forget(
            5
        )  # the moderator's id of an accepted wording came along; of a phrasing none was
        assert [one.by for one in await storage.additions.of(7, "accepted_wording")] == ["", ""]
        assert [one.by for one in await storage.additions.of(server, "phrasing")] == ["Mo `*x*`", "Mo"]
    finally:
        await storage.close()


async def test_when_one_process_last_heard_discord_is_known_of_the_only_shard(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    storage = await open_storage(url(path), NoonClock())
    async with storage.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(config(sync), "0009"))
        await connection.execute(text("INSERT INTO quiz_listening VALUES (1, 1700000000.5)"))
    await storage.close()
    storage = await open_storage(url(path), NoonClock(), Shard(1, 2))
    assert await storage.journal.heard() == {Shard(): 1700000000.5}
    await storage.journal.write(Heard(1700000001.5))
    assert await storage.journal.heard() == {Shard(): 1700000000.5, Shard(1, 2): 1700000001.5}
    async with storage.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(config(sync), "0009"))
    await storage.close()
    assert rows(path, "SELECT * FROM quiz_listening") == [(1, 1700000001.5)]


async def test_additions_survive_the_way_back(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(path)) as old:
        old.executescript((ROOT / "tests" / "data" / "additions-0005.sql").read_text("utf-8"))
    tables = ("taught_phrasings", "accepted_wordings")
    columns = ("server_id, topic, part, phrasing, taught_by, taught_at", "server_id, topic, question, wording, by_name")
    before = [rows(path, f"SELECT {one} FROM {table}") for table, one in zip(tables, columns, strict=True)]
    storage = await open_storage(url(path), NoonClock())
    async with storage.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(config(sync), "0005"))
    await storage.close()
    assert [rows(path, f"SELECT {one} FROM {table}") for table, one in zip(tables, columns, strict=True)] == before


async def test_a_damaged_file_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "t.sqlite3"
    path.write_bytes(b"this is no database, " * 200)
    with pytest.raises(StorageError, match="damaged") as caught:
        await open_storage(url(path), NoonClock())
    assert "\n" not in str(caught.value)


async def test_a_newer_database_is_one_line_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "t.sqlite3"
    await (await open_storage(url(path), NoonClock())).close()
    query(path, "UPDATE alembic_version SET version_num = 'f00d'")
    with pytest.raises(StorageError, match=r"newer version of me \(f00d\)") as caught:
        await open_storage(url(path), NoonClock())
    assert "\n" not in str(caught.value)
    assert query(path, "SELECT version_num FROM alembic_version") == ("f00d",)


async def test_a_folder_with_an_odd_name_is_the_one_that_is_used(tmp_path: Path) -> None:
    folder = tmp_path / "50%20off wh?t #1 ü🦉 a:b&c=d"
    await (await open_storage(Settings(data_dir=folder).database, NoonClock())).close()
    assert os.listdir(tmp_path) == [folder.name]  # noqa: PTH208
    assert query(folder / "tutor.sqlite3", "SELECT version_num FROM alembic_version") == (revisions()[-1],)


async def test_a_folder_that_cannot_be_made_is_one_line_with_what_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    for folder, said in (("file", "is a file, not a folder"), ("link", f"is a link to {tmp_path}/gone, which is not")):
        with pytest.raises(StorageError, match=f"opened: {tmp_path}/{folder} {said}") as caught:
            await open_storage(Settings(data_dir=tmp_path / folder).database, NoonClock())
        assert "\n" not in str(caught.value)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_without_write_permission_is_one_line(tmp_path: Path) -> None:
    os.chmod(tmp_path, 0o500)  # noqa: PTH101
    with pytest.raises(StorageError, match="cannot be opened"):
        await open_storage(url(tmp_path / "t.sqlite3"), NoonClock())


@pytest.mark.slow
async def test_a_database_that_somebody_else_writes_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "t.sqlite3"
    await (await open_storage(url(path), NoonClock())).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match=f"^Another program keeps the database {path} locked"):
            await open_storage(url(path), NoonClock())


async def test_a_path_that_is_no_file_is_one_line(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"  # /dev/null is as little a file, and empty
    os.mkfifo(pipe)
    for path, said in ((tmp_path, "it is a folder, not a file"), (pipe, "it is a device, or the like, and keeps noth")):
        with pytest.raises(StorageError, match=f"cannot be opened: {said}"):
            await open_storage(url(path), NoonClock())
        with pytest.raises(StorageError, match=f"cannot be opened: {said}"):
            await health(make_url(url(path)))
    assert os.listdir(tmp_path) == ["pipe"]  # noqa: PTH208 - and beside it nothing was made


UNUSABLE = ["", "nonsense", "oracle+nonsense://x", "sqlite:///:memory:", "postgresql+asyncpg://u:s3cret@h/d"]


@pytest.mark.parametrize("bad", UNUSABLE)
async def test_a_url_of_no_use_is_one_line_without_its_password(bad: str) -> None:
    with pytest.raises(StorageError) as caught:
        await open_storage(bad, NoonClock())
    assert "\n" not in str(caught.value)
    assert "s3cret" not in str(caught.value)


async def seen(path: Path) -> str:
    """What a health report says, which changes nothing."""
    before = {one.name: one.read_bytes() for one in sorted(path.parent.glob("*"))}
    try:
        found = await health(Settings(database_url=url(path)).database)
    except StorageError as error:
        said = f"fault: {error}"
    else:
        said = f"{found.status}: {found.said}"
    assert {one.name: one.read_bytes() for one in sorted(path.parent.glob("*"))} == before
    assert "\n" not in said
    return said


async def test_a_health_report_says_how_the_database_is_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new" / "t.sqlite3"
    assert await seen(path) == f"ok: the database {path} is not made yet; the first start makes it"
    assert not path.parent.exists()
    await (await open_storage(url(path), NoonClock())).close()
    in_it = f"the database {path} (rounds: 0, answers with points: 0)"
    assert await seen(path) == f"ok: {in_it} is sound and up to date"
    query(path, "UPDATE alembic_version SET version_num = '0001'")
    assert await seen(path) == (
        f"warning: {in_it} is sound, and of revision 0001: the next start brings it up to {revisions()[-1]}"
    )
    query(path, "UPDATE alembic_version SET version_num = 'f00d'")
    assert (await seen(path)).startswith(f"fault: The database {path} is from a newer version of me (f00d).")
    path.write_bytes(b"")
    assert await seen(path) == f"warning: the database {path} is empty"
    path.write_bytes(b"a text, which is no database at all" * 99)
    assert (await seen(path)).startswith(f"fault: {path} is not an SQLite database")
    in_the_way = "is a file, not a folder; set DATA_DIR or DATABASE_URL to where I may write."
    with pytest.raises(StorageError, match=f"t.db cannot be made: {path} {in_the_way}"):
        await health(make_url(url(path / "t.db")))


async def test_a_health_report_warns_of_a_drive_of_another_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = tmp_path / "share 1"
    await (await open_storage(url(share / "t.sqlite3"), NoonClock())).close()
    mounts = tmp_path / "mountinfo"
    at = str(share).replace(" ", "\\040")
    mounts.write_text(f"1 0 8:1 / / rw - ext4 /dev/a rw\n2 1 0:9 / {at} rw,x shared:3 - nfs4 nas:/x rw\n")
    monkeypatch.setattr("bot.folders._MOUNTS", mounts)
    assert "but lies on nfs4, where SQLite's locks" in await seen(share / "t.sqlite3")
    assert (folders.network_drive(share / "sub"), folders.network_drive(tmp_path)) == ("nfs4", None)


@pytest.mark.parametrize("name", ["t.sqlite3", "new/t.sqlite3"])
async def test_a_health_report_warns_of_a_disk_that_is_nearly_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1_200_000))
    assert "but its disk has room for 1.2 MB only" in await seen(tmp_path / name)


async def test_a_database_in_memory_is_a_warning() -> None:
    assert (await health(make_url("sqlite+aiosqlite://"))).status == "warning"


def test_a_look_at_what_a_server_has_set_leaves_a_backup_as_it_is(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)

    async def make() -> None:
        storage = await open_storage(settings.database, SystemClock())
        await storage.settings.keep(1 << 22, '{"cooldown": 7}')
        await storage.close()

    def found() -> dict[str, bytes]:
        return {one.name: one.read_bytes() for one in tmp_path.iterdir()}

    asyncio.run(make())
    backup, file = tmp_path / "backup", tmp_path / "tutor.sqlite3"
    copy(file, backup)
    for one in tmp_path.glob("tutor*"):
        one.unlink()
    before = found()
    backup.rename(file)
    rules, _ = asyncio.run(app.host_seen(settings, 1 << 22))
    assert rules.cooldown == 7
    assert found() == {"tutor.sqlite3": before["backup"]}
