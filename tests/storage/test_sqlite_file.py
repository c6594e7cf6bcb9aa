"""A database as a file: a log of another one, damage, a file that goes while it is open, and a copy."""

# ruff: noqa: ASYNC240 - the files are small
import asyncio
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import StorageError, StorageRefuses, UsageError
from bot.storage.database import Storage, open_storage, revisions
from bot.storage.rows import Noticed, NoticedIn, PointsOf, PointsRow, RoundRow
from bot.storage.sqlite_file import OpenedFile, beside, copy, found_in
from tests.storage.test_database import NoonClock, query, url


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "data 50%20?#").mkdir()
    return tmp_path / "data 50%20?#" / "tutor.sqlite3"


@pytest.fixture
async def storage(file: Path) -> AsyncIterator[Storage]:
    opened = await open_storage(url(file).replace("%", "%25").replace("?", "%3F"), NoonClock())
    yield opened
    await opened.close()


async def open_at(file: Path) -> Storage:
    return await open_storage(url(file).replace("%", "%25").replace("?", "%3F"), NoonClock())


def crashed(file: Path, as_: Path) -> None:
    """What a kill leaves of the database of `file`, which is open: all its files as they are."""
    as_.parent.mkdir(exist_ok=True)
    for ending in ("", "-wal", "-mark"):
        shutil.copy(beside(file, ending), beside(as_, ending))


async def one_line(file: Path) -> str:
    with pytest.raises(StorageError) as caught:
        await open_at(file)
    with pytest.raises(StorageError) as seen:
        found_in(file, revisions())
    assert str(seen.value) == str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def listed(file: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in file.parent.iterdir()}


async def test_its_own_log_is_carried_over_after_a_crash(storage: Storage, file: Path, tmp_path: Path) -> None:
    await storage.greetings.claim(7)
    crashed(file, left := tmp_path / "left" / "tutor.sqlite3")
    assert beside(left, "-wal").stat().st_size > 1000
    again = await open_at(left)
    assert not await again.greetings.claim(7)
    await again.close()
    assert os.listdir(left.parent) == ["tutor.sqlite3"]  # noqa: PTH208


async def test_a_copy_beside_the_log_of_another_is_refused_and_left_as_it_is(
    storage: Storage, file: Path, tmp_path: Path
) -> None:
    await storage.greetings.claim(7)
    copy(file, tmp_path / "copy")
    await storage.greetings.claim(8)
    crashed(file, left := tmp_path / "left" / "tutor.sqlite3")
    shutil.copyfile(tmp_path / "copy", left)
    before = listed(left)
    said = await one_line(left)
    assert said.startswith(f"The database {left} was put there beside the log of the one before it ({left}-wal)")
    assert listed(left) == before
    beside(left, "-wal").unlink()  # as it says
    restored = await open_at(left)
    assert [await restored.greetings.claim(server) for server in (7, 8)] == [False, True]
    await restored.close()


async def test_a_stopped_database_that_was_copied_is_told_from_a_later_one_too(file: Path, tmp_path: Path) -> None:
    await (await open_at(file)).close()
    shutil.copy(file, tmp_path / "cold")
    storage = await open_at(file)
    await storage.greetings.claim(8)
    crashed(file, left := tmp_path / "left" / "tutor.sqlite3")
    await storage.close()
    shutil.copyfile(tmp_path / "cold", left)
    assert "beside the log of the one before it" in await one_line(left)


async def test_a_log_without_its_database_is_not_thrown_away(storage: Storage, file: Path, tmp_path: Path) -> None:
    await storage.greetings.claim(7)
    crashed(file, left := tmp_path / "left" / "tutor.sqlite3")
    left.unlink()
    assert (await one_line(left)).startswith(f"The database {left} is gone, but its log {left}-wal is there.")
    assert beside(left, "-wal").exists()


async def test_overwritten_pages_are_found(file: Path) -> None:
    storage = await open_at(file)
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000) SELECT i, 1.0 FROM n"
    async with storage.engine.begin() as connection:
        await connection.execute(text(f"INSERT INTO greeted_servers {many}"))
    await storage.close()
    content = bytearray(file.read_bytes())
    content[-8192:-4096] = b"\x17" * 4096
    file.write_bytes(content)
    assert (await one_line(file)).startswith(f"The database {file} is damaged (")
    assert "Put a backup in its place" in await one_line(file)


