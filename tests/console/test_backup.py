"""`python -m bot backup`: a copy of the data, whole also while the bot runs, and one line whatever happens."""

import re
import sqlite3
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.storage.database import open_storage
from tests.console.process import Bot, apart
from tests.storage.test_database import NoonClock, query

ANSWERED = "INSERT INTO quiz_points VALUES ('r1', 1, 5, 7, 'Ana', 'selu', 'selu/x', 1.0, 1, 1.0, 0)"


@pytest.fixture
async def data(tmp_path: Path) -> Path:
    folder = tmp_path / "50%20off?#"
    await (await open_storage(Settings(data_dir=folder).database, NoonClock())).close()
    query(folder / "tutor.sqlite3", ANSWERED)
    return folder


def test_the_data_is_copied_and_counted(bot: Bot, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = bot("backup", "copy 1.sqlite3", DATA_DIR=str(data))
    assert (done.status, done.errors) == (0, b"")
    assert re.fullmatch(
        rf"Copied {re.escape(str(data))}/tutor.sqlite3 to {tmp_path}/copy 1.sqlite3, and the copy is sound "
        r"\(\d+ kB; rounds: 0, answers with points: 1\)\.\n",
        done.text,
    )
    assert query(tmp_path / "copy 1.sqlite3", "SELECT name FROM quiz_points") == ("Ana",)
    again = bot("backup", "copy 1.sqlite3", DATA_DIR=str(data))
    assert (again.status, again.output) == (2, b"")
    assert (
        again.errors.decode() == f"{tmp_path}/copy 1.sqlite3 is there already, and is left as it is. Name a new file.\n"
    )


def test_what_cannot_be_copied_is_one_line(bot: Bot, data: Path, tmp_path: Path) -> None:
    to = str(tmp_path / "copy")

    def said(status: int, *arguments: str, **environment: str) -> str:
        done = bot("backup", *arguments, **environment)
        assert (done.status, done.output, done.errors.count(b"\n")) == (status, b"", 1)
        return done.errors.decode()

    assert "There is no database" in said(1, to, DATA_DIR=str(tmp_path / "new"))
    assert not (tmp_path / "new").exists()
    address = "postgresql+asyncpg://ana:s3cret@db.example:5433/tutor?x=y"
    if find_spec("asyncpg"):
        dump = "pg_dump --format=custom --host=db.example --port=5433 --username=ana --dbname=tutor"
        assert said(2, to, DATABASE_URL=address).endswith(f"{dump} --file={tmp_path}/copy\n")
    else:
        assert "'.[postgresql]'" in said(1, to, DATABASE_URL=address)
    assert "in no file" in said(2, to, DATABASE_URL="sqlite+aiosqlite://")
    assert "FILE has quotation marks around it" in said(2, '"copy"', DATABASE_URL="")
    assert "is a folder" in said(2, str(tmp_path), DATABASE_URL="", DATA_DIR=str(data))


@pytest.mark.slow
def test_copies_made_while_it_is_written_are_whole_and_hold_nobody_up(data: Path, tmp_path: Path) -> None:
    file, waited = data / "tutor.sqlite3", []
    with closing(sqlite3.connect(file, isolation_level=None, timeout=0)) as busy:  # a lock would be an error at once
        for number in range(3):
            busy.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20000) "
                f"INSERT INTO greeted_servers SELECT i + {number * 20000}, 1.0 FROM n"
            )
            done = apart("backup", str(tmp_path / f"{number}.sqlite3"), DATA_DIR=str(data))
            waited.append(done.errors)
            busy.execute("UPDATE greeted_servers SET greeted_at = greeted_at + 1")
    assert waited == [b"", b"", b""]
    for number in range(3):
        copied = tmp_path / f"{number}.sqlite3"
        assert query(copied, "SELECT count(*), count(DISTINCT greeted_at) FROM greeted_servers") == (
            20000 * (number + 1),
            number + 1,
        )
        assert query(copied, "PRAGMA integrity_check") == ("ok",)