async def test_the_database_of_another_program_is_left_alone(file: Path) -> None:
    query(file, "CREATE TABLE recipes (bread TEXT)")
    before = listed(file)
    assert await one_line(file) == f"{file} is the database of another program. Set DATABASE_URL to a file of my own."
    assert listed(file) == before


async def test_an_empty_file_becomes_a_database_and_is_told(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    file.touch()
    await (await open_at(file)).close()
    assert f"{file} is empty and becomes a new database" in caplog.text


def gone_by(how: str, file: Path) -> None:
    match how:
        case "removed":
            file.unlink()
        case "the folder moved":
            file.parent.rename(file.parent.with_name("moved"))
        case "replaced":
            shutil.copy(file, file.with_name("new"))
            file.with_name("new").replace(file)
        case "overwritten":
            copy(file, file.with_name("copy"))
            shutil.copyfile(file.with_name("copy"), file)
        case "the log removed":
            beside(file, "-wal").unlink()


GONE = {
    "removed": "is no longer there",
    "the folder moved": "is no longer there",
    "replaced": "is no longer the file that I opened",
    "overwritten": "was overwritten",
    "the log removed": "is no longer there",
}


@pytest.mark.parametrize("how", GONE)
async def test_nothing_is_kept_in_a_file_that_is_gone(how: str, storage: Storage, file: Path) -> None:
    assert await storage.greetings.claim(7)
    assert storage.gone() is None
    gone_by(how, file)
    with pytest.raises(StorageRefuses, match=GONE[how]) as caught:
        await storage.greetings.claim(8)
    assert storage.gone() == str(caught.value)
    with pytest.raises(StorageRefuses):
        await storage.registrations.fingerprint(5)


@pytest.mark.parametrize("how", ["replaced", "overwritten"])
async def test_what_took_its_place_is_not_mixed_with_its_log(how: str, storage: Storage, file: Path) -> None:
    assert await storage.greetings.claim(7)
    shutil.copy(file, file.with_name("aside"))
    gone_by(how, file)
    assert storage.gone()
    with pytest.raises(StorageError, match="beside the log of the one before it"):
        found_in(file, revisions())
    shutil.copyfile(file.with_name("aside"), file) if how == "overwritten" else None
    assert bool(storage.gone()) is (how == "replaced")


async def test_a_folder_that_comes_back_is_taken_again(storage: Storage, file: Path) -> None:
    assert await storage.greetings.claim(7)
    file.parent.rename(file.parent.with_name("moved"))
    with pytest.raises(StorageRefuses):
        await storage.greetings.claim(8)
    file.parent.with_name("moved").rename(file.parent)
    assert [await storage.greetings.claim(server) for server in (7, 8)] == [False, True]


async def test_a_database_behind_a_link_is_taken_for_what_it_is(file: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    file.symlink_to(tmp_path / "elsewhere" / "real")
    storage = await open_at(file)
    assert await storage.greetings.claim(7)
    assert (storage.gone(), beside(file, "-wal").parent) == (None, tmp_path / "elsewhere")
    crashed(tmp_path / "elsewhere" / "real", tmp_path / "elsewhere" / "left")
    file.unlink()
    file.symlink_to(tmp_path / "elsewhere" / "left")
    assert "is no longer the file that I opened" in (storage.gone() or "")
    await storage.close()
    again = await open_at(file)
    assert not await again.greetings.claim(7)
    await again.close()


async def test_another_program_that_opens_it_does_not_take_it_away(storage: Storage, file: Path) -> None:
    assert await storage.greetings.claim(7)
    second = OpenedFile(file)
    with closing(sqlite3.connect(file)) as database:
        database.execute("DELETE FROM greeted_servers")
        database.commit()
    assert storage.gone() is None
    second.release()
    assert await storage.greetings.claim(7)


async def test_looking_changes_nothing_whether_it_is_open_or_not(file: Path) -> None:
    storage = await open_at(file)
    await storage.greetings.claim(7)
    before = {name: data for name, data in listed(file).items() if not name.endswith("-shm")}
    assert found_in(file, revisions()).revision == revisions()[-1]
    assert {name: data for name, data in listed(file).items() if not name.endswith("-shm")} == before
    assert await storage.greetings.claim(8)
    await storage.close()
    before = listed(file)
    assert found_in(file, revisions()).revision == revisions()[-1]
    assert listed(file) == before


async def test_a_copy_is_whole_while_the_database_is_written(storage: Storage, file: Path, tmp_path: Path) -> None:
    await storage.greetings.claim(7)
    with closing(sqlite3.connect(file, isolation_level=None)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        busy.execute("INSERT INTO greeted_servers VALUES (8, 1.0)")
        found = copy(file, to := tmp_path / "copy.sqlite3")
    assert (found.revision, found.bytes) == (revisions()[-1], to.stat().st_size)
    assert (to.stat().st_mode & 0o777, [path.name for path in tmp_path.glob("copy*")]) == (0o600, ["copy.sqlite3"])
    assert query(to, "SELECT group_concat(server_id) FROM greeted_servers") == ("7",)
    assert query(to, "PRAGMA journal_mode") == ("delete",)
    restored = await open_at(to)
    assert not await restored.greetings.claim(7)
    await restored.close()


async def test_a_copy_overwrites_nothing_and_is_not_made_of_nothing(file: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"no database .* yet"):
        copy(file, tmp_path / "copy")
    await (await open_at(file)).close()
    (tmp_path / "there").write_text("mine")
    for to, said in (
        (tmp_path / "there", "is there already"),
        (tmp_path, "is a folder"),
        (tmp_path / "no" / "copy", "is not there"),
        (file, "is there already"),
        (Path("/proc/copy"), r"cannot be written \(No such file"),
    ):
        with pytest.raises(UsageError, match=said):
            copy(file, to)
    assert (tmp_path / "there").read_text() == "mine"
    file.write_bytes(file.read_bytes()[:20000] + b"\x17" * (file.stat().st_size - 20000))
    with pytest.raises(StorageError, match="damaged"):
        copy(file, tmp_path / "copy")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data 50%20?#", "there"]


NAME, WORDS = "Zarathustra", "a marching band of secretmice"


async def emptied(file: Path, *removed: str) -> None:
    """Until none of that stands in the file or its log, byte by byte."""
    async with asyncio.timeout(20):
        while any(one.encode() in beside(file, end).read_bytes() for one in removed for end in ("", "-wal")):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def in_the_log(file: Path, *kept: str) -> bool:
    return all(one.encode() in beside(file, "-wal").read_bytes() for one in kept)


async def kept_of_members(storage: Storage) -> None:
    state = f'{{"member":7,"answer":"{WORDS}"}}'
    await storage.journal.write(RoundRow("r1", 1, 7, 100.0, 200.0, "[]", state, 1))
    point = PointsRow("r1", 0, 7, 1, NAME, "momentum", "momentum/a", 1.0, True, 200.0)
    await storage.journal.write(PointsOf("r1", (point,)))
    await storage.weekly.notice(NoticedIn(1, 2, (Noticed(7, "belief", frozenset("x"), frozenset("x")),)))


@pytest.mark.slow
async def test_what_is_removed_leaves_the_log_too(storage: Storage, file: Path) -> None:
    await kept_of_members(storage)
    (row,) = await storage.access.found(text("SELECT person FROM weekly_people"))
    (key,) = await storage.access.found(text("SELECT secret FROM weekly_keys"))
    assert in_the_log(file, NAME, WORDS, row["person"], key["secret"])
    await storage.scores.forget(7)
    await emptied(file, NAME)
    await kept_of_members(storage)
    await storage.journal.forget_ended(1, 201.0)
    await emptied(file, WORDS)
    await storage.weekly.close(3)
    await emptied(file, row["person"], key["secret"])


@pytest.mark.slow
async def test_while_somebody_reads_nobody_waits_and_it_leaves_the_log_later(
    storage: Storage, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty, busy, loop = storage.access.empty_log, asyncio.Event(), asyncio.get_running_loop()
    assert empty

    def watched() -> bool:
        if not (done := empty()):
            loop.call_soon_threadsafe(busy.set)
        return done

    monkeypatch.setattr(storage.access, "empty_log", watched)
    await kept_of_members(storage)
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT name FROM quiz_points").fetchall() == [(NAME,)]
        await storage.scores.forget(7)
        await asyncio.wait_for(busy.wait(), 20)
        assert in_the_log(file, NAME)
        assert await storage.greetings.claim(5)
        assert reader.execute("SELECT name FROM quiz_points").fetchall() == [(NAME,)]
    await emptied(file, NAME)
    assert await storage.scores.of(7) == ()
    assert not storage.access.refuses
